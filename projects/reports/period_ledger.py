"""The ledger of a closed period: what it booked of its own weeks, and what it corrected in weeks closed before."""

from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet

from projects.domain.errors import UnableToReport
from projects.models import AccountingPeriod, PeriodLine
from projects.queries.periods import BookedRow, booked_rows
from projects.queries.register import end_of
from projects.reports.choices import CLIENTS, COUNTRIES, CURRENCIES, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Choice, Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

NESTINGS: Final = ("kind", "client", "project", "country", "currency", "contractor", "pause", "week")
LABELS: Final = {False: "own weeks", True: "adjustments"}


def period_choices() -> tuple[Choice, ...]:
    """Every closed period by the Monday it begins with, newest first."""
    rows = AccountingPeriod.objects.order_by("-first_week")
    return tuple((f"{row.first_week}", f"{row.first_week} to {row.last_week}") for row in rows)


PERIOD: Final = Parameter(
    "period", "Period", Shape.ONE, "By the Monday it begins with; the last one by default.", period_choices
)
BY: Final = Parameter(
    "by", "Grouped by", Shape.NESTING, "Outermost first; every row is of one currency.",
    lambda: tuple((name, name.capitalize()) for name in NESTINGS), default=("kind", "client", "project"),
)  # fmt: skip
PARAMETERS: Final = (PERIOD, BY, CLIENTS, PROJECTS, COUNTRIES, CURRENCIES)
_DIMENSIONS: Final = {
    "kind": (Column("kind", "Booked as", Kind.CODE, "Own weeks, or adjustments of weeks closed before."),),
    "client": (Column("client", "Client", Kind.CODE),),
    "project": (Column("project", "Project", Kind.CODE),),
    "country": (Column("country", "Country", Kind.CODE, "Where the person lives, ISO 3166."),),
    "contractor": (Column("contractor", "Contractor"), Column("contractor_no", "No.", Kind.CODE)),
    "pause": (Column("pause", "Pause", Kind.CODE, "The number of the pause."),),
    "week": (Column("week", "Week from", Kind.DATE, "Monday of the week."),),
    "currency": (Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),),
}
_SUMS: Final = (
    Column("people", "People", Kind.INTEGER, "People in this row, each once."),
    Column("expected_hours", "Expected hours", Kind.HOURS, total=Total.SUM),
    Column("expected", "Expected", Kind.MONEY, total=Total.SUM, currency="currency"),
    Column("earned", "Earned", Kind.MONEY, total=Total.SUM, currency="currency"),
    Column("recovered", "Recovered", Kind.MONEY, total=Total.SUM, currency="currency"),
    Column("standby", "Standby", Kind.MONEY, total=Total.SUM, currency="currency"),
    Column("lost", "Lost", Kind.MONEY, "Expected less earned, recovered and standby.", Total.SUM, "currency"),
)
_METHOD: Final = (
    "When a period is closed, every week of it is booked once, by the latest estimates of that day. What moves "
    "later in "
    "a closed week (new hours, a correction, a new version of the method) is never changed there: the next "
    "period books "
    "the difference as an adjustment. So all closed periods together are always the figures of the day on "
    "which the last "
    "one was closed."
)


NONE_YET: Final = "No period was closed by the end of this day."


def period_of(ask: Ask) -> AccountingPeriod | None:
    """The closed period that was asked for, or the last one; None where none was closed by the end of the day.

    Raises UnableToReport where one was asked for that was not closed by then.
    """
    periods = AccountingPeriod.objects.filter(closed_at__lt=end_of(ask.as_of))
    if chosen := ask.values.get("period"):
        periods = periods.filter(first_week=chosen)
    found = periods.order_by("-first_week").first()
    if found is None and chosen:
        raise UnableToReport(f"No such period was closed by {ask.as_of}.", field="period")
    return found


def closed_words(period: AccountingPeriod | None) -> str:
    """When a period was closed, for the notes of a report."""
    if period is None:
        return NONE_YET
    return f"The period from {period.first_week} to {period.last_week} was closed on {period.closed_at:%Y-%m-%d}."


def name_of(period: AccountingPeriod | None) -> str:
    """A period among the inputs of a report."""
    return f"period {period.first_week} {period.last_week} {period.checksum}" if period else "no period"


def booked_lines(ask: Ask, period: AccountingPeriod | None) -> QuerySet[PeriodLine]:
    """The lines of a period for the clients, projects, countries and currencies asked for."""
    wanted = {
        "engagement__project__client__code__in": ask.texts("client"),
        "engagement__project__code__in": ask.texts("project"),
        "engagement__contractor__country__in": ask.texts("country"),
        "currency__in": ask.texts("currency"),
    }
    return PeriodLine.objects.filter(
        period=period, **{name: values for name, values in wanted.items() if values}
    )


def build(ask: Ask) -> Draft:
    """List what a period booked. Raises UnableToReport where it was not closed."""
    period = period_of(ask)
    by = ask.texts("by")
    order = by if "currency" in by else (*by, "currency")
    found = list(booked_rows(booked_lines(ask, period), order))
    return Draft(
        columns=(*(column for name in order for column in _DIMENSIONS[name]), *_SUMS),
        rows=tuple(_row(row, order) for row in found),
        keys=tuple(column.key for name in order for column in _DIMENSIONS[name]),
        method=_METHOD,
        groups=tuple(_DIMENSIONS[name][0].key for name in by[:-1]),
        notes=(closed_words(period),),
        charts=_charts(found, order),
        inputs=(name_of(period),),
    )


def _row(row: BookedRow, order: Sequence[str]) -> tuple[Cell, ...]:
    amounts = row.amounts
    return (
        *(cell for name in order for cell in _key_cells(name, row)),
        row.people,
        amounts.expected_seconds,
        amounts.expected_minor,
        amounts.earned_minor,
        amounts.recovered_minor,
        amounts.standby_minor,
        amounts.lost_minor,
    )


def _key_cells(name: str, row: BookedRow) -> tuple[Cell, ...]:
    if name == "kind":
        return (LABELS[row.key["is_adjustment"]],)
    if name == "contractor":
        return (row.key["contractor"], str(row.key["contractor_id"]))
    return (str(row.key[name]),) if name == "pause" else (row.key[name],)


def _charts(found: Sequence[BookedRow], order: Sequence[str]) -> tuple[Chart, ...]:
    sums: dict[str, dict[str, int]] = {}
    for row in found:
        own = sums.setdefault(row.key["currency"], {})
        name = str(_key_cells(order[0], row)[0])
        own[name] = own.get(name, 0) + row.amounts.lost_minor
    label = _DIMENSIONS[order[0]][0].label.lower()
    return tuple(
        Chart(
            f"Lost in {code}, by {label}",
            tuple(Bar(*pair) for pair in list(own.items())[:20]),
            Kind.MONEY,
            code,
        )
        for code, own in sorted(sums.items())
        if order[0] != "currency"
    )[:4]
