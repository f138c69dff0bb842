"""What a person sees who opens a workbook: its golden description, and how long, split or plain reports differ."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from projects.reports.table import Bar, Chart, Column, Facts, Kind, Table, Total
from projects.reports.writers.xlsx_file import to_xlsx
from tests.unit.reports.tables import AT, COLUMNS, ROWS, impact_table
from tests.unit.reports.workbooks import looks_of, opened

GOLDEN = Path(__file__).parent / "golden" / "income_impact.xlsx.txt"


def without_sums(table: Table) -> Table:
    return replace(table, columns=tuple(replace(column, total=Total.NONE) for column in table.columns))


def heights_of(sheet: Any) -> dict[str, float]:
    return {cell.value: sheet.row_dimensions[cell.row].height for cell in sheet["A"] if cell.value}


def drawn(*charts: Chart) -> list[str]:
    return list(looks_of(opened(impact_table(charts=charts))["Charts"]))


def test_a_workbook_is_laid_out_and_printed_as_its_golden_description_says() -> None:
    book = opened(impact_table())

    assert [line for sheet in book for line in looks_of(sheet)] == GOLDEN.read_text().splitlines()


def test_a_workbook_says_who_made_it_and_when_the_report_was_pulled() -> None:
    told = opened(impact_table(title="Impact\x00 of pauses")).properties

    assert (told.title, told.creator) == ("Impact of pauses", "ContractorHub")
    assert told.created == AT.replace(tzinfo=None)


def test_the_first_sheet_is_the_one_that_opens_and_the_sheets_stand_in_the_order_of_use() -> None:
    book = opened(impact_table(), sheet_rows=4)

    assert book.sheetnames == ["Rows", "Rows 2", "About", "Subtotals", "Charts"]
    assert book.active.title == "Rows"


@pytest.mark.parametrize(
    ("rows", "sheet_rows", "sheets"),
    [
        (0, 3, ["A1:L2"]),
        (1, 3, ["A1:L2"]),
        (3, 3, ["A1:L4"]),
        (4, 3, ["A1:L4", "A1:L2"]),
        (6, 3, ["A1:L4"] * 2),
    ],
)
def test_each_sheet_filters_its_own_rows(rows: int, sheet_rows: int, sheets: list[str]) -> None:
    book = opened(impact_table(ROWS[:rows]), sheet_rows=sheet_rows)

    assert [sheet.auto_filter.ref for sheet in book if sheet.title.startswith("Rows")] == sheets


@pytest.mark.parametrize(("sheet_rows", "has_room"), [(10, False), (11, True)])
def test_totals_stand_under_the_rows_only_where_the_sheet_has_room_for_all_of_them(
    sheet_rows: int, has_room: bool
) -> None:
    # Six rows, an empty one, and four totals.
    names = [cell.value for cell in opened(impact_table(), sheet_rows=sheet_rows)["Rows"]["A"][1:]]

    assert ("Total, all rows" in names) is has_room


def test_totals_have_no_label_where_every_column_is_added_up() -> None:
    hours = Column("hours", "Hours", Kind.HOURS, total=Total.SUM)
    sheet = opened(Table("t", "T", (hours,), ((3600,), (1800,)), AT.date(), Facts(AT, "1")))["Rows"]

    assert [cell.value for cell in sheet["A"]][-1] == "=SUM('Rows'!$A$2:$A$3)"


def test_the_label_of_totals_stands_in_the_first_column_that_is_not_added_up() -> None:
    people = (COLUMNS[-1], COLUMNS[2])
    sheet = opened(Table("t", "T", people, ((1, "Ana"), (None, "Ben")), AT.date(), Facts(AT, "1")))["Rows"]

    assert [cell.value for cell in sheet[5]] == ["=SUM('Rows'!$A$2:$A$3)", "Total, all rows"]


def test_a_report_that_adds_nothing_up_has_no_totals_anywhere() -> None:
    book = opened(without_sums(impact_table(groups=(), charts=())))

    assert book.sheetnames == ["Rows", "About"]
    assert book["Rows"].max_row == 7
    assert "Totals" not in [cell.value for cell in book["About"]["A"]]
    assert book["About"].max_column == 2


def test_long_words_about_a_report_get_a_line_for_every_eighty_characters_and_every_break() -> None:
    method = "\n\n".join(["x" * 80, "y" * 81, "z\n" + "z" * 161, "\nend"])
    sheet = opened(impact_table(method=method))["About"]
    heights = [sheet.row_dimensions[cell.row].height for cell in sheet["A"] if cell.value == "Method"]

    assert heights == [None, 30, 60, 30]  # a line is 15 points high, which needs no saying


def test_words_that_a_spreadsheet_would_take_for_its_own_are_kept_as_they_are() -> None:
    table = impact_table(title="=1+1", method="<r>bold</r>", notes=("<r>half", "http://x.example", "5"))
    sheet = opened(replace(table, columns=(replace(COLUMNS[0], label="{=A1}\x07"), *COLUMNS[1:])))["About"]
    told = {cell.value: sheet.cell(cell.row, 2) for cell in sheet["A"]}

    assert (told["Report"].value, told["Report"].data_type) == ("=1+1", "s")
    assert told["Method"].value.strip() == "<r>bold</r>"
    assert [cell.value for cell in sheet["B"] if cell.value in {"<r>half", "http://x.example", "5"}] == [
        "<r>half", "http://x.example", "5",
    ]  # fmt: skip
    assert sheet["B14"].hyperlink is None


def test_every_chart_draws_its_own_numbers_below_the_one_before() -> None:
    hours = Chart("Hours", tuple(Bar(f"Day {n}", 1800 * n) for n in range(1, 31)), Kind.HOURS)
    parts = Chart("Shares", (Bar("A\x00na", Decimal("0.25")), Bar("Ben", Decimal("-0.5"))), Kind.PERCENT)
    yen = Chart("Yen", (Bar("MUSEN", -1_234),), Kind.MONEY, "JPY")

    lines = drawn(hours, parts, yen)

    charts = [line.split(":")[0] for line in lines if line.startswith("chart")]
    assert charts == ["chart from 3,0 to 14,39", "chart from 3,42 to 14,50", "chart from 3,53 to 14,60"]
    assert [line for line in lines if line.startswith("bars")] == [
        "bars: Charts!$A$2:$A$31, Charts!$B$2:$B$31, 1F2A44",
        "bars: Charts!$A$44:$A$45, Charts!$B$44:$B$45, 1F2A44",
        "bars: Charts!$A$55, Charts!$B$55, 1F2A44",
    ]
    assert {"A1: 'Hours'  bold", "A43: 'Shares'  bold", "A54: 'Yen JPY'  bold", "A44: 'Ana'"} <= set(lines)
    assert "B45: -0.5  as 0.0%" in lines
    assert "B55: -1234  as #,##0;[Red]-#,##0" in lines
    assert "drawn: Ana 0.25, Ben -0.5" in lines


def test_a_chart_has_words_for_who_cannot_see_it_and_says_what_it_leaves_out() -> None:
    out = io.BytesIO()
    chart = Chart("Lost by project", (Bar("CHORDUS", 5),), Kind.INTEGER, note="The first 1\x00 of 7.")
    to_xlsx(impact_table(charts=(chart,)), out)

    with zipfile.ZipFile(out) as package:
        assert 'descr="Bar chart: Lost by project"' in package.read("xl/drawings/drawing1.xml").decode()
    assert [cell.value for cell in openpyxl.load_workbook(out)["Charts"]["A"]] == [
        "Lost by project", "CHORDUS", "The first 1 of 7.",
    ]  # fmt: skip
