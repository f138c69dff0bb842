"""What both spreadsheet writers share: limits of the format, serial dates, number formats, words."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from projects.reports.table import Cell, Column, Figures, Kind, Table, UnableToWriteTable
from projects.reports.writers.cells import as_of_text, instant_text

# A worksheet has 2**20 rows, the first of which is the header. Source: "Excel specifications and limits",
# Microsoft.
SHEET_ROWS = 2**20 - 1
CELL_CHARACTERS = 32767
# A cell's number is a binary double of which Excel keeps 15 digits: a longer amount would change silently.
LARGEST_EXACT = 10**15
# XML 1.0 allows no control characters but tab, LF and CR, no lone surrogates, no U+FFFE and U+FFFF.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EPOCH = dt.date(1899, 12, 30)
EPOCH_INSTANT = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

FORMATS = {
    Kind.DATE: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm:ss",
    Kind.HOURS: "[h]:mm:ss",
    Kind.DAYS: "#,##0.0#",
    Kind.PERCENT: "0.0%",
    Kind.RATE: "#,##0.000000",
    Kind.INTEGER: "#,##0",
}
WIDTHS = {Kind.TEXT: 30, Kind.CODE: 14, Kind.INSTANT: 20, Kind.MONEY: 16}


def width_of(column: Column) -> int:
    """Return a column's width in characters: wide enough for its kind and its label."""
    return max(WIDTHS.get(column.kind, 12), min(len(column.label) + 4, 40))


@lru_cache(maxsize=8)
def decimals_format(decimals: int) -> str:
    """Return the number format of amounts with so many decimals."""
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


@lru_cache(maxsize=8192)
def date_serial(day: dt.date) -> int:
    """Return a day's number in a workbook.

    Raise UnableToWriteTable before March 1900, where spreadsheets disagree.
    """
    serial = (day - EPOCH).days
    if serial < 61:
        raise UnableToWriteTable(f"{day.isoformat()} is before March 1900, which a spreadsheet cannot hold")
    return serial


@lru_cache(maxsize=8192)
def instant_serial(instant: dt.datetime) -> float:
    """Return an instant's number in a workbook, in UTC, to a tenth of a millisecond."""
    elapsed = instant - EPOCH_INSTANT
    date_serial(EPOCH + elapsed)
    return round(elapsed / DAY, 9)


@lru_cache(maxsize=8192)
def hours_serial(seconds: int) -> float:
    """Return seconds as a fraction of a day, which is how a workbook keeps a length of time."""
    return seconds / 86400


SERIALS: dict[Kind, Callable[[Any], int | float]] = {
    Kind.DATE: date_serial,
    Kind.INSTANT: instant_serial,
    Kind.HOURS: hours_serial,
}


def sheet_text(name: str, text: str) -> str:
    """Return a text that may stand in a cell, without the characters that XML forbids.

    Raise UnableToWriteTable, naming the column, for a text longer than a cell holds.
    """
    if len(text) > CELL_CHARACTERS:
        raise UnableToWriteTable(
            f"{name}: a text is longer than the {CELL_CHARACTERS} characters a cell can hold"
        )
    return text if text.isprintable() else ILLEGAL.sub("", text)


def check_exact(column: Column, cells: Sequence[Cell]) -> None:
    """Raise UnableToWriteTable where an amount has more digits than a spreadsheet keeps."""
    known = [cell for cell in cells if isinstance(cell, int)]
    if known and (max(known) >= LARGEST_EXACT or min(known) <= -LARGEST_EXACT):
        raise UnableToWriteTable(
            f"column {column.key}: an amount has more than 15 digits, a spreadsheet would change it"
        )


def about_lines(table: Table, figures: Figures) -> list[tuple[str, str]]:
    """Return the second sheet's (name, value) pairs: report, origin, parameters, method, columns."""
    facts = table.facts
    given = [
        ("Report", table.title),
        ("As of", as_of_text(table.as_of)),
        ("Generated at", instant_text(facts.generated_at)),
        ("Prepared for", facts.prepared_for),
        ("Run", facts.run_id),
        ("Rows", str(figures.rows)),
        ("Checksum of the rows (SHA-256)", figures.checksum),
        ("Inputs fingerprint", facts.inputs_fingerprint),
        ("Method version", facts.method_version),
        ("Code version", facts.code_version),
    ]
    lines = [(name, value) for name, value in given if value]
    lines += [(f"Parameter: {name}", value) for name, value in table.parameters]
    lines += [("Method", paragraph) for paragraph in table.method.split("\n\n") if paragraph.strip()]
    lines += [("Note", note) for note in table.notes]
    return lines + [(f"Column: {column.label}", column.help) for column in table.columns if column.help]
