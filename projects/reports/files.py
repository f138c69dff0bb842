"""Report files: each format by name, and a writer that leaves nothing behind where it fails half way."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from projects.domain.errors import UnableToReport
from projects.reports.apart import typeset_apart
from projects.reports.parameters import listed
from projects.reports.table import Figures, Table
from projects.reports.writers.csv_file import to_csv
from projects.reports.writers.journals import to_netsuite, to_quickbooks, to_xero
from projects.reports.writers.json_file import to_json
from projects.reports.writers.pdf_file import to_pdf
from projects.reports.writers.xlsx_file import to_xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a table."""

    name: str
    label: str
    content_type: str
    write: Callable[[Table, BinaryIO], Figures]
    ending: str = ""

    @property
    def suffix(self) -> str:
        """What a file's name ends with: an accounting program's CSV says whose it is."""
        return f"_{self.name}.{self.ending}" if self.ending else f".{self.name}"


FORMATS: Final = {
    each.name: each
    for each in (
        Format("csv", "CSV", "text/csv; charset=utf-8", partial(to_csv, bom=False)),
        Format("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
        Format("pdf", "PDF", "application/pdf", partial(to_pdf, make_long=typeset_apart)),
        Format("json", "JSON", "application/json", to_json),
    )
}


ACCOUNTING: Final = {
    each.name: each
    for each in (
        Format("quickbooks", "QuickBooks", "text/csv; charset=utf-8", to_quickbooks, "csv"),
        Format("xero", "Xero", "text/csv; charset=utf-8", to_xero, "csv"),
        Format("netsuite", "NetSuite", "text/csv; charset=utf-8", to_netsuite, "csv"),
    )
}
"""What only a journal is written as."""
JOURNAL: Final = "journal"


def formats_for(report: str) -> dict[str, Format]:
    """The formats of a report, by name."""
    return FORMATS | ACCOUNTING if report == JOURNAL else FORMATS


def format_named(name: str, *, report: str) -> Format:
    """The format of this name. Raises UnableToReport that lists those of the report."""
    formats = formats_for(report)
    if name not in formats:
        raise UnableToReport(
            f"There is no format “{name}”; choose from {listed(list(formats))}.", field="format"
        )
    return formats[name]


def file_name(table: Table, format_: Format) -> str:
    """The name to save a table under: `income_impact_2026-03-02.csv`."""
    return f"{table.name}_{table.as_of:%Y-%m-%d}{format_.suffix}"


def write_file(table: Table, format_: Format, path: Path) -> Figures:
    """Write a table beside its place and move it there when it is whole; an earlier file stays until then.

    Raises UnableToReport where the folder cannot be written to; then, and after any other error, nothing is left.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise UnableToReport(
            f"{path} cannot be written: {error.strerror or error}.", field="output"
        ) from error
    try:
        with os.fdopen(handle, "wb") as out:
            figures = format_.write(table, out)
            out.flush()
            os.fsync(out.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UnableToReport(
                f"{path} cannot be written: {error.strerror or error}.", field="output"
            ) from error
        raise
    return figures
