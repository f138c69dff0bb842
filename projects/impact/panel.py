"""Weeks of many people side by side: the arrays that every average, ratio and range is computed from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

HORIZONS = (1, 2, 4, 8, 13)


@dataclass(frozen=True, slots=True, eq=False)
class PanelWeeks:
    """Hours a week of the people of one firm and country; week by week in rows, so that one week is
    contiguous.

    `hours` float32 [weeks x people], oldest week first, whole weeks, the last one ending at the origin.
    `start` int32 [people] is the first week of a person's history (== weeks when there is none).
    `project` int32 [people] or [(weeks + 1) x people]: the main project before each week, -1 for none.
    `available` float32 [weeks x people], the share of the week that counts as history: 0 for leave,
    sickness, an earlier pause or a sheet not handed in yet; None when every week counts whole. `hours` of
    an unavailable share must be left out.
    """

    hours: Floats
    start: Ints
    project: Ints
    available: Floats | None = None

    def __post_init__(self) -> None:
        weeks, people = self.hours.shape
        if self.start.shape != (people,):
            raise ValueError(f"start has shape {self.start.shape}, expected ({people},)")
        if self.project.shape not in {(people,), (weeks + 1, people)}:
            raise ValueError(f"project has shape {self.project.shape}")
        if self.available is not None and self.available.shape != (weeks, people):
            raise ValueError(f"available has shape {self.available.shape}")

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return int(self.hours.shape[0])

    @property
    def people(self) -> int:
        """Number of people."""
        return int(self.hours.shape[1])

    def project_at(self, origin: int) -> Ints:
        """Main project of everybody just before week `origin`."""
        return self.project if self.project.ndim == 1 else self.project[origin]

    def take(self, people: slice | NDArray[np.intp]) -> "PanelWeeks":
        """The same weeks of some people."""
        project = self.project[people] if self.project.ndim == 1 else self.project[:, people]
        available = None if self.available is None else self.available[:, people]
        return PanelWeeks(self.hours[:, people], self.start[people], project, available)


LEAST_SHARE = 0.7
"""A stretch with less than this share of its days available says nothing about a whole one."""


def ahead(panel: PanelWeeks, weeks: int, first: int, last: int) -> Floats:
    """Hours really worked over the `weeks` weeks from every origin in [first, last): [origins x people]
    float32.

    Where part of a stretch does not count (leave, holidays) it is brought up to the whole. NaN where the
    stretch runs past the last week, or where too little of it counts.
    """
    rows = last - first
    out = np.full((rows, panel.people), np.nan, np.float32)
    whole = min(last, panel.weeks - weeks + 1)
    for origin in range(first, whole):
        row = out[origin - first]
        row[:] = panel.hours[origin : origin + weeks].sum(0, dtype=np.float32)
        if panel.available is not None:
            share = panel.available[origin : origin + weeks].mean(0)
            row /= np.where(share >= LEAST_SHARE, share, np.nan)
    return out
