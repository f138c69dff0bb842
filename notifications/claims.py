"""Claims batches under a lease: a guarded UPDATE carries the truth on both engines, SKIP LOCKED only saves waiting."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Min, Q

from notifications import states
from notifications.hold import advance, is_held, keep_outside, mark_seen_outside, outbound
from notifications.models import Batch, Delivery
from notifications.rows import plain

INTERRUPTED: Final = "interrupted while sending"
# A lease that ends further ahead than this was written by a clock that ran fast: it holds nobody up.
_BELIEVED_LEASES: Final = 10


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
    the wrong order. The batch comes with the lease token that only this claim knows.
    `but` and `but_lanes` name batches and lanes to leave alone. While outbound is held, nothing is taken.
    """
    ledger = outbound()
    seen = mark_seen_outside(str(ledger.ledger))
    if ledger.mark < seen:  # others may have claimed between the two looks
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
    batch = _next(at=at, channels=channels, but=but, but_lanes=but_lanes)
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


# Written out: this is asked three times a second and once a thousand mails, and to put the same question together
# anew takes ten times as long as to answer it.
_NEXT: Final = """
SELECT b.* FROM notifications_batch b
JOIN notifications_lane l ON l.id = b.lane_id
JOIN notifications_notice n ON n.id = b.notice_id
WHERE NOT b.is_done AND b.due_at <= %(at)s AND NOT l.is_stopped
AND (l.parked_until IS NULL OR l.parked_until <= %(at)s)
AND (b.lease_until IS NULL OR b.lease_until <= %(at)s OR b.lease_until >= %(unbelievable)s)
AND NOT EXISTS (
    SELECT 1 FROM notifications_batch e JOIN notifications_notice earlier ON earlier.id = e.notice_id
    WHERE e.lease_until > %(at)s AND e.lease_until < %(unbelievable)s AND e.lane_id = b.lane_id
    AND earlier.thread_key = n.thread_key AND earlier.id < n.id
)
"""


def _next(
    *, at: datetime, channels: Collection[str] | None, but: Collection[int], but_lanes: Collection[int]
) -> Batch | None:
    """The most urgent batch that may be taken; on PostgreSQL its row is locked, and one that is locked passed over."""
    values: dict[str, object] = {"at": plain(at), "unbelievable": plain(at + lease() * _BELIEVED_LEASES)}
    words = _NEXT
    for condition, names in (
        ("b.id NOT IN", but),
        ("b.lane_id NOT IN", but_lanes),
        ("l.channel IN", channels or ()),
    ):
        if names:
            named = {f"value_{place}": name for place, name in enumerate(names, len(values))}
            words += f"AND {condition} ({', '.join(f'%({name})s' for name in named)})\n"
            values |= named
    words += "ORDER BY b.priority, b.due_at, b.id LIMIT 1"
    if connection.features.has_select_for_update_skip_locked:
        words += " FOR UPDATE OF b SKIP LOCKED"
    return next(iter(Batch.objects.raw(words, values)), None)


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
    mine = Batch.objects.filter(pk=batch.pk, lease_token=batch.lease_token)
    rows = Delivery.objects.filter(batch=batch)
    with transaction.atomic():
        if not mine.update(lease_token=None, lease_until=None):
            return
        # The row is ours from here on: who puts a delivery back in the queue meanwhile opens the batch after us.
        left = rows.aggregate(
            due_at=Min("due_at", filter=Q(state__in=states.WAITING)),
            sending=Count("pk", filter=Q(state=states.SENDING)),
        )
        if left["sending"]:  # what is still being sent when a claim ends was never answered for
            mark_interrupted(batch.pk, at=at)
        due_at = left["due_at"]
        Batch.objects.filter(pk=batch.pk).update(
            is_done=due_at is None,
            due_at=max(due_at, postponed_to or due_at) if due_at else F("due_at"),
        )
