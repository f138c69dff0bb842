"""Writes down what the network said, by compare-and-set on the attempt: who no longer holds it writes nothing."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from notifications import states
from notifications.backoff import is_out_of_tries, seconds_until_next_try
from notifications.channels.base import Outcome, Reply
from notifications.messages import Channel
from notifications.models import Attempt, Delivery, Lane, Suppression
from notifications.rows import mark_sent

# Enhanced codes (RFC 3463) that say the mailbox itself is no good, rather than this one mail.
_DEAD_ADDRESS: Final = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "550", "551", "553")


def record_replies(*, token: uuid.UUID, replies: Sequence[Reply], lane: Lane, at: datetime) -> int:
    """Record a window's replies in one transaction; the number of rows this attempt still held."""
    with transaction.atomic():
        sent = [reply for reply in replies if reply.outcome == Outcome.SENT]
        recorded = mark_sent(
            token=token, refs=[(reply.delivery_id, reply.provider_ref) for reply in sent], at=at
        )
        for reply in replies:
            if reply.outcome != Outcome.SENT:
                recorded += _record_trouble(reply, token=token, lane=lane, at=at)
        _park(lane, replies, at=at)
    return recorded


def _record_trouble(reply: Reply, *, token: uuid.UUID, lane: Lane, at: datetime) -> int:
    held = Delivery.objects.filter(pk=reply.delivery_id, attempt_token=token, state=states.SENDING)
    row = held.only("tries", "address").first()
    if row is None:
        return 0
    state, due_at, tries = _what_follows(reply, tries=row.tries, at=at)
    reason = " ".join(word for word in (reply.code, reply.detail) if word)[:300]
    count = held.update(
        state=state,
        due_at=due_at,
        tries=tries,
        reason=reason,
        recorded_at=at,
        attempt_token=None if state != states.UNKNOWN else token,
    )
    if count:
        Attempt.objects.create(
            delivery_id=reply.delivery_id,
            token=token,
            at=at,
            outcome=reply.outcome,
            code=reply.code[:60],
            detail=reply.detail[:300],
        )
        if reply.outcome == Outcome.PERMANENT and lane.channel == Channel.EMAIL and _is_dead(reply):
            Suppression.objects.get_or_create(
                channel=lane.channel, address=row.address, defaults={"reason": reason, "since": at}
            )
    return count


def _what_follows(reply: Reply, *, tries: int, at: datetime) -> tuple[str, datetime, int]:
    """The next state, when it is due, and how many tries count: patience the network asks for costs none."""
    if reply.outcome == Outcome.PERMANENT:
        return states.FAILED, at, tries
    if reply.outcome == Outcome.AMBIGUOUS:
        return states.UNKNOWN, at, tries
    if reply.outcome in {Outcome.THROTTLED, Outcome.STOPPED}:
        return states.QUEUED, at + timedelta(seconds=reply.retry_after or 0), max(0, tries - 1)
    if reply.code == "not_tried":
        return states.QUEUED, at, max(0, tries - 1)
    if is_out_of_tries(tries):
        return states.FAILED, at, tries
    return states.DEFERRED, at + timedelta(seconds=seconds_until_next_try(tries)), tries


def _is_dead(reply: Reply) -> bool:
    return reply.code.startswith(_DEAD_ADDRESS)


def _park(lane: Lane, replies: Sequence[Reply], *, at: datetime) -> None:
    """Park the lane for as long as the network asked; stop it where a person has to mend something."""
    waits = [reply for reply in replies if reply.outcome == Outcome.THROTTLED]
    if waits:
        longest = max(waits, key=lambda reply: reply.retry_after or 0)
        Lane.objects.filter(pk=lane.pk).update(
            parked_until=at + timedelta(seconds=longest.retry_after or 1),
            parked_reason=f"{longest.code} {longest.detail}".strip()[:200],
        )
    stops = [reply for reply in replies if reply.outcome == Outcome.STOPPED]
    if stops:
        Lane.objects.filter(pk=lane.pk).update(
            is_stopped=True, parked_reason=f"{stops[0].code} {stops[0].detail}".strip()[:200]
        )
