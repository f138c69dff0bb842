"""Slack gets its answer first: before anybody is called, while a worker is held up, and whatever the broker does."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from contractorhub.slack.models import InboundEvent
from tests.faces.slack.conftest import Firm
from tests.fakes.silent_broker import broker_that_says_nothing
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
