"""Hundreds of events to a receiver in every kind of trouble: each arrives, and a repeat is known by its id."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from notifications.channels import pinned_post
from notifications.endpoints import new_secret
from notifications.events import Event, publish
from notifications.models import Delivery, Endpoint
from notifications.relay import relay
from tests.factories.base import NOW
from tests.factories.people import UserFactory
from tests.fakes.receiver import Said, running_receiver

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
EVENTS = 300


def trouble(number: int) -> Said:
    """Of a hundred requests: ten 500, five cut after they were read, five 429, two never answered, the others taken."""
    place = number % 100
    if place < 10:
        return Said(500)
    if place < 15:
        return Said(cuts=True)
    if place < 20:
        return Said(429, {"Retry-After": "5"})
    return Said(drips=True) if place < 22 else Said(200)


def test_a_receiver_in_trouble_hears_every_event(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    monkeypatch.setattr(pinned_post, "WHOLE_SECONDS", 0.5)
    with running_receiver(trouble) as receiver:
        endpoint = Endpoint.objects.create(
            owner=UserFactory.make(), name="Payroll", url=receiver.url, secret=new_secret(), made_at=NOW
        )
        for number in range(EVENTS):
            with transaction.atomic():
                publish(Event("pause.updated", f"pause:{number}", str(number), {}), to=[endpoint], at=NOW)

        _until_done(NOW)

    promised = set(Delivery.objects.values_list("message_id", flat=True))
    arrived = Counter(receiver.ids)
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(arrived) == promised
    assert states == {"sent": EVENTS}
    assert Endpoint.objects.get().is_enabled


def _same(at: datetime) -> datetime:
    return at


def _until_done(at: datetime) -> None:
    """Relay by a clock that runs fast, until nothing waits any more."""
    waiting = Delivery.objects.exclude(state__in=["sent", "failed"])
    while waiting.exists():
        assert at < NOW + timedelta(hours=12), "it never ends"
        relay(clock=partial(_same, at))
        at += timedelta(seconds=20)
