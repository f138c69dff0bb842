"""A person's history before a pause, read into weeks, weekday shares and each engagement's part of the
whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from projects.impact.baseline import Means, compute_baseline
from projects.impact.context import HISTORY_WEEKS, FirmContext
from projects.impact.inputs import EngagementInputs, PersonInputs
from projects.impact.panel import Floats, PanelWeeks
from projects.impact.pay import USUAL_DAY_SECONDS, Pace
from projects.impact.workdays import person_holidays, unsubmitted_ordinals

HISTORY_DAYS = HISTORY_WEEKS * 7
PROFILE_DAYS = 26 * 7
POOLED_HOURS = 20.0
SHARE_KEEP = 0.85
HOUR = 3600.0
FEWEST_HOLIDAYS = 3
UNKNOWN_VARIANCE_RATIO = 3.0
"""Variance of a week per hour of rate, about that of the back-test's panels."""
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One engagement's part: usual hours a week as a share of the person's, or `cold_hours` where it has no
    history of its own; its weekday shares (Monday first, sum 1); how its work turns into units of pay."""

    share: float
    cold_hours: float | None
    profile: Shares
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


@dataclass(frozen=True, slots=True)
class Usual:
    """What is known of a person at an origin: hours a week, variance of a week, idle class, weeks of
    history."""

    rate: float
    variance: float
    idle: int
    tenure: float


def read_weeks(person: PersonInputs, origin: int, masked: frozenset[int], context: FirmContext) -> Weeks:
    """Fold the days before `origin` into weeks that end there. `masked` days (leave, pauses) are left
    out."""
    first = origin - HISTORY_DAYS
    own = [_window(engagement, first, origin) for engagement in person.engagements]
    missing = unsubmitted_ordinals(person, date.fromordinal(origin))
    out = masked | missing
    if out:
        away = np.fromiter(out, np.int64, len(out))
        own = [columns[:, ~np.isin(columns[0], away)] for columns in own]
    total = np.concatenate(own, 1) if own else np.zeros((3, 0), np.int64)
    works_holidays, holidays = _holiday_habit(person, total, first, origin)
    start = HISTORY_WEEKS if not total.shape[1] else int((total[0].min() - first) // 7)
    pooled = np.asarray(context.weekday_shares)
    parts, weekly = _parts(person, own, first, origin, pooled, context)
    lost = _lost_shares(out | holidays, total, first, origin, pooled)
    hours = np.bincount((total[0] - first) // 7, total[1] / HOUR, HISTORY_WEEKS).astype(np.float32)
    main = max(range(len(weekly)), key=weekly.__getitem__) if weekly else 0
    return Weeks(
        origin,
        hours,
        (1 - lost).astype(np.float32),
        start,
        person.engagements[main].project if person.engagements else "",
        parts,
        works_holidays,
        bool(missing),
    )


def _window(engagement: EngagementInputs, first: int, origin: int) -> NDArray[np.int64]:
    """Rows ordinal, seconds, tasks of the history inside the window."""
    history = engagement.history
    low, high = np.searchsorted(history.ordinals, (first, origin))
    columns = (history.ordinals[low:high], history.seconds[low:high], history.tasks[low:high])
    return np.stack(columns).astype(np.int64)


def _holiday_habit(
    person: PersonInputs, total: NDArray[np.int64], first: int, origin: int
) -> tuple[bool, frozenset[int]]:
    """Whether this person usually works on public holidays, and the past holidays that were really off."""
    known = person_holidays(person, date.fromordinal(first), date.fromordinal(origin))
    if not known or not total.shape[1]:
        return False, frozenset()
    begun = int(total[0].min())
    past = {day for day in known if begun <= day < origin and (day + 6) % 7 < 5}
    worked = past.intersection(total[0].tolist())
    if len(past) >= FEWEST_HOLIDAYS and 2 * len(worked) >= len(past):
        return True, frozenset()
    return False, frozenset(past - worked)


def _lost_shares(
    out: frozenset[int] | set[int], total: NDArray[np.int64], first: int, origin: int, pooled: Shares
) -> Shares:
    """Share of each week that does not count."""
    lost = np.zeros(HISTORY_WEEKS)
    inside = np.asarray([day for day in out if first <= day < origin], dtype=np.int64)
    if not len(inside):
        return lost
    recent = total[:, total[0] >= origin - PROFILE_DAYS]
    profile = _profile(recent, pooled)
    np.add.at(lost, (inside - first) // 7, profile[(inside + 6) % 7])
    return np.clip(lost, 0, 1)


def _profile(recent: NDArray[np.int64], pooled: Shares) -> Shares:
    """Weekday shares: own hours of 26 weeks plus 20 hours spread as everybody's."""
    own = np.bincount((recent[0] + 6) % 7, recent[1] / HOUR, 7) + POOLED_HOURS * pooled
    return np.asarray(own / own.sum())


def _parts(
    person: PersonInputs,
    own: Sequence[NDArray[np.int64]],
    first: int,
    origin: int,
    pooled: Shares,
    context: FirmContext,
) -> tuple[tuple[Part, ...], list[float]]:
    keep = SHARE_KEEP ** ((origin - 1 - np.arange(first, origin, 7)) // 7)
    weekly = [
        float((np.bincount((columns[0] - first) // 7, columns[1], HISTORY_WEEKS) * keep).sum())
        for columns in own
    ]
    whole = sum(weekly)
    parts = []
    for engagement, columns, part in zip(person.engagements, own, weekly, strict=True):
        recent = columns[:, columns[0] >= origin - PROFILE_DAYS]
        pattern = _contract_pattern(engagement, origin)
        profile = _profile(recent, pooled if pattern is None else pattern)
        cold = None if columns.shape[1] else _cold_hours(engagement, origin, context)
        parts.append(Part(part / whole if whole else 0.0, cold, profile, _pace(engagement, recent)))
    return tuple(parts), weekly


def _contract_pattern(engagement: EngagementInputs, origin: int) -> Shares | None:
    rate = _rate_at(engagement, origin)
    pattern = engagement.rates[rate].weekday_seconds if rate is not None else None
    return np.asarray(pattern) / sum(pattern) if pattern and sum(pattern) else None


def _cold_hours(engagement: EngagementInputs, origin: int, context: FirmContext) -> float:
    """Hours a week of somebody new: the contract's, else the project's people's, else the firm's."""
    place = _rate_at(engagement, origin)
    rate = None if place is None else engagement.rates[place]
    if rate is not None:
        contracted = rate.weekly_seconds or sum(rate.weekday_seconds or ())
        if contracted:
            return contracted / HOUR
    means = context.means_for((engagement.project,), 0)
    return float(means.project[-1, 0])


def _rate_at(engagement: EngagementInputs, origin: int) -> int | None:
    """Place of the terms in force at the origin, the first ones before any."""
    if not engagement.rates:
        return None
    before = [i for i, rate in enumerate(engagement.rates) if rate.starts_on.toordinal() <= origin]
    return before[-1] if before else 0


def _pace(engagement: EngagementInputs, recent: NDArray[np.int64]) -> Pace:
    worked = recent[:, recent[1] > 0]
    seconds = int(worked[1].sum())
    days = worked.shape[1]
    usual_day = seconds // days if days >= 5 else USUAL_DAY_SECONDS
    return Pace(
        max(usual_day, 1), int(recent[2].sum()), seconds, max(round(seconds / 26), 1) if days else 144_000
    )


def settle(weeks: Sequence[Weeks], context: FirmContext) -> list[Usual]:
    """Usual hours of some people, exactly as if the whole firm were walked through: one pass over their
    arrays."""
    if not weeks:
        return []
    names = sorted({one.main for one in weeks})
    place = {name: index for index, name in enumerate(names)}
    panel = PanelWeeks(
        np.stack([one.hours for one in weeks], 1),
        np.asarray([one.start for one in weeks], dtype=np.int32),
        np.asarray([place[one.main] for one in weeks], dtype=np.int32),
        np.stack([one.available for one in weeks], 1),
    )
    means = context.means_for(names, HISTORY_WEEKS) if context.people else _own_means(panel, names)
    base = compute_baseline(panel, first=HISTORY_WEEKS, means=means)
    return [
        Usual(
            float(base.rate[0, i]), float(base.variance[0, i]), int(base.idle[0, i]), float(base.tenure[0, i])
        )
        for i in range(len(weeks))
    ]


def _own_means(panel: PanelWeeks, names: Sequence[str]) -> Means:
    """Without a firm's past, people lean on the mean of those judged here, never on nothing."""
    weeks = panel.weeks + 1
    counts = np.zeros(len(names))
    sums = np.zeros(len(names))
    known = np.arange(panel.weeks)[:, None] >= panel.start
    share = np.where(known, 1.0 if panel.available is None else panel.available, 0).sum(0)
    np.add.at(counts, panel.project, share)
    np.add.at(sums, panel.project, panel.hours.sum(0))
    mean = sums / np.maximum(counts, 1e-9)
    firm = float(sums.sum() / max(float(counts.sum()), 1e-9))
    return Means(np.full(weeks, firm), np.tile(mean, (weeks, 1)), np.full(weeks, UNKNOWN_VARIANCE_RATIO))
