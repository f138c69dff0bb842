"""CSV: RFC 4180 rows in UTF-8, in which no text can start a formula when a spreadsheet opens the file."""

import re
from collections.abc import Sequence
from typing import BinaryIO

from projects.reports.table import Kind, Table
from projects.reports.writers.blocks import Block, csv_bytes, read_blocks
from projects.reports.writers.figures import Figures, Tally

BOM = b"\xef\xbb\xbf"

# A spreadsheet reads = + - @ (and their full-width forms) as the start of a formula, some after skipping
# white space, quotes or invisible marks; tab, CR and NUL may split or shift a cell. Source: OWASP, "CSV
# Injection".
SKIPPED = r"\s\x00-\x20\"'`\u2018\u2019\u201c\u201d\ufeff\u200b-\u200f\u2060"
DANGEROUS = re.compile(rf"[\t\r\n\x00]|[{SKIPPED}]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
HARMLESS_START = re.compile(r"[A-Za-z0-9]")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a dangerous one gets a leading apostrophe.

    Nothing is lost: a text that starts with an apostrophe before something dangerous is guarded as well, so
    taking one apostrophe away where a dangerous text follows gives the original back.
    """
    return f"'{text}" if DANGEROUS.match(text) else text


def guarded_column(texts: Sequence[str]) -> Sequence[str]:
    """Return a text column guarded, the same object where nothing in it was dangerous."""
    starts = {text[:1] for text in texts}
    if all(not start or HARMLESS_START.match(start) for start in starts):
        return texts
    cells = [guarded(text) for text in texts]
    return texts if cells == list(texts) else cells


def guarded_block(table: Table, block: Block) -> list[Sequence[str]]:
    """Return a block's texts with the text columns guarded; numbers and dates stay plain."""
    return [
        guarded_column(texts) if column.kind in (Kind.TEXT, Kind.CODE) else texts
        for column, texts in zip(table.columns, block.texts, strict=True)
    ]


def to_csv(table: Table, out: BinaryIO, *, bom: bool = False) -> Figures:
    """Write a header of labels and every row; return the figures of what was written.

    `bom` starts the file with a byte order mark, which Excel needs to see UTF-8. Totals are not among the
    rows: a file of rows stays a file of rows. Raises UnableToWriteTable.
    """
    tally = Tally(table)
    if bom:
        out.write(BOM)
    out.write(csv_bytes([(guarded(column.label),) for column in table.columns]))
    for block in read_blocks(table):
        canonical = csv_bytes(block.texts)
        tally.add(block, canonical)
        columns = guarded_block(table, block)
        is_same = all(ours is plain for ours, plain in zip(columns, block.texts, strict=True))
        out.write(canonical if is_same else csv_bytes(columns))
    return tally.finish()
