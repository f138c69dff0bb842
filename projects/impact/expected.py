"""Expected work day by day, in steps: a usual week, then what holidays, leave, terms, retention and peers
change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from projects.impact.context import FirmContext
from projects.impact.inputs import EngagementInputs, PeerEvidence, PersonInputs
from projects.impact.peers import pooled_factor
from projects.impact.retention import position_of
from projects.impact.usual import Usual
from projects.impact.weeks import Part
from projects.impact.workdays import CoveredDays

STEPS = ("usual", "holidays", "leave", "contract", "ramp", "retention", "peers")
HOUR = 3600.0
Days = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Seconds on the paused part of each covered day of one engagement, in day order.

    `covered` the days; `steps` int64 [len(STEPS) x days], each after one more step, the last is what was
    expected; `whole` float [days], expected seconds of the whole day (its un-paused part too).
    """

    covered: CoveredDays
    steps: NDArray[np.int64]
    whole: Days


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


def peer_ratio(peers: PeerEvidence) -> float:
    """P of the people whom this evidence is about."""
    return pooled_factor(peers.actual_hours, peers.expected_hours, peers.mean_expected_hours)


def daily_factor(
    person: PersonInputs, context: FirmContext, usual: Usual, origin: int, ordinals: NDArray[np.int64]
) -> tuple[Days, Days | None]:
    """Retention of the given days, and the peers' ratio where there is evidence."""
    if not len(ordinals):
        return np.ones(0), None
    retained = retained_days(
        context, position_of(usual.idle, usual.rate, context.rate_edges), int(ordinals[-1]) - origin + 1
    )[ordinals - origin]
    if person.peers is None or not person.peers.people:
        return retained, None
    return retained, np.where(ordinals < person.peers.through.toordinal(), peer_ratio(person.peers), 1.0)


def expect(
    person: PersonInputs,
    engagement: EngagementInputs,
    part: Part,
    usual: Usual,
    context: FirmContext,
    *,
    origin: int,
    covered: CoveredDays,
    holidays: frozenset[int],
    leave: frozenset[int],
) -> Expected:
    """Expected seconds of one engagement on the days in `covered` that lie inside its term."""
    last = engagement.ends_on.toordinal() if engagement.ends_on else date.max.toordinal()
    inside = covered.between(engagement.starts_on.toordinal(), last)
    weekly = usual.rate * part.share if part.cold_hours is None else part.cold_hours
    profile = part.profile[inside.weekdays]
    retained, peers = daily_factor(person, context, usual, origin, inside.ordinals)
    steps = np.empty((len(STEPS), len(inside)))
    np.multiply(profile, weekly, out=steps[0])
    steps[1] = _kept(steps[0], inside.days, holidays)
    steps[2] = _kept(steps[1], inside.days, leave)
    steps[3] = _capped(steps[2], engagement, inside, weekly)
    steps[4], is_planned = _ramped(engagement, inside, profile, steps[3], holidays | leave)
    steps[5] = (
        steps[4] * retained if is_planned is None else np.where(is_planned, steps[4], steps[4] * retained)
    )
    steps[6] = steps[5]
    if peers is not None:
        steps[6] = (
            steps[5] * peers if is_planned is None else np.where(is_planned, steps[5], steps[5] * peers)
        )
    totals = np.rint(np.cumsum(steps * (inside.share * HOUR), 1)).astype(np.int64)
    seconds = totals.copy()
    seconds[:, 1:] -= totals[:, :-1]
    return Expected(inside, seconds, steps[6] * HOUR)


def _kept(hours: Days, days: Sequence[int], away: frozenset[int]) -> Days:
    """No hours on the days away."""
    if not away:
        return hours
    return np.asarray(hours * np.asarray([0.0 if day in away else 1.0 for day in days]))


def _capped(hours: Days, engagement: EngagementInputs, inside: CoveredDays, weekly: float) -> Days:
    """At most the hours a week that the terms in force let be billed."""
    if weekly <= 0 or all(rate.max_weekly_seconds is None for rate in engagement.rates):
        return hours
    caps = np.full(len(inside), np.inf)
    for rate in sorted(engagement.rates, key=lambda rate: rate.starts_on):
        most = np.inf if rate.max_weekly_seconds is None else rate.max_weekly_seconds / HOUR
        caps[inside.ordinals >= rate.starts_on.toordinal()] = most
    return np.asarray(hours * (np.minimum(weekly, caps) / weekly))


def _ramped(
    engagement: EngagementInputs, inside: CoveredDays, profile: Days, before: Days, away: frozenset[int]
) -> tuple[Days, NDArray[np.bool_] | None]:
    """Planned weekly hours replace the usual ones on the days of a ramp; which days, None for none."""
    if not engagement.ramps:
        return before, None
    out, planned = before.copy(), np.zeros(len(inside), np.bool_)
    for ramp in engagement.ramps:
        during = (inside.ordinals >= ramp.starts_on.toordinal()) & (
            inside.ordinals < ramp.ends_on.toordinal()
        )
        out[during] = _kept(ramp.weekly_seconds / HOUR * profile, inside.days, away)[during]
        planned |= during
    return out, planned
