"""PDF: a report to keep and to hand to an auditor, tagged, with its origin, its rows, their totals and the method."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, BinaryIO

from projects.reports.table import Block, Chart, Column, Figures, Kind, Table, TotalLine
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.cells import as_of_text, grouped, percent_text, shown
from projects.reports.writers.figures import Sums, Tally, merged
from projects.reports.writers.typeset import Typesetter, typeset
from projects.reports.writers.typesetter import typeset_here

# Typesetting takes about 22 KB of memory a cell, measured: so many keep it under 300 MB.
CELL_LIMIT = 9_000
# More than these may be typeset in a process of their own: this one would keep the memory.
FEW_CELLS = 1_000
GROUP_LIMIT = 500
UNKNOWN = "–"
GROUPED = frozenset({Kind.MONEY, Kind.DAYS, Kind.INTEGER, Kind.RATE})
# A word longer than this is broken, or it would run out of its column; the break is invisible.
LONGEST_WORD, BREAK = 18, "\u200b"
NO_LINES: dict[str, list[Any]] = {"head": [], "lines": []}

Line = tuple[str, ...]


def to_pdf(
    table: Table, out: BinaryIO, *, row_limit: int | None = None, make_long: Typesetter = typeset_here
) -> Figures:
    """Write a tagged PDF/UA-1 dated as the table's `generated_at`: the same table gives the same bytes.

    At most `row_limit` rows are printed, by default as many as CELL_LIMIT cells. Where there are more, the
    document says so, gives the totals of the printed rows beside those of all rows, and the subtotals of the
    groups. `make_long` typesets what has more than FEW_CELLS. Raises UnableToWriteTable.
    """
    limit = CELL_LIMIT // len(table.columns) if row_limit is None else row_limit
    tally, printed, lines = Tally(table), Sums(table), list[Line]()
    for block in read_blocks(table):
        tally.add(block)
        size = min(block.size, limit - len(lines))
        if size > 0:
            printed.add([cells[:size] for cells in block.cells], size)
            lines += [tuple(line) for line in zip(*(t[:size] for t in read_texts(table, block)), strict=True)]
    figures = tally.finish()
    data = {
        **cover_of(table, figures),
        **rows_of(table, figures, lines, printed),
        "charts": [chart_of(chart) for chart in table.charts],
        "method": [paragraph.strip() for paragraph in table.method.split("\n\n") if paragraph.strip()],
        "column-help": [[column.label, column.help] for column in table.columns if column.help],
        "notes": list(table.notes),
    }
    printed_lines = len(lines) + min(len(figures.groups), GROUP_LIMIT)
    is_large = printed_lines * len(table.columns) > FEW_CELLS
    make = make_long if is_large else typeset_here
    typeset("report.typ", data, at=table.facts.generated_at, out=out, make=make)
    return figures


def read_texts(table: Table, block: Block) -> list[list[str]]:
    """Return a block's columns as a person reads them, unknown cells as a dash."""
    return [
        [
            UNKNOWN if cell is None else reader(column.kind)(text)
            for cell, text in zip(cells, texts, strict=True)
        ]
        for column, cells, texts in zip(table.columns, block.cells, block.texts, strict=True)
    ]


def reader(kind: Kind) -> Callable[[str], str]:
    """Return what turns a canonical text of this kind into the words of a page."""
    if kind in GROUPED:
        return grouped
    if kind is Kind.PERCENT:
        return percent_of
    if kind is Kind.INSTANT:
        return minute_of
    return breakable if kind in (Kind.TEXT, Kind.CODE) else str


def percent_of(text: str) -> str:
    """Return a canonical fraction as a percentage."""
    return percent_text(Decimal(text))


def minute_of(text: str) -> str:
    """Return a canonical instant to the minute."""
    return f"{text[:10]} {text[11:16]}Z"


def breakable(text: str) -> str:
    """Return a text whose longest words may be broken over lines."""
    if len(text) <= LONGEST_WORD:
        return text
    return " ".join(
        BREAK.join(word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD))
        for word in text.split(" ")
    )


def cover_of(table: Table, figures: Figures) -> dict[str, Any]:
    """Return the first page: what the report is, what it adds up to, its parameters and its origin."""
    facts = table.facts
    currencies = [line.currency for line in figures.totals if line.currency]
    origin: list[list[Any]] = [
        ["Rows", f"{figures.rows:,}"],
        ["Checksum of the rows", figures.checksum, True],
        ["Fingerprint of the inputs", facts.inputs_fingerprint, True],
        ["Run", facts.run_id, True],
        ["Method version", facts.method_version],
        ["Code version", facts.code_version],
        ["Generated at", shown(Kind.INSTANT, facts.generated_at)],
        ["Prepared for", facts.prepared_for],
    ]
    return {
        "kind": "ContractorHub report",
        "title": table.title,
        "subtitle": f"As of {as_of_text(table.as_of)}",
        "footer": f"{table.title} · as of {as_of_text(table.as_of)} · rows {figures.checksum[:16]}",
        "totals": totals_of(table, merged(figures.totals)),
        "currency-note": "Nothing is added across currencies." if len(currencies) > 1 else "",
        "parameters": [list(pair) for pair in table.parameters],
        "origin": [fact for fact in origin if fact[1]],
    }


def sum_texts(columns: Sequence[Column], line: TotalLine) -> list[str]:
    """Return a line's sums as a person reads them, by column, empty where the column has none."""
    return [
        shown(column.kind, line.values[column.key], line.currency) if column.key in line.values else ""
        for column in columns
    ]


def line_label(line: TotalLine) -> str:
    """Return the words before a line of sums."""
    return f"Total {line.currency}" if line.currency else "Total, all rows"


def totals_of(table: Table, lines: Sequence[TotalLine]) -> dict[str, Any]:
    """Return the sums of all rows, a line a currency, with the number of rows of each."""
    if not lines:
        return NO_LINES
    return {
        "head": ["Sum", "Rows", *(column.label for column in table.summed)],
        "lines": [[line_label(line), f"{line.rows:,}", *sum_texts(table.summed, line)] for line in lines],
    }


def shown_path(path: Sequence[str]) -> Line:
    """Return a group's canonical texts as its rows show them; one that is empty or not known is a dash."""
    return tuple(breakable(text) or UNKNOWN for text in path)


def subtotals_of(table: Table, figures: Figures) -> dict[str, Any]:
    """Return the sums of each group, a line a currency, at most GROUP_LIMIT groups."""
    lines = [
        [
            f"{' · '.join(shown_path(group.path))} · {line_label(line)}",
            f"{line.rows:,}",
            *sum_texts(table.summed, line),
        ]
        for group in figures.groups[:GROUP_LIMIT]
        for line in merged(group.totals)
    ]
    return (
        {"head": ["Group", "Rows", *(column.label for column in table.summed)], "lines": lines}
        if lines
        else NO_LINES
    )


def rows_of(table: Table, figures: Figures, lines: Sequence[Line], printed: Sums) -> dict[str, Any]:
    """Return the rows under a band for each group, the subtotals after each, and the totals."""
    columns = [column for column in table.columns if column.key not in table.groups]
    places = [table.positions[column.key] for column in columns]
    is_cut = printed.rows < figures.rows
    rows = [{"kind": "row", "cells": [line[place] for place in places]} for line in lines]
    if table.groups and not is_cut:
        rows = banded(table, figures, columns, lines, rows)
    if is_cut:
        rows += sum_rows(columns, merged(printed.lines()), "Printed rows · ", "total")
    rows += sum_rows(columns, merged(figures.totals), "All rows · " if is_cut else "", "total")
    note = f"Rows 1 to {printed.rows:,} of {figures.rows:,} are printed; the CSV, XLSX and JSON of this run hold all."
    summed = [place for place, column in enumerate(columns) if column in table.summed]
    return {
        "columns": [{"label": c.label, "right": c.is_numeric, "wide": c.kind is Kind.TEXT} for c in columns],
        "first-sum": summed[0] if summed else 0,
        "rows": rows,
        "rows-note": note if is_cut else "" if figures.rows else "No row matches the parameters.",
        "unknown": any(UNKNOWN in line for line in lines),
        "landscape": len(columns) > 6,
        "size": 9 if len(columns) <= 7 else 8 if len(columns) <= 10 else 7 if len(columns) <= 14 else 6,
        "subtotals": subtotals_of(table, figures) if is_cut else NO_LINES,
    }


def sum_rows(
    columns: Sequence[Column], lines: Sequence[TotalLine], prefix: str, kind: str
) -> list[dict[str, Any]]:
    """Return rows of sums under the columns they sum."""
    return [
        {"kind": kind, "label": f"{prefix}{line_label(line)}", "cells": sum_texts(columns, line)}
        for line in lines
    ]


def banded(
    table: Table,
    figures: Figures,
    columns: Sequence[Column],
    lines: Sequence[Line],
    rows: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Return the rows with a band before each innermost group and subtotals after every group that ends."""
    totals = {shown_path(group.path): group.totals for group in figures.groups}
    places = [table.positions[key] for key in table.groups]
    runs = [
        (path, [row for _, row in run])
        for path, run in groupby(
            zip(lines, rows, strict=True),
            key=lambda pair: tuple(pair[0][place] or UNKNOWN for place in places),
        )
    ]
    result: list[dict[str, Any]] = []
    for number, (path, run_rows) in enumerate(runs):
        following = runs[number + 1][0] if number + 1 < len(runs) else ()
        result += [{"kind": "band", "label": " · ".join(path)}, *run_rows]
        for depth in range(len(path), 0, -1):
            if path[:depth] != following[:depth]:
                sums = merged(totals[path[:depth]])
                result += sum_rows(columns, sums, f"{path[depth - 1]} · ", "subtotal")
    return result


def chart_of(chart: Chart) -> dict[str, Any]:
    """Return a chart as bars between 0 and 1 of the width, zero where the smallest negative bar leaves it."""
    low = min([Decimal(0), *(Decimal(bar.value) for bar in chart.bars)])
    high = max([Decimal(0), *(Decimal(bar.value) for bar in chart.bars)])
    span = high - low or Decimal(1)
    return {
        "title": chart.title,
        "unit": chart.currency or {Kind.HOURS: "Hours", Kind.DAYS: "Days"}.get(chart.kind, ""),
        "zero": float(-low / span),
        "note": chart.note,
        "bars": [
            {
                "label": bar.label,
                "shown": shown(chart.kind, bar.value, chart.currency),
                "start": float((min(Decimal(0), Decimal(bar.value)) - low) / span),
                "length": float(abs(Decimal(bar.value)) / span),
                "negative": bar.value < 0,
            }
            for bar in chart.bars
        ],
    }
