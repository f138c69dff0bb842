"""Estimate against actual: what was first said of the pauses that are over, and what it came to."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from projects.access import estimates_visible_to
from projects.domain.money import format_money
from projects.impact.accuracy import COVER_BAND, DRIFT_CASES
from projects.models import LostIncomeEstimate
from projects.queries.accuracy import realised_cover
from projects.queries.register import end_of
from projects.queries.settled import Settled, settled_losses
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Cell, Column, Kind, Total

BY: Final = Parameter(
    "by", "Parted by", Shape.ONE, "By pause; or by project, over all its pauses.",
    lambda: (("pause", "Pause"), ("project", "Project")), default="pause",
)  # fmt: skip
PARAMETERS: Final = (BY, CLIENTS, PROJECTS)
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
BY_PROJECT: Final = (
    *(column for column in COLUMNS if column.key in {"client", "project", "currency"}),
    Column("pauses", "Pauses", Kind.INTEGER, "Pauses that are over and settled."),
    *(column for column in COLUMNS if column.key in {"estimates", "first", "settled", "difference"}),
    Column("off", "Off by", Kind.PERCENT, "First said less what it came to, as a share of that."),
    *(column for column in COLUMNS if column.key in {"within80", "within95", "share80"}),
)
_METHOD: Final = (
    "For each pause that had ended by the day: the first estimate made while it ran, against the latest "
    "made after it was closed. A pause that lasted longer or shorter than first expected moves the sum as "
    "well as people's hours do. The alarm takes what was first said for the time the pause really lasted, "
    f"over the newest {DRIFT_CASES} closed cases of the whole firm, at most 100 of a pause."
)


def build(ask: Ask) -> Draft:
    """Compare the pauses of the clients and projects asked for."""
    within = LostIncomeEstimate.objects.all() if ask.by is None else estimates_visible_to(ask.by)
    if clients := ask.texts("client"):
        within = within.filter(engagement__project__client__code__in=clients)
    if projects := ask.texts("project"):
        within = within.filter(engagement__project__code__in=projects)
    found = list(settled_losses(within, as_of=ask.as_of))
    rows = sorted(
        found,
        key=lambda row: (row.client, row.pause, row.project, row.currency),
    )
    is_by_project = ask.values["by"] == "project"
    return Draft(
        columns=BY_PROJECT if is_by_project else COLUMNS,
        rows=tuple(_by_project(rows)) if is_by_project else tuple(map(_row, rows)),
        keys=("project", "currency") if is_by_project else ("pause", "project", "currency"),
        method=_METHOD,
        groups=("client",),
        notes=(*_firm_notes(rows), _cover_note(ask)),
        inputs=tuple(map(repr, rows)),
    )


def _by_project(rows: Sequence[Settled]) -> Iterator[tuple[Cell, ...]]:
    """All pauses of a project in one line a currency."""
    for client, project, currency in sorted({(row.client, row.project, row.currency) for row in rows}):
        own = [row for row in rows if (row.project, row.currency) == (project, currency)]
        first, settled = sum(row.first_minor for row in own), sum(row.settled_minor for row in own)
        estimates, held = sum(row.estimates for row in own), sum(row.within80 for row in own)
        yield (
            client, project, currency, len(own), estimates, first, settled, settled - first,
            _share(first - settled, abs(settled)) if settled else None, held,
            sum(row.within95 for row in own), _share(held, estimates),
        )  # fmt: skip


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / whole).quantize(Decimal("0.0001"))


def _firm_notes(rows: Sequence[Settled]) -> Iterator[str]:
    """The firm as a whole, a line a currency."""
    for currency in sorted({row.currency for row in rows}):
        own = [row for row in rows if row.currency == currency]
        first, settled = sum(row.first_minor for row in own), sum(row.settled_minor for row in own)
        held = sum(row.within80 for row in own) / sum(row.estimates for row in own)
        off = f", {(first - settled) / settled:+.0%} off" if settled else ""
        yield (
            f"Whole firm in {currency}: first said {format_money(first, currency)}, came to "
            f"{format_money(settled, currency)}{off}; 80 % ranges held {held:.0%}."
        )


def _cover_note(ask: Ask) -> str:
    cover = realised_cover(at=min(end_of(ask.as_of), ask.at))
    if cover.cover80 is None:
        return "Realised cover: no closed case yet."
    low, high = COVER_BAND
    words = f"Realised cover of the newest {cover.cases} closed cases: 80 % ranges held {cover.cover80:.0%}"
    if cover.is_drifting:
        return (
            f"ALARM. {words}, outside {low:.0%} to {high:.0%}: trust ranges less until this is looked into."
        )
    if cover.cases < DRIFT_CASES:
        return f"{words}; the alarm needs {DRIFT_CASES} cases."
    return f"{words}; the alarm rings outside {low:.0%} to {high:.0%}."


def _row(row: Settled) -> tuple[Cell, ...]:
    return (
        row.client, str(row.pause), row.project, row.first_as_of, row.last_as_of, row.currency, row.estimates,
        row.first_minor, row.settled_minor, row.settled_minor - row.first_minor, row.within80, row.within95,
        _share(row.within80, row.estimates),
    )  # fmt: skip
