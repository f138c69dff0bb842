"""Claims batches under a lease: a guarded UPDATE carries the truth on both engines, SKIP LOCKED only saves waiting."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min, Q

from notifications import states
from notifications.models import Batch, Delivery, Lane


def lease() -> timedelta:
    """How long a claim holds without a sign of life: longer than any one window may take (RELAY_LEASE_SECONDS)."""
    return timedelta(seconds=settings.RELAY_LEASE_SECONDS)


def claim_batch(*, at: datetime, channels: list[str] | None = None) -> Batch | None:
    """Take the most urgent batch that is due, unleased and on a lane that is moving; None when there is none.

    The batch comes with its lane and notice, and with the lease token that only this claim knows.
    """
    with transaction.atomic():
        rows = Batch.objects.filter(is_done=False, due_at__lte=at).filter(
            Q(lease_until__isnull=True) | Q(lease_until__lte=at)
        )
        rows = rows.filter(lane__in=_moving_lanes(at, channels)).order_by("priority", "due_at", "pk")
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
            _mark_interrupted(batch, at=at)
        return batch


def _moving_lanes(at: datetime, channels: list[str] | None) -> list[int]:
    lanes = Lane.objects.filter(is_stopped=False).filter(
        Q(parked_until__isnull=True) | Q(parked_until__lte=at)
    )
    if channels is not None:
        lanes = lanes.filter(channel__in=channels)
    return list(lanes.values_list("pk", flat=True))


def _mark_interrupted(batch: Batch, *, at: datetime) -> None:
    """What a dead relay was sending may have arrived: nobody knows, and the ledger says so."""
    Delivery.objects.filter(batch=batch, state=states.SENDING).update(
        state=states.UNKNOWN, reason="interrupted while sending", recorded_at=at
    )
    Delivery.objects.filter(batch=batch, state=states.CLAIMED).update(state=states.QUEUED, recorded_at=at)


def keep_lease(batch: Batch, *, at: datetime) -> bool:
    """Hold a batch for longer; False when somebody else has taken it meanwhile."""
    held = Batch.objects.filter(pk=batch.pk, lease_token=batch.lease_token)
    return bool(held.update(lease_until=at + lease()))


def release(batch: Batch, *, at: datetime) -> None:
    """Give a batch back: done when nothing waits any more, else due when the first of its rows is."""
    waiting = Delivery.objects.filter(batch=batch, state__in=states.WAITING)
    due_at = waiting.aggregate(due_at=Min("due_at"))["due_at"]
    Batch.objects.filter(pk=batch.pk, lease_token=batch.lease_token).update(
        lease_token=None, lease_until=None, is_done=due_at is None, due_at=due_at or F("due_at")
    )
