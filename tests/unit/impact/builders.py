"""Makes people, engagements and pauses for estimates, with sensible values where a test does not care."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from projects.impact.context import FirmContext
from projects.impact.inputs import (
    EarnedEntry,
    EngagementInputs,
    History,
    MaskedSpan,
    PauseSpan,
    PersonInputs,
    RateSpan,
    StandbyTerms,
)

MONDAY = date(2025, 9, 1)
BEGAN = date(2024, 9, 2)
ZONE = "UTC"
HOUR = 3600


def at(day: date, hour: int = 0, zone: str = ZONE) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone))


def steady(
    first: date = BEGAN,
    last: date = MONDAY,
    hours: float = 8,
    weekdays: Sequence[int] = range(5),
    off: Container[date] = (),
) -> History:
    """The same hours on every weekday given, up to the day before `last`, save the days off."""
    days = (first + timedelta(days=n) for n in range((last - first).days))
    worked_on = (day for day in days if day.weekday() in weekdays and day not in off)
    return History.from_days((day, round(hours * HOUR), 0) for day in worked_on)


def hourly(amount: int = 20, currency: str = "USD", starts_on: date = BEGAN, **terms: object) -> RateSpan:
    return RateSpan(starts_on, "hour", amount * 1_000_000, currency, **terms)  # type: ignore[arg-type]


def pause(
    starts_on: date = MONDAY,
    ends_on: date | None = MONDAY + timedelta(weeks=4),
    *,
    name: str = "1",
    remaining_bp: int = 0,
    standby: StandbyTerms | None = None,
    notice: datetime | None = None,
    zone: str = ZONE,
) -> PauseSpan:
    return PauseSpan(
        name,
        at(starts_on, zone=zone),
        None if ends_on is None else at(ends_on, zone=zone),
        "reduced" if remaining_bp else "full",
        remaining_bp,
        standby or StandbyTerms(),
        notice,
    )


def engagement(name: str = "e1", **changes: object) -> EngagementInputs:
    base = EngagementInputs(
        name, "CHORDUS", "ORION", ZONE, BEGAN, None, (hourly(),), steady(), last_submitted_on=None
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def person(
    *engagements: EngagementInputs,
    as_of: date = MONDAY,
    country: str = "",
    masked: Iterable[MaskedSpan] = (),
    **changes: object,
) -> PersonInputs:
    base = PersonInputs("p1", country, None, as_of, engagements, tuple(masked))
    return replace(base, **changes)  # type: ignore[arg-type]


def worked(day: date, hours: float = 8, **more: object) -> EarnedEntry:
    return EarnedEntry(day, round(hours * HOUR), **more)  # type: ignore[arg-type]


def nothing_known(as_of: date = MONDAY) -> FirmContext:
    return FirmContext.empty(as_of)


UNTIL = MONDAY + timedelta(weeks=4)
