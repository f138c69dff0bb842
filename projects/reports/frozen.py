"""A table as JSON and back: what a kept run holds is enough to write every format again, to the byte."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from projects.models import ReportBlock, ReportRun
from projects.reports.drafts import Draft
from projects.reports.packed import EXACT, packed, plain_rows, rows_of, unpacked
from projects.reports.table import (
    Bar,
    Block,
    Chart,
    Column,
    Facts,
    Figures,
    GroupTotals,
    Kept,
    Kind,
    Row,
    Table,
    Total,
    TotalLine,
)
from projects.reports.writers.blocks import BLOCK_ROWS, read_blocks
from projects.reports.writers.figures import Tally, figures_of

FEW_ROWS: Final = BLOCK_ROWS
"""So many rows are kept within the run itself; more go into blocks of this many."""
Tell = Callable[[int], None]
"""Hears how many rows are done; may raise to stop."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A table as it is kept: its document, the packed blocks of a long one, and its figures."""

    document: Mapping[str, Any]
    blocks: tuple[bytes, ...]
    figures: Figures


def freeze(table: Table, draft: Draft, *, tell: Tell | None = None) -> Frozen:
    """Read the rows once, block by block: memory holds one block and what is packed already."""
    tally, blocks, few, done = Tally(table), list[bytes](), list[list[Any]](), 0
    # Called off half way, the rows' cursor is closed here and now, not whenever memory is next tidied.
    with closing(read_blocks(table, rows_per_block=BLOCK_ROWS)) as read:
        for block in read:
            tally.add(block)
            if done == 0:
                few = plain_rows(table.columns, block.cells)
            blocks.append(packed(table.columns, block))
            done += block.size
            if tell is not None:
                tell(done)
    figures = tally.finish()
    document = _document_of(table, draft, figures)
    if len(blocks) <= 1:
        return Frozen({**document, "rows": few}, (), figures)
    return Frozen(document, tuple(blocks), figures)


def _document_of(table: Table, draft: Draft, figures: Figures) -> dict[str, Any]:
    """Everything of a table but its rows; decimals as text."""
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
        "keys": list(draft.keys),
        "groups": list(table.groups),
        "parameters": [list(pair) for pair in table.parameters],
        "method": table.method,
        "notes": list(table.notes),
        "charts": [_chart(chart) for chart in table.charts],
        "method_version": table.facts.method_version,
        "sources": list(draft.sources),
        "totals": [_line(line) for line in figures.totals],
        "group_totals": [
            {"path": list(group.path), "totals": [_line(line) for line in group.totals]}
            for group in figures.groups
        ],
    }


def table_of_run(run: ReportRun) -> Table:
    """The table that was kept; writers refuse it should its rows not have the checksum that was kept with them."""
    kept: Mapping[str, Any] = run.rows
    columns = _columns(kept)
    is_long = "rows" not in kept
    blocks = _opener(run, columns)
    return Table(
        name=run.name.replace("-", "_"),
        title=kept["title"],
        columns=columns,
        rows=_reader(blocks) if is_long else tuple(rows_of(columns, kept["rows"])),
        row_count=run.row_count if is_long else None,
        kept=Kept(blocks, figures_of_run(run)) if is_long and "totals" in kept else None,
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


def figures_of_run(run: ReportRun) -> Figures:
    """The sums that were kept with the rows, without reading them again."""
    if "totals" not in run.rows:  # kept before sums were kept beside the rows
        return figures_of(table_of_run(run))
    groups = tuple(
        GroupTotals(tuple(each["path"]), tuple(map(_line_of, each["totals"])))
        for each in run.rows["group_totals"]
    )
    return Figures(run.row_count, tuple(map(_line_of, run.rows["totals"])), groups, run.checksum)


def rows_of_run(run: ReportRun, first: int, last: int) -> list[Row]:
    """The rows numbered `[first, last)` from 0; of a long run only the blocks that hold them are read."""
    columns = _columns(run.rows)
    if "rows" in run.rows:
        return list(rows_of(columns, run.rows["rows"][first:last]))
    numbers = range(first // BLOCK_ROWS, -(-last // BLOCK_ROWS))
    blocks = ReportBlock.objects.filter(run=run, number__in=numbers).order_by("number")
    rows = [row for block in blocks for row in zip(*unpacked(columns, block.packed).cells, strict=True)]
    start = first - numbers.start * BLOCK_ROWS
    return rows[start : start + last - first]


def keys_of_run(run: ReportRun) -> tuple[str, ...]:
    """The columns that tell the run's rows apart."""
    return tuple(run.rows["keys"])


def sources_of_run(run: ReportRun) -> tuple[int, ...]:
    """The estimate runs whose figures the run holds."""
    return tuple(run.rows["sources"])


def _columns(kept: Mapping[str, Any]) -> tuple[Column, ...]:
    return tuple(
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


def _opener(run: ReportRun, columns: tuple[Column, ...]) -> Callable[[], Iterator[Block]]:
    def blocks() -> Iterator[Block]:
        kept = ReportBlock.objects.filter(run=run).order_by("number").values_list("packed", flat=True)
        for block in kept.iterator(chunk_size=4):
            yield unpacked(columns, block)

    return blocks


def _reader(blocks: Callable[[], Iterator[Block]]) -> Callable[[], Iterator[Row]]:
    def read() -> Iterator[Row]:
        for block in blocks():
            yield from zip(*block.cells, strict=True)

    return read


def _line(line: TotalLine) -> dict[str, Any]:
    values = {key: value if isinstance(value, int) else str(value) for key, value in line.values.items()}
    return {"currency": line.currency, "rows": line.rows, "values": values}


def _line_of(each: Mapping[str, Any]) -> TotalLine:
    values = {
        key: Decimal(value) if isinstance(value, str) else value for key, value in each["values"].items()
    }
    return TotalLine(each["currency"], each["rows"], values)


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
    bars = tuple(Bar(label, Decimal(value) if kind in EXACT else int(value)) for label, value in each["bars"])
    return Chart(each["title"], bars, kind, each["currency"], each["note"])
