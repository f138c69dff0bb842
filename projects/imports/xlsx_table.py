"""Reads XLSX sheets row by row after proving that the package is no bomb, and writes every cell as plain text."""

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook

from projects.imports.errors import UnableToReadFile
from projects.imports.limits import (
    MAX_BLANK_ROWS,
    MAX_COLUMNS,
    MAX_RECORD_CHARACTERS,
    MAX_XLSX_PARTS,
    MAX_XLSX_RATIO,
    MAX_XLSX_SHARED,
    MAX_XLSX_UNPACKED,
)

BLOCK = 1024 * 1024
# A span of time that Excel shows as a date comes as a date of its own epoch.
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock has no zone
BROKEN = "The spreadsheet is damaged: open it, save it again as .xlsx and retry."


@dataclass(frozen=True, slots=True)
class XlsxTable:
    """One sheet of a spreadsheet that has been checked."""

    source: Path | BinaryIO
    sheet: str
    container: str = "xlsx"
    encoding: str = ""
    delimiter: str = ""

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells as text) without blank rows; raise UnableToReadFile on a damaged sheet."""
        book = _load(self.source)
        try:
            sheet = book[self.sheet]
            sheet.reset_dimensions()
            blank = 0
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells = [_text(value) for value in values]
                while cells and not cells[-1]:
                    cells.pop()
                if not cells:
                    blank += 1
                    if blank > MAX_BLANK_ROWS:
                        raise UnableToReadFile(
                            f"The sheet {self.sheet!r} has over {MAX_BLANK_ROWS:,} blank rows before row {number:,}."
                        )
                    continue
                if sum(map(len, cells)) > MAX_RECORD_CHARACTERS or len(cells) > MAX_COLUMNS:
                    raise UnableToReadFile(
                        f"Row {number:,} is too large: at most {MAX_COLUMNS:,} columns are read."
                    )
                yield number, cells
        except UnableToReadFile:
            raise
        except Exception as error:
            # openpyxl raises whatever its XML, zip and number parsing raise on a damaged part.
            raise UnableToReadFile(BROKEN) from error
        finally:
            book.close()


def open_xlsx(source: Path | BinaryIO, file: BinaryIO, sheet: str) -> XlsxTable:
    """Check the package and choose the sheet; raise UnableToReadFile."""
    _check_package(file)
    book = _load(source)
    try:
        titles = [one.title for one in book.worksheets]
        if sheet and sheet not in titles:
            raise UnableToReadFile(f"There is no sheet {sheet!r}; the file has: {', '.join(titles)}.")
        if not titles:
            raise UnableToReadFile("The spreadsheet has no sheet with cells.")
    finally:
        book.close()
    if sheet:
        return XlsxTable(source, sheet)
    for title in titles:
        table = XlsxTable(source, title)
        if any(sum(map(bool, cells)) > 1 for _, (_, cells) in zip(range(20), table.records(), strict=False)):
            return table
    return XlsxTable(source, titles[0])


def _load(source: Path | BinaryIO) -> Any:
    if not isinstance(source, Path):
        source.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise UnableToReadFile(BROKEN) from error


def _check_package(file: BinaryIO) -> None:
    """Unpack every part once, counting and keeping nothing, before a parser sees it."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise UnableToReadFile("This is a zip archive, not an .xlsx spreadsheet: unpack it first.")
            if len(parts) > MAX_XLSX_PARTS or len(names) != len(parts):
                raise UnableToReadFile(
                    "The spreadsheet holds too many or repeated parts to be a plain table."
                )
            total = 0
            for part in parts:
                total += _check_part(package, part)
                if total > MAX_XLSX_UNPACKED:
                    raise _bomb()
    except UnableToReadFile:
        raise
    except Exception as error:
        # zipfile and zlib raise a dozen kinds of error on a damaged or encrypted package.
        raise UnableToReadFile(BROKEN) from error


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return the real unpacked size of a part, which its declared size may understate."""
    shared = part.filename.lower().endswith("sharedstrings.xml") or "/styles" in part.filename
    limit = MAX_XLSX_SHARED if shared else MAX_XLSX_UNPACKED
    allowed = min(limit, max(2_000_000, part.compress_size * MAX_XLSX_RATIO))
    if part.file_size > allowed:
        raise _bomb()
    size, tail = 0, b""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    with package.open(part) as stream:
        while block := stream.read(BLOCK):
            if is_xml and not size and block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise UnableToReadFile("The spreadsheet's parts are not in UTF-8: save it again as .xlsx.")
            size += len(block)
            if size > allowed:
                raise _bomb()
            if is_xml and (b"<!DOCTYPE" in tail + block or b"<!ENTITY" in tail + block):
                raise UnableToReadFile(
                    "The spreadsheet defines XML entities, which no export does: it is not read."
                )
            tail = block[-16:]
    return size


def _bomb() -> UnableToReadFile:
    return UnableToReadFile(
        "The spreadsheet unpacks to far more than its size: it is not read. Export the hours as CSV instead."
    )


def _text(value: object) -> str:
    """Write a cell as the text a CSV export would hold; numbers with a point, never with three decimals.

    Three decimals after one separator could be read as thousands, so a zero is added.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        if value.year < 1905:
            return _span(value - EXCEL_EPOCH)
        if value.microsecond:
            value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _span(
            timedelta(
                hours=value.hour, minutes=value.minute, seconds=value.second + round(value.microsecond / 1e6)
            )
        )
    if isinstance(value, timedelta):
        return _span(value)
    return str(value)


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10f}".rstrip("0") if abs(value) < 1e15 else repr(value)
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _span(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
