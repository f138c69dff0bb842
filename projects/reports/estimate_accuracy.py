"""Estimate against actual: what was first said of the pauses that are over, and what it came to."""

from decimal import Decimal
from typing import Final

from projects.access import estimates_visible_to
from projects.models import LostIncomeEstimate
from projects.queries.settled import Settled, settled_losses
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.table import Cell, Column, Kind, Total

PARAMETERS: Final = (CLIENTS, PROJECTS)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("pause", "Pause", Kind.CODE, "The number of the pause."),
    Column("project", "Project", Kind.CODE),
    Column("first_on", "First said", Kind.DATE, "As of which day the first estimate was made."),
    Column("settled_on", "Settled", Kind.DATE, "As of which day the latest one was made."),
    Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),
    Column("estimates", "Estimates", Kind.INTEGER, "Engagements that were estimated both times.", Total.SUM),
    Column("first", "First", Kind.MONEY, "Lost, as first said.", Total.SUM, "currency"),
    Column("settled", "Came to", Kind.MONEY, "Lost, as it came to.", Total.SUM, "currency"),
    Column("difference", "Difference", Kind.MONEY, "Above zero: first said too low.", Total.SUM, "currency"),
    Column("within80", "In 80 % range", Kind.INTEGER, "Settled losses inside the 80 % range said first.", Total.SUM),
    Column("within95", "In 95 % range", Kind.INTEGER, "Settled losses inside the 95 % range said first.", Total.SUM),
    Column("share80", "80 % held", Kind.PERCENT, "Should be about 80 %."),
)  # fmt: skip
_METHOD: Final = (
    "For each pause that had ended by the day: the first estimate made while it ran, against the latest "
    "made after it was closed. A pause that lasted longer or shorter than first expected moves the sum as "
    "well as people's hours do."
)


def build(ask: Ask) -> Draft:
    """Compare the pauses of the clients and projects asked for."""
    within = LostIncomeEstimate.objects.all() if ask.by is None else estimates_visible_to(ask.by)
    if clients := ask.texts("client"):
        within = within.filter(engagement__project__client__code__in=clients)
    if projects := ask.texts("project"):
        within = within.filter(engagement__project__code__in=projects)
    rows = sorted(
        settled_losses(within, as_of=ask.as_of),
        key=lambda row: (row.client, row.pause, row.project, row.currency),
    )
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, rows)),
        keys=("pause", "project", "currency"),
        method=_METHOD,
        groups=("client",),
        inputs=tuple(map(repr, rows)),
    )


def _row(row: Settled) -> tuple[Cell, ...]:
    return (
        row.client, str(row.pause), row.project, row.first_as_of, row.last_as_of, row.currency, row.estimates,
        row.first_minor, row.settled_minor, row.settled_minor - row.first_minor, row.within80, row.within95,
        (Decimal(row.within80) / row.estimates).quantize(Decimal("0.0001")),
    )  # fmt: skip
