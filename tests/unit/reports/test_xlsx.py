"""Both spreadsheet writers: typed cells, texts that stay texts, sheets that split, the same bytes again."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from projects.reports.table import Facts, Total, UnableToWriteTable
from projects.reports.writers.xlsx_file import to_xlsx
from tests.unit.reports.tables import AT, ROWS, impact_table
from tests.unit.reports.test_csv_and_json import PAYLOADS
from tests.unit.reports.workbooks import opened


def with_contractor(*texts: str) -> Any:
    return impact_table(tuple((*ROWS[0][:2], text, *ROWS[0][3:]) for text in texts))


def test_cells_hold_dates_numbers_and_lengths_of_time() -> None:
    sheet = opened(impact_table())["Rows"]
    values = [cell.value for cell in sheet[2]]
    assert values[3] == dt.datetime(2026, 11, 2)  # noqa: DTZ001 - a workbook has no zones
    assert values[4] == AT.replace(tzinfo=None)
    assert values[6:] == [1234.5, 1000.05, dt.timedelta(hours=7, minutes=30), 7.5, 0.81, 1]
    assert [sheet["H2"].number_format[:8], sheet["H4"].number_format[:5]] == ["#,##0.00", "#,##0"]
    assert sheet["H6"].number_format.startswith("#,##0.000")
    assert sheet.freeze_panes == "A2"


def test_an_unknown_cell_is_empty() -> None:
    sheet = opened(impact_table())["Rows"]
    assert [cell.value for cell in sheet[5]][6:] == [None] * 6
    assert sheet["E7"].value is None


def test_no_text_becomes_a_formula() -> None:
    payloads = [text for text in PAYLOADS if "\x00" not in text and "\r" not in text]
    sheet = opened(with_contractor(*payloads))["Rows"]
    cells = [sheet.cell(row, 3) for row in range(2, 2 + len(payloads))]
    assert [cell.value for cell in cells] == payloads
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_hostile_texts_leave_a_workbook_that_opens() -> None:
    texts = [
        "<r>&amp;</r>",
        "a\x00b\x08c\x1f",
        "]]>",
        "<!-- -->",
        "line\r\nbreak",
        "tab\there",
        "佐藤",
        "%s %d",
        "\ud800x",
    ]
    sheet = opened(with_contractor(*texts))["Rows"]
    found = [
        str(sheet.cell(row, 3).value).replace("_x000D_", "\r").replace("\r\n", "\n").strip()
        for row in range(2, 2 + len(texts))
    ]
    assert found == [
        "<r>&amp;</r>",
        "abc",
        "]]>",
        "<!-- -->",
        "line\nbreak",
        "tab\there",
        "佐藤",
        "%s %d",
        "x",
    ]


def test_a_text_that_looks_like_an_escape_is_kept_from_being_read_as_one() -> None:
    out = io.BytesIO()
    to_xlsx(with_contractor("_x0041_", "_xyz_"), out)
    sheet = openpyxl.load_workbook(out)["Rows"]
    assert [sheet["C2"].value, sheet["C3"].value] in (["_x005F_x0041_", "_xyz_"], ["_x0041_", "_xyz_"])


def test_rows_over_a_sheets_end_go_to_the_next_sheet() -> None:
    rows = tuple((*row[:2], f"Person {n}", *row[3:]) for n, row in enumerate(ROWS * 2))
    book = opened(impact_table(rows), sheet_rows=5)
    sheets = [book[name] for name in book.sheetnames if name.startswith("Rows")]
    names = [cell.value for sheet in sheets for cell in sheet["C"][1:] if cell.value]
    assert names == [f"Person {n}" for n in range(12)]
    assert [sheet["C1"].value for sheet in sheets] == ["Contractor"] * 3


def test_totals_over_several_sheets_add_all_of_them() -> None:
    out = io.BytesIO()
    to_xlsx(impact_table(ROWS * 2), out, sheet_rows=5)
    formulas, values = (openpyxl.load_workbook(out, data_only=flag)["About"] for flag in (False, True))
    row = next(cell.row for cell in formulas["A"] if cell.value == "Total USD")
    assert formulas.cell(row, 4).value == (
        "=ROUND(SUMIF('Rows'!$F$2:$F$6,\"USD\",'Rows'!$H$2:$H$6)+SUMIF('Rows 2'!$F$2:$F$6,\"USD\",'Rows 2'!$H$2:$H$6)"
        "+SUMIF('Rows 3'!$F$2:$F$3,\"USD\",'Rows 3'!$H$2:$H$3),2)"
    )
    assert Decimal(str(values.cell(row, 4).value)) == Decimal("2000.36")


def test_the_second_sheet_says_how_the_report_came_about() -> None:
    lines = [(row[0].value, row[1].value) for row in opened(impact_table())["About"].iter_rows()]
    assert ("Parameter: Clients", "ORION, LYRA") in lines
    assert ("Method", "Nothing is added across currencies.") in lines
    assert ("As of", "2026-11-23") in lines
    assert any(name == "Checksum of the rows (SHA-256)" and len(str(value)) == 64 for name, value in lines)


def test_words_about_a_report_have_room_even_where_nothing_is_summed() -> None:
    table = impact_table()
    columns = tuple(replace(column, total=Total.NONE) for column in table.columns)
    sheet = opened(replace(table, columns=columns, method="Long words. " * 40))["About"]
    assert sheet.column_dimensions["B"].width > 80
    line = next(cell.row for cell in sheet["A"] if cell.value == "Method")
    assert sheet.row_dimensions[line].height >= 6 * 15


def test_a_filter_covers_the_rows_and_leaves_the_totals_alone() -> None:
    assert opened(impact_table())["Rows"].auto_filter.ref == "A1:L7"


def test_subtotals_name_their_group_and_currency() -> None:
    rows = list(opened(impact_table())["Subtotals"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Client", "Project", "Sum of", "Expected")
    assert ("ORION", "CHORDUS", "Total USD", 1234.6, 999.98) in [row[:5] for row in rows]


def test_the_same_table_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    to_xlsx(impact_table(), first)
    to_xlsx(impact_table(), second)
    assert first.getvalue() == second.getvalue()


def test_an_amount_that_a_spreadsheet_would_round_is_refused() -> None:
    rows = ((*ROWS[0][:7], 10**15, *ROWS[0][8:]),)
    with pytest.raises(UnableToWriteTable, match="15 digits"):
        to_xlsx(impact_table(rows), io.BytesIO())


def test_a_text_longer_than_a_cell_is_refused() -> None:
    with pytest.raises(UnableToWriteTable, match="32767"):
        to_xlsx(with_contractor("x" * 32768), io.BytesIO())


def test_a_frozen_run_that_moved_is_refused() -> None:
    table = replace(impact_table(), facts=Facts(AT, "0.1.0", checksum="0" * 64))
    with pytest.raises(UnableToWriteTable, match="checksum"):
        to_xlsx(table, io.BytesIO())


def test_a_table_without_rows_or_sums_opens() -> None:
    table = impact_table(())
    plain = replace(table, columns=tuple(replace(c, total="none") for c in table.columns), groups=("client",))
    for empty in (table, plain, replace(plain, rows=ROWS)):
        assert opened(empty)["Rows"]["A1"].value == "Client"
