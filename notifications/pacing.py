"""How many messages a lane may send now: a token bucket kept in its row."""

from datetime import datetime
from typing import Final

from django.db import transaction

from notifications.models import Lane

BURST_SECONDS: Final = 5.0


def take_tokens(lane: Lane, *, wanted: int, at: datetime) -> int:
    """Take up to `wanted` tokens of a lane; as many as wanted where the lane has no pace."""
    if lane.per_second <= 0 or wanted <= 0:
        return wanted
    with transaction.atomic():
        fresh = Lane.objects.get(pk=lane.pk)
        held = _refilled(fresh, at=at)
        taken = min(wanted, int(held))
        guard = Lane.objects.filter(pk=lane.pk, refilled_at=fresh.refilled_at, tokens=fresh.tokens)
        return taken if guard.update(tokens=held - taken, refilled_at=at) else 0


def _refilled(lane: Lane, *, at: datetime) -> float:
    most = max(1.0, lane.per_second * BURST_SECONDS)
    if lane.refilled_at is None:
        return most
    elapsed = max(0.0, (at - lane.refilled_at).total_seconds())
    return min(most, lane.tokens + elapsed * lane.per_second)
