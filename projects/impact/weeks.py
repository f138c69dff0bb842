"""People's histories before their pauses, folded side by side into weeks, weekday shares and parts of the whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from projects.impact.context import HISTORY_WEEKS, FirmContext
from projects.impact.inputs import EngagementInputs, PersonInputs
from projects.impact.panel import Bools, Doubles, Floats
from projects.impact.pay import USUAL_DAY_SECONDS, Pace
from projects.impact.workdays import person_holidays, unsubmitted_spans

HISTORY_DAYS = HISTORY_WEEKS * 7
PROFILE_WEEKS = 26
POOLED_HOURS = 20.0
SHARE_KEEP = 0.85
HOUR = 3600.0
FEWEST_HOLIDAYS = 3
AT_ONCE = 1_000
"""People whose days are laid out at a time: two years of a thousand are some megabytes."""
_RECENT = slice(HISTORY_DAYS - PROFILE_WEEKS * 7, HISTORY_DAYS)
_KEPT = SHARE_KEEP ** np.arange(HISTORY_WEEKS - 1, -1, -1)
_OFFICE_PACE_WEEK = 144_000
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One question: a person's weeks before `origin` (ordinal). `masked` days (leave, pauses) are no history."""

    person: PersonInputs
    origin: int
    masked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One engagement's part: usual hours a week as a share of the person's, or `cold_hours` where it has no
    history of its own; its weekday shares (Monday first, sum 1); how its work turns into units of pay."""

    share: float
    cold_hours: float | None
    profile: Doubles
    pace: Pace


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """One person's weeks before `origin` (ordinal): `hours` and `available` [104] float32, `start` the
    first week of history (104: none), `main` the project with most hours of late."""

    origin: int
    hours: Floats
    available: Floats
    start: int
    main: str
    parts: tuple[Part, ...]
    works_holidays: bool
    is_missing_sheets: bool


def read_weeks(asked: Sequence[Asked], context: FirmContext) -> list[Weeks]:
    """Fold the days before each origin into weeks that end there. Everybody asked about has an engagement."""
    return [
        weeks
        for first in range(0, len(asked), AT_ONCE)
        for weeks in _Reading(asked[first : first + AT_ONCE], context).weeks()
    ]


class _Reading:
    """The days of some people in tables: a row for each engagement or person, a column for each day of two years."""

    def __init__(self, asked: Sequence[Asked], context: FirmContext) -> None:
        self.asked, self.context = asked, context
        self.pooled = np.asarray(context.weekday_shares)
        self.engagements = [one for row in asked for one in row.person.engagements]
        counts = [len(row.person.engagements) for row in asked]
        self.owner: Places = np.repeat(np.arange(len(asked)), counts)
        self.begins: Places = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.intp)
        self.first = np.asarray([row.origin for row in asked]) - HISTORY_DAYS
        self.away, self.missing = self._away()
        self.seconds, self.tasks, self.present = self._tables()
        self.worked = np.add.reduceat(self.seconds, self.begins, axis=0)
        self.on_some = np.logical_or.reduceat(self.present, self.begins, axis=0)
        self.begun = np.where(self.on_some.any(1), self.on_some.argmax(1), HISTORY_DAYS)

    def _away(self) -> tuple[Bools, Bools]:
        """Days that are no history, and whose sheets are not all in: [people x days], [people]."""
        away = np.zeros((len(self.asked), HISTORY_DAYS), np.bool_)
        missing = np.zeros(len(self.asked), np.bool_)
        for row, (one, first) in enumerate(zip(self.asked, self.first.tolist(), strict=True)):
            if one.masked:
                days = np.fromiter(one.masked, np.int64, len(one.masked)) - first
                away[row, days[(days >= 0) & (days < HISTORY_DAYS)]] = True
            for starts, ends in unsubmitted_spans(one.person, one.origin):
                missing[row] = True
                away[row, max(starts - first, 0) : ends - first] = True
        return away, missing

    def _tables(self) -> tuple[Doubles, Doubles | None, Bools]:
        """Seconds, tasks (None where nobody counts any) and presence: [engagements x days]."""
        histories = [one.history for one in self.engagements]
        term = np.repeat(np.arange(len(histories)), [len(one.ordinals) for one in histories])
        owner = self.owner[term]
        day = np.concatenate([one.ordinals for one in histories]) - self.first[owner]
        inside = (day >= 0) & (day < HISTORY_DAYS)
        inside[inside] = ~self.away[owner[inside], day[inside]]
        cell = (term * HISTORY_DAYS + day)[inside]
        shape = (len(histories), HISTORY_DAYS)
        present = np.zeros(shape, np.bool_)
        present.ravel()[cell] = True
        seconds = np.concatenate([one.seconds for one in histories])[inside]
        tasks = np.concatenate([one.tasks for one in histories])[inside]
        return (
            _summed(cell, seconds, shape),
            _summed(cell, tasks, shape) if tasks.any() else None,
            present,
        )

    def weeks(self) -> list[Weeks]:
        """Everybody's weeks, in the order asked."""
        works_holidays, off = self._holidays()
        profile = self._profiles(self.worked, self.first, self.pooled)
        available = 1 - self._lost(self.away | off | self._before_the_first(), profile)
        hours = self.worked.reshape(-1, HISTORY_WEEKS, 7).sum(2) / HOUR
        weekly = self.seconds.reshape(-1, HISTORY_WEEKS, 7).sum(2)
        weekly = (weekly * _KEPT).sum(1)
        parts = self._parts(weekly)
        found = []
        for row, one in enumerate(self.asked):
            own = slice(self.begins[row], self.begins[row] + len(one.person.engagements))
            main = int(weekly[own].argmax())
            found.append(
                Weeks(
                    one.origin,
                    hours[row].astype(np.float32),
                    available[row].astype(np.float32),
                    int(self.begun[row]) // 7,
                    one.person.engagements[main].project,
                    tuple(parts[own]),
                    bool(works_holidays[row]),
                    bool(self.missing[row]),
                )
            )
        return found

    def _holidays(self) -> tuple[Bools, Bools]:
        """Who usually works on public holidays, and the past holidays on weekdays that were really off."""
        works = np.zeros(len(self.asked), np.bool_)
        off = np.zeros((len(self.asked), HISTORY_DAYS), np.bool_)
        alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for row, one in enumerate(self.asked):
            alike[one.person.country, one.person.region, one.person.extra_holidays, one.origin].append(row)
        for places in alike.values():
            one, rows = self.asked[places[0]], np.asarray(places, np.intp)
            days = _weekday_holidays(one.person, one.origin)
            if not len(days):
                continue
            past = self.begun[rows][:, None] <= days
            worked = self.on_some[np.ix_(rows, days)] & past
            works[rows] = (past.sum(1) >= FEWEST_HOLIDAYS) & (2 * worked.sum(1) >= past.sum(1))
            off[np.ix_(rows, days)] = past & ~worked & ~works[rows][:, None]
        return works, off

    def _before_the_first(self) -> Bools:
        """Days of somebody's first week before they began: no history, rather than hours not worked."""
        day, begun = np.arange(HISTORY_DAYS), self.begun[:, None]
        return np.asarray((day < begun) & (day >= begun // 7 * 7))

    def _profiles(self, days: Doubles, first: NDArray[np.int64], pooled: Doubles) -> Doubles:
        """Weekday shares, Monday first: own hours of 26 weeks plus 20 hours spread as `pooled`."""
        by_place = days[:, _RECENT].reshape(len(days), PROFILE_WEEKS, 7).sum(1) / HOUR
        place = (np.arange(7) - (first[:, None] + 6)) % 7
        own = np.take_along_axis(by_place, place, 1) + POOLED_HOURS * pooled
        return np.asarray(own / own.sum(1, keepdims=True))

    def _lost(self, lost: Bools, profile: Doubles) -> Doubles:
        """Share of each week that does not count: [people x weeks]."""
        if not lost.any():
            return np.zeros((len(lost), HISTORY_WEEKS))
        weekday = (self.first[:, None] + np.arange(7) + 6) % 7
        share = np.take_along_axis(profile, weekday, 1)
        by_week = (lost.reshape(-1, HISTORY_WEEKS, 7) * share[:, None, :]).sum(2)
        return np.asarray(np.clip(by_week, 0, 1))

    def _parts(self, weekly: Doubles) -> list[Part]:
        whole = np.add.reduceat(weekly, self.begins)[self.owner]
        share = np.divide(weekly, whole, out=np.zeros_like(weekly), where=whole > 0)
        patterns = np.stack([self._pattern(place) for place in range(len(self.engagements))])
        profile = self._profiles(self.seconds, self.first[self.owner], patterns)
        has_history = self.present.max(1)
        pace = self._paces()
        return [
            Part(
                float(share[place]),
                None if has_history[place] else self._cold_hours(place),
                profile[place],
                pace[place],
            )
            for place in range(len(self.engagements))
        ]

    def _pattern(self, place: int) -> Doubles:
        rate = _rate_at(self.engagements[place], self.asked[self.owner[place]].origin)
        pattern = None if rate is None else self.engagements[place].rates[rate].weekday_seconds
        return np.asarray(pattern) / sum(pattern) if pattern and sum(pattern) else self.pooled

    def _cold_hours(self, place: int) -> float:
        """Hours a week of somebody new: the contract's, else the project's people's, else the firm's."""
        engagement = self.engagements[place]
        rate = _rate_at(engagement, self.asked[self.owner[place]].origin)
        if rate is not None:
            terms = engagement.rates[rate]
            contracted = terms.weekly_seconds or sum(terms.weekday_seconds or ())
            if contracted:
                return contracted / HOUR
        return float(self.context.means_for((engagement.project,), 0).project[-1, 0])

    def _paces(self) -> list[Pace]:
        recent = self.seconds[:, _RECENT]
        seconds = recent.sum(1).astype(np.int64).tolist()
        days = (recent > 0).sum(1).tolist()
        tasks = [0] * len(days)
        if self.tasks is not None:
            counted = np.where(recent > 0, self.tasks[:, _RECENT], 0)
            tasks = counted.sum(1).astype(np.int64).tolist()
        return [
            Pace(
                max(spent // worked if worked >= 5 else USUAL_DAY_SECONDS, 1),
                done,
                spent,
                max(round(spent / PROFILE_WEEKS), 1) if worked else _OFFICE_PACE_WEEK,
            )
            for spent, worked, done in zip(seconds, days, tasks, strict=True)
        ]


def _summed(cell: Places, values: NDArray[np.int32], shape: tuple[int, int]) -> Doubles:
    """A table of these sums by cell."""
    return np.asarray(np.bincount(cell, values, shape[0] * shape[1]), np.float64).reshape(shape)


def _weekday_holidays(person: PersonInputs, origin: int) -> Places:
    """Days of the two years before `origin`, counted from their first, that are public holidays from Monday to
    Friday."""
    first = origin - HISTORY_DAYS
    known = person_holidays(person, date.fromordinal(first), date.fromordinal(origin))
    return np.asarray(
        sorted(day - first for day in known if first <= day < origin and (day + 6) % 7 < 5), np.intp
    )


def _rate_at(engagement: EngagementInputs, origin: int) -> int | None:
    """Place of the terms in force at the origin, the first ones before any."""
    if not engagement.rates:
        return None
    before = [i for i, rate in enumerate(engagement.rates) if rate.starts_on.toordinal() <= origin]
    return before[-1] if before else 0
