"""Rows of a kept run: plain values that JSON can hold, in packed blocks, so that a page of a long run is one block."""

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from projects.reports.table import Cell, Column, Kind, Row

EXACT: Final = (Kind.DAYS, Kind.PERCENT, Kind.RATE)
"""Kinds whose numbers are kept as text: JSON would make binary fractions of them."""
LEVEL: Final = 1


def packed(rows: Sequence[Sequence[Any]]) -> bytes:
    """Plain rows as one compressed block."""
    return zlib.compress(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode(), LEVEL)


def unpacked(block: bytes | memoryview) -> list[list[Any]]:
    """The plain rows of a block."""
    rows: list[list[Any]] = json.loads(zlib.decompress(block))
    return rows


def plain_rows(columns: Sequence[Column], cells: Sequence[Sequence[Cell]]) -> list[list[Any]]:
    """Rows as JSON holds them, from cells given column by column."""
    plain = [
        [plain_cell(column.kind, cell) for cell in own] for column, own in zip(columns, cells, strict=True)
    ]
    return list(map(list, zip(*plain, strict=True)))


def plain_cell(kind: Kind, cell: Cell) -> str | int | None:
    """Decimals as text, days and instants as ISO 8601, the rest as it is."""
    if cell is None:
        return None
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC).isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell) if kind in EXACT else cell if isinstance(cell, int) else str(cell)


def rows_of(columns: Sequence[Column], plain: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Plain rows as the rows of a table."""
    for cells in plain:
        yield tuple(_cell(column.kind, cell) for column, cell in zip(columns, cells, strict=True))


def _cell(kind: Kind, cell: Any) -> Cell:
    if cell is None:
        return None
    if kind is Kind.INSTANT:
        return dt.datetime.fromisoformat(cell)
    if kind is Kind.DATE:
        return dt.date.fromisoformat(cell)
    found: Cell = Decimal(cell) if kind in EXACT else cell
    return found
