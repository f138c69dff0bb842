"""The statement of interrupted work: it adds up, it can be verified, and it is the same paper each time."""

import datetime as dt
import io
from dataclasses import fields, replace

import pytest
from pypdf import PdfReader

from projects.reports.table import UnableToWriteTable
from projects.reports.writers.statement_pdf import (
    StatementDocument,
    StatementPause,
    StatementWords,
    qr_svg,
    statement_to_pdf,
)

URL = "https://hub.example.com/verify/7KQ4-M2XD-9TRW"
FIRST = StatementPause(
    project="CHORDUS",
    starts_on=dt.date(2026, 10, 12),
    ends_on=dt.date(2026, 11, 6),
    currency="USD",
    expected=412500,
    earned=51250,
    recovered=20000,
    standby=75000,
    lost=266250,
    low=241000,
    high=290500,
    text="The client stopped all work after a security breach.",
)
SECOND = replace(
    FIRST, project="NOVA", ends_on=None, expected=100000, earned=0, recovered=0, standby=0, lost=100000
)
STATEMENT = StatementDocument(
    person="Ana María Cruz",
    reference="C-20417",
    issuer="Meridian Staffing",
    issued_at=dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC),
    starts_on=dt.date(2026, 10, 1),
    ends_on=dt.date(2026, 11, 23),
    pauses=(FIRST,),
    method=("Expected income is the average of the weeks before.", "Lost is expected less earned."),
    code="7KQ4-M2XD-9TRW",
    verification_url=URL,
)


def printed(statement: StatementDocument) -> tuple[PdfReader, str]:
    out = io.BytesIO()
    statement_to_pdf(statement, out)
    reader = PdfReader(out)
    return reader, " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def test_a_statement_says_who_when_how_much_and_why_on_one_page() -> None:
    reader, text = printed(STATEMENT)
    assert len(reader.pages) == 1
    for words in (
        "Ana María Cruz",
        "Meridian Staffing",
        "October 12, 2026 to November 6, 2026",
        "Expected without the interruption $4,125.00",
        "Earned $512.50",
        "Recovered on other work $200.00",
        "Paid for standing by $750.00",
        "Lost $2,662.50",
        "$2,410.00 to $2,905.00",
        "security breach",
        "average of the weeks before",
    ):
        assert words in text


def test_interruptions_in_one_currency_are_added_and_others_kept_apart() -> None:
    euros = replace(SECOND, project="HARP", currency="EUR")
    _, text = printed(replace(STATEMENT, pauses=(FIRST, SECOND, euros)))
    assert "USD $5,125.00 $512.50 $200.00 $750.00 $3,662.50" in text
    assert "EUR €1,000.00 €0.00 €0.00 €0.00 €1,000.00" in text
    assert "never added together" in text
    assert "not ended when this was issued" in text


def test_what_did_not_happen_takes_no_line() -> None:
    _, text = printed(replace(STATEMENT, pauses=(replace(SECOND, low=None, high=None),)))
    assert "Recovered" not in text
    assert "Likely range" not in text


def test_a_third_party_finds_the_code_and_the_address_and_a_picture_of_it() -> None:
    reader, text = printed(STATEMENT)
    assert "7KQ4-M2XD-9TRW" in text
    links = [a.get_object()["/A"]["/URI"] for page in reader.pages for a in page["/Annots"]]
    assert links == [URL]
    assert qr_svg(URL) != qr_svg(URL + "x")
    assert qr_svg(URL).startswith("<svg")


def test_a_statement_is_tagged_in_its_language_and_its_picture_has_words() -> None:
    reader, _ = printed(STATEMENT)
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "en"
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()
    alternatives = [
        obj.get("/Alt")
        for obj in map(reader.get_object, range(1, len(reader.xref[0]) + 1))
        if hasattr(obj, "get")
    ]
    assert StatementWords().qr in alternatives


def test_the_same_statement_gives_the_same_bytes_and_another_cent_gives_others() -> None:
    def data(statement: StatementDocument) -> bytes:
        out = io.BytesIO()
        statement_to_pdf(statement, out)
        return out.getvalue()

    moved = replace(STATEMENT, pauses=(replace(FIRST, earned=51251, lost=266249),))
    assert data(STATEMENT) == data(STATEMENT)
    assert data(STATEMENT) != data(moved)


@pytest.mark.parametrize("locale", ["es", "fil", "hi", "ar"])
def test_every_language_of_the_portal_gives_a_statement(locale: str) -> None:
    reader, text = printed(replace(STATEMENT, locale=locale, words=StatementWords(title="Título")))
    assert reader.trailer["/Root"]["/Lang"].startswith(locale)
    assert "Título" in text


def test_names_and_words_are_never_markup() -> None:
    _, text = printed(replace(STATEMENT, person='#panic("x") *Ana*', issuer="= $Issuer$"))
    assert '#panic("x") *Ana*' in text
    assert "= $Issuer$" in text


def test_a_statement_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(
        UnableToWriteTable, match="CHORDUS: lost is not expected - earned - recovered - standby"
    ):
        replace(STATEMENT, pauses=(replace(FIRST, lost=266251),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"verification_url": "javascript:alert(1)"},
        {"ends_on": dt.date(2026, 9, 30)},
        {"pauses": (replace(FIRST, currency="XYZ"),)},
    ],
)
def test_a_statement_that_cannot_be_verified_or_read_is_refused(wrong: dict) -> None:
    with pytest.raises(UnableToWriteTable):
        replace(STATEMENT, **wrong)


def test_every_fixed_word_can_be_translated() -> None:
    assert all(isinstance(getattr(StatementWords(), field.name), str) for field in fields(StatementWords))
