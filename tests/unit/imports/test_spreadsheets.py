"""The cells of a spreadsheet come out as the text a CSV export of the same entries would hold."""

# ruff: noqa: DTZ001 - a spreadsheet's clock has no zone
import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from projects.imports.errors import UnableToReadFile
from projects.imports.limits import MAX_COLUMNS
from projects.imports.rows import ReadOptions
from projects.imports.tables import open_table
from tests.unit.imports.reading import xlsx_of


def records(data: bytes, sheet: str = "") -> list[tuple[int, list[str]]]:
    return list(open_table(io.BytesIO(data), ReadOptions(sheet=sheet)).records())


def book(**sheets: list[list[Any]]) -> bytes:
    made = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  x ", "  x "),
        (True, "Yes"),
        (False, "No"),
        (7, "7"),
        (-3, "-3"),
        (8.0, "8"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (1.25, "1.25"),
        (1.125, "1.1250"),
        (-1.125, "-1.1250"),
        (1.0625, "1.0625"),
        (1e15, "1000000000000000"),
        (1.5e300, "1.5e+300"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30), "2026-03-02 09:30:00"),
        (datetime(2026, 3, 2, 0, 0, 1), "2026-03-02 00:00:01"),
        (datetime(2026, 3, 2, 0, 1), "2026-03-02 00:01:00"),
        (datetime(2026, 3, 2, 9, 29, 59, 600_000), "2026-03-02 09:30:00"),
        (datetime(1900, 1, 5, 6), "150:00:00"),
        (time(9, 5, 7), "09:05:07"),
        (timedelta(hours=1, minutes=30), "01:30:00"),
        (timedelta(hours=30, seconds=5), "30:00:05"),
    ],
)
def test_a_cell_is_written_as_an_export_would_write_it(value: object, text: str) -> None:
    assert records(xlsx_of([["first", value, "last"]])) == [(1, ["first", text, "last"])]


def test_blank_rows_and_cells_at_the_end_are_left_out_and_rows_keep_their_number() -> None:
    assert records(xlsx_of([["a", None, "c", None], [], [None, ""], ["", "d"]])) == [
        (1, ["a", "", "c"]),
        (4, ["", "d"]),
    ]


def test_the_first_sheet_that_looks_like_a_table_is_read() -> None:
    data = book(Cover=[["Hours of March"], ["Orion"]], Hours=[["a", "b"]], More=[["c", "d"]])
    table = open_table(io.BytesIO(data), ReadOptions())
    assert (table.sheet, table.container, table.encoding, table.delimiter) == ("Hours", "xlsx", "", "")
    assert list(table.records()) == list(table.records()) == [(1, ["a", "b"])]


def test_the_first_sheet_is_read_where_none_looks_like_a_table() -> None:
    data = book(Cover=[["Hours"]], Late=[["x"]] * 20 + [["a", "b"]])
    assert open_table(io.BytesIO(data), ReadOptions()).sheet == "Cover"
    data = book(Cover=[["Hours"]], Late=[["x"]] * 19 + [["a", "b"]])
    assert open_table(io.BytesIO(data), ReadOptions()).sheet == "Late"


def test_a_named_sheet_is_read_and_a_missing_one_named_with_those_there_are() -> None:
    data = book(One=[["a", "b"]], Two=[["c", "d"]])
    assert records(data, "Two") == [(1, ["c", "d"])]
    with pytest.raises(UnableToReadFile) as refused:
        records(data, "Three")
    assert str(refused.value) == "There is no sheet 'Three'; the file has: One, Two."


def test_a_row_may_have_two_thousand_cells_and_no_more() -> None:
    assert len(records(xlsx_of([["x"] * MAX_COLUMNS]))[0][1]) == MAX_COLUMNS
    with pytest.raises(UnableToReadFile) as refused:
        records(xlsx_of([["a", "b"], ["x"] * (MAX_COLUMNS + 1)]))
    assert str(refused.value) == "Row 2 is too large: at most 2,000 columns are read."


def test_a_row_of_over_a_million_characters_is_refused() -> None:
    with pytest.raises(UnableToReadFile, match=r"^Row 1 is too large"):
        records(xlsx_of([["x" * 30_000] * 34]))
