"""The PDF report: tagged, the same bytes again, no text read as markup, honest about what it leaves out."""

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from projects.reports.apart import typeset_apart
from projects.reports.table import Bar, Chart, Kind, UnableToWriteTable
from projects.reports.writers import pdf_file
from projects.reports.writers.pdf_file import chart_of, to_pdf
from projects.reports.writers.typeset import Typesetter, typeset
from projects.reports.writers.typesetter import typeset_here
from tests.unit.reports.tables import AT, ROWS, impact_table


def printed(table: Any, **options: int) -> tuple[PdfReader, str]:
    out = io.BytesIO()
    to_pdf(table, out, **options)
    reader = PdfReader(out)
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def tags_of(node: Any) -> list[str]:
    """Return the names of all structure elements below a node."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for child in node for tag in tags_of(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags_of(node["/K"]) if "/K" in node else [])


def test_the_report_is_a_tagged_document_in_a_language_with_a_title() -> None:
    reader, _ = printed(impact_table())
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == "Income impact"
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()
    tags = tags_of(catalogue["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= set(tags)
    assert tags.count("/TH") >= 10


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    to_pdf(impact_table(), first)
    to_pdf(impact_table(), second)
    assert first.getvalue() == second.getvalue()
    assert first.getvalue().startswith(b"%PDF-1.7")


def test_a_report_may_be_pulled_at_any_instant() -> None:
    table = impact_table()
    facts = replace(table.facts, generated_at=AT.replace(microsecond=123_456))
    reader, _ = printed(replace(table, facts=facts))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == AT


def test_the_cover_tells_an_auditor_where_the_figures_come_from() -> None:
    reader, text = printed(impact_table())
    cover = reader.pages[0].extract_text()
    for words in (
        "As of 2026-11-23",
        "ORION, LYRA",
        "run-17",
        "impact-2",
        "a1b2c3",
        "2026-11-24 09:30 UTC",
        "Finance",
    ):
        assert words in cover
    assert "Nothing is added across currencies." in text
    assert f"Page 1 of {len(reader.pages)}" in cover


def test_groups_have_their_subtotals_under_their_rows() -> None:
    _, text = printed(impact_table())
    lines = text.splitlines()
    assert "ORION · CHORDUS" in lines
    assert any(line.startswith("CHORDUS · Total USD") and "999.98" in line for line in lines)
    assert any(line.startswith("ORION · Total JPY") and "1,234,566" in line for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "= Heading",
        "$ x^2 $",
        "*bold*",
        "`raw`",
        "<label>",
        "\\",
        '"',
        "]",
    ],
)
def test_no_text_is_read_as_markup(text: str) -> None:
    table = impact_table(((*ROWS[0][:2], text, *ROWS[0][3:]),), title=f"T {text}", notes=(text,), method=text)
    _, shown = printed(table)
    assert shown.count(text) >= 3


def test_texts_without_a_font_are_marked_and_never_stop_the_report() -> None:
    row = (*ROWS[0][:2], "\u0378 Ana \U0001fbff", *ROWS[0][3:])
    _, text = printed(impact_table((row,)))
    assert "? Ana ?" in text
    assert "Some characters (2 different ones) are in a script for which no font was at hand" in " ".join(
        text.split()
    )


def test_control_characters_never_stop_the_report() -> None:
    _, text = printed(impact_table(((*ROWS[0][:2], "An\x00a\x07", *ROWS[0][3:]),)))
    assert "Ana" in text


def test_a_long_report_says_what_it_leaves_out_and_still_totals_everything() -> None:
    _, text = printed(impact_table(ROWS * 3), row_limit=6)
    assert "Rows 1 to 6 of 18 are printed" in text
    lines = text.splitlines()
    assert any(line.startswith("Printed rows · Total USD") and "1,000.18" in line for line in lines)
    assert any(line.startswith("All rows · Total USD") and "3,000.54" in line for line in lines)
    assert any(line.startswith("ORION · CHORDUS · Total USD") and "2,999.94" in line for line in lines)


def test_the_header_of_the_rows_is_repeated_on_every_page() -> None:
    reader, _ = printed(impact_table(ROWS[:2] * 60, groups=(), method="", notes=(), charts=()))
    pages = [page.extract_text() for page in reader.pages[1:]]
    rows_pages = [page for page in pages if "Ana Cruz" in page]
    assert len(rows_pages) >= 3
    assert all("Share lost" in page for page in rows_pages)


def test_a_report_without_rows_says_so() -> None:
    _, text = printed(impact_table((), charts=()))
    assert "No row matches the parameters." in text


def test_bars_are_drawn_to_scale_on_both_sides_of_zero() -> None:
    chart = chart_of(Chart("Lost", (Bar("a", 300), Bar("b", -100), Bar("c", 0)), Kind.MONEY, "USD"))
    assert chart["zero"] == 0.25
    assert [(bar["start"], bar["length"]) for bar in chart["bars"]] == [
        (0.25, 0.75),
        (0.0, 0.25),
        (0.25, 0.0),
    ]
    assert [bar["shown"] for bar in chart["bars"]] == ["3.00", "-1.00", "0.00"]


def test_a_frozen_run_that_moved_writes_nothing() -> None:
    table = impact_table()
    out = io.BytesIO()
    with pytest.raises(UnableToWriteTable, match="checksum"):
        to_pdf(replace(table, facts=replace(table.facts, checksum="0" * 64)), out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("make", [typeset_here, typeset_apart])
def test_a_document_that_cannot_be_typeset_is_refused_in_our_words(make: Typesetter) -> None:
    with pytest.raises(UnableToWriteTable, match=r"report\.typ could not be typeset"):
        typeset("report.typ", {}, at=AT, out=io.BytesIO(), make=make)


def test_a_document_typeset_apart_has_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ((*ROWS[0][:2], "unseen \U0001f9ff", *ROWS[0][3:]),)
    here, apart = io.BytesIO(), io.BytesIO()
    to_pdf(impact_table(rows), here)
    monkeypatch.setattr(pdf_file, "FEW_CELLS", 1)
    to_pdf(impact_table(rows), apart, make_long=typeset_apart)
    assert apart.getvalue() == here.getvalue()
