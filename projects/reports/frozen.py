"""A table as JSON and back: what a kept run holds is enough to write every format again, to the byte."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projects.models import ReportRun
from projects.reports.drafts import Draft
from projects.reports.table import Bar, Cell, Chart, Column, Facts, Kind, Row, Table, Total

_EXACT = (Kind.DAYS, Kind.PERCENT, Kind.RATE)


def document_of(table: Table, draft: Draft) -> dict[str, Any]:
    """Everything of a table that JSON can hold; decimals as text, days and instants as ISO 8601."""
    return {
        "title": table.title,
        "columns": [
            {
                "key": column.key,
                "label": column.label,
                "kind": column.kind.value,
                "help": column.help,
                "total": column.total.value,
                "currency": column.currency,
            }
            for column in table.columns
        ],
        "rows": [
            [_plain(column.kind, cell) for column, cell in zip(table.columns, row, strict=True)]
            for row in table.open_rows()
        ],
        "keys": list(draft.keys),
        "groups": list(table.groups),
        "parameters": [list(pair) for pair in table.parameters],
        "method": table.method,
        "notes": list(table.notes),
        "charts": [_chart(chart) for chart in table.charts],
        "method_version": table.facts.method_version,
        "sources": list(draft.sources),
    }


def table_of_run(run: ReportRun) -> Table:
    """The table that was kept; writers refuse it should its rows not have the checksum that was kept with them."""
    kept: Mapping[str, Any] = run.rows
    columns = tuple(
        Column(
            each["key"],
            each["label"],
            Kind(each["kind"]),
            each["help"],
            Total(each["total"]),
            each["currency"],
        )
        for each in kept["columns"]
    )
    return Table(
        name=run.name.replace("-", "_"),
        title=kept["title"],
        columns=columns,
        rows=tuple(_row(columns, cells) for cells in kept["rows"]),
        as_of=run.as_of,
        facts=Facts(
            generated_at=run.pulled_at,
            code_version=run.code_version,
            inputs_fingerprint=run.inputs_fingerprint,
            method_version=kept["method_version"],
            run_id=str(run.public_id),
            checksum=run.checksum,
        ),
        parameters=tuple((name, words) for name, words in kept["parameters"]),
        groups=tuple(kept["groups"]),
        method=kept["method"],
        notes=tuple(kept["notes"]),
        charts=tuple(_chart_of(each) for each in kept["charts"]),
    )


def keys_of_run(run: ReportRun) -> tuple[str, ...]:
    """The columns that tell the run's rows apart."""
    return tuple(run.rows["keys"])


def sources_of_run(run: ReportRun) -> tuple[int, ...]:
    """The estimate runs whose figures the run holds."""
    return tuple(run.rows["sources"])


def _plain(kind: Kind, cell: Cell) -> str | int | None:
    if cell is None:
        return None
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC).isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell) if kind in _EXACT else cell if isinstance(cell, int) else str(cell)


def _row(columns: Sequence[Column], cells: Sequence[Any]) -> Row:
    return tuple(_cell(column.kind, cell) for column, cell in zip(columns, cells, strict=True))


def _cell(kind: Kind, cell: Any) -> Cell:
    if cell is None:
        return None
    if kind is Kind.INSTANT:
        return dt.datetime.fromisoformat(cell)
    if kind is Kind.DATE:
        return dt.date.fromisoformat(cell)
    found: Cell = Decimal(cell) if kind in _EXACT else cell
    return found


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "kind": chart.kind.value,
        "currency": chart.currency,
        "note": chart.note,
        "bars": [[bar.label, str(bar.value)] for bar in chart.bars],
    }


def _chart_of(each: Mapping[str, Any]) -> Chart:
    kind = Kind(each["kind"])
    bars = tuple(
        Bar(label, Decimal(value) if kind in _EXACT else int(value)) for label, value in each["bars"]
    )
    return Chart(each["title"], bars, kind, each["currency"], each["note"])
