"""Half-open periods of instants and of days, and what they share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The half-open run of days `[starts_on, ends_on)`; empty when it ends where it starts."""

    starts_on: date
    ends_on: date

    def __bool__(self) -> bool:
        return self.ends_on > self.starts_on

    def __iter__(self) -> Iterator[date]:
        day = self.starts_on
        while day < self.ends_on:
            yield day
            day += timedelta(days=1)

    def __len__(self) -> int:
        return max(0, (self.ends_on - self.starts_on).days)

    def shared_with(self, other: "Days") -> "Days":
        """The days in both; empty when there are none."""
        return Days(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))


def merged(spans: Iterable[Days]) -> tuple[Days, ...]:
    """The same days as `spans`, sorted, touching and overlapping ones joined, so that no day stands twice."""
    joined: list[Days] = []
    for span in sorted(span for span in spans if span):
        if joined and span.starts_on <= joined[-1].ends_on:
            joined[-1] = Days(joined[-1].starts_on, max(joined[-1].ends_on, span.ends_on))
        else:
            joined.append(span)
    return tuple(joined)


def local_day(instant: datetime, time_zone: str) -> date:
    """The calendar day of an aware instant in a zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def newest_day(instant: datetime) -> date:
    """The newest calendar day begun anywhere by this instant: in Manila work is dated tomorrow from 16:00 UTC on."""
    return local_day(instant, "Pacific/Kiritimati")  # UTC+14, the first to begin a day


def monday_of(day: date) -> date:
    """The Monday that opens the week of `day`."""
    return day - timedelta(days=day.weekday())
