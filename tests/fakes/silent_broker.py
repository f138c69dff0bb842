"""A broker that takes every connection and never says a word: the worst kind, for whoever asks it waits."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
from celery import Celery

from contractorhub.celery import app as product
from notifications.bell import Bell


@dataclass
class SilentBroker:
    """Its door, and who has called."""

    door: socket.socket
    callers: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For CELERY_BROKER_URL."""
        return f"redis://127.0.0.1:{self.door.getsockname()[1]}/0"

    def take_calls(self) -> None:
        """Take every call until the door is shut."""
        with suppress(OSError):
            while True:
                self.callers.append(self.door.accept()[0])

    def given_up(self) -> int:
        """How many of those who called have hung up."""
        return sum(map(_has_hung_up, self.callers))


@contextmanager
def silent_broker() -> Iterator[SilentBroker]:
    """For processes that are given its address."""
    broker = SilentBroker(socket.create_server(("127.0.0.1", 0)))
    taking = threading.Thread(target=broker.take_calls)
    taking.start()
    try:
        yield broker
    finally:
        broker.door.shutdown(socket.SHUT_RDWR)
        taking.join()
        for each in (broker.door, *broker.callers):
            each.close()


@contextmanager
def ringing_at(url: str) -> Iterator[None]:
    """This very process rings at this broker; nobody gives up on it within a test, however slow the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELERY_BROKER_URL", url)
        other = Celery("other", set_as_current=False)
        other.conf.broker_transport_options = product.conf.broker_transport_options | {"socket_timeout": 600}
        for use in (other.set_current, other.set_default):  # for this thread, and for those that answer
            use()
        try:
            yield
        finally:
            for use in (product.set_current, product.set_default):
                use()


@contextmanager
def answering_people() -> Iterator[Bell]:
    """This very process rings as a web process does; what still waits in the end is rung nowhere."""
    with pytest.MonkeyPatch.context() as patch:
        ours = Bell(answers_people=True)
        patch.setattr("notifications.bell._bell", ours)
        yield ours
        ours._waiting.queue.clear()


@contextmanager
def broker_that_says_nothing() -> Iterator[Callable[[], int]]:
    """For this very process, which answers people; how many of those who called have hung up."""
    with silent_broker() as broker, ringing_at(broker.url), answering_people():
        yield broker.given_up


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
