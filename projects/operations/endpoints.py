"""Lets people of the firm connect integrations: endpoints for events, their secrets, test events and replays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.db import transaction

from notifications import outbox
from notifications.channels.pinned_post import UnsafeAddress, checked_url
from notifications.endpoints import BY_HAND, OVERLAP, allows_private, new_secret, switch_off
from notifications.events import Event, publish
from notifications.messages import Channel
from notifications.models import Delivery, Endpoint
from projects import access
from projects.domain.errors import NotAllowed, UnableToConnect
from projects.domain.event_types import CATALOGUE, TEST
from projects.models import User
from projects.operations.history import record
from projects.queries.endpoints import REPLAYABLE

MOST_ENDPOINTS: Final = 20
MOST_REPLAYED: Final = 100


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """What an endpoint is called, where it is, and the events it receives, by name."""

    name: str
    url: str
    events: tuple[str, ...]


def add_endpoint(*, facts: EndpointFacts, by: User, at: datetime) -> Endpoint:
    """Connect an integration; its secret is new. Raises NotAllowed or UnableToConnect, naming the field."""
    if not access.may_connect(by):
        raise NotAllowed("Only people of the firm connect integrations.")
    _refuse_unfit(facts)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if Endpoint.objects.filter(owner=by, removed_at__isnull=True).count() >= MOST_ENDPOINTS:
            raise UnableToConnect(f"You have {MOST_ENDPOINTS} endpoints; remove one first.")
        row = Endpoint.objects.create(
            owner=by,
            name=facts.name.strip(),
            url=facts.url.strip(),
            events=sorted(set(facts.events)),
            secret=new_secret(),
            made_at=at,
        )
        _record("added", row, {}, _told(row), by=by, at=at)
        return row


def change_endpoint(*, endpoint: Endpoint, facts: EndpointFacts, by: User, at: datetime) -> Endpoint:
    """Change what an endpoint is called, where it is and what it receives. Raises as `add_endpoint` does."""
    _refuse_unfit(facts)
    with transaction.atomic():
        row = _held(endpoint, by=by)
        before = _told(row)
        row.name, row.url = facts.name.strip(), facts.url.strip()
        row.events = sorted(set(facts.events))
        row.save(update_fields=["name", "url", "events"])
        _record("changed", row, before, _told(row), by=by, at=at)
        return row


def rotate_secret(*, endpoint: Endpoint, by: User, at: datetime) -> Endpoint:
    """Give an endpoint a new secret; for 24 hours both sign, so that its receiver can change over in its own time."""
    with transaction.atomic():
        row = _held(endpoint, by=by)
        row.previous_secret, row.previous_until = row.secret, at + OVERLAP
        row.secret = new_secret()
        row.save(update_fields=["secret", "previous_secret", "previous_until"])
        _record("secret_rotated", row, {}, {"both_until": row.previous_until}, by=by, at=at)
        return row


def show_secret(*, endpoint: Endpoint, by: User, at: datetime) -> str:
    """The signing secret of an endpoint, for whoever looks after it; the audit trail tells that it was shown."""
    with transaction.atomic():
        row = _held(endpoint, by=by)
        _record("secret_shown", row, {}, {}, by=by, at=at)
        return str(row.secret)


def set_enabled(*, endpoint: Endpoint, is_enabled: bool, by: User, at: datetime) -> Endpoint:
    """Switch an endpoint off, or on again with a clean slate; what it missed can be sent again."""
    with transaction.atomic():
        row = _held(endpoint, by=by)
        if row.is_enabled == is_enabled:
            return row
        if is_enabled:
            row.disabled_at, row.disabled_reason = None, ""
            row.failing_since, row.failures = None, 0
            row.save(update_fields=["disabled_at", "disabled_reason", "failing_since", "failures"])
        else:
            switch_off(row, reason=BY_HAND, at=at)
            row.refresh_from_db()
        _record("switched_on" if is_enabled else "switched_off", row, {}, {}, by=by, at=at)
        return row


def remove_endpoint(*, endpoint: Endpoint, by: User, at: datetime) -> None:
    """Disconnect an integration for good; what was sent stays in the ledger."""
    with transaction.atomic():
        row = _held(endpoint, by=by)
        switch_off(row, reason="removed", at=at)
        Endpoint.objects.filter(pk=row.pk).update(removed_at=at)
        _record("removed", row, _told(row), {}, by=by, at=at)


def send_test_event(*, endpoint: Endpoint, by: User, at: datetime) -> Delivery:
    """Send a test event to one endpoint; its delivery shows what came of it. Raises UnableToConnect when it is off."""
    with transaction.atomic():
        row = _held(endpoint, by=by)
        _refuse_off(row)
        event = Event(TEST.name, f"endpoint:{row.pk}", f"{TEST.name}:{uuid4()}", {"asked_by": str(by)})
        publish(event, to=[row], at=at)
        _record("tested", row, {}, {}, by=by, at=at)
        return Delivery.objects.filter(
            address=str(row.public_id), recipient__key=f"endpoint:{row.pk}"
        ).latest("pk")


def replay(*, endpoint: Endpoint, delivery_ids: Sequence[int], by: User, at: datetime) -> int:
    """Send events again under their old ids; the number put back in the queue.

    Receivers tell a repeat by its id. Raises UnableToConnect when the endpoint is off, or nothing of it can be sent.
    """
    if len(delivery_ids) > MOST_REPLAYED:
        raise UnableToConnect(f"At most {MOST_REPLAYED} events are sent again at once.")
    with transaction.atomic():
        row = _held(endpoint, by=by)
        _refuse_off(row)
        mine = Delivery.objects.filter(
            pk__in=delivery_ids, channel=Channel.WEBHOOK, address=str(row.public_id), state__in=REPLAYABLE
        )
        count = outbox.requeue(
            delivery_ids=list(mine.values_list("pk", flat=True)), by_ref=f"user:{by.pk}", at=at
        )
        if not count:
            raise UnableToConnect("There is nothing here that can be sent again.")
        outbox.ring_after_commit()
        _record("replayed", row, {}, {"count": count}, by=by, at=at)
        return count


def _held(endpoint: Endpoint, *, by: User) -> Endpoint:
    """The endpoint, locked; refuses whoever may not touch it."""
    row = access.endpoints_visible_to(by).select_for_update(of=("self",)).filter(pk=endpoint.pk).first()
    if row is None:
        raise NotAllowed("You may change only endpoints of your own.")
    return row


def _refuse_off(row: Endpoint) -> None:
    if not row.is_enabled:
        raise UnableToConnect(f"This endpoint is switched off: {row.disabled_reason}. Switch it on first.")


def _refuse_unfit(facts: EndpointFacts) -> None:
    if not facts.name.strip() or len(facts.name) > 100:
        raise UnableToConnect("Give the endpoint a name of at most 100 characters.", field="name")
    unknown = sorted(set(facts.events) - set(CATALOGUE))
    if unknown or not facts.events:
        known = ", ".join(CATALOGUE)
        raise UnableToConnect(f"Choose among these events: {known}.", field="events")
    try:
        checked_url(facts.url.strip(), allows_private=allows_private())
    except UnsafeAddress as error:
        raise UnableToConnect(f"Events cannot be sent there: {error}.", field="url") from error
    if len(facts.url) > 500:
        raise UnableToConnect("An address has at most 500 characters.", field="url")


def _told(row: Endpoint) -> dict[str, Any]:
    """An endpoint as the audit trail keeps it; never its secrets."""
    return {"name": row.name, "url": row.url, "events": row.events}


def _record(
    verb: str, row: Endpoint, before: dict[str, Any], after: dict[str, Any], *, by: User, at: datetime
) -> None:
    record(
        verb=f"endpoint.{verb}",
        subject_ref=f"endpoint:{row.pk}",
        before=before,
        after=after,
        by=by,
        at=at,
    )
