"""Reads hand-made text as an uploaded file would be read, for the tests of the readers."""

import io
from typing import Any

from openpyxl import Workbook

from projects.imports.hours import HoursFile, open_hours
from projects.imports.rows import HoursRow, ReadOptions, RowError, RowWarning


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
