"""What somebody wishes of our notices, as pure rules: channels by category, quiet hours, a daily digest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from notifications.messages import Channel


class Category(StrEnum):
    """How much a notice matters: a critical one passes quiet hours, digests and mutes on every channel."""

    CRITICAL = "critical"
    UPDATE = "update"


class Way(StrEnum):
    """How one channel serves one category: at once, only when the others did not do, or not at all."""

    ALWAYS = "always"
    IF_NEEDED = "if_needed"
    NEVER = "never"


PERSONAL_CHANNELS: Final = (Channel.EMAIL, Channel.SLACK_DM)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of every day on a person's own clock, `[starts_at, ends_at)`; they may pass midnight."""

    starts_at: time
    ends_at: time

    def ends_after(self, at: datetime, time_zone: str) -> datetime | None:
        """When the quiet that holds at this instant ends; None where it is not quiet."""
        local = at.astimezone(ZoneInfo(time_zone))
        now = local.time()
        if self.starts_at < self.ends_at:
            is_quiet = self.starts_at <= now < self.ends_at
        else:
            is_quiet = now >= self.starts_at or now < self.ends_at
        return next_time(self.ends_at, after=at, time_zone=time_zone) if is_quiet else None


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's wishes; whatever they have not said is as it comes: every channel, at once.

    `digest_at` is the time of day, on the person's clock, when what is not critical comes in one message.
    """

    ways: Mapping[tuple[Category, Channel], Way] = field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    digest_at: time | None = None

    def way(self, category: Category, channel: Channel) -> Way:
        """What was chosen for this category on this channel."""
        return self.ways.get((category, channel), Way.ALWAYS)


AS_IT_COMES: Final = Preferences()


def ways_for(category: Category, channels: Iterable[Channel], wishes: Preferences) -> dict[Channel, Way]:
    """How each of the channels that reach a person serves a notice, in their order.

    "Only if needed" needs another channel that is served at once: without one the first of these is. A critical notice
    that would come on no channel comes on all: a channel may have been lost after the choice was made.
    """
    ways = {channel: wishes.way(category, channel) for channel in channels}
    if Way.ALWAYS not in ways.values():
        stand_in = next((channel for channel, way in ways.items() if way == Way.IF_NEEDED), None)
        if stand_in is not None:
            ways[stand_in] = Way.ALWAYS
        elif category == Category.CRITICAL:
            return dict.fromkeys(ways, Way.ALWAYS)
    return ways


def is_reachable(category: Category, channels: Iterable[Channel], wishes: Preferences) -> bool:
    """Whether at least one of these channels is wished for at once."""
    return any(wishes.way(category, channel) == Way.ALWAYS for channel in channels)


def not_before(category: Category, wishes: Preferences, *, at: datetime, time_zone: str) -> datetime:
    """When a notice may come at the earliest: now, or when the person's quiet hours end."""
    if category == Category.CRITICAL or wishes.quiet_hours is None:
        return at
    return wishes.quiet_hours.ends_after(at, time_zone) or at


def next_time(of_day: time, *, after: datetime, time_zone: str) -> datetime:
    """The first instant after `after` at which a clock in this zone shows `of_day`.

    An hour that a change of the clock leaves out counts as the hour after it.
    """
    zone = ZoneInfo(time_zone)
    day = after.astimezone(zone).date()
    found = datetime.combine(day, of_day, tzinfo=zone).astimezone(after.tzinfo)
    if found <= after:
        found = datetime.combine(day + timedelta(days=1), of_day, tzinfo=zone).astimezone(after.tzinfo)
    return found
