"""CSV and JSON: golden files, no formula ever starts in a cell, and rows leave as they come."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.reports.table import Bar, Chart, Kind, Row
from projects.reports.writers.csv_file import DANGEROUS, guarded, to_csv
from projects.reports.writers.json_file import to_json
from tests.unit.reports.tables import ROWS, impact_table

GOLDEN = Path(__file__).parent / "golden"
PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "=cmd|' /C calc'!A0",
    "  =1",
    "'=1",
    '"=1',
    " '\"=1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    "＝1+1",
    "＠x",
    '=HYPERLINK("http://x.example","pay")',
    "-2+3+cmd|' /C calc'!A0",
    "\tplain",
    "“=1",
]


def written(writer: object, table: object, **options: object) -> bytes:
    out = io.BytesIO()
    writer(table, out, **options)  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize(("writer", "name"), [(to_csv, "income_impact.csv"), (to_json, "income_impact.json")])
def test_the_shared_table_is_written_as_in_its_golden_file(writer: object, name: str) -> None:
    assert written(writer, impact_table()) == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_can_start_a_formula(payload: str) -> None:
    row = (*ROWS[0][:2], payload, *ROWS[0][3:])
    text = written(to_csv, impact_table((row,))).decode()
    cell = list(csv.reader(io.StringIO(text, newline="")))[1][2]
    assert cell == f"'{payload}"


def test_a_code_and_a_label_are_guarded_like_any_text() -> None:
    table = impact_table(((*ROWS[0][:1], "=A1", *ROWS[0][2:]),))
    table = replace(table, columns=(replace(table.columns[0], label="@Client"), *table.columns[1:]))
    lines = written(to_csv, table).decode().splitlines()
    assert lines[0].startswith("'@Client,")
    assert lines[1].startswith("ORION,'=A1,")


def test_a_negative_amount_stays_a_number() -> None:
    assert ",-0.07," in written(to_csv, impact_table()).decode()


@given(st.text(max_size=12))
def test_a_guarded_text_can_be_had_back(text: str) -> None:
    shown = guarded(text)
    assert not (DANGEROUS.match(shown) and not shown.startswith("'"))
    back = shown[1:] if shown.startswith("'") and DANGEROUS.match(shown[1:]) else shown
    assert back == text


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20), max_size=5
    )
)
def test_any_text_reads_back_from_both_formats(texts: list[str]) -> None:
    table = impact_table(tuple((*ROWS[0][:2], text, *ROWS[0][3:]) for text in texts))
    rows = list(csv.reader(io.StringIO(written(to_csv, table).decode(), newline="")))[1:]
    assert [row[2] for row in rows] == [guarded(text) for text in texts]
    assert [row["contractor"] for row in json.loads(written(to_json, table))["rows"]] == texts


def test_a_byte_order_mark_comes_first_when_asked_for() -> None:
    assert written(to_csv, impact_table(), bom=True) == b"\xef\xbb\xbf" + written(to_csv, impact_table())


@pytest.mark.parametrize("writer", [to_csv, to_json])
def test_rows_leave_while_later_rows_are_still_to_come(writer: object) -> None:
    out = io.BytesIO()
    sizes: list[int] = []

    def rows() -> Iterator[Row]:
        for _ in range(3):
            sizes.append(out.tell())
            yield from [ROWS[0]] * 4000

    writer(replace(impact_table(), rows=rows), out)  # type: ignore[operator]
    assert 0 < sizes[0] < sizes[1] < sizes[2] < out.tell()


def test_a_table_without_rows_is_still_a_file() -> None:
    assert written(to_csv, impact_table(())).count(b"\r\n") == 1
    empty = json.loads(written(to_json, impact_table(())))
    assert (empty["rows"], empty["row_count"]) == ([], 0)


def test_an_unknown_amount_is_null_and_never_zero() -> None:
    row = json.loads(written(to_json, impact_table()))["rows"][3]
    assert (row["lost"], row["hours"], row["people"]) == (None, None, None)


def test_half_a_character_becomes_a_question_mark_wherever_it_stands() -> None:
    table = impact_table(((*ROWS[0][:1], "\ud800", *ROWS[0][2:]),), title="Half \udc00")

    told = json.loads(written(to_json, table))
    assert (told["title"], told["rows"][0]["project"]) == ("Half ?", "?")
    assert told["group_totals"][1]["group"] == {"client": "ORION", "project": "?"}
    assert b"ORION,?," in written(to_csv, table)


def test_json_says_what_is_drawn_in_exact_figures_and_what_is_left_out() -> None:
    hours = Chart("Hours", (Bar("a", 5_400),), Kind.HOURS, note="The first 1 of 2.")
    shares = Chart("Shares", (Bar("b", Decimal("0.250")),), Kind.PERCENT)

    assert json.loads(written(to_json, impact_table(charts=(hours, shares))))["charts"] == [
        {"title": "Hours", "kind": "hours", "currency": "", "bars": [{"label": "a", "value": 5_400}],
         "note": "The first 1 of 2."},
        {"title": "Shares", "kind": "percent", "currency": "", "bars": [{"label": "b", "value": "0.25"}], "note": ""},
    ]  # fmt: skip


def test_json_of_many_rows_is_one_document() -> None:
    told = json.loads(written(to_json, impact_table((ROWS[0],) * 8_001)))

    assert len(told["rows"]) == told["row_count"] == 8_001
    assert told["rows"][0] == told["rows"][4_000] == told["rows"][-1]
