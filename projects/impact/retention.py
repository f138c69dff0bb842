"""The share of their usual hours that people went on to work, by length of the stretch and weeks idle
before it."""

import numpy as np

from projects.impact.baseline import IDLE_CLASSES, Baseline
from projects.impact.panel import Doubles, Floats, PanelWeeks, ahead

LOOK_BACK = 52
PSEUDO_CASES = 100.0


def retention(panel: PanelWeeks, base: Baseline, weeks: int) -> Doubles:
    """phi at every origin of `base`: [origins x 3 idle classes]; 1 where nothing is complete yet.

    Uses only stretches of `weeks` weeks that are complete before the origin and began in the 52 weeks
    before that. Each class is pulled to the pooled ratio by 100 pseudo-cases, the pooled ratio likewise
    to 1.
    """
    rows = base.rate.shape[0]
    worked, usual, count = (np.zeros((rows, IDLE_CLASSES)) for _ in range(3))
    for row in range(rows):
        origin = base.first + row
        if origin < 1 or origin + weeks > panel.weeks:
            continue
        actual = ahead(panel, weeks, origin, origin + 1)[0]
        case = base.active[row] & np.isfinite(actual)
        idle = base.idle[row][case]
        worked[row] = np.bincount(idle, actual[case], IDLE_CLASSES)
        usual[row] = np.bincount(idle, base.rate[row][case], IDLE_CLASSES) * weeks
        count[row] = np.bincount(idle, minlength=IDLE_CLASSES)
    out = np.ones((rows, IDLE_CLASSES))
    for row in range(rows):
        last = row - weeks + 1
        first = max(0, last - LOOK_BACK, 1 - base.first)
        if last <= first or usual[first:last].sum() <= 0:
            continue
        done, due = worked[first:last].sum(0), usual[first:last].sum(0)
        pseudo = PSEUDO_CASES * due.sum() / count[first:last].sum()
        pooled = (done.sum() + pseudo) / (due.sum() + pseudo)
        out[row] = (done + pooled * pseudo) / (due + pseudo)
    return out


def expected_hours(base: Baseline, phi: Doubles, weeks: int, first: int, last: int) -> Floats:
    """mu = weeks x rate x phi for the origins [first, last): [origins x people] hours."""
    rows = slice(first - base.first, last - base.first)
    factor = np.take_along_axis(phi[rows].astype(np.float32), base.idle[rows], axis=1)
    return np.asarray(base.rate[rows] * factor * np.float32(weeks), dtype=np.float32)
