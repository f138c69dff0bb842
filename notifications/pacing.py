"""How many messages a lane may send now: a token bucket kept in its row."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from notifications.models import Lane

BURST_SECONDS: Final = 5.0


def take_tokens(lane: Lane, *, wanted: int, at: datetime) -> int:
    """Take up to `wanted` tokens of a lane; as many as wanted where the lane has no pace."""
    if lane.per_second <= 0 or wanted <= 0:
        return wanted
    with transaction.atomic():
        fresh = Lane.objects.select_for_update().get(pk=lane.pk)
        held = _refilled(fresh, at=at)
        taken = min(wanted, int(held))
        # On SQLite nothing is locked: the guard carries the truth.
        guard = Lane.objects.filter(pk=lane.pk, refilled_at=fresh.refilled_at, tokens=fresh.tokens)
        return taken if guard.update(tokens=held - taken, refilled_at=at) else 0


def park_for_pace(lane: Lane, *, at: datetime) -> timedelta:
    """Park a lane that has no tokens until it has some again, without any word of trouble; how long that is."""
    wait = timedelta(seconds=min(2.0, max(0.2, 1.0 / lane.per_second)))
    is_moving = Q(parked_until__isnull=True) | Q(parked_until__lte=at)
    Lane.objects.filter(is_moving, pk=lane.pk).update(parked_until=at + wait, parked_reason="")
    return wait


def _refilled(lane: Lane, *, at: datetime) -> float:
    most = max(1.0, lane.per_second * BURST_SECONDS)
    if lane.refilled_at is None:
        return most
    elapsed = max(0.0, (at - lane.refilled_at).total_seconds())
    return min(most, lane.tokens + elapsed * lane.per_second)
