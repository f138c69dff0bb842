"""Slack gets its answer first: before anybody is called, while a worker is held up, and whatever the broker does."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from celery import Celery
from django.test import Client

from contractorhub.celery import app as product
from contractorhub.slack.models import InboundEvent
from tests.faces.slack.conftest import Firm
from tests.fakes.slack_person import Product, Reply, SlackPerson

pytestmark = pytest.mark.once  # leads are followed on both engines; emptying a hundred tables a test is slow


class InThisThread(Product):
    """The product, asked without a network in between: whoever it calls before it answers is called by this thread."""

    def send(self, path: str, body: bytes, *, kind: str, headers: dict[str, str] | None = None) -> Reply:
        """Ask."""
        signed = super().signed(body, kind) | (headers or {})
        del signed["Content-Type"]
        answer = Client().post(path, body, content_type=kind, headers=signed)
        return Reply(answer.status_code, answer.content)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whom this very thread has called, from here on."""
    found: list[Any] = []
    connect, me = socket.socket.connect, threading.get_ident()

    def noted(self: socket.socket, address: Any) -> None:
        if threading.get_ident() == me:
            found.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return found


@contextmanager
def broker_that_says_nothing() -> Iterator[Callable[[], int]]:
    """A broker that takes every connection and never answers; how many of those who called have hung up."""
    callers: list[socket.socket] = []
    door = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        with suppress(OSError):  # the door is shut
            while True:
                callers.append(door.accept()[0])

    taking = threading.Thread(target=take)
    taking.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{door.getsockname()[1]}/0")
        silent = Celery("silent", set_as_current=False)
        # Nobody gives up on it within a test, however slow the machine.
        silent.conf.broker_transport_options = product.conf.broker_transport_options | {"socket_timeout": 600}
        for use in (silent.set_current, silent.set_default):  # for this thread, and for those that answer
            use()
        try:
            yield lambda: sum(map(_has_hung_up, callers))
        finally:
            for use in (product.set_current, product.set_default):
                use()
            door.shutdown(socket.SHUT_RDWR)
            taking.join()
            for each in (door, *callers):
                each.close()


def _has_hung_up(caller: socket.socket) -> bool:
    caller.setblocking(False)
    try:
        while True:
            if not caller.recv(65_536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def _everything(firm: Firm, product: Product) -> list[Callable[[], Reply]]:
    """A command, a button, a form, a message's menu and an event, each ready to be sent."""
    firm.lea.command("update")
    firm.work()
    ana, lea = (SlackPerson(firm.slack, product, who) for who in ("U0ANA", "U0LEA"))
    notice, form = firm.ana.heard[-1], str(firm.lea.modal["id"])
    return [
        lambda: ana.command("status"),
        lambda: ana.click(notice, "acknowledge"),
        lambda: lea.submit(form, text="Soon more."),
        lambda: lea.shortcut("pause_from_message", notice),
        ana.open_home,
    ]


def test_no_door_calls_anybody_before_its_answer(firm: Firm, called: list[Any]) -> None:
    firm.pause()
    requests = _everything(firm, InThisThread(firm.product.url, firm.product.secret))
    called.clear()

    with broker_that_says_nothing():
        statuses = [request().status for request in requests]

    assert statuses == [200] * 5
    assert called == []
    assert InboundEvent.objects.filter(state="received").count() == 5


def test_slack_is_answered_while_a_worker_waits_for_slack(firm: Firm) -> None:
    firm.pause()
    requests = _everything(firm, firm.product)
    worker = threading.Thread(target=firm.work)
    with firm.slack.holding_its_answers():
        assert requests.pop(0)().status == 200
        worker.start()
        firm.slack.is_asked.wait(timeout=30)
        statuses = [request().status for request in requests]
        was_held = worker.is_alive()

    worker.join()
    assert (statuses, was_held) == ([200] * 4, True)
    firm.work()
    assert not InboundEvent.objects.exclude(state="done").exists()


def test_slack_is_answered_while_the_broker_says_nothing(firm: Firm) -> None:
    firm.pause()
    requests = _everything(firm, firm.product)

    with broker_that_says_nothing() as given_up:
        statuses = [request().status for request in requests]
        assert given_up() == 0  # nobody has given up on it yet, so nobody who was answered had waited for it

    assert statuses == [200] * 5
    assert InboundEvent.objects.filter(state="received").count() == 5
