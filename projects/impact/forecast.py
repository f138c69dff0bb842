"""The engine: usual hours, retention, peers and ranges for everybody of a firm at any origin, over
arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projects.impact.baseline import Baseline, compute_baseline
from projects.impact.panel import HORIZONS, Doubles, Floats, PanelWeeks, ahead
from projects.impact.peers import peer_factors
from projects.impact.results import Range
from projects.impact.retention import LOOK_BACK, expected_hours, positions, retention
from projects.impact.uncertainty import (
    FEWEST_SCORES,
    INDEPENDENT,
    GroupSpread,
    ScoreQuantiles,
    fit_group_spread,
    group_range,
    group_sums,
    lean_on_shorter,
    scale,
    score_quantiles,
    uncalibrated,
)

CAPACITY_WEEKS = 104
CAPACITY_QUANTILE = 0.999
FIRST_SCORED_WEEK = 6
"""Before it everybody is new, whoever has long been here: what is wrong then says little about later weeks."""
FIRST_USABLE_WEEK = 2
SCORE_LOOK_BACK = 78
"""Half a year longer than the year that retention looks back: luck changes more slowly than habits."""
FIRST_GROUP_WEEK = 4
LONGEST = max(HORIZONS)


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Answers for everybody at one origin: hours of the stretch, their spread s, and bounds [people x
    4]."""

    expected: Floats
    spread: Floats
    bounds: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """Every origin kept, judged over one length: hours really worked (NaN where a stretch is not complete), expected
    and their spread, each [origins x people]."""

    actual: Floats
    expected: Floats
    spread: Floats


class Forecast:
    """A firm's weeks, walked through once, and what follows from them at any origin.

    `with_peers` scores and answers as one does once the weeks of the pause are in. Memory grows with the
    origins kept (`first` on) x people; nothing after an origin is used for it, save peers' weeks where
    asked for.
    """

    def __init__(self, panel: PanelWeeks, *, first: int = 0, with_peers: bool = False) -> None:
        self.panel = panel
        self.base: Baseline = compute_baseline(panel, first=first)
        self.where = positions(self.base)
        self.with_peers = with_peers
        self._phi: dict[int, Doubles] = {}
        self._worked: dict[int, Floats] = {}
        self._judged: dict[int, _Past] = {}
        self._capacity: dict[int, float] = {}
        self._quantiles: dict[tuple[int, int], ScoreQuantiles | None] = {}
        self._groups: dict[tuple[str, int, int], Doubles] = {}

    def phi(self, weeks: int) -> Doubles:
        """Retention at every origin kept."""
        if weeks not in self._phi:
            self._phi[weeks] = retention(self._ahead(weeks), self.base, self.where, weeks)
        return self._phi[weeks]

    def _ahead(self, weeks: int) -> Floats:
        """Hours really worked over so many weeks from every origin kept."""
        if weeks not in self._worked:
            self._worked[weeks] = ahead(self.panel, weeks, self.base.first, self.panel.weeks + 1)
        return self._worked[weeks]

    def expected(self, weeks: int, first: int, last: int) -> Floats:
        """mu at the origins [first, last), times peers where asked for."""
        out = expected_hours(self.base, self.where, self.phi(weeks), weeks, first, last)
        if self.with_peers:
            actual = self._ahead(weeks)[self.base.row(first) : self.base.row(last)]
            for row in range(last - first):
                at = self.base.row(first + row)
                project = self.panel.project_at(first + row)
                out[row] *= peer_factors(out[row], actual[row], self.base.active[at], project)
        return out

    def spread(self, expected: Floats, weeks: int, first: int, last: int) -> Floats:
        """s at the origins [first, last)."""
        rows = slice(self.base.row(first), self.base.row(last))
        return scale(expected, self.base.variance[rows], self.base.tenure[rows], weeks)

    def _scores(self, weeks: int, first: int, last: int) -> tuple[Floats, Floats, Floats]:
        """Past scores of the active people at the origins [first, last), their weekly rates and weeks of history."""
        rows = slice(self.base.row(first), self.base.row(last))
        past = self._past(weeks)
        actual, expected = past.actual[rows], past.expected[rows]
        known = self.base.active[rows] & np.isfinite(actual)
        score = (actual[known] - expected[known]) / past.spread[rows][known]
        return score, expected[known] / np.float32(weeks), self.base.tenure[rows][known]

    def _past(self, weeks: int) -> _Past:
        """Every origin kept over one length, judged once for its scores and its groups."""
        if weeks not in self._judged:
            start, end = self.base.first, self.panel.weeks + 1
            expected = self.expected(weeks, start, end)
            self._judged[weeks] = _Past(
                self._ahead(weeks), expected, self.spread(expected, weeks, start, end)
            )
        return self._judged[weeks]

    def capacity(self, origin: int) -> float:
        """Weekly hours that almost nobody exceeded in the two years before."""
        if origin not in self._capacity:
            hours = self.panel.hours[max(0, origin - CAPACITY_WEEKS) : origin]
            worked = hours[hours > 0]
            most = float(np.quantile(worked, CAPACITY_QUANTILE)) if len(worked) else 80.0
            self._capacity[origin] = most
        return self._capacity[origin]

    def quantiles(self, weeks: int, origin: int) -> ScoreQuantiles:
        """Conformal quantiles from the last 78 weeks' complete stretches, leaning on those of shorter ones."""
        return self._leaning(weeks, origin) or uncalibrated(self.capacity(origin))

    def _leaning(self, weeks: int, origin: int) -> ScoreQuantiles | None:
        key = weeks, origin
        if key not in self._quantiles:
            less = max((h for h in HORIZONS if h < weeks), default=0)
            shorter = self._leaning(less, origin) if less else None
            own, origins = self._own_quantiles(weeks, origin, is_last_resort=shorter is None)
            self._quantiles[key] = lean_on_shorter(
                own, shorter, looks=origins / weeks, longer=weeks / max(less, 1)
            )
        return self._quantiles[key]

    def _own_quantiles(
        self, weeks: int, origin: int, *, is_last_resort: bool
    ) -> tuple[ScoreQuantiles | None, int]:
        """Quantiles of the stretches of this very length and how many origins they come from; none of under 100
        scores. A firm's first weeks are used only where nothing else is known."""
        last = origin - weeks + 1
        for earliest in (FIRST_SCORED_WEEK, FIRST_USABLE_WEEK)[: 2 if is_last_resort else 1]:
            first = max(earliest, last - SCORE_LOOK_BACK, self.base.first)
            if last <= first:
                continue
            scores, rates, tenures = self._scores(weeks, first, last)
            if len(scores) >= FEWEST_SCORES:
                return score_quantiles(scores, rates, tenures, capacity=self.capacity(origin)), last - first
        return None, 0

    def outlook(self, weeks: int, origin: int) -> Outlook:
        """Expected hours and both ranges of everybody over `weeks` weeks from `origin`."""
        expected = self.expected(weeks, origin, origin + 1)[0]
        spread = self.spread(expected[None], weeks, origin, origin + 1)[0]
        quantiles = self.quantiles(weeks, origin)
        levels = quantiles.of(expected / np.float32(weeks), self.base.tenure[self.base.row(origin)])
        bounds = expected[:, None] + levels * spread[:, None]
        most = quantiles.capacity * weeks if quantiles.scores else np.inf
        return Outlook(expected, spread, np.clip(bounds, 0, most))

    def forget(self, weeks: int) -> None:
        """Let go of what was judged over one length, so that many people fit in memory one length at a time."""
        self._judged.pop(weeks, None)
        self._worked.pop(weeks, None)

    def _past_groups(self, kind: str, weeks: int, origin: int) -> Doubles:
        """Expected, actual and squared spreads of the groups at one past origin: [groups x 3]."""
        key = (kind, weeks, origin)
        if key not in self._groups:
            past, row = self._past(weeks), self.base.row(origin)
            actual, expected, squares = past.actual[row], past.expected[row], past.spread[row] ** 2
            case = self.base.active[row] & np.isfinite(actual)
            project = self.panel.project_at(origin)
            label = project if kind == "project" else np.zeros_like(project)
            _, sums = group_sums(label, case, expected, actual, squares)
            self._groups[key] = np.stack(sums, 1)
        return self._groups[key]

    def group_law(self, kind: str, weeks: int, origin: int) -> GroupSpread:
        """Own luck and shared shock, fitted to the groups of the last 52 weeks' complete stretches."""
        last = origin - weeks + 1
        first = max(FIRST_GROUP_WEEK, last - LOOK_BACK, self.base.first)
        if last <= first:
            return INDEPENDENT
        past = np.concatenate([self._past_groups(kind, weeks, at) for at in range(first, last)])
        freedom = max(2.0, (last - first) / weeks) if kind == "firm" else None
        return fit_group_spread(past[:, 0], past[:, 1], past[:, 2], freedom=freedom)

    def group_outlook(self, outlook: Outlook, members: NDArray[np.intp], weeks: int, origin: int) -> Range:
        """Sum over some people of one project, with both ranges, in hours."""
        law = self.group_law("project", weeks, origin)
        total = float(outlook.expected[members].sum(dtype=np.float64))
        got = group_range(total, total, outlook.spread[members], law)
        return Range(total, *(max(0.0, bound) for bound in (got.low80, got.high80, got.low95, got.high95)))
