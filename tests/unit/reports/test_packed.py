"""Rows of a kept run come back cell by cell, and their file is the bytes that were kept."""

import gc
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.reports.packed import LONGEST_TEXT, packed, plain_rows, unpacked
from projects.reports.table import Block, Kept, Row, Table, UnableToWriteTable
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.csv_file import to_csv
from projects.reports.writers.figures import figures_of
from projects.reports.writers.json_file import to_json
from projects.reports.writers.pdf_file import to_pdf
from projects.reports.writers.xlsx_file import to_xlsx
from tests.unit.reports.tables import COLUMNS, ROWS, impact_table
from tests.unit.reports.test_csv_and_json import PAYLOADS

HOSTILE: tuple[Row, ...] = (
    *ROWS,
    *((text, None, f"x{text}", None, None, "USD", None, -5, -61, None, None, None) for text in PAYLOADS),
    ("", "", None, *ROWS[0][3:]),
)


def packs(table: Table, rows_per_block: int = 4) -> list[bytes]:
    return [packed(COLUMNS, block) for block in read_blocks(table, rows_per_block=rows_per_block)]


def kept(table: Table, blocks: list[bytes]) -> Table:
    """The table as a kept run gives it: its blocks, and what they added up to."""
    return replace(
        table, rows=(), kept=Kept(lambda: (unpacked(COLUMNS, each) for each in blocks), figures_of(table))
    )


def rows_of(blocks: list[Block]) -> list[Row]:
    return [row for block in blocks for row in zip(*block.cells, strict=True)]


def test_rows_come_back_with_unknown_told_from_empty() -> None:
    table = impact_table(HOSTILE, groups=())
    assert rows_of([unpacked(COLUMNS, each) for each in packs(table)]) == list(HOSTILE)


@pytest.mark.parametrize("writer", [to_csv, to_json, to_xlsx, to_pdf])
def test_a_kept_run_gives_the_bytes_of_the_rows_it_was_made_of(writer: object) -> None:
    table = impact_table(tuple(row for row in HOSTILE if "\x00" not in str(row)), groups=())
    fresh, ours = io.BytesIO(), io.BytesIO()
    figures = writer(table, fresh)  # type: ignore[operator]
    assert writer(kept(table, packs(table, 4000)), ours) == figures  # type: ignore[operator]
    assert ours.getvalue() == fresh.getvalue()


@pytest.mark.parametrize("writer", [to_csv, to_json, to_xlsx, to_pdf])
@pytest.mark.parametrize("are_changed", [False, True])
def test_whoever_reads_a_kept_run_lets_go_of_it_at_the_end_also_of_a_refused_one(
    writer: Callable[[Table, BinaryIO], object], are_changed: bool
) -> None:
    table, let_go = impact_table(groups=()), []

    def blocks() -> Iterator[Block]:
        try:
            for each in packs(table, 2)[are_changed:]:
                yield unpacked(COLUMNS, each)
        finally:
            let_go.append(True)  # a database's cursor would be closed here

    gc.disable()
    try:
        with suppress(UnableToWriteTable):
            writer(replace(table, rows=(), kept=Kept(blocks, figures_of(table))), io.BytesIO())
        assert let_go
    finally:
        gc.enable()


@given(st.lists(st.text(max_size=6), min_size=1, max_size=9))
def test_any_text_comes_back_and_is_guarded_as_it_would_be_fresh(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    table = impact_table(tuple((text, *ROWS[0][1:]) for text in texts), groups=())
    blocks = packs(table)
    assert [row[0] for row in rows_of([unpacked(COLUMNS, each) for each in blocks])] == texts
    plain, ours = io.BytesIO(), io.BytesIO()
    to_csv(table, plain)
    to_csv(kept(table, blocks), ours)
    assert ours.getvalue() == plain.getvalue()


def test_rows_that_are_not_those_that_were_frozen_are_refused() -> None:
    table = impact_table(groups=())
    blocks = packs(table)
    for changed in (blocks[:1], [blocks[0], packed(COLUMNS, next(read_blocks(impact_table(ROWS[:2]))))]):
        for writer in (to_csv, to_xlsx):
            with pytest.raises(UnableToWriteTable, match="checksum"):
                writer(kept(table, changed), io.BytesIO())


def test_blocks_kept_as_plain_rows_are_still_read() -> None:
    (block,) = read_blocks(impact_table())
    old = zlib.compress(json.dumps(plain_rows(COLUMNS, block.cells)).encode())
    read = unpacked(COLUMNS, old)
    assert rows_of([read]) == list(ROWS)
    assert read.canonical == block.canonical


def test_a_text_that_no_reader_of_csv_takes_is_kept_all_the_same() -> None:
    row = ("x" * (LONGEST_TEXT + 1), *ROWS[0][1:])
    (block,) = packs(impact_table((row,)))
    assert rows_of([unpacked(COLUMNS, block)]) == [row]
