"""The words and sums of a statement as the typesetter gets them, in every locale, and what a statement refuses."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from projects.reports.table import UnableToWriteTable
from projects.reports.writers.statement_pdf import (
    StatementDocument,
    StatementWords,
    contents,
    qr_svg,
    statement_to_pdf,
)
from tests.unit.reports.test_statement import FIRST, SECOND, STATEMENT, URL
from tests.unit.reports.typesetting import lines_of

GOLDEN = Path(__file__).parent / "golden" / "statement.pdf.txt"
EUROS = replace(SECOND, project="HARP", currency="EUR", text="", low=None, high=None)


def shown(statement: StatementDocument, **changes: Any) -> dict[str, Any]:
    return contents(replace(statement, **changes))


def test_a_statement_shows_what_its_golden_file_says() -> None:
    document = shown(STATEMENT, pauses=(FIRST, SECOND, EUROS))
    told = [line for line in lines_of(document) if not line.startswith(("words.", "qr ="))]

    assert told == GOLDEN.read_text().splitlines()
    assert document["words"]["verify"] == "Is this genuine?"
    assert document["qr"] == qr_svg(URL)


def test_one_currency_needs_no_word_on_adding_and_no_reference_takes_no_line() -> None:
    document = shown(STATEMENT, pauses=(FIRST, SECOND), reference="")

    assert document["totals-note"] == ""
    assert [name for name, _ in document["facts"]] == ["Name", "Period"]


@pytest.mark.parametrize("name", ["recovered", "standby"])
def test_what_happened_in_one_interruption_has_its_column_and_no_line_in_the_others(name: str) -> None:
    some = replace(SECOND, **{name: 30_000, "lost": 70_000})
    document = shown(STATEMENT, pauses=(some, SECOND))
    short = {"recovered": "Recovered", "standby": "Standby pay"}[name]

    assert document["totals"]["head"] == ["Currency", "Expected", "Earned", short, "Lost"]
    assert document["totals"]["lines"] == [["USD", "$2,000.00", "$0.00", "$300.00", "$1,700.00"]]
    assert [len(pause["lines"]) for pause in document["pauses"]] == [5, 4]


@pytest.mark.parametrize("unknown", ["low", "high"])
def test_a_range_of_which_one_end_is_not_known_is_not_shown(unknown: str) -> None:
    (pause,) = shown(STATEMENT, pauses=(replace(FIRST, **{unknown: None}),))["pauses"]

    assert [line["name"] for line in pause["lines"]][-1] == "Lost"


@pytest.mark.parametrize(
    ("locale", "lang", "is_right_to_left", "issued", "lost"),
    [
        ("en", "en", False, "Issued November 24, 2026", "$2,662.50"),
        ("en-GB", "en", False, "Issued 24 November 2026", "US$2,662.50"),
        ("es_MX", "es", False, "Issued 24 de noviembre de 2026", "USD2,662.50"),
        ("fil", "fil", False, "Issued Nobyembre 24, 2026", "$2,662.50"),
        ("hi", "hi", False, "Issued 24 नवंबर 2026", "$2,662.50"),
        ("ar", "ar", True, "Issued 24 نوفمبر 2026", "\u200f2,662.50\xa0US$"),
        ("fa-IR", "fa", True, None, None),
        ("he", "he", True, None, None),
        ("ur", "ur", True, None, None),
    ],
)
def test_dates_amounts_and_the_direction_of_reading_are_those_of_the_locale(
    locale: str, lang: str, is_right_to_left: bool, issued: str | None, lost: str | None
) -> None:
    document = shown(STATEMENT, locale=locale)

    assert (document["lang"], document["rtl"]) == (lang, is_right_to_left)
    assert issued is None or document["issued"] == issued
    assert lost is None or document["totals"]["lines"][0][-1] == lost
    assert lost is None or document["pauses"][0]["lines"][-2]["amount"] == lost


def test_the_range_of_what_was_lost_is_written_as_the_other_amounts_are() -> None:
    (pause,) = shown(STATEMENT, locale="es")["pauses"]

    assert pause["lines"][-1]["amount"] == "2.410,00\xa0US$ to 2.905,00\xa0US$"


def test_every_word_may_be_another_and_names_keep_their_braces() -> None:
    words = StatementWords(
        opening="{person} / {issuer} / {start} / {end}",
        issued="Am {date}",
        from_to="{start} - {end}",
        since="ab {start}",
        pause_title="{when}: {project}",
        between="{low}..{high}",
    )
    document = shown(STATEMENT, pauses=(FIRST, EUROS), words=words, person="Ana {x}", issuer="M")

    assert document["opening"] == "Ana {x} / M / October 1, 2026 / November 23, 2026"
    assert document["issued"] == "Am November 24, 2026"
    assert ["Period", "October 1, 2026 - November 23, 2026"] in document["facts"]
    assert [pause["title"] for pause in document["pauses"]] == [
        "October 12, 2026 - November 6, 2026: CHORDUS",
        "ab October 12, 2026: HARP",
    ]
    assert document["pauses"][0]["lines"][-1]["amount"] == "$2,410.00..$2,905.00"


def test_a_statement_is_dated_when_it_was_issued_and_names_who_issued_it_for_whom() -> None:
    out = io.BytesIO()
    statement_to_pdf(STATEMENT, out)
    told = PdfReader(out).metadata

    assert told is not None
    assert told.creation_date == STATEMENT.issued_at
    assert (told.title, told.author) == ("Statement of interrupted work, Ana María Cruz", "Meridian Staffing")


def test_a_statement_of_a_single_day_may_be_verified_over_plain_http_in_a_trial() -> None:
    day = STATEMENT.starts_on

    assert replace(STATEMENT, ends_on=day, verification_url="http://127.0.0.1:8000/verify/x").ends_on == day


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"ends_on": dt.date(2026, 9, 30)},
            "a statement needs a period that does not end before it starts, and an instant",
        ),
        (
            {"issued_at": dt.datetime(2026, 11, 24, 9, 30)},  # noqa: DTZ001 - the defect under test
            "a statement needs a period that does not end before it starts, and an instant",
        ),
        ({"code": ""}, "a statement needs a code and the address of the page that verifies it"),
        (
            {"verification_url": "ftp://hub.example.com"},
            "a statement needs a code and the address of the page that verifies it",
        ),
        ({"pauses": (FIRST, replace(SECOND, currency="XYZ"))}, "NOVA: unknown currency 'XYZ'"),
        (
            {"pauses": (FIRST, replace(SECOND, lost=99_999))},
            "NOVA: lost is not expected - earned - recovered - standby",
        ),
    ],
)
def test_a_statement_that_cannot_be_trusted_is_refused_in_plain_words(wrong: dict, message: str) -> None:
    with pytest.raises(UnableToWriteTable) as caught:
        replace(STATEMENT, **wrong)

    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["earned", "recovered", "standby"])
def test_each_part_of_the_arithmetic_is_held_against_what_was_lost(name: str) -> None:
    with pytest.raises(UnableToWriteTable, match="CHORDUS: lost is not"):
        replace(STATEMENT, pauses=(replace(FIRST, **{name: 1}),))


def test_the_square_has_its_white_edge_and_can_be_read_when_a_quarter_is_soiled() -> None:
    # 44 characters take 33 modules a side where a quarter may be soiled (29 where less may), and 4 of white around.
    assert 'width="41" height="41"' in qr_svg(URL)
    assert qr_svg(URL).endswith("</svg>\n")
