"""Keeps what each person wishes of our notices, by the key that the business names them with."""

from collections.abc import Iterable
from datetime import datetime

from notifications.messages import Channel
from notifications.models import Wish
from notifications.preferences import AS_IT_COMES, Category, Preferences, QuietHours, Way
from notifications.rows import is_one_of


def wishes_of(keys: Iterable[str]) -> dict[str, Preferences]:
    """The wishes of those among these recipients who said any; for the others it is `AS_IT_COMES`."""
    rows = Wish.objects.filter(is_one_of("recipient_key", list(keys)))
    return {row.recipient_key: _preferences(row) for row in rows}


def wishes_of_one(key: str) -> Preferences:
    """What this recipient wishes."""
    return wishes_of([key]).get(key, AS_IT_COMES)


def keep_wishes(key: str, wishes: Preferences, *, at: datetime) -> None:
    """Keep what this recipient wishes from now on, instead of what they wished before."""
    ways: dict[str, dict[str, str]] = {}
    for (category, channel), way in sorted(wishes.ways.items()):
        if way != Way.ALWAYS:
            ways.setdefault(category.value, {})[channel.value] = way.value
    quiet = wishes.quiet_hours
    Wish.objects.update_or_create(
        recipient_key=key,
        defaults={
            "ways": ways,
            "quiet_from": quiet.starts_at if quiet else None,
            "quiet_until": quiet.ends_at if quiet else None,
            "digest_at": wishes.digest_at,
            "changed_at": at,
        },
    )


def _preferences(row: Wish) -> Preferences:
    quiet_hours = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet_hours = QuietHours(row.quiet_from, row.quiet_until)
    return Preferences(
        ways={
            (Category(category), Channel(channel)): Way(way)
            for category, channels in row.ways.items()
            for channel, way in channels.items()
        },
        quiet_hours=quiet_hours,
        digest_at=row.digest_at,
    )
