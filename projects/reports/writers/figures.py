"""Figures: what the rows of a table add up to, counted while they are written, and their checksum."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import compress, groupby
from typing import cast

from projects.reports.table import (
    Block,
    Cell,
    Column,
    Figures,
    GroupTotals,
    Kind,
    Table,
    TotalLine,
    UnableToWriteTable,
)
from projects.reports.writers.blocks import csv_bytes, read_blocks
from projects.reports.writers.cells import needed


class Sums:
    """Adds up the summed columns of ranges of rows, each amount within its own currency."""

    def __init__(self, table: Table) -> None:
        """Remember where the summed columns and their currencies stand."""
        at = table.positions
        self.money = [(c, at[c.key], at[c.currency]) for c in table.summed if c.kind is Kind.MONEY]
        self.others = [(c.key, at[c.key]) for c in table.summed if c.kind is not Kind.MONEY]
        self.currencies = sorted({position for _, _, position in self.money})
        self.rows = 0
        self.rows_by_currency: Counter[str] = Counter()
        self.by_currency: dict[str, dict[str, int]] = {}
        self.by_key: dict[str, int | Decimal] = {key: 0 for key, _ in self.others}

    def add(self, cells: Sequence[Sequence[Cell]], size: int) -> None:
        """Add `size` rows, given column by column."""
        self.rows += size
        self._count(cells)
        for column, position, currency_position in self.money:
            self._add_money(column, cells[position], cells[currency_position])
        for key, position in self.others:
            self.by_key[key] += sum(cast(Iterable[int], filter(None, cells[position])))

    def _count(self, cells: Sequence[Sequence[Cell]]) -> None:
        """Count rows by currency; a row whose two amounts share a currency counts once."""
        if len(self.currencies) == 1:
            self.rows_by_currency.update(cast(Sequence[str], cells[self.currencies[0]]))
            return
        for row in zip(*(cells[position] for position in self.currencies), strict=True):
            self.rows_by_currency.update(cast(set[str], set(row)))

    def _add_money(self, column: Column, amounts: Sequence[Cell], currencies: Sequence[Cell]) -> None:
        distinct = cast(set[str | None], set(currencies))
        for currency in distinct:
            own = amounts if len(distinct) == 1 else compress(amounts, [c == currency for c in currencies])
            known = [cast(int, amount) for amount in own if amount is not None]
            if known:
                sums = self.by_currency.setdefault(needed(column, currency), {})
                sums[column.key] = sums.get(column.key, 0) + sum(known)

    def lines(self) -> tuple[TotalLine, ...]:
        """Return a line for each currency, in order of its code, then one for all rows."""
        money = [
            TotalLine(currency, self.rows_by_currency[currency], dict(sums))
            for currency, sums in sorted(self.by_currency.items())
        ]
        return (*money, TotalLine("", self.rows, dict(self.by_key)))


def started_digest(table: Table) -> "hashlib._Hash":
    """Return what a checksum starts with: the columns' keys, so that a figure keeps its meaning."""
    return hashlib.sha256(csv_bytes([(column.key,) for column in table.columns]))


class Tally:
    """Counts what a writer writes, block by block."""

    def __init__(self, table: Table) -> None:
        """Start with no rows."""
        self.table = table
        self.sums = Sums(table)
        self.groups: dict[tuple[str, ...], Sums] = {}
        self.digest = started_digest(table)

    def add(self, block: Block) -> None:
        """Count a block."""
        self.digest.update(block.canonical)
        self.sums.add(block.cells, block.size)
        for path, start, end in self._runs(block):
            part = [cells[start:end] for cells in block.cells]
            for depth in range(1, len(path) + 1):
                self.groups.setdefault(path[:depth], Sums(self.table)).add(part, end - start)

    def _runs(self, block: Block) -> Iterator[tuple[tuple[str, ...], int, int]]:
        if not self.table.groups:
            return
        keys = [block.texts[self.table.positions[key]] for key in self.table.groups]
        start = 0
        for path, run in groupby(zip(*keys, strict=True)):
            end = start + sum(1 for _ in run)
            yield path, start, end
            start = end

    def finish(self) -> Figures:
        """Return the figures; raise UnableToWriteTable where they are not those the table states."""
        groups = tuple(GroupTotals(path, sums.lines()) for path, sums in self.groups.items())
        figures = Figures(self.sums.rows, self.sums.lines(), groups, self.digest.hexdigest())
        verify(self.table, figures)
        return figures


class Checksum:
    """Holds the rows of a kept run against its checksum, without adding them up again."""

    def __init__(self, table: Table, figures: Figures) -> None:
        """Start with no rows; `figures` are what they were found to be when they were frozen."""
        self.table, self.figures = table, figures
        self.rows, self.digest = 0, started_digest(table)

    def add(self, block: Block) -> None:
        """Count a block."""
        self.rows += block.size
        self.digest.update(block.canonical)

    def finish(self) -> Figures:
        """Return the figures; raise UnableToWriteTable where the rows are not those that were frozen."""
        figures = replace(self.figures, rows=self.rows, checksum=self.digest.hexdigest())
        if figures != self.figures:
            raise UnableToWriteTable(
                f"{self.table.name}: {self.rows} rows have checksum {figures.checksum}, "
                f"the frozen run has {self.figures.rows} with {self.figures.checksum}"
            )
        return figures


def verify(table: Table, figures: Figures) -> None:
    """Raise UnableToWriteTable where sums or checksum differ from those that the table was given with."""
    if table.facts.checksum and table.facts.checksum != figures.checksum:
        raise UnableToWriteTable(
            f"{table.name}: the rows have checksum {figures.checksum}, the frozen run {table.facts.checksum}"
        )
    if table.stated_totals is None:
        return
    stated = amounts_of(table.stated_totals)
    keys = {key for _, key in stated}
    found = {place: amount for place, amount in amounts_of(figures.totals).items() if place[1] in keys}
    for currency, key in sorted(stated.keys() | found.keys()):
        if stated.get((currency, key), 0) != found.get((currency, key), 0):
            raise UnableToWriteTable(
                f"{table.name}: column {key} {currency} is stated as {stated.get((currency, key), 0)}"
                f" but its rows add up to {found.get((currency, key), 0)}"
            )


def amounts_of(lines: Sequence[TotalLine]) -> dict[tuple[str, str], int | Decimal]:
    """Return the sums by (currency, column key)."""
    return {(line.currency, key): value for line in lines for key, value in line.values.items()}


def merged(lines: Sequence[TotalLine]) -> tuple[TotalLine, ...]:
    """Return total lines as people read them: one where all rows share a currency, none without a sum."""
    filled = tuple(line for line in lines if line.values)
    is_one_currency = len(filled) == 2 and bool(filled[0].currency) and not filled[1].currency
    if is_one_currency and filled[0].rows == filled[1].rows:
        return (TotalLine(filled[0].currency, filled[0].rows, {**filled[0].values, **filled[1].values}),)
    return filled


def figures_of(table: Table) -> Figures:
    """Read every row and return the figures without writing anything: for freezing a run, and for pages."""
    tally = Tally(table)
    for block in read_blocks(table):
        tally.add(block)
    return tally.finish()
