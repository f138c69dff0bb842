"""Days on which work happens: public holidays, leave, the share of a local day that a pause covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from projects.domain.workdays import public_holidays
from projects.impact.inputs import FULL_BP, MaskedSpan, PauseSpan, PersonInputs

UNSUBMITTED_DAYS = 28
"""Silence after the last sheet is missing for four weeks; older silence is a gap in the work."""
DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def holiday_ordinals(country: str, region: str, first_year: int, last_year: int) -> frozenset[int]:
    """Public holidays of a country (and region) as `date.toordinal()`, both years included."""
    return frozenset(
        day.toordinal()
        for year in range(first_year, last_year + 1)
        for day in public_holidays(country, region, year)
    )


def person_holidays(person: PersonInputs, first: date, last: date) -> frozenset[int]:
    """The holidays that concern a person from the year of `first` to that of `last`: extra ones included, without
    those that are worked."""
    known = (
        holiday_ordinals(person.country, person.region or "", first.year, last.year)
        if person.country
        else frozenset[int]()
    )
    if not person.extra_holidays and not person.worked_holidays:
        return known
    worked = {day.toordinal() for day in person.worked_holidays}
    return (known | {day.toordinal() for day in person.extra_holidays}) - worked


def masked_ordinals(spans: Iterable[MaskedSpan], kinds: Sequence[str] | None = None) -> set[int]:
    """Days inside any of the spans (of these kinds)."""
    days: set[int] = set()
    for span in spans:
        if kinds is None or span.kind in kinds:
            days.update(range(span.starts_on.toordinal(), span.ends_on.toordinal()))
    return days


def unsubmitted_spans(person: PersonInputs, before: int) -> list[tuple[int, int]]:
    """Days [first, last) before the ordinal `before` for which a running engagement has no sheet yet: missing,
    not zero."""
    spans = []
    for engagement in person.engagements:
        through = engagement.last_submitted_on
        if through is None or through < engagement.starts_on:
            continue
        first = max(through.toordinal() + 1, before - UNSUBMITTED_DAYS)
        last = before if engagement.ends_on is None else min(before, engagement.ends_on.toordinal())
        if first < last:
            spans.append((first, last))
    return spans


@dataclass(frozen=True, slots=True)
class Covered:
    """One local day under a pause: `share` of the day's work that is paused (0..1), `remaining` of that
    share that still may be worked (0..1), and the pause it is ascribed to."""

    share: float
    remaining: float
    pause: PauseSpan


@dataclass(frozen=True, slots=True)
class Run:
    """Days [first, last) of a list of days that fall to one pause within one week, which begins on `monday`."""

    monday: int
    pause: str
    first: int
    last: int


class CoveredDays(dict[int, Covered]):
    """The paused days of an engagement by ordinal, and the same in day order; never changed once it is made, because
    everybody whom the same pauses stop shares it."""

    @cached_property
    def days(self) -> list[int]:
        """Ordinals in order."""
        return sorted(self)

    @cached_property
    def ordinals(self) -> NDArray[np.int64]:
        """The same as an array."""
        return np.asarray(self.days, dtype=np.int64)

    @cached_property
    def in_order(self) -> tuple[Covered, ...]:
        """How each day is covered."""
        return tuple(self[day] for day in self.days)

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """The paused share of each day."""
        return np.asarray([one.share for one in self.in_order], dtype=np.float64)

    @cached_property
    def weekdays(self) -> NDArray[np.int64]:
        """Weekday of each day, Monday 0."""
        return (self.ordinals + 6) % 7

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """All days, parted by week and pause."""
        return runs_of(self.days, self.in_order)

    def between(self, first: int, end: int) -> "CoveredDays":
        """The days of [first, end); itself where that is all of them."""
        if not self or (first <= self.days[0] and self.days[-1] < end):
            return self
        return CoveredDays({day: one for day, one in self.items() if first <= day < end})


def runs_of(days: Sequence[int], covered: Sequence[Covered]) -> tuple[Run, ...]:
    """Part days, in order, by week and pause."""
    marks = [(day - (day + 6) % 7, one.pause.pause) for day, one in zip(days, covered, strict=True)]
    edges = [place for place, mark in enumerate(marks) if place == 0 or mark != marks[place - 1]]
    return tuple(
        Run(*marks[first], first, last) for first, last in pairwise([*edges, len(marks)]) if first < last
    )


def local_bounds(day: date, zone: ZoneInfo, workday: tuple[time, time] | None) -> tuple[datetime, datetime]:
    """The window of a local date in which work happens, as instants; 23 or 25 hours long where clocks
    change."""
    if workday is None:
        return datetime.combine(day, time(0), zone), datetime.combine(day + DAY, time(0), zone)
    opens, closes = workday
    end_day = day if closes > opens else day + DAY
    return datetime.combine(day, opens, zone), datetime.combine(end_day, closes, zone)


def first_local_day(pause: PauseSpan, zone: ZoneInfo) -> date:
    """The local date on which a pause begins."""
    return pause.starts_at.astimezone(zone).date()


def end_local_day(pause: PauseSpan, zone: ZoneInfo, until: date) -> date:
    """The first local date that a pause no longer touches, at most `until`."""
    if pause.ends_at is None:
        return until
    end = pause.ends_at.astimezone(zone)
    last = end.date() if end.time() == time(0) else end.date() + DAY
    return min(last, until)


@lru_cache(maxsize=4096)
def covered_days(
    pauses: tuple[PauseSpan, ...], zone: ZoneInfo, until: date, workday: tuple[time, time] | None
) -> CoveredDays:
    """Every local day (ordinal) that the pauses touch before `until`, once, however many pauses lie over
    it.

    Where two overlap, the fuller one counts, then the earlier one, then the first by key. Kept for the next
    person whom the same pauses stop, so the answer must not be changed.
    """
    real = [pause for pause in pauses if pause.ends_at is None or pause.ends_at > pause.starts_at]
    ordered = sorted(real, key=lambda pause: (pause.remaining_bp, pause.starts_at, pause.pause))
    whole: dict[int, Covered] = {}
    touched: set[int] = set()
    for pause in ordered:
        first, last = first_local_day(pause, zone).toordinal(), end_local_day(pause, zone, until).toordinal()
        edges = {first, last - 1}
        for day in range(first, last):
            if day in edges:
                touched.add(day)
            elif day not in whole:
                whole[day] = Covered(1.0, pause.remaining_bp / FULL_BP, pause)
    for day in touched:
        found = _partial(date.fromordinal(day), ordered, zone, workday)
        if found is not None:
            whole[day] = found
    return CoveredDays(whole)


def _partial(
    day: date, ordered: Sequence[PauseSpan], zone: ZoneInfo, workday: tuple[time, time] | None
) -> Covered | None:
    """A day on which a pause begins or ends: split at every boundary, each piece once, by its real
    length."""
    opens, closes = local_bounds(day, zone, workday)
    open_at, close_at = opens.timestamp(), closes.timestamp()
    spans = [(max(pause.starts_at.timestamp(), open_at), _end(pause, close_at), pause) for pause in ordered]
    spans = [span for span in spans if span[1] > span[0]]
    if not spans or close_at <= open_at:
        return None
    cuts = sorted({edge for start, end, _ in spans for edge in (start, end)})
    paused = remaining = 0.0
    for start, end in pairwise(cuts):
        over = next((pause for a, b, pause in spans if a <= start and b >= end), None)
        if over is not None:
            paused += end - start
            remaining += (end - start) * over.remaining_bp / FULL_BP
    return Covered(paused / (close_at - open_at), remaining / paused, spans[0][2])


def _end(pause: PauseSpan, close_at: float) -> float:
    return close_at if pause.ends_at is None else min(pause.ends_at.timestamp(), close_at)
