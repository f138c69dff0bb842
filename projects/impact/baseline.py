"""A person's usual weekly hours at every origin: three averages, mixed by how well each has predicted
that person."""

from dataclasses import dataclass

import numpy as np

from projects.impact.panel import Bools, Doubles, Floats, Ints, PanelWeeks

DECAYS = (0.5, 0.15, 0.03)
"""About two weeks, a quarter and a year; chosen on the public workers of the back-test."""
PROJECT_DECAY = 0.1
PROJECT_PSEUDO_PEOPLE = 5.0
PERSON_PSEUDO_WEEKS = 0.25
ERROR_DECAY = 0.9
ERROR_FLOOR = 1e-3
VARIANCE_DECAY = 0.08
VARIANCE_PSEUDO_WEEKS = 4.0
ACTIVE_WEEKS = 4
IDLE_CLASSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Mean weekly hours of active people at every origin: the firm's [weeks + 1], projects' [weeks + 1 x
    projects] (already shrunk to the firm's), and the firm's variance per hour of rate [weeks + 1]."""

    firm: Doubles
    project: Doubles
    variance_ratio: Doubles

    def at(self, origin: int, project: Ints) -> Floats:
        """The mean that stands in for each person's own history; the firm's where there is no project."""
        row = np.append(self.project[origin], self.firm[origin])
        known = np.where((project >= 0) & (project < len(row) - 1), project, len(row) - 1)
        return np.asarray(row[known], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What is known of everybody at every origin t in [first, weeks]: rows are origins, columns people.

    `rate` usual hours a week; `variance` of one week (hours squared); `idle` whole weeks since the last
    active one, 2 for two and more; `active`: has history and worked within the last four weeks; `tenure`
    weeks of history.
    """

    first: int
    rate: Floats
    variance: Floats
    idle: Ints
    active: Bools
    tenure: Floats
    means: Means

    def row(self, origin: int) -> int:
        """Row of an origin."""
        return origin - self.first


class _Memory:
    """Decayed sums of everybody, moved on one week at a time."""

    def __init__(self, people: int) -> None:
        self.sums = np.zeros((len(DECAYS), people), np.float32)
        self.weeks = np.zeros((len(DECAYS), people), np.float32)
        self.errors = np.zeros((len(DECAYS), people), np.float32)
        self.rates = np.zeros((len(DECAYS), people), np.float32)
        self.project_sum = np.zeros(people, np.float32)
        self.project_weeks = np.zeros(people, np.float32)
        self.moments = np.zeros((3, people), np.float32)
        self.idle = np.full(people, 99, np.int32)
        self.tenure = np.zeros(people, np.float32)

    def take_in(self, hours: Floats, share: Floats, known_before: Bools) -> None:
        """One more week: `share` of it that counts; errors only of people who had a rate already."""
        counts = share > 0
        whole = np.where(counts, hours / np.where(counts, share, 1), 0).astype(np.float32)
        scored = np.where(known_before, share, 0)
        for i, decay in enumerate(DECAYS):
            self.errors[i] = ERROR_DECAY * self.errors[i] + scored * (whole - self.rates[i]) ** 2
            self.sums[i] = (1 - decay) * self.sums[i] + hours
            self.weeks[i] = (1 - decay) * self.weeks[i] + share
        self.project_sum = (1 - PROJECT_DECAY) * self.project_sum + hours
        self.project_weeks = (1 - PROJECT_DECAY) * self.project_weeks + share
        for i, value in enumerate((share, hours, share * whole * whole)):
            self.moments[i] = (1 - VARIANCE_DECAY) * self.moments[i] + value
        full = share >= 0.5
        self.idle = np.where(hours > 0, 0, np.where(full, np.minimum(self.idle + 1, 99), self.idle))
        self.tenure += share

    def active(self) -> Bools:
        """Has history and worked within the last four weeks that count."""
        return (self.tenure > 0) & (self.idle < ACTIVE_WEEKS)

    def quick_rate(self) -> Floats:
        """The average that project means are made of."""
        return np.asarray(self.project_sum / np.maximum(self.project_weeks, 1e-9), dtype=np.float32)

    def spread(self) -> tuple[Floats, Floats]:
        """Decayed mean and variance of one week."""
        weeks = np.maximum(self.moments[0], 1e-9)
        mean = self.moments[1] / weeks
        return mean, np.maximum(self.moments[2] / weeks - mean * mean, 0)

    def settle(self, mean: Floats) -> Floats:
        """Shrink the averages to `mean` and mix them by their past errors: usual hours a week."""
        top = np.zeros_like(mean)
        bottom = np.zeros_like(mean)
        for i in range(len(DECAYS)):
            self.rates[i] = (self.sums[i] + PERSON_PSEUDO_WEEKS * mean) / (
                self.weeks[i] + PERSON_PSEUDO_WEEKS
            )
            weight = 1 / (self.errors[i] + ERROR_FLOOR) ** 2
            top += weight * self.rates[i]
            bottom += weight
        return top / bottom


def _project_means(
    memory: _Memory, active: Bools, project: Ints, projects: int
) -> tuple[float, Doubles, float]:
    """The firm's mean, the projects' shrunk to it, and the variance per hour of rate, over active
    people."""
    if not active.any():
        return 0.0, np.zeros(projects), 0.0
    quick = memory.quick_rate()[active].astype(np.float64)
    firm = float(quick.mean())
    label = np.where(project[active] < 0, projects, project[active])
    total = np.bincount(label, quick, projects + 1)[:projects]
    count = np.bincount(label, minlength=projects + 1)[:projects]
    mean, variance = memory.spread()
    ratio = (float(variance[active].sum(dtype=np.float64)) + 1e-9) / (
        float(mean[active].sum(dtype=np.float64)) + 1e-9
    )
    return firm, (total + PROJECT_PSEUDO_PEOPLE * firm) / (count + PROJECT_PSEUDO_PEOPLE), ratio


def compute_baseline(panel: PanelWeeks, *, first: int = 0, means: Means | None = None) -> Baseline:
    """Walk through the weeks once; keep the origins from `first` on. With `means` (a firm's, computed
    elsewhere) a few people are judged exactly as if all their colleagues were here; without, the panel's
    own people make them.

    Cost: one pass, O(weeks x people); memory: (weeks + 1 - first) x people x 18 bytes.
    """
    weeks, people = panel.hours.shape
    rows = weeks + 1 - first
    rate, variance = np.zeros((rows, people), np.float32), np.zeros((rows, people), np.float32)
    idle, active = np.zeros((rows, people), np.int32), np.zeros((rows, people), np.bool_)
    tenure = np.zeros((rows, people), np.float32)
    projects = int(panel.project.max(initial=-1)) + 1
    own = Means(np.zeros(weeks + 1), np.zeros((weeks + 1, projects)), np.zeros(weeks + 1))
    memory = _Memory(people)
    for origin in range(weeks + 1):
        if origin:
            share = (panel.start <= origin - 1).astype(np.float32)
            if panel.available is not None:
                share *= panel.available[origin - 1]
            memory.take_in(panel.hours[origin - 1], share, memory.tenure > 0)
        works = memory.active()
        project = panel.project_at(origin)
        if means is None:
            own.firm[origin], own.project[origin], own.variance_ratio[origin] = _project_means(
                memory, works, project, projects
            )
        used = own if means is None else means
        settled = memory.settle(used.at(origin, project))
        if origin >= first:
            row = origin - first
            rate[row], active[row], tenure[row] = settled, works, memory.tenure
            idle[row] = np.minimum(memory.idle, IDLE_CLASSES - 1)
            variance[row] = _shrunk_variance(memory, used.variance_ratio[origin])
    return Baseline(first, rate, variance, idle, active, tenure, own if means is None else means)


def _shrunk_variance(memory: _Memory, ratio: float) -> Floats:
    """Variance of one week, pulled to the firm's for people with little history."""
    mean, own = memory.spread()
    weeks = memory.moments[0]
    pooled = ratio * np.maximum(mean, 0.5)
    return np.asarray(
        (weeks * own + VARIANCE_PSEUDO_WEEKS * pooled) / (weeks + VARIANCE_PSEUDO_WEEKS), dtype=np.float32
    )
