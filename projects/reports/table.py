"""The table: one frozen description of a report's columns, rows and facts, from which every face is written.

Rows are plain tuples, so that a million of them can stream straight from a cursor. What a cell holds depends
on its column's kind (`None` in any of them says "not known" and is never the same as zero):

    text, code   str                          code is an identifier (a project, a country, a currency)
    date         datetime.date
    instant      datetime.datetime, aware
    money        int, in minor units          the currency stands in the column that `Column.currency` names
    hours        int, in seconds              shown as H:MM:SS, so that a sum of what is shown is exact
    days         int or Decimal
    percent      Decimal, a fraction          Decimal("0.25") is 25 %
    rate         Decimal                      an exchange rate, or any exact number that is never summed
    integer      int
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Protocol

from projects.domain import money
from projects.domain.errors import UnableToReport
from projects.domain.money import is_currency

Cell = str | int | Decimal | dt.date | dt.datetime | None
Row = tuple[Cell, ...]
Rows = Sequence[Row] | Callable[[], Iterable[Row]]


class ReportError(UnableToReport):
    """The root of what a table or a writer refuses."""


class UnableToDescribeTable(ReportError):
    """A table's own description contradicts itself: the message names the column or the fact."""


class UnableToWriteTable(ReportError):
    """A row, a total or a checksum is not what the table says: nothing of what was written may be kept."""


class Kind(StrEnum):
    """What the cells of a column hold; the module's docstring has the type of each."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    INSTANT = "instant"
    MONEY = "money"
    HOURS = "hours"
    DAYS = "days"
    PERCENT = "percent"
    RATE = "rate"
    INTEGER = "integer"


SUMMABLE = frozenset({Kind.MONEY, Kind.HOURS, Kind.DAYS, Kind.INTEGER})
NUMERIC = SUMMABLE | {Kind.PERCENT, Kind.RATE}


class Total(StrEnum):
    """Whether the writers add a column up."""

    NONE = "none"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` for machines, `label` and `help` for people.

    `currency` is, for a money column, the key of the code column that holds each row's currency.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    total: Total = Total.NONE
    currency: str = ""

    def __post_init__(self) -> None:
        """Refuse a money column without a currency column, and a sum of what cannot be added."""
        if not self.key or not self.label:
            raise UnableToDescribeTable(
                f"a column needs a key and a label, got {self.key!r} and {self.label!r}"
            )
        if (self.kind is Kind.MONEY) != bool(self.currency):
            raise UnableToDescribeTable(
                f"column {self.key}: a money column, and only one, names its currency column"
            )
        if self.total is Total.SUM and self.kind not in SUMMABLE:
            raise UnableToDescribeTable(f"column {self.key}: a column of kind {self.kind} cannot be added up")

    @property
    def is_numeric(self) -> bool:
        """Whether the cells are numbers, aligned to the right and never guarded as text."""
        return self.kind in NUMERIC


@dataclass(frozen=True, slots=True)
class TotalLine:
    """The sums of all rows in one currency or, with an empty currency, of every row (hours, days, counts).

    `values` maps a column's key to its sum in the column's own unit: minor units, seconds, days, counts.
    """

    currency: str
    rows: int
    values: Mapping[str, int | Decimal]


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """The sums of one group; `path` holds the group's values, outermost first."""

    path: tuple[str, ...]
    totals: tuple[TotalLine, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What rows add up to: their number, the sums by currency and by group, the SHA-256 of the rows."""

    rows: int
    totals: tuple[TotalLine, ...]
    groups: tuple[GroupTotals, ...]
    checksum: str


class Block(Protocol):
    """Consecutive rows, column by column."""

    @property
    def size(self) -> int:
        """How many rows."""

    @property
    def cells(self) -> tuple[Sequence[Cell], ...]:
        """The cells themselves, by column."""

    @property
    def texts(self) -> tuple[Sequence[str], ...]:
        """Their canonical texts, by column; an unknown cell's is empty."""

    @property
    def canonical(self) -> bytes | memoryview:
        """The rows as CSV of their canonical texts: what the checksum is taken of."""

    def starts(self, position: int) -> Collection[str]:
        """The characters that the texts of a column begin with."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that were frozen: their blocks, opened anew each time, and what they added up to then."""

    blocks: Callable[[], Iterator[Block]]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name and its value in the chart's unit (minor units for a money chart)."""

    label: str
    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """A simple bar series: one kind, one currency (for money), at most 40 bars, drawn in the order given."""

    title: str
    bars: tuple[Bar, ...]
    kind: Kind = Kind.MONEY
    currency: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a chart that mixes units, has no number to draw or more bars than an eye can compare."""
        if self.kind not in NUMERIC:
            raise UnableToDescribeTable(f"chart {self.title!r}: bars of kind {self.kind} have no length")
        if (self.kind is Kind.MONEY) != bool(self.currency):
            raise UnableToDescribeTable(f"chart {self.title!r}: a money chart, and only one, has a currency")
        if self.currency:
            exponent_of(self.currency)
        if len(self.bars) > 40:
            raise UnableToDescribeTable(
                f"chart {self.title!r}: {len(self.bars)} bars, at most 40 can be read"
            )


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a run came from: enough to build it again and to see that it is the same.

    `checksum`, where given, is what a frozen run recorded: writers refuse rows that differ from it.
    """

    generated_at: dt.datetime
    code_version: str
    inputs_fingerprint: str = ""
    method_version: str = ""
    run_id: str = ""
    prepared_for: str = ""
    checksum: str = ""

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: it would name a different instant on every machine."""
        if self.generated_at.tzinfo is None:
            raise UnableToDescribeTable("generated_at: an instant needs a time zone")


@dataclass(frozen=True, slots=True)
class Table:
    """A report: columns, rows (a sequence, or a function that opens a fresh iterator) and its provenance.

    `parameters` are ordered (name, value) pairs as people read them. `groups` are keys of columns by which
    the rows are ordered and for which subtotals are given, outermost first. `stated_totals` are the sums the
    source claims: writers refuse rows that add up to anything else. `row_count` is how many rows will stream,
    where that is known. `kept` gives a frozen run's rows in blocks, faster than one by one. `method` is plain text,
    paragraphs parted by a blank line.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    as_of: dt.date | dt.datetime
    facts: Facts
    parameters: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()
    method: str = ""
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    stated_totals: tuple[TotalLine, ...] | None = None
    row_count: int | None = None
    kept: Kept | None = None
    positions: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a table whose columns contradict each other."""
        positions = {column.key: position for position, column in enumerate(self.columns)}
        if not self.columns or len(positions) != len(self.columns):
            raise UnableToDescribeTable(
                f"table {self.name}: columns need distinct keys, got {[c.key for c in self.columns]}"
            )
        for column in self.columns:
            if column.currency and self._kind(positions, column.currency) is not Kind.CODE:
                raise UnableToDescribeTable(
                    f"column {column.key}: {column.currency} is not a code column of this table"
                )
        for key in self.groups:
            if self._kind(positions, key) not in {Kind.TEXT, Kind.CODE, Kind.DATE}:
                raise UnableToDescribeTable(f"group {key}: not a text, code or date column of this table")
        object.__setattr__(self, "positions", positions)

    def _kind(self, positions: Mapping[str, int], key: str) -> Kind | None:
        return self.columns[positions[key]].kind if key in positions else None

    def open_rows(self) -> Iterator[Row]:
        """Return a fresh iterator over the rows, from the first."""
        return iter(self.rows() if callable(self.rows) else self.rows)

    @property
    def length(self) -> int:
        """Return how many rows there are, 0 where nobody knows before they have streamed."""
        return self.row_count or (0 if callable(self.rows) else len(self.rows))

    @property
    def summed(self) -> tuple[Column, ...]:
        """Return the columns that are added up, in order."""
        return tuple(column for column in self.columns if column.total is Total.SUM)


@cache
def exponent_of(currency: str) -> int:
    """Return how many decimals a currency has: JPY 0, USD 2, KWD 3.

    Raise UnableToWriteTable for an unknown code.
    """
    if not is_currency(currency):
        raise UnableToWriteTable(f"unknown currency {currency!r}: an amount needs an ISO 4217 code")
    return money.exponent_of(currency)


def major(minor: int, currency: str) -> Decimal:
    """Return minor units in the currency's own unit, exactly: `major(-1234, "KWD")` is Decimal("-1.234")."""
    return Decimal(f"{minor:d}e-{exponent_of(currency)}")
