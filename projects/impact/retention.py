"""The share of their usual hours that people in a position like theirs went on to work over such a
stretch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.impact.baseline import IDLE_CLASSES, Baseline
from projects.impact.panel import Doubles, Floats, Ints

LOOK_BACK = 52
PSEUDO_CASES = 200.0
RATE_CLASSES = 3
FEWEST_FOR_EDGES = 11
ALL_CLASSES = IDLE_CLASSES * RATE_CLASSES
KNOWN_LENGTHS = (1, 2, 4, 8, 13)
KNOWN_SHARES = (
    (0.97, 0.95, 0.92, 0.89, 0.86),
    (0.70, 0.78, 0.84, 0.85, 0.87),
    (0.50, 0.55, 0.60, 0.60, 0.62),
)
"""The mean of four kinds of work (the back-test's public workers), by weeks idle 0, 1, 2+ and length: what a firm's own
past starts from and overrules."""


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Where everybody stands at every origin: `label` [origins x people] = 3 x weeks idle (0, 1, 2+) +
    tercile of the usual rate; `edges` [origins x 2] the weekly hours that separate the terciles among
    active people."""

    label: Ints
    edges: Doubles


def positions(base: Baseline) -> Positions:
    """Positions at every origin kept; all in the lowest tercile while there are too few people to tell."""
    edges = np.full((base.rate.shape[0], RATE_CLASSES - 1), np.inf)
    label = base.idle * RATE_CLASSES
    for row, active in enumerate(base.active):
        if int(active.sum()) >= FEWEST_FOR_EDGES:
            edges[row] = np.quantile(base.rate[row][active], np.arange(1, RATE_CLASSES) / RATE_CLASSES)
            label[row] += np.digitize(base.rate[row], edges[row]).astype(np.int32)
    return Positions(label, edges)


def position_of(idle: int, rate: float, edges: Sequence[float]) -> int:
    """Position of one person; without edges only the weeks idle tell."""
    return idle * (len(edges) + 1) + sum(rate >= edge for edge in edges)


def retention(actual: Floats, base: Baseline, where: Positions, weeks: int) -> Doubles:
    """phi at every origin of `base`: [origins x 9 positions]. `actual`: hours over `weeks` weeks from each, NaN where
    a stretch is not complete.

    Uses only stretches of `weeks` weeks that are complete before the origin and began in the 52 weeks
    before that. The pooled ratio is pulled by 200 pseudo-cases to what is known of other work, each position
    likewise to the pooled one. A firm of too few people to tell terciles starts from its usual weeks: 1.
    """
    rows = base.rate.shape[0]
    worked, usual, count = (np.zeros((rows, ALL_CLASSES)) for _ in range(3))
    for row in range(rows):
        case = base.active[row] & np.isfinite(actual[row])
        label = where.label[row][case]
        worked[row] = np.bincount(label, actual[row][case], ALL_CLASSES)
        usual[row] = np.bincount(label, base.rate[row][case], ALL_CLASSES) * weeks
        count[row] = np.bincount(label, minlength=ALL_CLASSES)
    known = _known_shares(weeks)
    out = np.ones((rows, ALL_CLASSES))
    for row in range(rows):
        start = known if np.isfinite(where.edges[row]).all() else out[row]
        last = row - weeks + 1
        first = max(0, last - LOOK_BACK, 1 - base.first)
        if last <= first or usual[first:last].sum() <= 0:
            out[row] = start
            continue
        done, due = worked[first:last].sum(0), usual[first:last].sum(0)
        pseudo = PSEUDO_CASES * due.sum() / count[first:last].sum()
        typical = float((start * due).sum() / due.sum())
        pooled = (done.sum() + typical * pseudo) / (due.sum() + pseudo)
        out[row] = (done + pooled / typical * start * pseudo) / (due + pseudo)
    return out


def _known_shares(weeks: int) -> Doubles:
    """What is known of other work over so many weeks, by position."""
    return np.repeat([np.interp(weeks, KNOWN_LENGTHS, shares) for shares in KNOWN_SHARES], RATE_CLASSES)


def expected_hours(
    base: Baseline, where: Positions, phi: Doubles, weeks: int, first: int, last: int
) -> Floats:
    """mu = weeks x rate x phi for the origins [first, last): [origins x people] hours."""
    rows = slice(first - base.first, last - base.first)
    factor = np.take_along_axis(phi[rows].astype(np.float32), where.label[rows], axis=1)
    return np.asarray(base.rate[rows] * factor * np.float32(weeks), dtype=np.float32)
