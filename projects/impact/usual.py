"""What is usual for a person: hours a week, their variance, weeks idle, as the whole firm's walk would say it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.impact.baseline import Means, compute_baseline
from projects.impact.context import HISTORY_WEEKS, FirmContext
from projects.impact.panel import PanelWeeks
from projects.impact.weeks import Weeks

UNKNOWN_VARIANCE_RATIO = 3.0
"""Variance of a week per hour of rate, about that of the back-test's panels."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is known of a person at an origin: hours a week, variance of a week, idle class, weeks of
    history."""

    rate: float
    variance: float
    idle: int
    tenure: float


def settle(weeks: Sequence[Weeks], context: FirmContext) -> list[Usual]:
    """Usual hours of some people, exactly as if the whole firm were walked through: one pass over their
    arrays."""
    if not weeks:
        return []
    # Where nothing is known of a firm everybody stands alone: who else is judged at the same time changes nothing.
    mains = [one.main if context.people else str(row) for row, one in enumerate(weeks)]
    names = sorted(set(mains))
    place = {name: index for index, name in enumerate(names)}
    panel = PanelWeeks(
        np.stack([one.hours for one in weeks], 1),
        np.asarray([one.start for one in weeks], dtype=np.int32),
        np.asarray([place[main] for main in mains], dtype=np.int32),
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
    """Without a firm's past, people lean on the mean of their own weeks, never on nothing."""
    weeks = panel.weeks + 1
    counts = np.zeros(len(names))
    sums = np.zeros(len(names))
    known = np.arange(panel.weeks)[:, None] >= panel.start
    # Summed in double precision, where it is exact: in single the order depends on how many people are asked about.
    share = np.where(known, 1.0 if panel.available is None else panel.available, 0).sum(0, dtype=np.float64)
    np.add.at(counts, panel.project, share)
    np.add.at(sums, panel.project, panel.hours.sum(0, dtype=np.float64))
    mean = sums / np.maximum(counts, 1e-9)
    firm = float(sums.sum() / max(float(counts.sum()), 1e-9))
    return Means(np.full(weeks, firm), np.tile(mean, (weeks, 1)), np.full(weeks, UNKNOWN_VARIANCE_RATIO))
