"""JSON: the same table for programs, amounts as exact decimal strings beside their currency, streamed."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from projects.reports.table import Block, Chart, Column, Figures, GroupTotals, Kind, Table, TotalLine
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.cells import as_of_text, instant_text, quantity_text
from projects.reports.writers.figures import Tally

# Cells that count a unit stay JSON integers; every other number is a decimal string, because most programs
# read
# a JSON number as a binary fraction.
UNITS = {Kind.HOURS: "seconds", Kind.MONEY: "currency", Kind.PERCENT: "fraction", Kind.DAYS: "days"}
AS_INTEGER = frozenset({Kind.HOURS, Kind.INTEGER})


def dumped(value: object) -> str:
    """Return compact JSON that keeps every script readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def column_facts(column: Column) -> dict[str, str]:
    """Return what a program must know to read a column."""
    facts = {"key": column.key, "label": column.label, "kind": column.kind.value, "total": column.total.value}
    optional = {"unit": UNITS.get(column.kind, ""), "currency_key": column.currency, "help": column.help}
    return facts | {name: text for name, text in optional.items() if text}


def quantity(kind: Kind, value: int | Decimal, currency: str) -> int | str:
    """Return a sum or a bar as JSON: whole seconds and counts as integers, the rest as decimal strings."""
    return int(value) if kind in AS_INTEGER else quantity_text(kind, value, currency)


def chart_facts(chart: Chart) -> dict[str, Any]:
    """Return a chart as the table of numbers it draws."""
    bars = [
        {"label": bar.label, "value": quantity(chart.kind, bar.value, chart.currency)} for bar in chart.bars
    ]
    return {
        "title": chart.title,
        "kind": chart.kind.value,
        "currency": chart.currency,
        "bars": bars,
        "note": chart.note,
    }


def head_of(table: Table) -> dict[str, Any]:
    """Return everything that stands before the rows."""
    facts = table.facts
    return {
        "name": table.name,
        "title": table.title,
        "as_of": as_of_text(table.as_of),
        "generated_at": instant_text(facts.generated_at),
        "run_id": facts.run_id,
        "prepared_for": facts.prepared_for,
        "code_version": facts.code_version,
        "method_version": facts.method_version,
        "inputs_fingerprint": facts.inputs_fingerprint,
        "parameters": [{"name": name, "value": value} for name, value in table.parameters],
        "method": table.method,
        "notes": list(table.notes),
        "groups": list(table.groups),
        "charts": [chart_facts(chart) for chart in table.charts],
        "columns": [column_facts(column) for column in table.columns],
    }


def tail_of(table: Table, figures: Figures) -> dict[str, Any]:
    """Return what is known only after the last row: counts, sums and the checksum."""
    return {
        "row_count": figures.rows,
        "totals": [line_facts(table, line) for line in figures.totals],
        "group_totals": [group_facts(table, group) for group in figures.groups],
        "checksum": figures.checksum,
    }


def line_facts(table: Table, line: TotalLine) -> dict[str, Any]:
    """Return the sums of one currency, or of all rows where the currency is null."""
    kinds = {column.key: column.kind for column in table.summed}
    sums = {key: quantity(kinds[key], value, line.currency) for key, value in line.values.items()}
    return {"currency": line.currency or None, "rows": line.rows, "sums": sums}


def group_facts(table: Table, group: GroupTotals) -> dict[str, Any]:
    """Return the sums of one group by the names of its columns."""
    path = dict(zip(table.groups, group.path, strict=False))
    return {"group": path, "totals": [line_facts(table, line) for line in group.totals]}


def json_columns(table: Table, block: Block) -> list[Sequence[object]]:
    """Return a block's columns as JSON values, unknown cells null."""
    return [
        cells
        if column.kind in AS_INTEGER
        else [None if cell is None else text for cell, text in zip(cells, texts, strict=True)]
        for column, cells, texts in zip(table.columns, block.cells, block.texts, strict=True)
    ]


def to_json(table: Table, out: BinaryIO) -> Figures:
    """Write one JSON object, its rows as objects by column key, block by block; return the figures.

    Raises UnableToWriteTable.
    """
    tally = Tally(table)
    keys = [column.key for column in table.columns]
    out.write(f'{dumped(head_of(table))[:-1]},"rows":['.encode("utf-8", "replace"))
    comma = ""
    for block in read_blocks(table):
        tally.add(block)
        rows = zip(*json_columns(table, block), strict=True)
        lines = ",\n".join(dumped(dict(zip(keys, row, strict=True))) for row in rows)
        out.write(f"{comma}\n{lines}".encode("utf-8", "replace"))
        comma = ","
    figures = tally.finish()
    out.write(f"\n],{dumped(tail_of(table, figures))[1:]}\n".encode("utf-8", "replace"))
    return figures
