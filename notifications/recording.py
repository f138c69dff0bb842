"""Writes down what the network said, by compare-and-set on the attempt: who no longer holds it writes nothing."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from notifications import states
from notifications.backoff import patience_of
from notifications.channels.base import CANNOT_CONNECT, NOT_TRIED, Outcome, Reply
from notifications.endpoints import note_outcomes
from notifications.messages import Channel
from notifications.models import Attempt, Batch, Delivery, Lane, Suppression
from notifications.outbox import fall_back
from notifications.troubles import note_troubles

# Enhanced codes (RFC 3463) that say the mailbox itself is no good, rather than this one mail.
_DEAD_ADDRESS: Final = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "550", "551", "553")
_LANE_DOWN_TRIES: Final = 4
_LANE_DOWN_SECONDS: Final = 5.0


def record_troubles(
    *, held: Mapping[int, uuid.UUID], replies: Sequence[Reply], lane: Lane, at: datetime
) -> int:
    """Record what did not simply succeed, each under the attempt it belongs to; the number of rows still held.

    `held` maps a delivery to the token of the attempt that its reply answers. Acceptances are written down by
    `rows.exchange`; here they only speak for their lane.
    """
    recorded = 0
    failed: list[int] = []
    with transaction.atomic():
        for reply in (reply for reply in replies if reply.outcome != Outcome.SENT):
            recorded += _record_trouble(reply, token=held[reply.delivery_id], lane=lane, at=at, failed=failed)
        if failed:
            fall_back(delivery_ids=failed, at=at)
        if failed and lane.channel != Channel.WEBHOOK:
            note_troubles(failed, at=at)
        _park(lane, replies, at=at)
        if lane.channel == Channel.WEBHOOK:
            note_outcomes(lane.name, replies, at=at)
    return recorded


def _record_trouble(reply: Reply, *, token: uuid.UUID, lane: Lane, at: datetime, failed: list[int]) -> int:
    mine = Delivery.objects.filter(pk=reply.delivery_id, attempt_token=token, state=states.SENDING)
    row = mine.only("tries", "address", "batch_id").first()
    if row is None:
        return 0
    state, due_at, tries = _what_follows(reply, channel=lane.channel, tries=row.tries, at=at)
    reason = " ".join(word for word in (reply.code, reply.detail) if word)[:300] or "no reason was given"
    count = mine.update(
        state=state,
        due_at=due_at,
        tries=tries,
        reason=reason,
        recorded_at=at,
        attempt_token=None if state != states.UNKNOWN else token,
    )
    if not count:
        return 0
    if reply.code != NOT_TRIED:
        Attempt.objects.create(
            delivery_id=reply.delivery_id,
            token=token,
            at=at,
            outcome=reply.outcome,
            code=reply.code[:60],
            detail=reply.detail[:300],
        )
    if state == states.UNKNOWN:
        Batch.objects.filter(pk=row.batch_id).update(unknown_at=at)
    elif state == states.FAILED:
        failed.append(row.pk)
        if reply.outcome == Outcome.PERMANENT and lane.channel == Channel.EMAIL and _is_dead(reply):
            suppress(channel=lane.channel, address=row.address, reason=reason, at=at)
    return count


def suppress(*, channel: str, address: str, reason: str, at: datetime) -> bool:
    """Hold back whatever goes to this address from now on; whether it was not held back before."""
    _row, is_new = Suppression.objects.get_or_create(
        channel=channel, address=address, defaults={"reason": reason[:300], "since": at}
    )
    return is_new


def _what_follows(reply: Reply, *, channel: str, tries: int, at: datetime) -> tuple[str, datetime, int]:
    """The next state, when it is due, and how many tries count: patience the network asks for costs none."""
    if reply.outcome == Outcome.PERMANENT:
        return states.FAILED, at, tries
    if reply.outcome == Outcome.AMBIGUOUS:
        return states.UNKNOWN, at, tries
    if reply.outcome in {Outcome.THROTTLED, Outcome.STOPPED}:
        return states.QUEUED, at + timedelta(seconds=reply.retry_after or 0), max(0, tries - 1)
    if reply.code == NOT_TRIED:
        return states.QUEUED, at, max(0, tries - 1)
    patience = patience_of(channel)
    if reply.code == CANNOT_CONNECT and channel != Channel.WEBHOOK:
        # Nobody's own trouble, so nobody runs out of tries by it; it is tried every few minutes until it is too late.
        counted = min(tries, _LANE_DOWN_TRIES)
        return states.DEFERRED, at + timedelta(seconds=patience.seconds_until_next_try(counted)), counted
    if patience.is_over(tries):
        return states.FAILED, at, tries
    return states.DEFERRED, at + timedelta(seconds=patience.seconds_until_next_try(tries)), tries


def _is_dead(reply: Reply) -> bool:
    return reply.code.startswith(_DEAD_ADDRESS)


def _park(lane: Lane, replies: Sequence[Reply], *, at: datetime) -> None:
    """Park the lane for as long as the network asked; stop it where a person has to mend something."""
    waits = [reply for reply in replies if reply.outcome == Outcome.THROTTLED or reply.code == CANNOT_CONNECT]
    if waits:
        longest = max(waits, key=lambda reply: reply.retry_after or 0)
        until = at + timedelta(seconds=longest.retry_after or _LANE_DOWN_SECONDS)
        Lane.objects.filter(Q(parked_until__isnull=True) | Q(parked_until__lt=until), pk=lane.pk).update(
            parked_until=until, parked_reason=f"{longest.code} {longest.detail}".strip()[:200]
        )
    stops = [reply for reply in replies if reply.outcome == Outcome.STOPPED]
    if stops:
        Lane.objects.filter(pk=lane.pk).update(
            is_stopped=True, parked_reason=f"{stops[0].code} {stops[0].detail}".strip()[:200]
        )
