"""The words, figures and bars of a PDF report as the typesetter gets them, and where a long one is cut."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from projects.reports.packed import packed, unpacked
from projects.reports.table import Bar, Chart, Column, Facts, Kept, Kind, Row, Table, Total
from projects.reports.writers import pdf_file
from projects.reports.writers.blocks import read_blocks
from projects.reports.writers.figures import figures_of
from projects.reports.writers.pdf_file import breakable, chart_of, to_pdf
from tests.unit.reports.tables import AT, COLUMNS, ROWS, impact_table
from tests.unit.reports.typesetting import KeptWords, lines_of, words_of

GOLDEN = Path(__file__).parent / "golden"


def plain(*rows: Row, columns: int = 1) -> Table:
    names = tuple(Column(f"c{place}", f"Column {place}") for place in range(columns))
    return Table("plain", "Plain", names, rows, AT.date(), Facts(AT, "1"))


def in_blocks(table: Table, rows_per_block: int) -> Table:
    blocks = [packed(table.columns, block) for block in read_blocks(table, rows_per_block=rows_per_block)]
    kept = Kept(lambda: (unpacked(table.columns, block) for block in blocks), figures_of(table))
    return replace(table, rows=(), kept=kept)


@pytest.mark.parametrize(("limit", "name"), [(6, "income_impact.pdf.txt"), (5, "income_impact.cut.pdf.txt")])
def test_a_report_shows_what_its_golden_file_says_whole_and_cut(
    limit: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = words_of(impact_table(), monkeypatch, row_limit=limit)

    assert lines_of(document) == (GOLDEN / name).read_text().splitlines()


def test_a_report_is_cut_at_the_same_row_however_its_rows_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = words_of(impact_table(), monkeypatch, row_limit=5)

    for rows_per_block in (1, 2, 4, 5):
        assert words_of(in_blocks(impact_table(), rows_per_block), monkeypatch, row_limit=5) == whole


@pytest.mark.parametrize(("columns", "most"), [(1, 9_000), (12, 750)])
def test_as_many_rows_are_printed_as_make_nine_thousand_cells(
    columns: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_shown = words_of(plain(*[("x",) * columns] * most, columns=columns), monkeypatch)
    one_left_out = words_of(plain(*[("x",) * columns] * (most + 1), columns=columns), monkeypatch)

    assert (len(all_shown["rows"]), all_shown["rows-note"]) == (most, "")
    assert len(one_left_out["rows"]) == most
    assert one_left_out["rows-note"] == (
        f"Rows 1 to {most:,} of {most + 1:,} are printed; the CSV, XLSX and JSON of this run hold all."
    )


@pytest.mark.parametrize(
    ("columns", "rows", "is_long"), [(1, 1_000, False), (1, 1_001, True), (4, 250, False), (4, 251, True)]
)
def test_what_has_more_than_a_thousand_cells_is_typeset_where_long_documents_are(
    columns: int, rows: int, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, apart = KeptWords(), KeptWords()
    monkeypatch.setattr(pdf_file, "typeset_here", here)
    to_pdf(plain(*[("x",) * columns] * rows, columns=columns), io.BytesIO(), make_long=apart)

    assert (len(here.documents), len(apart.documents)) == (not is_long, is_long)


@pytest.mark.parametrize(("rows", "is_long"), [(500, False), (501, True)])
def test_subtotals_count_as_rows_of_a_long_document(
    rows: int, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = KeptWords()
    monkeypatch.setattr(pdf_file, "typeset_here", KeptWords())
    table = plain(*((f"group {number}",) for number in range(rows)))
    to_pdf(replace(table, groups=("c0",)), io.BytesIO(), make_long=apart)

    assert len(apart.documents) == is_long


def test_a_report_is_typeset_by_its_template_and_dated_when_it_was_pulled() -> None:
    kept = KeptWords()
    pulled = dt.datetime(2026, 11, 24, 10, 30, 15, 999, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    table = replace(plain(*[("x",)] * 1_001), facts=Facts(pulled, "1"))
    out = io.BytesIO()
    to_pdf(table, out, make_long=kept)

    assert [template.rpartition("/")[2] for template in kept.templates] == ["report.typ"]
    assert kept.moments == [dt.datetime(2026, 11, 24, 9, 30, 15, tzinfo=dt.UTC)]
    assert out.getvalue() == b"%PDF-kept"


@pytest.mark.parametrize(
    ("columns", "points", "lies"),
    [
        (1, 9, False),
        (6, 9, False),
        (7, 9, True),
        (8, 8, True),
        (10, 8, True),
        (11, 7, True),
        (14, 7, True),
        (15, 6, True),
    ],
)
def test_many_columns_turn_the_page_and_make_the_letters_smaller(
    columns: int, points: int, lies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = words_of(plain(("x",) * columns, columns=columns), monkeypatch)

    assert (document["size"], document["landscape"]) == (points, lies)


def test_a_report_without_rows_or_sums_says_so_and_names_no_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    document = words_of(plain(), monkeypatch)

    assert document["rows-note"] == "No row matches the parameters."
    assert document["totals"] == document["subtotals"] == {"head": [], "lines": []}
    assert (document["first-sum"], document["unknown"], document["currency-note"]) == (0, False, "")
    assert (document["method"], document["notes"], document["column-help"], document["charts"]) == (
        [],
        [],
        [],
        [],
    )
    assert [fact[0] for fact in document["origin"]] == [
        "Rows", "Checksum of the rows", "Code version", "Generated at",
    ]  # fmt: skip


def test_a_report_in_one_currency_needs_no_warning_of_adding_currencies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = words_of(impact_table(ROWS[:2], method=" One. \n\n\n\nTwo.\n"), monkeypatch)

    assert document["currency-note"] == ""
    assert [line[0] for line in document["totals"]["lines"]] == ["Total USD"]
    assert document["method"] == ["One.", "Two."]
    assert document["unknown"] is False


def test_a_group_with_a_long_name_still_has_its_subtotals(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("A" * 40, *ROWS[0][1:])
    rows = words_of(impact_table((row,), groups=("client",)), monkeypatch)["rows"]
    name = "\u200b".join(["A" * 18, "A" * 18, "A" * 4])

    assert [row.get("label") for row in rows] == [name, None, f"{name} · Total USD", "Total USD"]


def test_rows_of_no_known_group_have_their_subtotals_too(monkeypatch: pytest.MonkeyPatch) -> None:
    table = impact_table(((None, "", *ROWS[0][2:]), ROWS[0]))
    labels = [row.get("label") for row in words_of(table, monkeypatch)["rows"]]
    cut = words_of(table, monkeypatch, row_limit=1)["subtotals"]["lines"]

    assert labels[:4] == ["– · –", None, "– · Total USD", "– · Total USD"]
    assert [line[0] for line in cut][:2] == ["– · Total USD", "– · – · Total USD"]


def test_a_group_that_comes_again_under_another_is_a_group_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = tuple((client, "SAME", *ROWS[0][2:]) for client in ("LYRA", "ORION"))
    shown = words_of(impact_table(rows), monkeypatch)["rows"]

    assert [(row["kind"], row.get("label")) for row in shown] == [
        ("band", "LYRA · SAME"),
        ("row", None),
        ("subtotal", "SAME · Total USD"),
        ("subtotal", "LYRA · Total USD"),
        ("band", "ORION · SAME"),
        ("row", None),
        ("subtotal", "SAME · Total USD"),
        ("subtotal", "ORION · Total USD"),
        ("total", "Total USD"),
    ]


def test_at_most_five_hundred_groups_have_subtotals_in_a_report_that_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = (COLUMNS[0], replace(COLUMNS[-1], total=Total.SUM))
    rows = tuple((f"C{number:04d}", 1) for number in range(1_001))
    table = Table("t", "T", people, rows, AT.date(), Facts(AT, "1"), groups=("client",))
    shown = words_of(table, monkeypatch, row_limit=1_000)["subtotals"]

    assert shown["head"] == ["Group", "Rows", "People"]
    assert len(shown["lines"]) == 500
    assert shown["lines"][-1] == ["C0499 · Total, all rows", "1", "1"]


@pytest.mark.parametrize(
    ("kind", "currency", "value", "unit", "shown"),
    [
        (Kind.MONEY, "JPY", 1_234, "JPY", "1,234"),
        (Kind.HOURS, "", 5_400, "Hours", "1:30:00"),
        (Kind.DAYS, "", Decimal("2.50"), "Days", "2.5"),
        (Kind.INTEGER, "", 1_234, "", "1,234"),
        (Kind.PERCENT, "", Decimal("0.125"), "", "12.5 %"),
    ],
)
def test_bars_say_their_unit_and_their_figure(
    kind: Kind, currency: str, value: int | Decimal, unit: str, shown: str
) -> None:
    chart = chart_of(Chart("Lost", (Bar("a", value),), kind, currency, "The first 1 of 7."))

    assert (chart["title"], chart["unit"], chart["note"]) == ("Lost", unit, "The first 1 of 7.")
    assert chart["bars"] == [{"label": "a", "shown": shown, "start": 0.0, "length": 1.0, "negative": False}]


def test_bars_below_zero_alone_start_at_the_left_and_none_at_all_leave_zero_there() -> None:
    below = chart_of(Chart("Lost", (Bar("a", -4), Bar("b", -1)), Kind.INTEGER))
    none = chart_of(Chart("Lost", (Bar("a", 0),), Kind.INTEGER))

    assert below["zero"] == 1.0
    assert [(bar["start"], bar["length"], bar["negative"]) for bar in below["bars"]] == [
        (0.0, 1.0, True),
        (0.75, 0.25, True),
    ]
    assert (none["zero"], none["bars"][0]["start"], none["bars"][0]["length"]) == (0.0, 0.0, 0.0)
    assert none["bars"][0]["negative"] is False


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("x" * 18, ["x" * 18]),
        ("x" * 19, ["x" * 18, "x"]),
        ("x" * 36, ["x" * 18, "x" * 18]),
        ("short words stay as they are", ["short words stay as they are"]),
        ("a " + "y" * 20 + "  b", ["a " + "y" * 18, "yy  b"]),
    ],
)
def test_only_words_of_more_than_eighteen_letters_may_be_broken(text: str, broken: list[str]) -> None:
    assert breakable(text).split("\u200b") == broken
