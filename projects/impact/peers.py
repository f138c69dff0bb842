"""What un-paused colleagues really worked, held against what was expected of them: the check once weeks
are in."""

import numpy as np

from projects.impact.panel import Bools, Doubles, Floats, Ints

PSEUDO_PEOPLE = 30.0


def peer_factors(expected: Floats, actual: Floats, active: Bools, project: Ints) -> Floats:
    """P for everybody at one origin: [people]. Peers are the active people of all other main projects.

    `expected` and `actual` are hours of one stretch, NaN where the actual is unknown; 30 pseudo-people
    pull P to 1.
    """
    case = active & np.isfinite(actual)
    if not case.any():
        return np.ones(len(expected), np.float32)
    label = project + 1
    size = int(label.max()) + 1
    done = np.bincount(label[case], actual[case], size)
    due = np.bincount(label[case], expected[case], size)
    pad = PSEUDO_PEOPLE * float(expected[case].mean(dtype=np.float64)) + 1e-9
    ratio: Doubles = (done.sum() - done + pad) / (due.sum() - due + pad)
    return np.asarray(ratio[label], dtype=np.float32)


def pooled_factor(actual_hours: float, expected_hours: float, mean_expected_hours: float) -> float:
    """P from sums over the peers of one person; 1 when there are none."""
    pad = PSEUDO_PEOPLE * mean_expected_hours + 1e-9
    return (actual_hours + pad) / (expected_hours + pad)
