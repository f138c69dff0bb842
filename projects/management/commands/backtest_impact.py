"""Answers back-test cases on rows of real hours through the code that estimates a pause."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.domain.errors import UnableToEstimate
from projects.impact.replay import (
    ANSWER_FIELDS,
    Answer,
    Case,
    GroupCase,
    HoursRows,
    answer_panel,
    read_cases,
    read_groups,
    read_hours,
)
from projects.impact.results import METHOD_VERSION


class Command(BaseCommand):
    """Reads rows worker,date,project,hours and writes, for every case, the hours expected and both ranges."""

    help = (
        "Answer back-test cases: for every worker, origin and length in CASES, the hours the worker would "
        "have worked, with 80 % and 95 % ranges. FILE holds rows worker,date,project,hours (.csv or .gz); "
        "its name without the endings is its panel. Only rows dated before a case's origin are used; with "
        "--pause-over, also rows of people whose main project is another one, up to the end of the stretch."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the files."""
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="rows of hours, one panel a file"
        )
        parser.add_argument(
            "--cases", required=True, type=Path, help="CSV: panel, worker, origin, weeks, project"
        )
        parser.add_argument("--out", required=True, type=Path, help="where the answers go")
        parser.add_argument("--groups", type=Path, help="CSV: panel, project, origin, weeks")
        parser.add_argument("--out-groups", type=Path, help="where the answers for projects go")
        parser.add_argument(
            "--pause-over", action="store_true", help="use what people of other projects really did"
        )
        parser.add_argument("--json", action="store_true", help="end with one JSON line of figures")

    def handle(self, *args: object, **options: Any) -> None:
        """Answer panel by panel; write both files; say how many."""
        if (options["groups"] is None) != (options["out_groups"] is None):
            raise CommandError("--groups and --out-groups go together", returncode=2)
        began = perf_counter()
        try:
            cases = read_cases(options["cases"])
            groups = read_groups(options["groups"]) if options["groups"] else []
            people, sums, panels = self._answer(options["files"], cases, groups, options["pause_over"])
            _write(options["out"], ("panel", "worker", "origin", "weeks"), _person_rows(people))
            if options["out_groups"]:
                _write(options["out_groups"], ("panel", "project", "origin", "weeks"), _group_rows(sums))
        except UnableToEstimate as error:
            raise CommandError(str(error)) from error
        figures = {
            "method_version": METHOD_VERSION,
            "panels": panels,
            "cases": len(people),
            "groups": len(sums),
            "pause_over": options["pause_over"],
            "seconds": round(perf_counter() - began, 2),
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(
                f"{len(people)} cases and {len(sums)} project sums answered in {figures['seconds']} s "
                f"(method {METHOD_VERSION})."
            )

    def _answer(
        self, files: Sequence[Path], cases: Sequence[Case], groups: Sequence[GroupCase], pause_over: bool
    ) -> tuple[dict[Case, Answer], dict[GroupCase, Answer], list[str]]:
        panels: dict[str, HoursRows] = {}
        for path in files:
            rows = read_hours(path)
            if rows.name in panels:
                raise UnableToEstimate(f"{path}: panel {rows.name} was given twice")
            panels[rows.name] = rows
        strange = next((case.panel for case in cases if case.panel not in panels), None)
        if strange is not None:
            raise UnableToEstimate(f"no file was given for panel {strange}")
        people: dict[Case, Answer] = {}
        sums: dict[GroupCase, Answer] = {}
        for name, rows in panels.items():
            if self.stderr.isatty():
                self.stderr.write(f"{name} ...", ending="\n")
            some, some_sums = answer_panel(
                rows,
                [case for case in cases if case.panel == name],
                [group for group in groups if group.panel == name],
                pause_over=pause_over,
            )
            people.update(some)
            sums.update(some_sums)
        return people, sums, list(panels)


def _person_rows(answers: dict[Case, Answer]) -> list[list[object]]:
    return [
        [case.panel, case.worker, case.origin.isoformat(), case.weeks, *_figures(answer)]
        for case, answer in answers.items()
    ]


def _group_rows(answers: dict[GroupCase, Answer]) -> list[list[object]]:
    return [
        [case.panel, case.project, case.origin.isoformat(), case.weeks, *_figures(answer)]
        for case, answer in answers.items()
    ]


def _figures(answer: Answer) -> list[str]:
    return [f"{value:.4f}" for value in astuple(answer)]


def _write(path: Path, keys: Sequence[str], rows: list[list[object]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*keys, *ANSWER_FIELDS])
            writer.writerows(rows)
    except OSError as error:
        raise UnableToEstimate(f"{path}: {error.strerror or error}") from error
