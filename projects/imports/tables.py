"""Opens a file as a table of text cells, whatever its container, after checking that it is safe to read."""

import io
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from projects.imports.csv_table import CsvTable, open_csv
from projects.imports.errors import UnableToReadFile
from projects.imports.limits import MAX_BYTES
from projects.imports.rows import ReadOptions
from projects.imports.xlsx_table import XlsxTable, open_xlsx

Source = Path | BinaryIO

# What people hand in by mistake, by the first bytes; each is told what to do instead.
NOT_TABLES = (
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file (.xls): save it as .xlsx or as CSV and try again."),
    (b"%PDF", "This is a PDF: export the hours as CSV or XLSX instead."),
    (b"\x1f\x8b", "This is a compressed file (gzip): unpack it first."),
    (b"\x89PNG", "This is a picture: export the hours as CSV or XLSX instead."),
    (b"{\\rtf", "This is a text document (RTF): export the hours as CSV or XLSX instead."),
)


class Table(Protocol):
    """Rows of text cells with the line each starts on."""

    @property
    def container(self) -> str:
        """Say "csv" or "xlsx"."""

    @property
    def encoding(self) -> str:
        """Name the encoding, "" for xlsx."""

    @property
    def delimiter(self) -> str:
        """Name the delimiter, "" for xlsx."""

    @property
    def sheet(self) -> str:
        """Name the sheet, "" for csv."""

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) from the top, anew at each call; the list is the caller's to change."""


def open_table(source: Source, options: ReadOptions) -> Table:
    """Check a file and return it as a table; raise UnableToReadFile with what to do about it."""
    with opened(source) as file:
        size = file.seek(0, io.SEEK_END)
        if size == 0:
            raise UnableToReadFile("The file is empty.")
        if size > MAX_BYTES:
            raise UnableToReadFile(
                f"The file has {size // 1_000_000:,} MB; at most {MAX_BYTES // 1_000_000} MB are read: split it."
            )
        file.seek(0)
        start = file.read(8)
        for magic, advice in NOT_TABLES:
            if start.startswith(magic):
                raise UnableToReadFile(advice)
        if start.startswith(b"PK"):
            return open_xlsx(source, file, options.sheet)
        return open_csv(source, file, options.encoding, options.delimiter)


@contextmanager
def opened(source: Source) -> Generator[BinaryIO, None, None]:
    """Open a path, or rewind a file that somebody else opened and will close."""
    if isinstance(source, Path):
        try:
            file = source.open("rb")
        except OSError as error:
            raise UnableToReadFile(f"The file cannot be opened: {error.strerror}.") from error
        with file:
            yield file
    else:
        source.seek(0)
        yield source


__all__ = ["CsvTable", "Source", "Table", "XlsxTable", "open_table", "opened"]
