"""Data quality: missing hours and rates, hours inside a pause, provisional and missing estimates."""

from collections import Counter
from typing import Final, cast

from projects.queries.quality import PROBLEMS, Doubt, Problem, doubts
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

WORDS: Final = {
    "no_estimate": "Pause without a finished estimate",
    "no_rate": "Engaged without a rate",
    "no_hours": "No hours lately",
    "hours_in_pause": "Hours inside a full pause",
    "provisional": "Provisional estimate",
}
REASONS: Final = {
    "no_history": "no hours on this project yet",
    "short_history": "only a few weeks of hours",
    "no_rate": "no rate on record",
    "no_calibration": "too little past work to test the method against",
    "wide_calibration": "past work differed a lot from week to week",
    "missing_timesheets": "some hours may not be in yet",
    "other_currency": "earned in another currency without a rate",
    "worked_after_notice": "hours after the notice",
    "no_tasks_history": "paid by the task, tasks an hour not known",
}
KINDS: Final = Parameter(
    "problem", "Problem", Shape.MANY, "Only these.", lambda: tuple((name, WORDS[name]) for name in PROBLEMS)
)
QUIET: Final = Parameter(
    "quiet_days", "Days without hours", Shape.NUMBER, "Ask after so many.", default=14, least=1, most=366
)
PARAMETERS: Final = (KINDS, CLIENTS, PROJECTS, QUIET)
COLUMNS: Final = (
    Column("problem", "Problem", Kind.CODE),
    Column("client", "Client", Kind.CODE),
    Column("project", "Project", Kind.CODE),
    Column("contractor", "Contractor"),
    Column("contractor_no", "No.", Kind.CODE, "The number of the contractor; names may be shared."),
    Column("pause", "Pause", Kind.CODE),
    Column("what", "What"),
    Column("last_hours", "Last hours", Kind.DATE, "Not known where no hours were recorded at all."),
    Column("hours", "Hours", Kind.HOURS, "Hours inside the pause.", Total.SUM),
    Column("rows", "Rows", Kind.INTEGER, "To be counted by problem.", Total.SUM),
)
_METHOD: Final = (
    "What makes a sum doubtful, one row each. Days without hours are counted up to the day of the report, "
    "for people who are engaged and whose project no pause stopped in these days; hours that were "
    "recorded later do not count. Hours inside a pause are those of whole UTC days after its notice, of "
    "people it stops."
)


def build(ask: Ask) -> Draft:
    """List the doubts of the kinds, clients and projects asked for."""
    problems = cast(tuple[Problem, ...], ask.texts("problem")) or PROBLEMS
    clients, projects = ask.texts("client"), ask.texts("project")
    found = [
        doubt
        for doubt in doubts(as_of=ask.as_of, quiet_days=int(ask.values["quiet_days"]), problems=problems)
        if (not clients or doubt.client in clients) and (not projects or doubt.project in projects)
    ]
    found.sort(key=_order)
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, found)),
        keys=("problem", "client", "project", "contractor_no", "pause"),
        method=_METHOD,
        groups=("problem",),
        charts=_charts(found),
        inputs=tuple(map(repr, found)),
    )


def _order(doubt: Doubt) -> tuple[int, str, str, str, int, int]:
    place = PROBLEMS.index(doubt.problem)
    return (place, doubt.client, doubt.project, doubt.contractor, doubt.contractor_id or 0, doubt.pause or 0)


def _row(doubt: Doubt) -> tuple[Cell, ...]:
    return (
        doubt.problem,
        doubt.client,
        doubt.project,
        doubt.contractor,
        str(doubt.contractor_id or ""),
        str(doubt.pause or ""),
        "; ".join(REASONS.get(reason, reason) for reason in doubt.reasons) or WORDS[doubt.problem],
        doubt.on,
        doubt.seconds,
        1,
    )


def _charts(found: list[Doubt]) -> tuple[Chart, ...]:
    counted = Counter(doubt.problem for doubt in found)
    bars = tuple(Bar(WORDS[name], counted[name]) for name in PROBLEMS if counted[name])
    return (Chart("Rows by problem", bars, Kind.INTEGER),) if bars else ()
