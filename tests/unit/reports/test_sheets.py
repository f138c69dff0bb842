"""A cell of a spreadsheet: its number, its text, what it cannot hold; and the package that rows stream into."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from projects.reports.table import Cell, Column, Facts, Kind, Row, Table, UnableToWriteTable
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.figures import figures_of
from projects.reports.writers.sheet_rows import Styles, rows_xml
from projects.reports.writers.sheets import (
    about_lines,
    check_exact,
    date_serial,
    decimals_format,
    hours_serial,
    instant_serial,
    sheet_text,
    width_of,
)
from projects.reports.writers.xlsx_file import to_xlsx
from projects.reports.writers.xlsx_package import Compressing, with_rows
from tests.unit.reports.tables import AT, ROWS, impact_table

UTC = dt.UTC
KINDS = (Kind.DATE, Kind.INSTANT, Kind.HOURS, Kind.DAYS, Kind.PERCENT, Kind.RATE, Kind.INTEGER)
STYLES = Styles({kind: number for number, kind in enumerate(KINDS, start=1)}, {0: 20, 2: 22, 3: 23})


def xml_of(kind: Kind, *cells: Cell, currencies: tuple[str | None, ...] = ()) -> list[str]:
    """Return the cells of one column as sheet XML; amounts stand before their currencies."""
    columns: tuple[Column, ...] = (Column("c", "C", kind, currency="currency" if currencies else ""),)
    rows: tuple[Row, ...] = tuple((cell,) for cell in cells)
    if currencies:
        columns = (*columns, Column("currency", "Currency", Kind.CODE))
        rows = tuple(zip(cells, currencies, strict=True))
    table = Table("t", "T", columns, rows, AT.date(), Facts(AT, "1"))
    (block,) = read_blocks(table)
    found = [row.removeprefix("<row>").removesuffix("</row>") for row in rows_xml(table, block, STYLES)]
    return [xml.partition('<c t="inlineStr">')[0] if currencies else xml for xml in found]


def test_days_are_numbered_as_spreadsheets_number_them_and_refused_before_march_1900() -> None:
    assert date_serial(dt.date(2026, 3, 2)) == 46083
    assert date_serial(dt.date(1900, 3, 1)) == 61
    with pytest.raises(UnableToWriteTable) as caught:
        date_serial(dt.date(1900, 2, 28))
    assert str(caught.value) == "1900-02-28 is before March 1900, which a spreadsheet cannot hold"


def test_an_instant_is_its_day_and_the_part_of_it_that_has_passed_in_utc() -> None:
    assert instant_serial(dt.datetime(2026, 3, 2, 18, tzinfo=UTC)) == 46083.75
    assert instant_serial(dt.datetime(2026, 3, 2, 2, tzinfo=dt.timezone(dt.timedelta(hours=8)))) == 46082.75
    assert instant_serial(dt.datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)) == 46083.000011574
    assert hours_serial(5_400) == 0.0625
    with pytest.raises(UnableToWriteTable, match="before March 1900"):
        instant_serial(dt.datetime(1900, 2, 28, 23, tzinfo=UTC))


@pytest.mark.parametrize(("decimals", "pattern"), [(0, "#,##0"), (2, "#,##0.00"), (3, "#,##0.000")])
def test_amounts_show_the_decimals_of_their_currency(decimals: int, pattern: str) -> None:
    assert decimals_format(decimals) == pattern


@pytest.mark.parametrize(
    ("kind", "label", "width"),
    [(Kind.TEXT, "Name", 30), (Kind.CODE, "Project", 14), (Kind.DATE, "Since", 12), (Kind.INTEGER, "x" * 9, 13),
     (Kind.DATE, "x" * 36, 40), (Kind.DATE, "x" * 60, 40), (Kind.INSTANT, "Told", 20)],
)  # fmt: skip
def test_a_column_is_as_wide_as_its_kind_and_its_label_need_and_never_wider_than_forty(
    kind: Kind, label: str, width: int
) -> None:
    assert width_of(Column("c", label, kind)) == width


def test_a_text_as_long_as_a_cell_is_taken_and_one_character_more_is_refused_by_its_column() -> None:
    assert sheet_text("note", "x" * 32_767) == "x" * 32_767
    with pytest.raises(UnableToWriteTable) as caught:
        sheet_text("note", "x" * 32_768)
    assert str(caught.value) == "note: a text is longer than the 32767 characters a cell can hold"
    assert sheet_text("note", "a\x00b\tc\nd\ufffee") == "ab\tc\nde"


@pytest.mark.parametrize("largest", [10**15, -(10**15)])
def test_an_amount_of_fifteen_digits_is_kept_and_one_of_sixteen_is_refused(largest: int) -> None:
    column = Column("lost", "Lost", Kind.MONEY, currency="currency")
    check_exact(column, (None, largest - (1 if largest > 0 else -1), 0))
    check_exact(column, (None, None))
    check_exact(column, ())
    with pytest.raises(UnableToWriteTable) as caught:
        check_exact(column, (5, None, largest))
    assert str(caught.value) == (
        "column lost: an amount has more than 15 digits, a spreadsheet would change it"
    )


def test_what_a_report_says_of_itself_leaves_out_what_it_does_not_know() -> None:
    table = impact_table()
    bare = replace(
        table,
        columns=table.columns[:3],
        rows=(),
        groups=(),
        facts=Facts(AT, "0.1.0"),
        as_of=AT,
        parameters=(),
        notes=(),
        method="\n\n  \n\nOne.\n\n",
    )
    figures = figures_of(bare)

    assert about_lines(bare, figures) == [
        ("Report", "Income impact"),
        ("As of", "2026-11-24T09:30:00Z"),
        ("Generated at", "2026-11-24T09:30:00Z"),
        ("Rows", "0"),
        ("Checksum of the rows (SHA-256)", figures.checksum),
        ("Code version", "0.1.0"),
        ("Method", "One."),
    ]


@pytest.mark.parametrize(
    ("texts", "cells"),
    [
        (("plain", "other"), ["<is><t>plain</t></is>", "<is><t>other</t></is>"]),
        ((" edge", "b"), ['<is><t xml:space="preserve"> edge</t></is>', '<is><t xml:space="preserve">b</t></is>']),
        (("edge ",), ['<is><t xml:space="preserve">edge </t></is>']),
        (("a&b", "plain"), ["a&amp;b", "plain"]),
        (("a<b",), ["a&lt;b"]),
        (("a>b",), ["a&gt;b"]),
        (("a\r\nb",), ["a&#13;\nb"]),
        (("_x0041_",), ["_x005F_x0041_"]),
        (("_x00zz_", "_xyz_"), ["_x00zz_", "_xyz_"]),
        (("x" * 32_767,), ["x" * 32_767]),
        (("a\x00b",), ["ab"]),
    ],
)  # fmt: skip
def test_texts_are_written_so_that_they_read_back_the_same(texts: tuple[str, ...], cells: list[str]) -> None:
    found = xml_of(Kind.TEXT, *texts)

    assert all(inner in xml for inner, xml in zip(cells, found, strict=True))
    assert all(xml.startswith('<c t="inlineStr">') and xml.endswith("</t></is></c>") for xml in found)


def test_a_text_too_long_for_a_cell_is_refused_among_plain_ones() -> None:
    with pytest.raises(UnableToWriteTable, match="c: a text is longer"):
        xml_of(Kind.TEXT, "short", "x" * 32_768)


@pytest.mark.parametrize(
    ("kind", "cells", "xml"),
    [
        (Kind.DATE, (dt.date(2026, 3, 2),), ['<c s="1"><v>46083</v></c>']),
        (Kind.DATE, (dt.date(2026, 3, 2), None), ['<c s="1"><v>46083</v></c>', "<c/>"]),
        (Kind.INSTANT, (dt.datetime(2026, 3, 2, 18, tzinfo=UTC),), ['<c s="2"><v>46083.75</v></c>']),
        (Kind.HOURS, (None, 0, 5_400), ["<c/>", '<c s="3"><v>0.0</v></c>', '<c s="3"><v>0.0625</v></c>']),
        (Kind.DAYS, (Decimal("7.50"), 0), ['<c s="4"><v>7.5</v></c>', '<c s="4"><v>0</v></c>']),
        (Kind.PERCENT, (Decimal("0.25"), None), ['<c s="5"><v>0.25</v></c>', "<c/>"]),
        (Kind.INTEGER, (0, None), ['<c s="7"><v>0</v></c>', "<c/>"]),
    ],
)
def test_numbers_days_and_instants_are_written_in_the_format_of_their_kind(
    kind: Kind, cells: tuple[Cell, ...], xml: list[str]
) -> None:
    assert xml_of(kind, *cells) == xml


@pytest.mark.parametrize(
    ("pairs", "xml"),
    [
        ([(5, "USD"), (-5, "EUR")], ['<c s="22"><v>0.05</v></c>', '<c s="22"><v>-0.05</v></c>']),
        ([(5, "USD"), (None, "USD")], ['<c s="22"><v>0.05</v></c>', "<c/>"]),
        ([(5, "USD"), (5, "JPY"), (5, "KWD")],
         ['<c s="22"><v>0.05</v></c>', '<c s="20"><v>5</v></c>', '<c s="23"><v>0.005</v></c>']),
        ([(None, None), (5, "JPY")], ["<c/>", '<c s="20"><v>5</v></c>']),
        ([(None, None)], ["<c/>"]),
    ],
)  # fmt: skip
def test_amounts_are_written_with_the_decimals_of_their_row_s_currency(
    pairs: list[tuple[int | None, str | None]], xml: list[str]
) -> None:
    assert (
        xml_of(
            Kind.MONEY, *(amount for amount, _ in pairs), currencies=tuple(currency for _, currency in pairs)
        )
        == xml
    )


def test_an_amount_that_a_cell_would_round_is_refused_by_its_column() -> None:
    with pytest.raises(UnableToWriteTable, match="column c: an amount has more than 15 digits"):
        xml_of(Kind.MONEY, 10**15, currencies=("USD",))


def entries(data: io.BytesIO) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(data) as package:
        assert package.testzip() is None
        return package.infolist()


def test_a_package_is_compressed_and_dated_long_ago_so_that_the_same_rows_are_the_same_bytes() -> None:
    out = io.BytesIO()
    to_xlsx(impact_table(), out)

    assert {entry.date_time for entry in entries(out)} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries(out)} == {zipfile.ZIP_DEFLATED}


@pytest.mark.parametrize(
    ("dimension", "lengths", "written"),
    [("A1", (4,), "A1:A5"), ("A1:C1", (4,), "A1:C5"), ("A1:C9", (4,), "A1:C9"), ("A1:L1", (0,), "A1:L1")],
)
def test_rows_are_put_after_the_header_and_the_sheet_says_how_far_it_reaches(
    dimension: str, lengths: tuple[int, ...], written: str
) -> None:
    skeleton, out = io.BytesIO(), io.BytesIO()
    head, tail = f'<x><dimension ref="{dimension}"/><row>h</row>', "<row>total</row></x>"
    with zipfile.ZipFile(skeleton, "w") as package:
        package.writestr("xl/worksheets/sheet1.xml", head + tail)
        package.writestr("xl/worksheets/sheet2.xml", head + tail)
    asked: list[int] = []

    def pieces(count: int) -> Iterator[str]:
        asked.append(count)
        return iter(["<row>ä</row>", "<row>\ud800</row>"] + ["<row/>"] * 7)

    with_rows(skeleton, out, lengths, pieces)

    with zipfile.ZipFile(out) as package:
        first, second = (package.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert asked == list(lengths)
    rows = "<row>ä</row><row>?</row>" + "<row/>" * 7
    assert first == f'<x><dimension ref="{written}"/><row>h</row>{rows}{tail}'
    assert second == head + tail


class FailsOn(io.BytesIO):
    """An entry of a package that cannot take one of its pieces, such as on a full disk."""

    def __init__(self, piece: bytes) -> None:
        super().__init__()
        self.piece = piece

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        if piece == self.piece:
            raise OSError(28, "No space left on device")
        return super().write(piece)


@pytest.mark.parametrize("bad", range(8))
def test_a_piece_that_could_not_be_written_is_never_passed_over(bad: int) -> None:
    def write_all() -> None:
        with Compressing(FailsOn(str(bad).encode())) as compressing:
            for piece in range(8):
                compressing.write(str(piece).encode())

    with pytest.raises(OSError, match="No space left"):
        write_all()


def test_pieces_are_written_in_their_order_and_a_failure_of_the_rows_is_told() -> None:
    entry = io.BytesIO()
    with Compressing(entry) as compressing:
        for piece in range(50):
            compressing.write(f"{piece} ".encode())
    assert entry.getvalue().decode().split() == [str(piece) for piece in range(50)]

    with pytest.raises(ValueError, match=r"^the rows ended$"), Compressing(io.BytesIO()) as compressing:
        raise ValueError("the rows ended")


def test_a_workbook_of_rows_that_moved_between_two_readings_is_refused() -> None:
    readings = iter([ROWS, ROWS[:5]])
    table = impact_table(groups=())

    with pytest.raises(UnableToWriteTable, match="5 rows have checksum"):
        to_xlsx(replace(table, rows=lambda: next(readings)), io.BytesIO())
