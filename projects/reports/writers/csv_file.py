"""CSV: RFC 4180 rows in UTF-8, in which no text can start a formula when a spreadsheet opens the file."""

import re
from collections.abc import Sequence
from functools import cache
from typing import BinaryIO

from projects.reports.table import Block, Figures, Kind, Table
from projects.reports.writers.blocks import csv_bytes, read_blocks
from projects.reports.writers.figures import Checksum, Tally

BOM = b"\xef\xbb\xbf"

# A spreadsheet reads = + - @ (and their full-width forms) as the start of a formula, some after skipping
# white space, quotes or invisible marks; tab, CR and NUL may split or shift a cell. Source: OWASP, "CSV
# Injection".
SKIPPED = r"\s\x00-\x20\"'`\u2018\u2019\u201c\u201d\ufeff\u200b-\u200f\u2060"
DANGEROUS = re.compile(rf"[\t\r\n\x00]|[{SKIPPED}]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a dangerous one gets a leading apostrophe.

    Nothing is lost: a text that starts with an apostrophe before something dangerous is guarded as well, so
    taking one apostrophe away where a dangerous text follows gives the original back.
    """
    return f"'{text}" if DANGEROUS.match(text) else text


@cache
def is_harmless(start: str) -> bool:
    """Return whether no text that begins with this character is dangerous, whatever follows."""
    return not DANGEROUS.match(f"{start}=") if start else True


def guarded_columns(table: Table, block: Block) -> list[Sequence[str]] | None:
    """Return a block's texts with the text columns guarded; None where nothing in it can be dangerous."""
    risky = {
        place
        for place, column in enumerate(table.columns)
        if column.kind in (Kind.TEXT, Kind.CODE) and not all(map(is_harmless, block.starts(place)))
    }
    if not risky:
        return None
    return [
        [guarded(text) for text in texts] if place in risky else texts
        for place, texts in enumerate(block.texts)
    ]


def to_csv(table: Table, out: BinaryIO, *, bom: bool = False) -> Figures:
    """Write a header of labels and every row; return the figures of what was written.

    `bom` starts the file with a byte order mark, which Excel needs to see UTF-8. Totals are not among the
    rows: a file of rows stays a file of rows. Of a kept run the bytes are held against its checksum and not added up
    again. Raises UnableToWriteTable.
    """
    tally = Checksum(table, table.kept.figures) if table.kept is not None else Tally(table)
    if bom:
        out.write(BOM)
    out.write(csv_bytes([(guarded(column.label),) for column in table.columns]))
    for block in read_blocks(table):
        tally.add(block)
        columns = guarded_columns(table, block)
        out.write(block.canonical if columns is None else csv_bytes(columns))
    return tally.finish()
