"""Expected work day by day, in steps: a usual week, then what holidays, leave, terms, retention and peers
change."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
AT_ONCE = 1_000
"""Questions that are answered side by side: a quarter of a year of a thousand is some megabytes."""
Days = NDArray[np.float64]
_NO_EVIDENCE = np.ones(1)


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """A question: the work expected of one paused engagement on the `covered` days inside its term, in a stretch that
    begins at `origin` (ordinal). `holidays` and `leave` are ordinals without work."""

    person: PersonInputs
    engagement: EngagementInputs
    part: Part
    usual: Usual
    origin: int
    covered: CoveredDays
    holidays: frozenset[int]
    leave: frozenset[int]

    @property
    def weekly(self) -> float:
        """Usual hours a week."""
        return weekly_hours(self.usual, self.part)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Seconds on the paused part of each covered day of one engagement, in day order.

    `covered` the days; `steps` int64 [len(STEPS) x days], each after one more step, the last is what was expected:
    `seconds` has these as whole numbers, `totals` the sum of every step; `whole` float [days], expected seconds of
    the whole day (its un-paused part too).
    """

    covered: CoveredDays
    steps: NDArray[np.int64]
    seconds: list[int]
    totals: list[int]
    whole: Days


def weekly_hours(usual: Usual, part: Part) -> float:
    """Usual hours a week on one engagement: its part of the person's, or what stands in for a history."""
    return usual.rate * part.share if part.cold_hours is None else part.cold_hours


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
) -> Days:
    """What retention and the peers make of each of the given days, of which there is at least one."""
    retained = retained_days(
        context, position_of(usual.idle, usual.rate, context.rate_edges), int(ordinals[-1]) - origin + 1
    )[ordinals - origin]
    return np.asarray(retained * _ratios(person.peers, ordinals))


def expect(dues: Sequence[Due], context: FirmContext) -> list[Expected]:
    """Expected seconds of every question, in order; those about the same days are answered side by side."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, due in enumerate(dues):
        alike[id(due.covered), due.origin].append(place)
    found: dict[int, Expected] = {}
    for places in alike.values():
        for first in range(0, len(places), AT_ONCE):
            chosen = places[first : first + AT_ONCE]
            found.update(
                zip(chosen, _Together([dues[place] for place in chosen], context).answers(), strict=True)
            )
    return [found[place] for place in range(len(dues))]


class _Together:
    """Questions about the same days: tables with a row for each and a column for each day."""

    def __init__(self, dues: Sequence[Due], context: FirmContext) -> None:
        self.dues, self.context, self.covered = dues, context, dues[0].covered
        self.days, self.ordinals = self.covered.days, self.covered.ordinals
        self.profile = np.stack([due.part.profile for due in dues])[:, self.covered.weekdays]

    def answers(self) -> Iterator[Expected]:
        """One for each question."""
        steps = self._steps()
        totals = np.rint(np.cumsum(steps * (self.covered.share * HOUR), 2)).astype(np.int64)
        seconds = totals.copy()
        seconds[..., 1:] -= totals[..., :-1]
        daily, sums = seconds[-1].tolist(), seconds.sum(2).T.tolist()
        whole = steps[-1] * HOUR
        for row in range(len(self.dues)):
            yield Expected(self.covered, seconds[:, row], daily[row], sums[row], whole[row])

    def _steps(self) -> Days:
        """Hours after each step: [steps x questions x days]."""
        steps = np.empty((len(STEPS), *self.profile.shape))
        weekly = np.asarray([due.weekly for due in self.dues])
        np.multiply(self.profile, weekly[:, None], out=steps[0])
        steps[1] = steps[0]
        self._take_away(steps[1], [due.holidays for due in self.dues])
        steps[2] = steps[1]
        self._take_away(steps[2], [due.leave for due in self.dues])
        steps[3] = steps[2]
        self._cap(steps[3])
        steps[4] = steps[3]
        is_planned = self._ramp(steps[4])
        for step, factor in ((5, self._retained()), (6, self._peers())):
            steps[step] = steps[step - 1]
            if factor is not None:
                np.multiply(steps[step - 1], factor, out=steps[step], where=~is_planned)
        return steps

    def _take_away(self, hours: Days, away: Sequence[frozenset[int]]) -> None:
        """No hours on the days away."""
        kept: dict[int, Days | None] = {}
        for row, off in enumerate(away):
            if off and id(off) not in kept:
                kept[id(off)] = None if off.isdisjoint(self.days) else _but(self.days, off)
            share = kept.get(id(off))
            if share is not None:
                hours[row] *= share

    def _cap(self, hours: Days) -> None:
        """At most the hours a week that the terms in force let be billed."""
        for row, due in enumerate(self.dues):
            if due.weekly <= 0 or all(rate.max_weekly_seconds is None for rate in due.engagement.rates):
                continue
            caps = np.full(len(self.days), np.inf)
            for rate in sorted(due.engagement.rates, key=lambda rate: rate.starts_on):
                most = np.inf if rate.max_weekly_seconds is None else rate.max_weekly_seconds / HOUR
                caps[self.ordinals >= rate.starts_on.toordinal()] = most
            hours[row] *= np.minimum(due.weekly, caps) / due.weekly

    def _ramp(self, hours: Days) -> NDArray[np.bool_]:
        """Planned weekly hours replace the usual ones on the days of a ramp; which days those are."""
        is_planned = np.zeros(hours.shape, np.bool_)
        for row, due in enumerate(self.dues):
            for ramp in due.engagement.ramps:
                first, end = ramp.starts_on.toordinal(), ramp.ends_on.toordinal()
                during = (self.ordinals >= first) & (self.ordinals < end)
                planned = (
                    ramp.weekly_seconds / HOUR * self.profile[row] * _but(self.days, due.holidays | due.leave)
                )
                hours[row, during] = planned[during]
                is_planned[row] |= during
        return is_planned

    def _retained(self) -> Days | None:
        """Retention of each day; None where there is no day."""
        if not self.days:
            return None
        edges, since = self.context.rate_edges, self.ordinals - self.dues[0].origin
        positions = [position_of(due.usual.idle, due.usual.rate, edges) for due in self.dues]
        known, row = np.unique(positions, return_inverse=True)
        length = int(since[-1]) + 1
        table = np.stack([retained_days(self.context, int(one), length)[since] for one in known])
        return np.asarray(table[row])

    def _peers(self) -> Days | None:
        """The peers' ratio of each day; None where nobody has evidence."""
        rows: dict[int, Days] = {}
        for due in self.dues:
            peers = due.person.peers
            if id(peers) not in rows:
                rows[id(peers)] = _ratios(peers, self.ordinals)
        if all(row is _NO_EVIDENCE for row in rows.values()):
            return None
        return np.stack([np.broadcast_to(rows[id(due.person.peers)], len(self.days)) for due in self.dues])


def _but(days: Sequence[int], away: frozenset[int]) -> Days:
    """1 for each day, 0 for those away."""
    return np.asarray([0.0 if day in away else 1.0 for day in days])


def _ratios(peers: PeerEvidence | None, ordinals: NDArray[np.int64]) -> Days:
    """The peers' ratio of each day; 1 for whom there is no evidence."""
    if peers is None or not peers.people:
        return _NO_EVIDENCE
    return np.where(ordinals < peers.through.toordinal(), peer_ratio(peers), 1.0)
