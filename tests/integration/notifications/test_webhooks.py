"""Webhooks as a receiver sees them: signed, repeated under one id, never sent inside, and given up with a reason."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from standardwebhooks import Webhook, WebhookVerificationError

from notifications import outbox
from notifications.channels import pinned_post
from notifications.endpoints import new_secret
from notifications.events import Event, publish
from notifications.models import Attempt, Delivery, Endpoint, Lane
from notifications.relay import relay
from tests.factories.base import NOW
from tests.factories.people import UserFactory
from tests.fakes.receiver import Receiver, Said, running_receiver

pytestmark = pytest.mark.django_db(transaction=True)

HOURS = timedelta(hours=1)


class Hooks:
    """An endpoint with its receiver, and events that go there."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.endpoint = Endpoint.objects.create(
            owner=UserFactory.make(), name="Payroll", url=receiver.url, secret=new_secret(), made_at=NOW
        )

    def tell(self, key: str = "1", at: datetime = NOW) -> None:
        """Publish one event there."""
        event = Event("pause.opened", "pause:1", key, {"pause": key, "at": at})
        with transaction.atomic():
            publish(event, to=[self.endpoint], at=at)

    def send(self, at: datetime = NOW) -> None:
        """Relay what is due."""
        relay(clock=lambda: at)

    def keep_trying(self, at: datetime = NOW, *, hours: int, every: float = 1) -> datetime:
        """Relay again and again; the instant at which it ended."""
        until = at + hours * HOURS
        while at < until:
            at += HOURS * every
            self.send(at)
        return at

    @property
    def delivery(self) -> Delivery:
        """The only delivery."""
        return Delivery.objects.get()

    def now(self) -> Endpoint:
        """The endpoint as it stands."""
        return Endpoint.objects.get(pk=self.endpoint.pk)


@pytest.fixture
def hooks(settings: Any) -> Iterator[Hooks]:
    """A receiver on this machine, which is allowed here."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with running_receiver() as receiver:
        yield Hooks(receiver)


def verified(hooks: Hooks, number: int, secret: str) -> Any:
    """What the receiver's own library makes of a request."""
    request = hooks.receiver.received[number]
    return Webhook(secret).verify(request.body, dict(request.headers))


def test_the_receivers_own_library_verifies_what_it_was_sent(hooks: Hooks) -> None:
    hooks.tell()

    hooks.send()

    said = verified(hooks, 0, hooks.endpoint.secret)
    assert said == json.loads(hooks.receiver.received[0].body)
    assert (said["type"], said["data"]["pause"]) == ("pause.opened", "1")
    assert hooks.receiver.ids == [hooks.delivery.message_id]
    with pytest.raises(WebhookVerificationError):
        verified(hooks, 0, new_secret())


def test_both_secrets_verify_while_they_overlap_and_only_the_new_one_after(hooks: Hooks) -> None:
    old, new = hooks.endpoint.secret, new_secret()
    Endpoint.objects.update(secret=new, previous_secret=old, previous_until=NOW + HOURS)
    hooks.tell("1")
    hooks.send()
    hooks.tell("2", NOW + 2 * HOURS)
    hooks.send(NOW + 2 * HOURS)

    assert verified(hooks, 0, old) == verified(hooks, 0, new)
    assert verified(hooks, 1, new)
    with pytest.raises(WebhookVerificationError):
        verified(hooks, 1, old)


def test_a_failing_receiver_is_tried_again_under_the_same_id(hooks: Hooks) -> None:
    hooks.receiver.answer = lambda number: Said(500 if number < 2 else 200)
    hooks.tell()

    hooks.keep_trying(hours=1, every=0.1)

    assert hooks.receiver.ids == [hooks.delivery.message_id] * 3
    assert (hooks.delivery.state, hooks.now().failing_since) == ("sent", None)
    assert list(Attempt.objects.values_list("code", flat=True)) == ["http_500", "http_500"]


def test_a_receiver_that_asks_for_patience_gets_it_and_loses_no_try(hooks: Hooks) -> None:
    hooks.receiver.answer = lambda number: Said(429 if number == 0 else 200, {"Retry-After": "120"})
    hooks.tell()
    hooks.send()

    hooks.send(NOW + timedelta(seconds=119))
    assert len(hooks.receiver.received) == 1
    assert Lane.objects.get().parked_until == NOW + timedelta(seconds=120)
    hooks.send(NOW + timedelta(seconds=121))

    assert (hooks.delivery.state, hooks.delivery.tries) == ("sent", 1)


def test_a_receiver_that_wants_no_more_is_switched_off_at_once_and_what_waits_can_be_replayed(
    hooks: Hooks,
) -> None:
    hooks.receiver.answer = lambda number: Said(410)
    for key in ("1", "2"):
        hooks.tell(key)
    Delivery.objects.filter(notice__idempotency_key="event:2").update(due_at=NOW + HOURS)

    hooks.send()

    assert "410" in hooks.now().disabled_reason
    assert {(row.state, row.reason[:8]) for row in Delivery.objects.all()} == {
        ("failed", "http_410"),
        ("failed", "the endp"),
    }
    hooks.receiver.answer = lambda number: Said(200)
    Endpoint.objects.update(disabled_at=None, disabled_reason="")
    with transaction.atomic():
        outbox.requeue(
            delivery_ids=list(Delivery.objects.values_list("pk", flat=True)), by_ref="user:1", at=NOW
        )
    hooks.send(NOW)
    hooks.send(NOW)
    assert {row.state for row in Delivery.objects.all()} == {"sent"}
    assert len(set(hooks.receiver.ids)) == 2


def test_a_receiver_that_is_down_for_days_is_switched_off_with_the_reason(hooks: Hooks) -> None:
    hooks.endpoint.__class__.objects.update(url="http://127.0.0.1:9/")
    hooks.tell()
    at = hooks.keep_trying(hours=50)
    hooks.tell("2", at)

    hooks.keep_trying(at, hours=40)

    endpoint = hooks.now()
    assert endpoint.disabled_reason.startswith("every delivery failed for 7")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}


def test_one_slow_receiver_holds_up_no_other_and_is_hung_up_on(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned_post, "WHOLE_SECONDS", 0.5)
    hooks.receiver.answer = lambda number: Said(drips=True)
    with ExitStack() as stack:
        quick = Hooks(stack.enter_context(running_receiver()))
        hooks.tell("slow")
        quick.tell("quick")
        hooks.send()

    states = dict(Delivery.objects.values_list("notice__idempotency_key", "reason"))
    assert len(quick.receiver.received) == 1
    assert states["event:slow"].startswith("reply_lost")


def test_a_redirect_inside_is_not_followed(hooks: Hooks) -> None:
    with running_receiver() as inside:
        hooks.receiver.answer = lambda number: Said(307, {"Location": inside.url})
        hooks.tell()
        hooks.send()

    assert inside.received == []
    assert hooks.delivery.reason == "http_307 redirects are not followed"


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_inside_is_never_connected_to(
    hooks: Hooks, settings: Any, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    settings.WEBHOOKS_MAY_BE_PRIVATE = False
    asked = resolving_to(monkeypatch, [inside])
    Endpoint.objects.update(url=f"https://hooks.example:{hooks.receiver.port}/")
    hooks.tell()

    hooks.send()

    assert asked == ["hooks.example"]
    assert hooks.receiver.received == []
    assert hooks.delivery.reason == "unsafe_address this host is inside a private network"


def test_a_name_that_changes_its_answer_is_asked_only_once(
    hooks: Hooks, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first answer is public, the second would lead inside."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = False
    asked = resolving_to(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    reached: list[str] = []
    monkeypatch.setattr(
        pinned_post.socket, "create_connection", lambda where, timeout: reached.append(where[0]) or refuse()
    )
    Endpoint.objects.update(url=f"https://hooks.example:{hooks.receiver.port}/")
    hooks.tell()

    hooks.send()

    assert (asked, reached) == (["hooks.example"], ["93.184.215.14"])


def refuse() -> None:
    """Nobody answers there."""
    raise ConnectionRefusedError


def resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let the resolver give these answers by turns; the names it was asked for."""
    asked: list[str] = []

    def resolved(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(2, 1, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(pinned_post.socket, "getaddrinfo", resolved)
    return asked
