"""Hours inside a pause: who logged work while it was stopped, how it stands, and what a lead has decided."""

from typing import Final

from projects.access import pauses_visible_to
from projects.models import HoursDecision, Pause
from projects.queries.paused_hours import PausedHours, paused_hours
from projects.reports.choices import CLIENTS, PAUSES, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

UNDECIDED: Final = "open"
_VERDICTS: Final = (
    (UNDECIDED, "Not decided"),
    *((str(value), str(label)) for value, label in HoursDecision.Verdict.choices),
)
_FINDINGS: Final = tuple((str(value), str(label)) for value, label in HoursDecision.Finding.choices)
VERDICTS: Final = Parameter("decision", "Decision", Shape.MANY, "Only these.", lambda: _VERDICTS)
FINDINGS: Final = Parameter("finding", "Finding", Shape.MANY, "Only these.", lambda: _FINDINGS)
PARAMETERS: Final = (VERDICTS, FINDINGS, PAUSES, CLIENTS, PROJECTS)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("pause", "Pause", Kind.CODE, "The number of the pause."),
    Column("project", "Project", Kind.CODE),
    Column("contractor", "Contractor"),
    Column("contractor_no", "No.", Kind.CODE, "The number of the contractor; names may be shared."),
    Column("day", "Logged under", Kind.DATE),
    Column("entry", "Entry no.", Kind.CODE, "The number of the hours entry."),
    Column("hours", "Hours", Kind.HOURS, total=Total.SUM),
    Column("finding", "Finding", Kind.CODE, "Before or after the notice; or dated after it was logged."),
    Column("decision", "Decision", Kind.CODE, "open until a lead has decided."),
    Column("payable", "Payable", Kind.HOURS, "Paid as things stand: as decided, else as found.", Total.SUM),
    Column("moved_to", "Moved to", Kind.DATE, "The day it was worked on, where a lead said so."),
    Column("decided_at", "Decided", Kind.INSTANT),
    Column("reason", "Reason"),
)
_METHOD: Final = (
    "Every entry of hours inside a full pause, as it stood at the end of the day. Hours worked before the notice was "
    "given are paid; hours after it are not, until a lead decides otherwise; every decision is kept with its reason. "
    "Entries without a time of day count where the whole day lies in the pause."
)


def build(ask: Ask) -> Draft:
    """List the entries of the pauses, clients and projects asked for."""
    within = pauses_visible_to(ask.by) if ask.by is not None else Pause.objects.all()
    if chosen := ask.numbers("pause"):
        within = within.filter(pk__in=chosen)
    rows = [row for row in paused_hours(within, as_of=ask.as_of) if _is_asked(row, ask)]
    rows.sort(
        key=lambda row: (row.client, row.pause_id, row.project, row.contractor, row.dated_on, row.entry_id)
    )
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, rows)),
        keys=("pause", "entry"),
        method=_METHOD,
        groups=("client", "pause"),
        charts=_charts(rows),
        inputs=tuple(map(repr, rows)),
    )


def _is_asked(row: PausedHours, ask: Ask) -> bool:
    asked = (
        (ask.texts("client"), row.client),
        (ask.texts("project"), row.project),
        (ask.texts("finding"), row.finding.value),
        (ask.texts("decision"), row.verdict or UNDECIDED),
    )
    return all(not wanted or value in wanted for wanted, value in asked)


def _row(row: PausedHours) -> tuple[Cell, ...]:
    return (
        row.client, str(row.pause_id), row.project, row.contractor, str(row.contractor_id), row.dated_on,
        str(row.entry_id), row.seconds, row.finding.value, row.verdict or UNDECIDED,
        row.seconds if row.is_payable else 0, row.moved_to, row.decided_at, row.reason,
    )  # fmt: skip


def _charts(rows: list[PausedHours]) -> tuple[Chart, ...]:
    sums = {
        name: sum(row.seconds for row in rows if (row.verdict or UNDECIDED) == name) for name, _ in _VERDICTS
    }
    bars = tuple(Bar(label, sums[name]) for name, label in _VERDICTS if sums[name])
    return (Chart("Hours by decision", bars, Kind.HOURS),) if bars else ()
