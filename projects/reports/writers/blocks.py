"""Blocks of rows: a table read a few thousand rows at a time, column by column, in bounded memory."""

import csv
import io
from collections.abc import Collection, Generator, Sequence
from functools import cached_property
from itertools import islice

from projects.reports.table import Block, Cell, Table, UnableToWriteTable
from projects.reports.writers.cells import texts

# Large enough that the work per block vanishes, small enough that a block of wide rows is a few megabytes.
BLOCK_ROWS = 4000


class FreshBlock:
    """Rows as a report's builder gave them, their texts made of their cells."""

    def __init__(
        self, size: int, cells: tuple[Sequence[Cell], ...], texts: tuple[Sequence[str], ...]
    ) -> None:
        """Hold so many rows, given column by column."""
        self.size, self.cells, self.texts = size, cells, texts

    @cached_property
    def canonical(self) -> bytes:
        """The rows as CSV of their canonical texts."""
        return csv_bytes(self.texts)

    def starts(self, position: int) -> Collection[str]:
        """The characters that the texts of a column begin with."""
        return {text[:1] for text in self.texts[position]}


def read_blocks(table: Table, *, rows_per_block: int = BLOCK_ROWS) -> Generator[Block]:
    """Yield the rows in blocks, those of a kept run as they were kept.

    Raises UnableToWriteTable for a row that does not fit the columns.
    """
    if table.kept is not None:
        yield from table.kept.blocks()
        return
    source = table.open_rows()
    done = 0
    while rows := list(islice(source, rows_per_block)):
        if set(map(len, rows)) != {len(table.columns)}:
            raise UnableToWriteTable(f"a row after row {done} does not have {len(table.columns)} cells")
        columns = tuple(zip(*rows, strict=True))
        yield FreshBlock(len(rows), columns, texts_of(table, columns))
        done += len(rows)


def texts_of(table: Table, columns: Sequence[Sequence[Cell]]) -> tuple[Sequence[str], ...]:
    """Return the canonical texts of all columns, each amount with the decimals of its row's currency."""
    return tuple(
        texts(column, cells, columns[table.positions[column.currency]] if column.currency else ())
        for column, cells in zip(table.columns, columns, strict=True)
    )


def csv_bytes(columns: Sequence[Sequence[str]]) -> bytes:
    """Return text columns as RFC 4180 rows in UTF-8, lines ended by CR LF."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(zip(*columns, strict=True))
    return buffer.getvalue().encode("utf-8", "replace")
