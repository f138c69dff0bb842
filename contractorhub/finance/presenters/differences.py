"""The difference of two runs in words: each row that moved with its numbers before, after and between."""

from dataclasses import dataclass

from projects.reports.difference import Difference, Moved
from projects.reports.table import Cell, Kind
from projects.reports.writers.cells import shown

SIGNS = {"came": "New row", "went": "Row gone", "moved": "Moved"}


@dataclass(frozen=True, slots=True)
class NumberWords:
    row: str
    change: str
    label: str
    currency: str
    before: str
    after: str
    by: str
    is_less: bool


@dataclass(frozen=True, slots=True)
class DifferenceWords:
    """Everything a page says of the difference; `numbers` are grouped by row, in the order of the rows."""

    totals: tuple[NumberWords, ...]
    numbers: tuple[NumberWords, ...]
    rows: int
    same: int
    reasons: tuple[str, ...]


def present_difference(found: Difference) -> DifferenceWords:
    """Every number that moved; totals that stayed are shown too, so that nothing seems left out."""
    numbers = []
    for row in found.rows:
        name = " · ".join(str(cell) for _, cell in row.names if cell not in (None, ""))
        change = SIGNS[row.change]
        numbers += [_number(number, name, change) for number in row.numbers]
        numbers += [
            NumberWords(
                name, change, column.label, "", _words(column.kind, was), _words(column.kind, now), "", False
            )
            for column, was, now in row.words
            if column.kind is not Kind.MONEY
        ]
    return DifferenceWords(
        totals=tuple(_number(total, f"Total {total.currency}".strip(), "") for total in found.totals),
        numbers=tuple(numbers),
        rows=len(found.rows),
        same=found.same,
        reasons=found.reasons,
    )


def _words(kind: Kind, cell: Cell, currency: str = "") -> str:
    return "–" if cell is None else shown(kind, cell, currency or None)


def _number(moved: Moved, row: str, change: str) -> NumberWords:
    kind, currency = moved.column.kind, moved.currency
    by = _words(kind, moved.by, currency)
    return NumberWords(
        row=row,
        change=change,
        label=moved.column.label,
        currency=currency,
        before=_words(kind, moved.before, currency),
        after=_words(kind, moved.after, currency),
        by=by if moved.by <= 0 else f"+{by}",
        is_less=moved.by < 0,
    )
