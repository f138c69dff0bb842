"""How sure the number is: conformal ranges for one person, own luck plus shared shock for a group."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from projects.impact.panel import Doubles, Floats
from projects.impact.results import Range

LEVELS = (0.1, 0.9, 0.025, 0.975)
"""low80, high80, low95, high95."""
TAKEN = (0.095, 0.905, 0.0235, 0.9765)
"""The shares of past scores that these are read at: a hair further out, since next year is never quite last year. It
costs a thousandth of the interval score and holds one outcome in a hundred more."""
RATE_STEPS = 12
"""Equal shares of past scores by rate; each step's quantiles lean on its neighbours."""
STEPS_NEAR, STEPS_FAR = 1.3, 1.0
"""Width (standard deviation of a normal kernel, in steps) over which neighbours count: for 80 %, for 95 %."""
TENURE_EDGES = (8.0, 26.0)
OTHER_TENURE = 0.5
"""A score of somebody much newer or much longer here counts half."""
FEWEST_SCORES = 100
PSEUDO_LOOKS = 1.5
"""What a shorter stretch says counts as one and a half independent looks at a longer one."""
GROWTH = 0.15
"""Scores of a longer stretch are wider than those of a shorter one by the power of their lengths' ratio."""
MOST_SCORES = 200_000
MODEL_SHARE = 0.3
SMALLEST_SCALE = 0.25
FEWEST_GROUPS = 10
SMALLEST_GROUP = 5
PSEUDO_GROUPS = 50
_normal = NormalDist().inv_cdf


@dataclass(frozen=True, slots=True, eq=False)
class ScoreQuantiles:
    """Quantiles of the firm's past scores at `TAKEN`, by step of the rate and weeks of history: [steps x 3 x 4].

    `edges` are the weekly hours that separate the steps, `TENURE_EDGES` the weeks that separate newcomers from
    others; `capacity` the weekly hours nobody exceeds; `scores` how many past stretches they rest on (0: normal
    quantiles, nothing is known yet).
    """

    edges: tuple[float, ...]
    levels: Doubles
    capacity: float
    scores: int

    def of(self, rate: Floats, tenure: Floats) -> Doubles:
        """Quantiles for people of these weekly rates and weeks of history: [people x 4]."""
        return np.asarray(
            self.levels[np.digitize(rate, self.edges), np.digitize(tenure, np.asarray(TENURE_EDGES))]
        )

    def of_one(self, rate: float, tenure: float) -> list[float]:
        """Quantiles of one person."""
        place = bisect_right(self.edges, rate), bisect_right(TENURE_EDGES, tenure)
        levels: list[float] = self.levels[place].tolist()
        return levels


def uncalibrated(capacity: float = 80.0) -> ScoreQuantiles:
    """What to use before there are scores: the normal law, one class."""
    levels = np.tile([_normal(level) for level in LEVELS], (1, len(TENURE_EDGES) + 1, 1))
    return ScoreQuantiles((), levels, capacity, 0)


Tenure = TypeVar("Tenure", float, Floats)


def own_luck(weeks: float, tenure: Tenure) -> Tenure:
    """How often one week's variance counts in a stretch: once for each of its weeks, and what the usual week, known
    from `tenure` weeks only, may itself be wrong by, over all of them."""
    return weeks * (1 + (weeks + 1) / (tenure + 1))


def scale(expected: Floats, variance: Floats, tenure: Floats, weeks: float) -> Floats:
    """s, the spread that scores are measured in: sqrt(own luck x v + (0.3 mu)^2), at least a quarter of an hour."""
    spread = np.sqrt(own_luck(weeks, tenure) * variance + (MODEL_SHARE * expected) ** 2)
    return np.asarray(np.maximum(spread, SMALLEST_SCALE), dtype=np.float32)


def score_quantiles(scores: Floats, rates: Floats, tenures: Floats, *, capacity: float) -> ScoreQuantiles:
    """Split conformal: quantiles of signed scores (actual - expected) / s, weighted towards people of a like rate
    and a like length of history, so that no edge of a class cuts neighbours apart.

    Above 200,000 scores an even sample is used. Cost: a sort, then a pass over the scores for each step and class of
    tenure.
    """
    if len(scores) > MOST_SCORES:
        chosen = np.random.default_rng(0).choice(len(scores), MOST_SCORES, replace=False)
        scores, rates, tenures = scores[chosen], rates[chosen], tenures[chosen]
    order = np.argsort(scores, kind="stable")
    ordered = scores[order].astype(np.float64)
    edges = np.quantile(rates, np.arange(1, RATE_STEPS) / RATE_STEPS)
    step = np.digitize(rates[order], edges)
    tenure = np.digitize(tenures[order], np.asarray(TENURE_EDGES))
    steps, classes = np.arange(RATE_STEPS), range(len(TENURE_EDGES) + 1)
    levels = np.zeros((RATE_STEPS, len(classes), len(LEVELS)))
    for width, columns in ((STEPS_NEAR, slice(0, 2)), (STEPS_FAR, slice(2, 4))):
        for here in range(RATE_STEPS):
            near = np.exp(-0.5 * ((steps - here) / width) ** 2)[step]
            for own in classes:
                weight = np.where(tenure == own, near, OTHER_TENURE * near)
                reached = np.cumsum(weight)
                levels[here, own, columns] = np.interp(
                    TAKEN[columns], (reached - 0.5 * weight) / reached[-1], ordered
                )
    return ScoreQuantiles(tuple(float(e) for e in edges), levels, capacity, len(scores))


def lean_on_shorter(
    own: ScoreQuantiles | None, shorter: ScoreQuantiles | None, *, looks: float, longer: float
) -> ScoreQuantiles | None:
    """Quantiles of a stretch, pulled to those of one `longer` times shorter, step by step of the rate: the fewer
    independent `looks` a firm's past gives at such stretches, the more; all of the shorter's where there is no own."""
    if shorter is None:
        return own
    widened = shorter.levels * longer**GROWTH
    if own is None:
        return replace(shorter, levels=widened)
    return replace(own, levels=(looks * own.levels + PSEUDO_LOOKS * widened) / (looks + PSEUDO_LOOKS))


@dataclass(frozen=True, slots=True)
class GroupSpread:
    """Var = own x sum of s_i squared + shared x (sum of mu_i) squared. `near` and `far` are the multiples
    of its root that held 80 % and 95 % of past groups; `groups` how many past sums it rests on."""

    own: float
    shared: float
    near: float
    far: float
    groups: int


INDEPENDENT = GroupSpread(1.0, 0.04, _normal(0.9), _normal(0.975), 0)
"""Before ten past groups are known: people's own luck and a fifth of shared shock."""


def fit_group_spread(
    expected: Doubles, actual: Doubles, squares: Doubles, *, freedom: float | None = None
) -> GroupSpread:
    """Non-negative least squares of past groups' squared errors on (sum s^2, mu^2), weighted by 1 / their
    sum."""
    # Only a worker that calibrates comes here: every other process starts a second sooner without the optimisers.
    from scipy.optimize import nnls

    if len(expected) < FEWEST_GROUPS:
        return INDEPENDENT
    causes = np.stack([squares, expected**2], 1)
    weight = 1 / (causes.sum(1) + 1e-9)
    size = causes.mean(0) + 1e-9
    fitted, _ = nnls(causes * weight[:, None] / size, (actual - expected) ** 2 * weight)
    own, shared = fitted / size
    root = np.sqrt(own * squares + shared * expected**2) + 1e-9
    near, far = _multiples(np.abs(actual - expected) / root, freedom)
    return GroupSpread(float(own), float(shared), near, far, len(expected))


def _multiples(scores: Doubles, freedom: float | None) -> tuple[float, float]:
    """Multiples of the root that hold 80 % and 95 %: Student's where there is one firm to look at, else
    what past groups' scores say, pulled to the normal law by 50 pseudo-groups."""
    if freedom is not None:
        from scipy.special import stdtrit  # as the optimisers above: for calibrating alone

        return float(stdtrit(freedom, 0.9)), float(stdtrit(freedom, 0.975))
    weight = len(scores) / (len(scores) + PSEUDO_GROUPS)
    near, far = np.quantile(scores, (0.8, 0.95))
    return (
        float(weight * near + (1 - weight) * _normal(0.9)),
        float(weight * far + (1 - weight) * _normal(0.975)),
    )


def firm_prior(weeks: float) -> GroupSpread:
    """A whole firm before its past is known: one firm gives about 52 / weeks independent looks at the
    shared shock in a year, never under 2."""
    near, far = _multiples(np.zeros(0), max(2.0, 52.0 / max(weeks, 1.0)))
    return GroupSpread(INDEPENDENT.own, INDEPENDENT.shared, near, far, 0)


def group_range(
    central: float, expected: float, spreads: Sequence[float] | Floats, law: GroupSpread
) -> Range:
    """Range of a sum of people. `central` is the sum's own value (signed), `expected` the sum of what
    shares the shock (mu), `spreads` the people's s, all in one unit (hours, or minor units of one
    currency)."""
    squares = float(np.square(np.asarray(spreads, dtype=np.float64)).sum())
    deviation = float(np.sqrt(law.own * squares + law.shared * expected * expected))
    near, far = law.near * deviation, law.far * deviation
    return Range(central, central - near, central + near, central - far, central + far)


def group_sums(
    label: NDArray[np.int32], case: NDArray[np.bool_], *columns: Floats
) -> tuple[NDArray[np.intp], list[Doubles]]:
    """Sums of `columns` over the groups of at least five people among the cases; label -1 is no group."""
    chosen = case & (label >= 0)
    if not chosen.any():
        return np.zeros(0, np.intp), [np.zeros(0) for _ in columns]
    labels = label[chosen]
    sizes = np.bincount(labels)
    groups = np.flatnonzero(sizes >= SMALLEST_GROUP)
    sums = [np.bincount(labels, column[chosen], len(sizes))[groups].astype(np.float64) for column in columns]
    return np.asarray(groups), sums
