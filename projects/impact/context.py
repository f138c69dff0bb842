"""What a firm's own past says about any estimate of today: means, retention, quantiles and shared shock."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from projects.impact.baseline import Means
from projects.impact.forecast import Forecast
from projects.impact.panel import HORIZONS, Doubles, PanelWeeks
from projects.impact.retention import LOOK_BACK
from projects.impact.uncertainty import (
    INDEPENDENT,
    TENURE_EDGES,
    GroupSpread,
    ScoreQuantiles,
    firm_prior,
    uncalibrated,
)

HISTORY_WEEKS = 104
MOST_CALIBRATING = 60_000
"""Above this many people the ratios and scores of an even sample stand for all: memory stays bounded."""
OFFICE_WEEK = (0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0)
FEWEST_FIRM_SCORES = 500
NO_EDGES = (1e6, 1e6)
"""A firm of too few people to tell terciles apart: everybody is in the lowest."""


@dataclass(frozen=True, slots=True, eq=False)
class HorizonContext:
    """Calibration of one length: phi by position (see `retention.position_of`), quantiles, laws of sums."""

    weeks: int
    phi: tuple[float, ...]
    quantiles: ScoreQuantiles
    project: GroupSpread
    firm: GroupSpread


@dataclass(frozen=True, slots=True, eq=False)
class FirmContext:
    """Calibration of one firm (and country) as of a day, small enough to keep with a run and to show again.

    `means` are weekly series that end at `as_of`, `projects` name its columns; `weekday_shares` are the
    pooled shares of the week, Monday first, adding up to 1.
    """

    as_of: date
    people: int
    projects: Mapping[str, int]
    means: Means
    horizons: tuple[HorizonContext, ...]
    weekday_shares: tuple[float, ...] = OFFICE_WEEK
    rate_edges: tuple[float, ...] = ()
    """Weekly hours that separate the terciles of usual rates."""

    @classmethod
    def empty(cls, as_of: date) -> "FirmContext":
        """Nothing known: phi 1, normal quantiles, independent people. Estimates come out provisional."""
        nothing = Means(np.zeros(1), np.zeros((1, 0)), np.zeros(1))
        horizons = tuple(
            HorizonContext(weeks, (1.0, 1.0, 1.0), uncalibrated(), INDEPENDENT, firm_prior(weeks))
            for weeks in HORIZONS
        )
        return cls(as_of, 0, {}, nothing, horizons)

    @property
    def is_calibrated(self) -> bool:
        """Whether ranges rest on enough of the firm's own past stretches."""
        return self.horizons[0].quantiles.scores >= FEWEST_FIRM_SCORES

    def horizon_of(self, weeks: float) -> HorizonContext:
        """The calibrated length nearest to `weeks`."""
        return min(self.horizons, key=lambda horizon: abs(horizon.weeks - weeks))

    def law(self, kind: str, weeks: float) -> GroupSpread:
        """Law of a sum of people: `kind` is project, client or firm."""
        horizon = self.horizon_of(weeks)
        return horizon.firm if kind == "firm" else horizon.project

    def means_for(self, projects: Sequence[str], weeks: int) -> Means:
        """The last `weeks` + 1 rows of the means, columns in the order of `projects`; unknown ones read the
        firm's."""
        rows = np.clip(np.arange(-weeks, 1) + len(self.means.firm) - 1, 0, None)
        firm = self.means.firm[rows]
        columns = [
            self.means.project[rows, self.projects[name]] if name in self.projects else firm
            for name in projects
        ]
        matrix = np.stack(columns, 1) if columns else np.zeros((len(rows), 0))
        return Means(firm, matrix, self.means.variance_ratio[rows])

    def to_dict(self, projects: Sequence[str] | None = None) -> dict[str, Any]:
        """Plain JSON values; with `projects`, only the means of those."""
        kept = {name: place for name, place in self.projects.items() if projects is None or name in projects}
        return {
            "as_of": self.as_of.isoformat(),
            "people": self.people,
            "weekday_shares": list(self.weekday_shares),
            "rate_edges": list(self.rate_edges),
            "firm": _rounded(self.means.firm),
            "variance_ratio": _rounded(self.means.variance_ratio),
            "projects": {
                name: _rounded(self.means.project[:, place]) for name, place in sorted(kept.items())
            },
            "horizons": [_horizon_to_dict(horizon) for horizon in self.horizons],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "FirmContext":
        """The inverse of `to_dict`."""
        names = sorted(kept["projects"])
        firm = np.asarray(kept["firm"], dtype=np.float64)
        columns = [np.asarray(kept["projects"][name], dtype=np.float64) for name in names]
        matrix = np.stack(columns, 1) if columns else np.zeros((len(firm), 0))
        return cls(
            date.fromisoformat(kept["as_of"]),
            int(kept["people"]),
            {name: place for place, name in enumerate(names)},
            Means(firm, matrix, np.asarray(kept["variance_ratio"], dtype=np.float64)),
            tuple(_horizon_from_dict(horizon) for horizon in kept["horizons"]),
            tuple(kept["weekday_shares"]),
            tuple(kept.get("rate_edges", ())),
        )


def build_context(
    panel: PanelWeeks,
    *,
    as_of: date,
    projects: Sequence[str],
    weekday_shares: Sequence[float] = OFFICE_WEEK,
) -> FirmContext:
    """Calibrate on a firm's weeks that end at `as_of`; `projects[i]` names label i of the panel.

    Above 60,000 people an even sample is judged. Cost: O(weeks x people) once, plus O(52 x people) a
    length.
    """
    people = panel.people
    if people > MOST_CALIBRATING:
        chosen = np.linspace(0, people - 1, MOST_CALIBRATING).astype(np.intp)
        panel = panel.take(chosen)
    # scores of the last year's stretches need the retention that was known at each, so two years are kept
    first = max(0, panel.weeks - 2 * (LOOK_BACK + max(HORIZONS)))
    forecast = Forecast(panel, first=first)
    origin = panel.weeks
    horizons = tuple(_calibrate(forecast, weeks, origin) for weeks in HORIZONS)
    names = {name: place for place, name in enumerate(projects)}
    means = forecast.base.means
    missing = len(names) - means.project.shape[1]
    if missing > 0:
        matrix = np.concatenate([means.project, np.repeat(means.firm[:, None], missing, 1)], 1)
        means = Means(means.firm, matrix, means.variance_ratio)
    means = Means(np.round(means.firm, 5), np.round(means.project, 5), np.round(means.variance_ratio, 5))
    edges = forecast.where.edges[forecast.base.row(origin)]
    return FirmContext(
        as_of,
        people,
        names,
        means,
        horizons,
        tuple(float(share) for share in weekday_shares),
        tuple(float(edge) for edge in edges if np.isfinite(edge)) or NO_EDGES,
    )


def _calibrate(forecast: Forecast, weeks: int, origin: int) -> HorizonContext:
    row = forecast.phi(weeks)[forecast.base.row(origin)]
    quantiles = forecast.quantiles(weeks, origin)
    context = HorizonContext(
        weeks,
        tuple(float(ratio) for ratio in row),
        replace(
            quantiles, levels=np.round(quantiles.levels, 6)
        ),  # as it is kept, so that it can be shown again
        forecast.group_law("project", weeks, origin),
        forecast.group_law("firm", weeks, origin),
    )
    forecast.forget(weeks)
    return context


def _rounded(series: Doubles) -> list[float]:
    return [round(float(value), 5) for value in series]


def _horizon_to_dict(horizon: HorizonContext) -> dict[str, Any]:
    quantiles = horizon.quantiles
    return {
        "weeks": horizon.weeks,
        "phi": list(horizon.phi),
        "edges": list(quantiles.edges),
        "levels": quantiles.levels.tolist(),
        "capacity": quantiles.capacity,
        "scores": quantiles.scores,
        "project": list(astuple(horizon.project)),
        "firm": list(astuple(horizon.firm)),
    }


def _horizon_from_dict(kept: Mapping[str, Any]) -> HorizonContext:
    levels = np.asarray(kept["levels"], dtype=np.float64)
    if levels.ndim == 2:  # runs of methods before 2026.2 did not part people by their weeks of history
        levels = np.repeat(levels[:, None, :], len(TENURE_EDGES) + 1, axis=1)
    quantiles = ScoreQuantiles(tuple(kept["edges"]), levels, kept["capacity"], kept["scores"])
    return HorizonContext(
        kept["weeks"],
        tuple(kept["phi"]),
        quantiles,
        GroupSpread(*kept["project"]),
        GroupSpread(*kept["firm"]),
    )
