"""Expected work day by day, in steps: a usual week, then what holidays, leave, terms, retention and peers
change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from projects.impact.context import FirmContext
from projects.impact.inputs import EngagementInputs, PersonInputs
from projects.impact.peers import pooled_factor
from projects.impact.retention import position_of
from projects.impact.usual import Part, Usual
from projects.impact.workdays import Covered

STEPS = ("usual", "holidays", "leave", "contract", "ramp", "retention", "peers")
HOUR = 3600.0
Days = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Seconds on the paused part of each covered day of one engagement, in day order.

    `ordinals` [days]; `steps` int64 [len(STEPS) x days], each after one more step, the last is what was
    expected; `whole` float [days], expected seconds of the whole day (its un-paused part too).
    """

    ordinals: NDArray[np.int64]
    steps: NDArray[np.int64]
    whole: Days
    covered: tuple[Covered, ...]


def retained_days(context: FirmContext, position: int, days: int) -> Days:
    """Retention of each day of a stretch: its weeks add up to weeks x phi(weeks) at every calibrated
    length.

    A longer stretch never adds less than nothing, so the total never falls as the stretch grows.
    """
    lengths = tuple(horizon.weeks for horizon in context.horizons)
    ratios = tuple(horizon.phi[position] for horizon in context.horizons)
    return _retained(lengths, ratios, days)


@lru_cache(maxsize=256)
def _retained(lengths: tuple[int, ...], ratios: tuple[float, ...], days: int) -> Days:
    grid = np.asarray((0, *lengths), dtype=np.float64)
    total = np.maximum.accumulate(np.asarray((0.0, *(w * r for w, r in zip(lengths, ratios, strict=True)))))
    slope = (total[-1] - total[-2]) / (grid[-1] - grid[-2])
    ends = np.arange(days + 1) / 7
    reached = np.interp(ends, grid, total) + np.maximum(ends - grid[-1], 0) * slope
    return np.asarray(np.diff(reached) * 7)


def peer_ratio(person: PersonInputs) -> float:
    """P of this person; 1 without evidence."""
    peers = person.peers
    if peers is None or not peers.people:
        return 1.0
    return pooled_factor(peers.actual_hours, peers.expected_hours, peers.mean_expected_hours)


def daily_factor(
    person: PersonInputs, context: FirmContext, usual: Usual, origin: int, ordinals: NDArray[np.int64]
) -> tuple[Days, Days]:
    """Retention and peers' ratio of the given days."""
    if not len(ordinals):
        return np.ones(0), np.ones(0)
    retained = retained_days(
        context, position_of(usual.idle, usual.rate, context.rate_edges), int(ordinals[-1]) - origin + 1
    )[ordinals - origin]
    ratio = peer_ratio(person)
    through = origin if person.peers is None else person.peers.through.toordinal()
    return retained, np.where(ordinals < through, ratio, 1.0)


def expect(
    person: PersonInputs,
    engagement: EngagementInputs,
    part: Part,
    usual: Usual,
    context: FirmContext,
    *,
    origin: int,
    covered: Mapping[int, Covered],
    holidays: frozenset[int],
    leave: frozenset[int],
) -> Expected:
    """Expected seconds of one engagement on the days in `covered` that lie inside its term."""
    first = engagement.starts_on.toordinal()
    last = engagement.ends_on.toordinal() if engagement.ends_on else date.max.toordinal()
    days = sorted(day for day in covered if first <= day < last)
    ordinals = np.asarray(days, dtype=np.int64)
    over = tuple(covered[day] for day in days)
    share = np.asarray([one.share for one in over])
    weekly = usual.rate * part.share if part.cold_hours is None else part.cold_hours
    profile = part.profile[(ordinals + 6) % 7]
    retained, peers = daily_factor(person, context, usual, origin, ordinals)
    steps = np.empty((len(STEPS), len(days)))
    steps[0] = weekly * profile
    steps[1] = steps[0] * _keep(days, holidays)
    steps[2] = steps[1] * _keep(days, leave)
    capped = np.minimum(weekly, _caps(engagement, days)) / weekly if weekly > 0 else np.ones(len(days))
    steps[3] = steps[2] * capped
    steps[4], is_planned = _ramped(engagement, days, profile, steps[3], _keep(days, holidays | leave))
    steps[5] = np.where(is_planned, steps[4], steps[4] * retained)
    steps[6] = np.where(is_planned, steps[5], steps[5] * peers)
    totals = np.rint(np.cumsum(steps * share * HOUR, 1)).astype(np.int64)
    return Expected(ordinals, np.diff(totals, axis=1, prepend=0), steps[6] * HOUR, over)


def _keep(days: Sequence[int], away: frozenset[int]) -> Days:
    if not away:
        return np.ones(len(days))
    return np.asarray([0.0 if day in away else 1.0 for day in days])


def _caps(engagement: EngagementInputs, days: Sequence[int]) -> Days:
    """Most hours a week that the terms in force let be billed."""
    caps = np.full(len(days), np.inf)
    if all(rate.max_weekly_seconds is None for rate in engagement.rates):
        return caps
    ordinals = np.asarray(days)
    for rate in sorted(engagement.rates, key=lambda rate: rate.starts_on):
        most = np.inf if rate.max_weekly_seconds is None else rate.max_weekly_seconds / HOUR
        caps[ordinals >= rate.starts_on.toordinal()] = most
    return caps


def _ramped(
    engagement: EngagementInputs, days: Sequence[int], profile: Days, before: Days, keep: Days
) -> tuple[Days, NDArray[np.bool_]]:
    """Planned weekly hours replace the usual ones on the days of a ramp."""
    out, planned = before.copy(), np.zeros(len(days), np.bool_)
    ordinals = np.asarray(days, dtype=np.int64)
    for ramp in engagement.ramps:
        inside = (ordinals >= ramp.starts_on.toordinal()) & (ordinals < ramp.ends_on.toordinal())
        out[inside] = (ramp.weekly_seconds / HOUR * profile * keep)[inside]
        planned |= inside
    return out, planned
