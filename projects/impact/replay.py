"""Answers back-test cases from rows of real hours through the same engine that estimates a pause."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from projects.domain.errors import UnableToEstimate
from projects.impact.forecast import Forecast
from projects.impact.panel import HORIZONS, Ints, PanelWeeks

LABEL_WEEKS = 8
MOST_WEEKLY_HOURS = 24 * 7
HOURS_HEADER = ("worker", "date", "project", "hours")
CASE_HEADER = ("panel", "worker", "origin", "weeks")
GROUP_HEADER = ("panel", "project", "origin", "weeks")
ANSWER_FIELDS = ("estimate", "lo80", "hi80", "lo95", "hi95")


@dataclass(frozen=True, slots=True)
class Case:
    """One question: hours of `worker` over `weeks` weeks from `origin`; `project` is the main one, "" for
    none."""

    panel: str
    worker: str
    origin: date
    weeks: int
    project: str = ""


@dataclass(frozen=True, slots=True)
class GroupCase:
    """One question about a project: the sum over its cases of that origin and length."""

    panel: str
    project: str
    origin: date
    weeks: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Hours: estimate, low80, high80, low95, high95."""

    estimate: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True, eq=False)
class HoursRows:
    """One file's rows as columns; `worker` and `project` are places in the sorted name lists."""

    name: str
    workers: tuple[str, ...]
    projects: tuple[str, ...]
    worker: NDArray[np.intp]
    project: NDArray[np.intp]
    day: NDArray[np.int64]
    hours: NDArray[np.float64]


def open_text(path: Path) -> TextIO:
    """A CSV file, gzipped or not. Raises UnableToEstimate when it cannot be opened."""
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise UnableToEstimate(f"{path}: {error.strerror or error}") from error


def _records(path: Path, header: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbered records of a CSV file that has at least the columns of `header`."""
    with open_text(path) as stream:
        try:
            reader = csv.DictReader(stream)
            missing = [name for name in header if name not in (reader.fieldnames or ())]
            if missing:
                raise UnableToEstimate(f"{path}: no column {', '.join(missing)}")
            for record in reader:
                yield reader.line_num, {key: value or "" for key, value in record.items() if key}
        except (csv.Error, UnicodeDecodeError, OSError, EOFError) as error:
            raise UnableToEstimate(f"{path}: not a readable CSV file ({error})") from error


def panel_name(path: Path) -> str:
    """`clock.csv.gz` is the panel `clock`."""
    return path.name.removesuffix(".gz").removesuffix(".csv")


def read_hours(path: Path) -> HoursRows:
    """Read rows worker, date, project, hours. Raises UnableToEstimate naming the file and line of a bad
    row."""
    workers, projects, days, hours = [], [], [], []
    for line, record in _records(path, HOURS_HEADER):
        try:
            days.append(date.fromisoformat(record["date"]).toordinal())
            worked = float(record["hours"])
        except ValueError as error:
            raise UnableToEstimate(f"{path}, line {line}: {error}") from error
        if not 0 <= worked <= MOST_WEEKLY_HOURS:
            raise UnableToEstimate(f"{path}, line {line}: {record['hours']} hours on one day")
        hours.append(worked)
        workers.append(record["worker"])
        projects.append(record["project"])
    if not days:
        raise UnableToEstimate(f"{path}: no rows")
    worker_names, worker = np.unique(np.asarray(workers), return_inverse=True)
    project_names, project = np.unique(np.asarray(projects), return_inverse=True)
    return HoursRows(
        panel_name(path),
        tuple(str(name) for name in worker_names),
        tuple(str(name) for name in project_names),
        worker,
        project,
        np.asarray(days),
        np.asarray(hours),
    )


def read_cases(path: Path) -> list[Case]:
    """Read panel, worker, origin, weeks[, project]. Raises UnableToEstimate naming file and line."""
    return [
        Case(r["panel"], r["worker"], *_when(path, line, r), r.get("project", ""))
        for line, r in _records(path, CASE_HEADER)
    ]


def read_groups(path: Path) -> list[GroupCase]:
    """Read panel, project, origin, weeks. Raises UnableToEstimate naming file and line."""
    return [
        GroupCase(r["panel"], r["project"], *_when(path, line, r)) for line, r in _records(path, GROUP_HEADER)
    ]


def _when(path: Path, line: int, record: dict[str, str]) -> tuple[date, int]:
    try:
        origin, weeks = date.fromisoformat(record["origin"]), int(record["weeks"])
    except ValueError as error:
        raise UnableToEstimate(f"{path}, line {line}: {error}") from error
    if not 1 <= weeks <= max(HORIZONS) * 4:
        raise UnableToEstimate(f"{path}, line {line}: {weeks} weeks is outside 1 to {max(HORIZONS) * 4}")
    return origin, weeks


def weekly_grid(rows: HoursRows, weekday: int, until: int) -> tuple[PanelWeeks, int]:
    """The rows as whole weeks that begin on `weekday` (0 = Monday), and the ordinal of the first.

    The grid reaches to the last whole week of the rows or to the ordinal `until`, whichever is later, so
    that an origin just after the last row has its column.
    """
    first = int(rows.day.min())
    first -= (date.fromordinal(first).weekday() - weekday) % 7
    weeks = max((int(rows.day.max()) + 1 - first) // 7, -(-(until - first) // 7), 1)
    week = (rows.day - first) // 7
    inside = week < weeks
    hours = np.zeros((weeks, len(rows.workers)))
    np.add.at(hours, (week[inside], rows.worker[inside]), rows.hours[inside])
    start = np.full(len(rows.workers), weeks, np.int32)
    np.minimum.at(start, rows.worker[inside], week[inside].astype(np.int32))
    labels = np.stack([main_projects(rows, week, origin) for origin in range(weeks + 1)])
    return PanelWeeks(hours.astype(np.float32), start, labels), first


def main_projects(rows: HoursRows, week: NDArray[np.int64], origin: int) -> Ints:
    """Project with most hours in the eight weeks before `origin`; -1 for none."""
    out = np.full(len(rows.workers), -1, np.int32)
    recent = (week < origin) & (week >= origin - LABEL_WEEKS)
    size = len(rows.projects)
    pairs, place = np.unique(rows.worker[recent] * size + rows.project[recent], return_inverse=True)
    if len(pairs):
        worked = np.bincount(place, rows.hours[recent])
        order = np.lexsort((worked, pairs // size))
        out[pairs[order] // size] = pairs[order] % size
    return out


def answer_panel(
    rows: HoursRows, cases: Sequence[Case], groups: Sequence[GroupCase], *, pause_over: bool
) -> tuple[dict[Case, Answer], dict[GroupCase, Answer]]:
    """Answer one panel's questions.

    Only rows dated before a case's origin are used, save with `pause_over` the rows of workers whose main
    project is another one, up to the case's end. Raises UnableToEstimate for an unknown worker or an
    origin before all rows.
    """
    places = {name: place for place, name in enumerate(rows.workers)}
    unknown = next((case.worker for case in cases if case.worker not in places), None)
    if unknown is not None:
        raise UnableToEstimate(f"panel {rows.name}: no rows of worker {unknown}")
    people: dict[Case, Answer] = {}
    sums: dict[GroupCase, Answer] = {}
    by_weekday: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        by_weekday[case.origin.weekday()].append(case)
    for weekday, some in by_weekday.items():
        last = max(case.origin for case in some).toordinal()
        panel, first = weekly_grid(rows, weekday, last)
        if min(case.origin for case in some).toordinal() <= first:
            raise UnableToEstimate(f"panel {rows.name}: an origin lies before the first row")
        forecast = Forecast(panel, with_peers=pause_over)
        stretches: dict[tuple[date, int], list[Case]] = defaultdict(list)
        for case in some:
            stretches[case.origin, case.weeks].append(case)
        asked = {(g.origin, g.weeks, g.project): g for g in groups if g.origin.weekday() == weekday}
        for (origin, weeks), these in stretches.items():
            at = (origin.toordinal() - first) // 7
            _answer_stretch(forecast, at, weeks, these, places, people)
            _answer_groups(forecast, at, weeks, these, places, asked, sums)
    return people, sums


def _answer_stretch(
    forecast: Forecast,
    at: int,
    weeks: int,
    cases: Sequence[Case],
    places: dict[str, int],
    out: dict[Case, Answer],
) -> None:
    outlook = forecast.outlook(weeks, at)
    for case in cases:
        place = places[case.worker]
        bounds = (float(bound) for bound in outlook.bounds[place])
        out[case] = Answer(float(outlook.expected[place]), *bounds)


def _answer_groups(
    forecast: Forecast,
    at: int,
    weeks: int,
    cases: Sequence[Case],
    places: dict[str, int],
    asked: dict[tuple[date, int, str], GroupCase],
    out: dict[GroupCase, Answer],
) -> None:
    members: dict[GroupCase, list[int]] = defaultdict(list)
    for case in cases:
        group = asked.get((case.origin, case.weeks, case.project))
        if group is not None:
            members[group].append(places[case.worker])
    if not members:
        return
    outlook = forecast.outlook(weeks, at)
    for group, some in members.items():
        got = forecast.group_outlook(outlook, np.asarray(some), weeks, at)
        out[group] = Answer(got.central, got.low80, got.high80, got.low95, got.high95)
