"""Reads hand-made text as an uploaded file would be read, for the tests of the readers."""

import io
from typing import Any

from openpyxl import Workbook

from projects.imports.hours import HoursFile, open_hours
from projects.imports.rows import ColumnMapping, HoursRow, ReadOptions, RowError, RowWarning


class Reading:
    """Everything one file says, sorted by kind."""

    def __init__(self, file: HoursFile) -> None:
        items = list(file)
        self.detection = file.detection
        self.totals = file.totals
        self.rows = [item for item in items if isinstance(item, HoursRow)]
        self.errors = [item for item in items if isinstance(item, RowError)]
        self.warnings = [item for item in items if isinstance(item, RowWarning)]

    @property
    def seconds(self) -> list[int]:
        return [row.seconds for row in self.rows]


def read_bytes(data: bytes, **options: Any) -> Reading:
    return Reading(open_hours(io.BytesIO(data), options=ReadOptions(**options)))


def read_text(text: str, **options: Any) -> Reading:
    return read_bytes(text.encode(), **options)


def xlsx_of(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def mapped(columns: dict[str, str], *lines: str, **options: object) -> Reading:
    """Read lines whose cells stand in the order of the mapping's columns, for one owner."""
    mapping = ColumnMapping(columns, **options)  # type: ignore[arg-type]
    text = "\n".join([";".join(columns), *lines])
    return read_text(text, mapping=mapping, as_email="Owner@B.co", project_code="OWN")


def told(found: Reading) -> list[tuple[int, str, str, str]]:
    return [(error.line, error.code, error.field, error.message) for error in found.errors]
