"""Addresses of finance's pages: filters stand in them, so that a page can be kept, sent and opened again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from projects.models import ReportRun
from projects.reports.parameters import Values


def asked_of(values: Values) -> dict[str, list[str]]:
    """Checked values as they would be typed."""
    return {
        name: [str(each) for each in value] if isinstance(value, list) else [str(value)]
        for name, value in values.items()
    }


def with_words(runs: Iterable[ReportRun]) -> list[tuple[ReportRun, tuple[str, ...]]]:
    """Runs with what was asked of each, in words."""
    return [
        (run, tuple(f"{name}: {', '.join(words)}" for name, words in asked_of(run.parameters).items()))
        for run in runs
    ]


def report_address(name: str, values: Mapping[str, Sequence[str]], as_of: date, **more: Any) -> str:
    """The page of a report with these filters."""
    query = [
        ("as_of", as_of.isoformat()),
        *((key, ",".join(words)) for key, words in values.items() if words),
    ]
    query += [(key, str(value)) for key, value in more.items()]
    return f"{reverse('finance:report', args=[name])}?{urlencode(query, safe=',')}"


def schedule_address(name: str, values: Mapping[str, Sequence[str]]) -> str:
    """The page that puts a report with these filters on a schedule."""
    query = urlencode([(key, ",".join(words)) for key, words in values.items() if words], safe=",")
    return f"{reverse('finance:new_schedule', args=[name])}?{query}"


def person_address(contractor_id: str, as_of: date, *, pause: str = "", run: ReportRun | None = None) -> str:
    """The page of one person's lines, of one pause where it is known, of a kept run's estimates where there is one."""
    query = {"as_of": as_of.isoformat()}
    if pause:
        query["pause"] = pause
    if run is not None:
        query["run"] = str(run.public_id)
    return f"{reverse('finance:person', args=[int(contractor_id)])}?{urlencode(query)}"
