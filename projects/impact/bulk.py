"""Usual hours and both ranges of very many people, chunk by chunk, so that memory does not grow with
them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from projects.impact.baseline import compute_baseline
from projects.impact.context import FirmContext, build_context
from projects.impact.panel import Doubles, Floats, PanelWeeks
from projects.impact.uncertainty import scale

CHUNK = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class ChunkOutlook:
    """Answers for the people [first, first + len(expected)): hours of the stretch, s, and bounds [people x
    4]."""

    first: int
    expected: Floats
    spread: Floats
    bounds: Doubles


def outlooks(panel: PanelWeeks, context: FirmContext, *, weeks: int) -> Iterator[ChunkOutlook]:
    """Everybody's expected hours over `weeks` weeks from the panel's end, with 80 % and 95 % bounds.

    `context` must come from the same firm with the panel's project labels as its columns; `weeks` is a
    calibrated length. Memory: one chunk of 20,000 people at a time.
    """
    horizon = context.horizon_of(weeks)
    phi = np.asarray(horizon.phi, dtype=np.float32)
    edges = np.asarray(context.rate_edges)
    for first in range(0, panel.people, CHUNK):
        some = panel.take(slice(first, first + CHUNK))
        base = compute_baseline(some, first=panel.weeks, means=context.means)
        position = base.idle[0] * (len(edges) + 1) + np.digitize(base.rate[0], edges)
        expected = base.rate[0] * phi[position] * np.float32(weeks)
        spread = scale(expected, base.variance[0], base.tenure[0], weeks)
        levels = horizon.quantiles.of(expected / np.float32(weeks), base.tenure[0])
        bounds = np.clip(expected[:, None] + levels * spread[:, None], 0, horizon.quantiles.capacity * weeks)
        yield ChunkOutlook(first, expected, spread, bounds)


def calibrate_and_judge(
    panel: PanelWeeks, *, as_of: date, weeks: int
) -> tuple[FirmContext, list[ChunkOutlook]]:
    """Calibration and everybody's outlook from weeks alone, as a nightly run does it."""
    labels = int(panel.project.max(initial=-1)) + 1
    context = build_context(panel, as_of=as_of, projects=[str(label) for label in range(labels)])
    return context, list(outlooks(panel, context, weeks=weeks))
