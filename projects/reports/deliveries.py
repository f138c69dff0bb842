"""Deliveries: how many notices of each pause were promised on each channel and what became of them."""

from decimal import Decimal
from typing import Final

from projects.access import pauses_visible_to
from projects.models import Pause
from projects.queries.register import PauseEntry, pause_register
from projects.queries.told import Told, deliveries_by_pause
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

PARAMETERS: Final = (CLIENTS, PROJECTS)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("pause", "Pause", Kind.CODE, "The number of the pause."),
    Column("project", "Project", Kind.CODE, "Empty where every project of the client is paused."),
    Column("channel", "Channel", Kind.CODE),
    Column("notices", "Notices", Kind.INTEGER, "Things said: the pause, its updates, its end.", Total.SUM),
    Column("promised", "Promised", Kind.INTEGER, "One notice to one recipient on this channel.", Total.SUM),
    Column("reached", "Accepted", Kind.INTEGER, "The mail server or Slack took it.", Total.SUM),
    Column("refused", "Refused", Kind.INTEGER, "Refused, came back, held back or too late.", Total.SUM),
    Column("unknown", "Unknown", Kind.INTEGER, "The reply was lost; it may or may not have come.", Total.SUM),
    Column("withdrawn", "Withdrawn", Kind.INTEGER, "No longer due, or overtaken by a later word.", Total.SUM),
    Column("waiting", "Waiting", Kind.INTEGER, "Not settled by the end of the day.", Total.SUM),
    Column("share", "Accepted share", Kind.PERCENT, "Accepted of those that were not withdrawn."),
    Column("last_after", "Last after", Kind.HOURS, "From the first promise to the last acceptance."),
)
_METHOD: Final = (
    "One notice to one recipient on one channel is one delivery. Accepted, refused, unknown, withdrawn "
    "and waiting add up to promised in every row. What was recorded after the end of the day counts as "
    "waiting; a delivery whose state changed later shows what it came to."
)


def build(ask: Ask) -> Draft:
    """Count the deliveries about the pauses of the clients and projects asked for."""
    within = pauses_visible_to(ask.by) if ask.by is not None else Pause.objects.all()
    clients, projects = ask.texts("client"), ask.texts("project")
    pauses = {entry.pause: entry for entry in pause_register(within, as_of=ask.as_of)}
    told = [
        (pauses[row.pause], row)
        for row in deliveries_by_pause(as_of=ask.as_of)
        if row.pause in pauses
        and (not clients or pauses[row.pause].client in clients)
        and (not projects or pauses[row.pause].project in projects)
    ]
    told.sort(key=lambda pair: (pair[0].client, pair[1].pause, pair[1].channel))
    return Draft(
        columns=COLUMNS,
        rows=tuple(_row(entry, row) for entry, row in told),
        keys=("pause", "channel"),
        method=_METHOD,
        groups=("client",),
        charts=_charts([row for _, row in told]),
        inputs=tuple(repr(row) for _, row in told),
    )


def _row(entry: PauseEntry, row: Told) -> tuple[Cell, ...]:
    due = row.promised - row.withdrawn
    share = (Decimal(row.reached) / due).quantize(Decimal("0.0001")) if due else None
    seconds = int((row.last_at - row.first_at).total_seconds()) if row.last_at and row.first_at else None
    return (
        entry.client, str(row.pause), entry.project, row.channel, row.notices, row.promised, row.reached, row.refused,
        row.unknown, row.withdrawn, row.waiting, share, seconds,
    )  # fmt: skip


def _charts(rows: list[Told]) -> tuple[Chart, ...]:
    if not rows:
        return ()
    sums = {
        "Accepted": sum(row.reached for row in rows),
        "Refused": sum(row.refused for row in rows),
        "Unknown": sum(row.unknown for row in rows),
        "Withdrawn": sum(row.withdrawn for row in rows),
        "Waiting": sum(row.waiting for row in rows),
    }
    return (
        Chart("Deliveries by what became of them", tuple(Bar(*pair) for pair in sums.items()), Kind.INTEGER),
    )
