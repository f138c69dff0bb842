"""Writes the bad rows of a file back as a file: the same columns and one more that says what is wrong."""

import csv
import re
from collections.abc import Mapping
from itertools import islice
from typing import TextIO

from projects.imports.detection import find_header
from projects.imports.rows import ReadOptions
from projects.imports.tables import Source, open_table

REASON = "What is wrong"
FORMULA = re.compile(r"\s*[=@\t\r]|\s*[+-](?![\d.,:]+$)")


def write_rejects(source: Source, *, options: ReadOptions, reasons: Mapping[int, str], out: TextIO) -> int:
    """Write the rows on these lines as CSV that can be put right and brought again; how many were written."""
    table = open_table(source, options)
    _line, header, before = find_header(table)
    writer = csv.writer(out)
    writer.writerow([*header, REASON])
    count = 0
    for line, cells in islice(table.records(), before + 1, None):
        if line in reasons:
            padded = [*cells, *[""] * (len(header) - len(cells))]
            writer.writerow([*map(_harmless, padded), reasons[line]])
            count += 1
    return count


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; figures with a sign stay figures."""
    return f"'{cell}" if FORMULA.match(cell) else cell
