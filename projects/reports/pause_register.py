"""The pause register: every pause as it stood at the end of a day, whom it stopped and who had seen it."""

from decimal import Decimal
from typing import Final

from projects.access import pauses_visible_to
from projects.models import Pause
from projects.models.pauses import PauseState
from projects.queries.register import PauseEntry, pause_register
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

_STATES: Final = tuple(
    (str(value), str(value).replace("_", " ")) for value in PauseState.values if value != "draft"
)
STATES: Final = Parameter("state", "State", Shape.MANY, "Only pauses in these states then.", lambda: _STATES)
PARAMETERS: Final = (CLIENTS, PROJECTS, STATES)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("pause", "Pause", Kind.CODE, "The number of the pause."),
    Column("project", "Project", Kind.CODE, "Empty where every project of the client is paused."),
    Column("state", "State", Kind.CODE, "As it stood at the end of the day."),
    Column("kind", "Kind", Kind.CODE, "full: all work stops; reduced: a share goes on."),
    Column("remaining", "Goes on", Kind.PERCENT, "Share of the hours that goes on."),
    Column("standby", "Standby", Kind.PERCENT, "Standby pay, as a share of expected pay."),
    Column("reason", "Reason", Kind.CODE),
    Column("since", "Since", Kind.INSTANT),
    Column("until", "Until", Kind.INSTANT, "Not known while the pause was open without an end."),
    Column("next_word", "Next word by", Kind.INSTANT, "The promise that stood at the end of the day."),
    Column("people", "People", Kind.INTEGER, "People the pause stops, each once."),
    Column("seen", "Seen", Kind.INTEGER, "People who had opened it in the portal.", Total.SUM),
    Column("acknowledged", "Acknowledged", Kind.INTEGER, "People who had said that they have read it.", Total.SUM),
)  # fmt: skip
_METHOD: Final = (
    "Every pause that had been opened by the end of the day, drafts left out. Its state, the next word "
    "and who had seen it are as of then; its kind, reason and terms are those on record. People are those "
    "whose engagements the pause reaches, counted in UTC days; somebody stopped by two pauses is in both "
    "rows, so people are not added up."
)


def build(ask: Ask) -> Draft:
    """List the pauses of the clients, projects and states asked for."""
    within = pauses_visible_to(ask.by) if ask.by is not None else Pause.objects.all()
    clients, projects, states = ask.texts("client"), ask.texts("project"), ask.texts("state")
    entries = [
        entry
        for entry in pause_register(within, as_of=ask.as_of)
        if (not clients or entry.client in clients)
        and (not projects or entry.project in projects)
        and (not states or entry.state in states)
    ]
    entries.sort(key=lambda entry: (entry.client, entry.pause))
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, entries)),
        keys=("pause",),
        method=_METHOD,
        groups=("client",),
        charts=_charts(entries),
        inputs=tuple(map(repr, entries)),
    )


def _row(entry: PauseEntry) -> tuple[Cell, ...]:
    return (
        entry.client,
        str(entry.pause),
        entry.project,
        entry.state,
        entry.kind,
        Decimal(entry.remaining_share_bp) / 10_000,
        Decimal(entry.standby_share_bp) / 10_000,
        entry.reason,
        entry.starts_at,
        entry.ends_at,
        entry.next_word_by,
        entry.people,
        entry.seen,
        entry.acknowledged,
    )


def _charts(entries: list[PauseEntry]) -> tuple[Chart, ...]:
    largest = sorted(entries, key=lambda entry: (-entry.people, entry.pause))[:20]
    bars = tuple(Bar(f"{entry.pause} · {entry.project or entry.client}", entry.people) for entry in largest)
    return (Chart("People stopped, by pause", bars, Kind.INTEGER),) if bars else ()
