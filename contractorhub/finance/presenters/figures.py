"""A report's table as a page shows it: words of every cell, subtotals, totals, bars, and where each number leads."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from projects.models import ReportRun
from projects.reports.frozen import figures_of_run, rows_of_run, table_of_run
from projects.reports.table import NUMERIC, Cell, Chart, Column, Figures, Kind, Row, Table, TotalLine
from projects.reports.writers.cells import quantity_text, shown
from projects.reports.writers.figures import figures_of, merged

PAGE_ROWS = 200
ASKED_ABOUT: Final = frozenset({"lost", "at_risk", "settled", "owed"})
"""The columns whose sums somebody opens a report for."""
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A chart whose every bar is a day is drawn along time."""
Leads = Callable[[Column, Row], str]
"""Where a cell's number leads; empty where it leads nowhere."""
TotalLeads = Callable[[str], str]
"""Where the totals of a currency lead."""


@dataclass(frozen=True, slots=True)
class CellWords:
    text: str
    is_number: bool
    href: str
    is_negative: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page: `kind` is row, subtotal or total; sums have a label over the columns before them."""

    kind: str
    label: str
    span: int
    cells: tuple[CellWords, ...]


@dataclass(frozen=True, slots=True)
class BarWords:
    label: str
    value: str
    amount: str
    start: float
    length: float
    is_negative: bool


@dataclass(frozen=True, slots=True)
class ChartWords:
    title: str
    note: str
    unit: str
    is_time: bool
    bars: tuple[BarWords, ...]


@dataclass(frozen=True, slots=True)
class TotalWords:
    """What a currency, or everything, adds up to: the most telling sum large, the others below."""

    currency: str
    label: str
    value: str
    href: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageTable:
    """Everything a page shows of a table."""

    columns: tuple[Column, ...]
    numeric: tuple[bool, ...]
    lines: tuple[Line, ...]
    foot: tuple[Line, ...]
    totals: tuple[TotalWords, ...]
    charts: tuple[ChartWords, ...]
    rows: int
    first: int
    last: int
    page: int
    pages: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Source:
    """A table to be shown a page at a time: its figures, and its rows numbered `[first, last)` from 0."""

    table: Table
    figures: Figures
    rows: Callable[[int, int], Sequence[Row]]


def live_source(table: Table) -> Source:
    """A table that was reckoned just now."""
    rows = list(table.open_rows())
    return Source(table, figures_of(table), lambda first, last: rows[first:last])


def kept_source(run: ReportRun) -> Source:
    """A kept run; of a long one only the rows that are shown are read."""
    return Source(table_of_run(run), figures_of_run(run), lambda first, last: rows_of_run(run, first, last))


def present_table(source: Source, *, page: int, leads: Leads, total_leads: TotalLeads) -> PageTable:
    """The rows of one page with subtotals where groups end, and the totals of all rows."""
    table, figures = source.table, source.figures
    pages = max(1, -(-figures.rows // PAGE_ROWS))
    page = min(max(page, 1), pages)
    first, last = (page - 1) * PAGE_ROWS, min(page * PAGE_ROWS, figures.rows)
    rows = source.rows(first, last + 1)  # one more: it tells whether a group ends with the page
    return PageTable(
        columns=table.columns,
        numeric=tuple(column.kind in NUMERIC for column in table.columns),
        lines=tuple(_lines(table, figures, rows, last - first, leads)),
        foot=tuple(
            _sums(table, line, "total", total_leads(line.currency)) for line in merged(figures.totals)
        ),
        totals=_totals(table, figures, total_leads),
        charts=tuple(_chart(chart) for chart in table.charts),
        rows=figures.rows,
        first=first + 1 if figures.rows else 0,
        last=last,
        page=page,
        pages=pages,
        checksum=figures.checksum,
    )


def _lines(
    table: Table, figures: Figures, rows: Sequence[Row], shown_rows: int, leads: Leads
) -> Iterator[Line]:
    groups = {group.path: group.totals for group in figures.groups}
    places = [table.positions[key] for key in table.groups]
    counts = {path: sum(line.rows for line in lines[-1:]) for path, lines in groups.items()}
    for number in range(shown_rows):
        row = rows[number]
        yield Line("row", "", 0, tuple(_cell(table, column, row, leads) for column in table.columns))
        path = tuple(_plain(row[place]) for place in places)
        after = tuple(_plain(rows[number + 1][place]) for place in places) if number + 1 < len(rows) else None
        for depth in range(len(path), 0, -1):
            ends = after is None or path[:depth] != after[:depth]
            if ends and counts.get(path[:depth], 0) > 1:
                for line in merged(groups[path[:depth]]):
                    yield _sums(table, line, "subtotal", "", name=path[depth - 1])


def _plain(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _cell(table: Table, column: Column, row: Row, leads: Leads) -> CellWords:
    cell = row[table.positions[column.key]]
    currency = row[table.positions[column.currency]] if column.currency else None
    is_negative = isinstance(cell, int | Decimal) and cell < 0
    return CellWords(_words(column, cell, currency), column.is_numeric, leads(column, row), is_negative)


def _words(column: Column, cell: Cell, currency: Cell) -> str:
    if cell is None:
        return "–"
    text = shown(column.kind, cell, str(currency) if currency else None)
    return text.replace("_", " ") if column.kind is Kind.CODE and text.islower() else text


def _sums(table: Table, line: TotalLine, kind: str, href: str, *, name: str = "") -> Line:
    summed = {column.key for column in table.summed}
    span = next(place for place, column in enumerate(table.columns) if column.key in summed) if summed else 1
    words = f"{name} · {line.currency}" if name and line.currency not in {"", name} else name
    label = words or (f"Total {line.currency}" if line.currency else "Total")
    cells = []
    for column in table.columns[span:]:
        value = line.values.get(column.key) if column.key in summed else None
        text = shown(column.kind, value, line.currency) if value is not None else ""
        is_lead = bool(href) and column.key == "lost"
        cells.append(
            CellWords(text, column.is_numeric, href if is_lead else "", value is not None and value < 0)
        )
    return Line(kind, label, span, tuple(cells))


def _totals(table: Table, figures: Figures, total_leads: TotalLeads) -> tuple[TotalWords, ...]:
    """The sum of each currency that is asked about stands first, or the first sum of money there is."""
    found = []
    for line in merged(figures.totals):
        columns = [column for column in table.summed if column.key in line.values]
        money = [column for column in columns if column.kind is Kind.MONEY]
        lead = next((c for c in columns if c.key in ASKED_ABOUT), (money or columns)[0])
        if not money and any(column.kind is Kind.MONEY for column in table.summed):
            continue  # hours of all rows stand under the table
        words = [
            (c.label, shown(c.kind, line.values[c.key], line.currency)) for c in columns if c is not lead
        ]
        value = shown(lead.kind, line.values[lead.key], line.currency)
        found.append(TotalWords(line.currency, lead.label, value, total_leads(line.currency), tuple(words)))
    return tuple(found)


def _chart(chart: Chart) -> ChartWords:
    low = min([Decimal(0), *(Decimal(bar.value) for bar in chart.bars)])
    high = max([Decimal(0), *(Decimal(bar.value) for bar in chart.bars)])
    span = high - low or Decimal(1)
    bars = tuple(
        BarWords(
            label=bar.label.replace("_", " ") or "–",
            value=shown(chart.kind, bar.value, chart.currency),
            amount=quantity_text(chart.kind, bar.value, chart.currency)
            if chart.kind is not Kind.HOURS
            else str(bar.value),
            start=float(round((min(Decimal(0), Decimal(bar.value)) - low) / span * 100, 2)),
            length=float(round(abs(Decimal(bar.value)) / span * 100, 2)),
            is_negative=bar.value < 0,
        )
        for bar in chart.bars
    )
    is_time = bool(bars) and all(DAY.fullmatch(bar.label) for bar in bars)
    return ChartWords(chart.title, chart.note, chart.currency, is_time, bars)
