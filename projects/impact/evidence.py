"""What colleagues who were not paused really worked, against what was expected of them when the pause
began."""

from datetime import date, timedelta

import numpy as np

from projects.impact.baseline import compute_baseline
from projects.impact.context import FirmContext
from projects.impact.expected import retained_days
from projects.impact.inputs import PeerEvidence
from projects.impact.panel import Bools, Floats, PanelWeeks


def peer_evidence(
    panel: PanelWeeks, worked: Floats, context: FirmContext, *, left_out: Bools, origin: date
) -> PeerEvidence:
    """Evidence for everybody paused at `origin`, once whole weeks are in.

    `panel` holds the weeks of the people of one firm and country up to `origin` (its project labels are the
    context's columns), `worked` [weeks since x people] their real hours afterwards. `left_out` [people]
    marks whose hours say nothing: people whose own project is paused, and recent arrivals on other
    projects. Without peers (the whole firm paused) the evidence has no people and the ratio stays 1. Raises
    ValueError when shapes differ.
    """
    if worked.shape[1:] != (panel.people,) or left_out.shape != (panel.people,):
        raise ValueError(f"{panel.people} people, but hours of {worked.shape} and marks of {left_out.shape}")
    weeks = worked.shape[0]
    base = compute_baseline(panel, first=panel.weeks, means=context.means)
    share = np.asarray(
        [
            retained_days(context, position, weeks * 7).sum() / 7
            for position in range(len(context.horizons[0].phi))
        ]
    )
    edges = np.asarray(context.rate_edges)
    position = base.idle[0] * (len(edges) + 1) + np.digitize(base.rate[0], edges)
    expected = base.rate[0] * share[position]
    active = base.active[0]
    peers = active & ~left_out
    return PeerEvidence(
        people=int(peers.sum()),
        actual_hours=float(worked[:, peers].sum(dtype=np.float64)),
        expected_hours=float(expected[peers].sum()),
        mean_expected_hours=float(expected[active].mean()) if active.any() else 0.0,
        through=origin + timedelta(weeks=weeks),
    )
