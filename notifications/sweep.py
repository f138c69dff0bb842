"""Finds what a crash left behind, and settles what is unknown, late or on a lane that stands still."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from notifications import states
from notifications.claims import INTERRUPTED, mark_interrupted
from notifications.messages import Channel
from notifications.models import Attempt, Batch, Delivery, Lane
from notifications.outbox import fall_back
from notifications.parcels import first_of_thread
from notifications.ports import Ports

LOOKED_UP_AT_ONCE: Final = 200
BATCHES_AT_ONCE: Final = 200
ASK_AGAIN: Final = timedelta(minutes=2)
ASK_FOR: Final = timedelta(hours=2)  # after that a person decides
CLOCKS_MAY_DIFFER: Final = timedelta(hours=2)  # a post is looked for from before it was promised
RESENT: Final = "sent once more under the same Message-ID"
RESENT_AFTER_CRASH: Final = "sent again under the same Message-ID after a crash"
CRASHES_BORNE: Final = 8


def settle_unknown(*, at: datetime, ports: Ports) -> int:
    """Settle deliveries whose reply was lost: mail is sent once more under its Message-ID, Slack is asked.

    What cannot be settled stays unknown, for a person. Returns how many were settled.
    """
    _mark_dead_leases(at=at)
    ripe = at - timedelta(seconds=settings.RELAY_SETTLE_SECONDS)
    batches = (
        Batch.objects.filter(unknown_at__lte=ripe).select_related("lane", "notice").order_by("unknown_at")
    )
    settled = looked_at = 0
    for batch in batches[:BATCHES_AT_ONCE]:
        rows = list(
            Delivery.objects.filter(batch=batch, state=states.UNKNOWN)
            .select_related("recipient")
            .order_by("pk")
        )
        for row in rows:
            settled += _settle(row, batch=batch, at=at, ports=ports)
        _look_again_later(batch, rows, at=at)
        looked_at += len(rows)
        if looked_at >= LOOKED_UP_AT_ONCE:
            break
    return settled


def tidy(*, at: datetime) -> int:
    """End what nobody will send any more: notices that are too late, and stopped lanes whose people hear elsewhere."""
    ended = 0
    late = Batch.objects.filter(is_done=False, notice__expires_at__lte=at).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    )
    late_ids = list(late.values_list("pk", flat=True)[:BATCHES_AT_ONCE])
    if late_ids:
        with transaction.atomic():
            ended += Delivery.objects.filter(batch__in=late_ids, state__in=states.WAITING).update(
                state=states.EXPIRED, reason="too late to be of use", recorded_at=at
            )
            Batch.objects.filter(pk__in=late_ids, lease_token__isnull=True).update(is_done=True)
    for lane in Lane.objects.filter(is_stopped=True):
        ended += _leave_stopped_lane(lane, at=at)
    return ended


def _leave_stopped_lane(lane: Lane, *, at: datetime) -> int:
    """Whoever waits on a stopped lane and has another address hears there, and the row says why."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(
            batch__lane=lane, batch__is_done=False, state__in=states.WAITING
        ).exclude(recipient__fallbacks={})
        ids = list(waiting.values_list("pk", flat=True)[: LOOKED_UP_AT_ONCE * 5])
        if not ids:
            return 0
        reason = f"the lane stands still: {lane.parked_reason}"[:300]
        count = Delivery.objects.filter(pk__in=ids, state__in=states.WAITING).update(
            state=states.FAILED, reason=reason, recorded_at=at
        )
        fall_back(delivery_ids=ids, at=at)
    return count


def _mark_dead_leases(*, at: datetime) -> None:
    """What a dead relay was sending is unknown from now on; its batch is claimed again like any other."""
    dead = Batch.objects.filter(is_done=False, lease_until__lte=at).values_list("pk", flat=True)
    for batch_id in list(dead):
        mark_interrupted(batch_id, at=at)


def _look_again_later(batch: Batch, rows: list[Delivery], *, at: datetime) -> None:
    """Ask Slack again for a while; mail that was sent twice, and Slack that keeps its silence, is left to a person."""
    youngest = max((row.recorded_at for row in rows), default=at)
    may_still_answer = (
        batch.lane.channel in {Channel.SLACK_CHANNEL, Channel.SLACK_DM} and at - youngest < ASK_FOR
    )
    is_open = may_still_answer and Delivery.objects.filter(batch=batch, state=states.UNKNOWN).exists()
    Batch.objects.filter(pk=batch.pk, unknown_at=batch.unknown_at).update(
        unknown_at=at + ASK_AGAIN if is_open else None
    )


def _settle(row: Delivery, *, batch: Batch, at: datetime, ports: Ports) -> bool:
    held = Delivery.objects.filter(pk=row.pk, state=states.UNKNOWN)
    if batch.notice.overtaken_at is not None:
        reason = f"not known whether it arrived; {batch.notice.overtaken_reason}"[:300]
        return bool(held.update(state=states.SUPERSEDED, reason=reason, recorded_at=at))
    if row.channel == Channel.EMAIL:
        return _send_once_more(row, at=at)
    if row.channel == Channel.WEBHOOK:  # its receiver tells repeats by the webhook-id
        return _back_in_queue(row, reason="sent again under the same webhook-id", at=at)
    is_post = row.channel == Channel.SLACK_CHANNEL
    found = ports.of(batch.lane).find(
        address=row.provider_ref.partition(":")[0] or row.address,
        message_id=row.message_id,
        since=(batch.notice.staged_at - CLOCKS_MAY_DIFFER).timestamp(),
        thread_ref=first_of_thread(batch).get(row.recipient.key, "") if is_post else "",
    )
    if found is None:
        return False
    if found:
        return bool(
            held.update(state=states.SENT, provider_ref=found, reason="found in the channel", recorded_at=at)
        )
    return _back_in_queue(row, reason="looked up and not there", at=at)


def _send_once_more(row: Delivery, *, at: datetime) -> bool:
    """A mail whose reply was lost goes out a second time at most; what our own crash cut short may be sent again."""
    code, most = (RESENT_AFTER_CRASH, CRASHES_BORNE) if row.reason == INTERRUPTED else (RESENT, 1)
    if row.attempts.filter(code=code).count() >= most:
        return False
    with transaction.atomic():
        if not _back_in_queue(row, reason=code, at=at):
            return False
        Attempt.objects.create(
            delivery=row,
            token=row.attempt_token or Delivery.new_token(),
            at=at,
            outcome="ambiguous",
            code=code,
        )
    return True


def _back_in_queue(row: Delivery, *, reason: str, at: datetime) -> bool:
    with transaction.atomic():
        held = Delivery.objects.filter(pk=row.pk, state=states.UNKNOWN)
        if not held.update(state=states.QUEUED, due_at=at, reason=reason, recorded_at=at, attempt_token=None):
            return False
        Batch.objects.filter(pk=row.batch_id).update(is_done=False, due_at=at)
    return True
