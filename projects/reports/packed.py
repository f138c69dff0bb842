"""Rows of a kept run: plain values for a short one, packed blocks of canonical CSV for a long one.

A packed block is compressed: one line of JSON that says what CSV leaves open (how many rows, which empty texts are
unknown rather than empty, what texts start with), then the rows exactly as their checksum was taken. So a CSV file of
a kept run is its blocks one after another, and a page of it is one block.
"""

import csv
import datetime as dt
import io
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from projects.reports.table import Block, Cell, Column, Kind, Row
from projects.reports.writers.blocks import FreshBlock
from projects.reports.writers.cells import texts

EXACT: Final = (Kind.DAYS, Kind.PERCENT, Kind.RATE)
"""Kinds whose numbers are kept as text: JSON would make binary fractions of them."""
TEXTS: Final = (Kind.TEXT, Kind.CODE)
LEVEL: Final = 1
LONGEST_TEXT: Final = 100_000
"""The reader of CSV refuses longer fields; a block that has one is kept as plain rows."""


def packed(columns: Sequence[Column], block: Block) -> bytes:
    """A block as it is kept."""
    places = [place for place, column in enumerate(columns) if column.kind in TEXTS]
    if any(max(map(len, block.texts[place])) > LONGEST_TEXT for place in places):
        return zlib.compress(_dumped(plain_rows(columns, block.cells)).encode(), LEVEL)
    head = {
        "size": block.size,
        "unknown": {
            str(place): [n for n, cell in enumerate(block.cells[place]) if cell is None]
            for place in places
            if None in block.cells[place]
        },
        "starts": {str(place): "".join(sorted(block.starts(place))) for place in places},
    }
    return zlib.compress(b"\n".join((json.dumps(head).encode(), block.canonical)), LEVEL)


def unpacked(columns: Sequence[Column], block: bytes | memoryview) -> Block:
    """The rows of a block."""
    data = zlib.decompress(block)
    if data.startswith(b"["):
        rows = tuple(rows_of(columns, json.loads(data)))
        cells = tuple(zip(*rows, strict=True))
        return FreshBlock(len(rows), cells, _texts_of(columns, cells))
    end = data.index(b"\n")
    return KeptBlock(columns, json.loads(data[:end]), memoryview(data)[end + 1 :])


class KeptBlock:
    """Rows as they were kept; cells and texts are made only where somebody asks for them."""

    def __init__(self, columns: Sequence[Column], head: Mapping[str, Any], canonical: memoryview) -> None:
        """Hold the bytes and what CSV leaves open about them."""
        self.columns, self.head, self.canonical = columns, head, canonical
        self.size: int = head["size"]

    @cached_property
    def texts(self) -> tuple[Sequence[str], ...]:
        """The canonical texts, by column."""
        text = str(self.canonical, "utf-8")
        if '"' in text:
            return tuple(zip(*csv.reader(io.StringIO(text, newline="")), strict=True))
        return tuple(zip(*(line.split(",") for line in text.split("\r\n")[:-1]), strict=True))

    @cached_property
    def cells(self) -> tuple[Sequence[Cell], ...]:
        """The cells, by column."""
        return tuple(self._cells(place, column) for place, column in enumerate(self.columns))

    def starts(self, position: int) -> Collection[str]:
        """The characters that the texts of a column begin with."""
        starts: str = self.head["starts"][str(position)]
        return starts

    def _cells(self, place: int, column: Column) -> Sequence[Cell]:
        own = self.texts[place]
        if column.kind in TEXTS:
            unknown = self.head["unknown"].get(str(place))
            if unknown is None:
                return own
            cells: list[Cell] = list(own)
            for number in unknown:
                cells[number] = None
            return cells
        if column.kind is Kind.MONEY:
            return _minor_units(own)
        read = _READERS[column.kind]
        return [read(text) if text else None for text in own] if "" in own else list(map(read, own))


def _minor_units(amounts: Sequence[str]) -> Sequence[Cell]:
    """Every amount has as many decimals as its currency: without the point it is its minor units."""
    if "" not in amounts:
        return list(map(int, "\n".join(amounts).replace(".", "").split("\n")))
    return [int(amount.replace(".", "")) if amount else None for amount in amounts]


def _seconds(text: str) -> int:
    hours, minutes, seconds = text.lstrip("-").split(":")
    total = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return -total if text.startswith("-") else total


_READERS: Final[Mapping[Kind, Callable[[str], Cell]]] = {
    Kind.DATE: dt.date.fromisoformat,
    Kind.INSTANT: dt.datetime.fromisoformat,
    Kind.HOURS: _seconds,
    Kind.DAYS: Decimal,
    Kind.PERCENT: Decimal,
    Kind.RATE: Decimal,
    Kind.INTEGER: int,
}


def _texts_of(columns: Sequence[Column], cells: Sequence[Sequence[Cell]]) -> tuple[Sequence[str], ...]:
    places = {column.key: place for place, column in enumerate(columns)}
    return tuple(
        texts(column, own, cells[places[column.currency]] if column.currency else ())
        for column, own in zip(columns, cells, strict=True)
    )


def _dumped(rows: Sequence[Sequence[Any]]) -> str:
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False)


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
