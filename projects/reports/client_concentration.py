"""Concentration: month by month, how much of what people earn hangs on one client."""

from decimal import Decimal
from typing import Final

from projects.queries.concentration import MONTHS, MonthShares, concentration_by_month
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind

BACK: Final = Parameter(
    "months", "Months", Shape.NUMBER, "So many whole months before the day.", default=MONTHS, least=1, most=24
)
PARAMETERS: Final = (BACK,)
COLUMNS: Final = (
    Column("month", "Month from", Kind.DATE),
    Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),
    Column("clients", "Clients", Kind.INTEGER, "Clients that people earned from."),
    Column("largest", "Largest client", Kind.CODE, "The client that most was earned from."),
    Column("largest_share", "Its share", Kind.PERCENT, "Of what everybody earned that month."),
    Column("concentration", "Concentration", Kind.PERCENT, "100 %: all from one client. 25 %: as four equal ones."),
    Column("dependent", "Depend on it", Kind.PERCENT, "Of its people, those who earn more than half there."),
)  # fmt: skip
_METHOD: Final = (
    "Hours worked in whole months, at the rate in force in the middle of each, by client. Concentration is the "
    "Herfindahl index: the sum of the squared shares. Above 4,000 people an even sample stands for all, so shares are "
    "shown and no sums."
)


def build(ask: Ask) -> Draft:
    """Reckon the months before the day."""
    found = concentration_by_month(as_of=ask.as_of, months=int(ask.values["months"]))
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, found)),
        keys=("month", "currency"),
        method=_METHOD,
        charts=_charts(found),
        inputs=tuple(map(repr, found)),
    )


def _row(one: MonthShares) -> tuple[Cell, ...]:
    return (
        one.month, one.currency, one.clients, one.largest, _share(one.largest_share), _share(one.concentration),
        _share(one.mostly_dependent),
    )  # fmt: skip


def _share(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.0001"))


def _charts(found: tuple[MonthShares, ...]) -> tuple[Chart, ...]:
    by_currency: dict[str, list[Bar]] = {}
    for one in found:
        bar = Bar(f"{one.month:%Y-%m}", _share(one.largest_share))
        by_currency.setdefault(one.currency, []).append(bar)
    return tuple(
        Chart(f"Share of the largest client, paid in {code}", tuple(bars), Kind.PERCENT)
        for code, bars in sorted(by_currency.items())
    )[:4]
