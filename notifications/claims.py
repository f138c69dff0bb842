"""Claims batches under a lease: a guarded UPDATE carries the truth on both engines, SKIP LOCKED only saves waiting."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Min, Q

from notifications import states
from notifications.hold import advance, is_held, keep_outside, mark_seen_outside, outbound
from notifications.models import Batch, Delivery, Lane

INTERRUPTED = "interrupted while sending"
# A lease that ends further ahead than this was written by a clock that ran fast: it holds nobody up.
_BELIEVED_LEASES = 10


def lease() -> timedelta:
    """How long a claim holds without a sign of life: longer than any one window may take (RELAY_LEASE_SECONDS)."""
    return timedelta(seconds=settings.RELAY_LEASE_SECONDS)


def is_anything_due(*, at: datetime) -> bool:
    """Whether some batch waits whose time has come; whether it may be taken is seen when somebody tries."""
    return Batch.objects.filter(is_done=False, due_at__lte=at).exists()


def claim_batch(
    *,
    at: datetime,
    channels: Collection[str] | None = None,
    but: Collection[int] = (),
    but_lanes: Collection[int] = (),
) -> Batch | None:
    """Take the most urgent batch that is due, unleased and on a lane that is moving; None when there is none.

    A later word of a thread waits while an earlier one is on its way on the same lane, so that nobody hears them in
    the wrong order. The batch comes with its lane and notice, and with the lease token that only this claim knows.
    `but` and `but_lanes` name batches and lanes to leave alone. While outbound is held, nothing is taken.
    """
    ledger = outbound()
    seen = mark_seen_outside(str(ledger.ledger))
    ledger.refresh_from_db()
    if is_held(ledger, seen=seen, at=at):
        return None
    with transaction.atomic():
        batch = _taken(at=at, channels=channels, but=but, but_lanes=but_lanes)
        mark = advance() if batch is not None else 0
    if batch is not None:
        keep_outside(str(ledger.ledger), mark)
    return batch


def _taken(
    *,
    at: datetime,
    channels: Collection[str] | None,
    but: Collection[int],
    but_lanes: Collection[int],
) -> Batch | None:
    rows = _claimable(at, channels, but_lanes).exclude(pk__in=but).order_by("priority", "due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    batch = rows.select_related("lane", "notice").first()
    if batch is None:
        return None
    had_lease = batch.lease_token
    token = uuid.uuid4()
    guard = Batch.objects.filter(pk=batch.pk, is_done=False, lease_token=had_lease)
    if not guard.update(lease_token=token, lease_until=at + lease()):
        return None
    batch.lease_token, batch.lease_until = token, at + lease()
    if had_lease is not None:
        mark_interrupted(batch.pk, at=at)
    return batch


def _claimable(
    at: datetime, channels: Collection[str] | None, but_lanes: Collection[int]
) -> models.QuerySet[Batch]:
    rows = Batch.objects.filter(
        is_done=False, due_at__lte=at, lane__in=_moving_lanes(at, channels, but_lanes)
    )
    rows = rows.filter(Q(lease_until__isnull=True) | ~_is_held(at))
    leased = Batch.objects.filter(_is_held(at)).values_list("lane", "notice", "notice__thread_key")
    for lane, notice, thread_key in leased.distinct():
        rows = rows.exclude(lane=lane, notice__thread_key=thread_key, notice__gt=notice)
    return rows


def _is_held(at: datetime) -> Q:
    return Q(lease_until__gt=at, lease_until__lt=at + lease() * _BELIEVED_LEASES)


def _moving_lanes(
    at: datetime, channels: Collection[str] | None, but_lanes: Collection[int]
) -> models.QuerySet[Lane]:
    lanes = Lane.objects.filter(is_stopped=False).exclude(pk__in=but_lanes)
    lanes = lanes.filter(Q(parked_until__isnull=True) | Q(parked_until__lte=at))
    return lanes if channels is None else lanes.filter(channel__in=channels)


def mark_interrupted(batch_id: int, *, at: datetime) -> int:
    """What a dead relay was sending may have arrived: nobody knows, and the ledger says so; the number of these."""
    count = Delivery.objects.filter(batch=batch_id, state=states.SENDING).update(
        state=states.UNKNOWN, reason=INTERRUPTED, recorded_at=at
    )
    if count:
        Batch.objects.filter(pk=batch_id).update(unknown_at=at)
    return count


def keep_lease(batch: Batch, *, at: datetime) -> bool:
    """Hold a batch for longer; False when somebody else has taken it meanwhile."""
    held = Batch.objects.filter(pk=batch.pk, lease_token=batch.lease_token)
    return bool(held.update(lease_until=at + lease()))


def release(batch: Batch, *, at: datetime, postponed_to: datetime | None = None) -> None:
    """Give a batch back: done when nothing waits any more, else due when the first of its rows is."""
    with transaction.atomic():
        held = Batch.objects.filter(pk=batch.pk, lease_token=batch.lease_token)
        if not held.exists():
            return
        mark_interrupted(batch.pk, at=at)  # what is still being sent when a claim ends was never answered for
        waiting = Delivery.objects.filter(batch=batch, state__in=states.WAITING)
        due_at = waiting.aggregate(due_at=Min("due_at"))["due_at"]
        held.update(
            lease_token=None,
            lease_until=None,
            is_done=due_at is None,
            due_at=max(due_at, postponed_to or due_at) if due_at else F("due_at"),
        )
