"""A journal in the shapes that accounting programs take: every column in its place, what they cannot take refused."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from projects.reports.table import Column, Facts, Figures, Kind, Row, Table, Total, UnableToWriteTable
from projects.reports.writers.figures import figures_of
from projects.reports.writers.journals import XERO_LINES, to_netsuite, to_quickbooks, to_xero
from tests.unit.reports.tables import impact_table

Writer = Callable[..., Figures]
DAY = dt.date(2026, 3, 9)  # the day and the month differ, whichever of them is written first
COLUMNS = (
    Column("entry", "Entry", Kind.CODE),
    Column("day", "Day", Kind.DATE),
    Column("account", "Account"),
    Column("debit", "Debit", Kind.MONEY, currency="currency", total=Total.SUM),
    Column("credit", "Credit", Kind.MONEY, currency="currency", total=Total.SUM),
    Column("currency", "Currency", Kind.CODE),
    Column("description", "Description"),
    Column("client", "Client", Kind.CODE),
    Column("project", "Project", Kind.CODE),
    Column("tax_rate", "Tax rate"),
)


def row(
    debit: int | None, credit: int | None, *, currency: str = "USD", account: str = "6000", **more: str
) -> Row:
    description, tax = more.get("description", "Standby of March"), more.get("tax", "Tax Exempt")
    return ("J-7", DAY, account, debit, credit, currency, description, "ORION", "CHORDUS", tax)


def journal(*rows: Row) -> Table:
    facts = Facts(
        dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC), "0.1.0", "a1b2c3", "journal-1", "run-9", "Finance"
    )
    return Table(
        name="journal", title="Journal", columns=COLUMNS, rows=rows, as_of=dt.date(2026, 11, 23), facts=facts
    )


def lines(writer: Writer, *rows: Row) -> list[list[str]]:
    out = io.BytesIO()
    writer(journal(*rows), out)
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


BALANCED = (row(123_450, None), row(None, 123_450, account="2100"))


def test_quickbooks_gets_us_dates_and_a_column_for_each_side() -> None:
    assert lines(to_quickbooks, *BALANCED) == [
        ["Journal No", "Journal Date", "Account Name", "Debits", "Credits", "Description", "Name", "Currency",
         "Location", "Class"],
        ["J-7", "03/09/2026", "6000", "1234.50", "", "Standby of March", "", "USD", "", "CHORDUS"],
        ["J-7", "03/09/2026", "2100", "", "1234.50", "Standby of March", "", "USD", "", "CHORDUS"],
    ]  # fmt: skip


def test_xero_gets_one_amount_a_line_with_credits_below_zero() -> None:
    assert lines(to_xero, *BALANCED) == [
        ["*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1",
         "TrackingOption1", "TrackingName2", "TrackingOption2"],
        ["J-7", "09/03/2026", "Standby of March", "6000", "Tax Exempt", "1234.50", "Client", "ORION", "Project",
         "CHORDUS"],
        ["J-7", "09/03/2026", "Standby of March", "2100", "Tax Exempt", "-1234.50", "Client", "ORION", "Project",
         "CHORDUS"],
    ]  # fmt: skip


def test_netsuite_gets_the_entry_as_its_external_id_and_a_memo_of_the_period() -> None:
    assert lines(to_netsuite, *BALANCED) == [
        ["External ID", "Date", "Currency", "Memo (Main)", "Account", "Debit", "Credit", "Memo", "Class"],
        ["J-7", "03/09/2026", "USD", "Pauses, period to 2026-03-09", "6000", "1234.50", "", "Standby of March",
         "CHORDUS"],
        ["J-7", "03/09/2026", "USD", "Pauses, period to 2026-03-09", "2100", "", "1234.50", "Standby of March",
         "CHORDUS"],
    ]  # fmt: skip


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert lines(to_quickbooks, row(1_234, None, currency="JPY"))[1][3] == "1234"
    assert lines(to_quickbooks, row(1_234, None, currency="KWD"))[1][3] == "1.234"


def test_words_that_a_spreadsheet_would_reckon_are_guarded_and_amounts_are_not() -> None:
    told = lines(to_xero, row(None, 5, description="=1+1"))[1]

    assert told[2] == "'=1+1"
    assert told[5] == "-0.05"
    for words in ("-1-2", "--5", "-1.2.3", "-", "+5"):
        assert lines(to_xero, row(None, 5, description=words))[1][2] == f"'{words}"
    for number in ("-5", "5.25"):
        assert lines(to_xero, row(None, 5, description=number))[1][2] == number


def test_xero_refuses_a_second_currency_and_names_both() -> None:
    many = [row(1, None)] * 4_000
    for rows in ([row(1, None), row(1, None, currency="EUR")], [*many, row(1, None, currency="EUR")]):
        with pytest.raises(UnableToWriteTable) as caught:
            lines(to_xero, *rows)
        assert str(caught.value) == (
            "Xero takes manual journals in one currency; choose one of EUR, USD with “currency”."
        )


def test_xero_takes_300_lines_and_not_one_more() -> None:
    assert len(lines(to_xero, *[row(1, None)] * XERO_LINES)) == XERO_LINES + 1
    with pytest.raises(UnableToWriteTable) as caught:
        lines(to_xero, *[row(1, None)] * (XERO_LINES + 1))
    assert str(caught.value) == (
        "Xero takes 300 lines in one file, this journal has 301; narrow it by client or project."
    )


@pytest.mark.parametrize("side", ["debit", "credit"])
def test_netsuite_takes_ten_digits_before_the_point_and_two_after_it(side: str) -> None:
    def of(minor: int, currency: str = "USD") -> Row:
        return row(minor, None, currency=currency) if side == "debit" else row(None, minor, currency=currency)

    assert "9999999999.99" in lines(to_netsuite, of(999_999_999_999))[1]
    with pytest.raises(UnableToWriteTable, match=r"^NetSuite has no room for 10000000000\.00 USD\.$"):
        lines(to_netsuite, of(1_000_000_000_000))
    with pytest.raises(UnableToWriteTable, match=r"no room for 1\.234 KWD"):
        lines(to_netsuite, of(1_234, "KWD"))


@pytest.mark.parametrize("writer", [to_quickbooks, to_xero, to_netsuite])
def test_what_is_no_journal_is_refused_by_its_title(writer: Writer) -> None:
    for table in (impact_table(), replace(journal(), columns=COLUMNS[1:])):
        out = io.BytesIO()
        with pytest.raises(UnableToWriteTable) as caught:
            writer(table, out)
        assert str(caught.value) == (
            f"{table.title} is no journal: only a journal goes to an accounting program."
        )
        assert out.getvalue() == b""


@pytest.mark.parametrize("writer", [to_quickbooks, to_xero, to_netsuite])
def test_what_was_written_is_counted_and_added_up(writer: Writer) -> None:
    figures = writer(journal(*BALANCED), io.BytesIO())

    assert figures == figures_of(journal(*BALANCED))
    assert (figures.rows, figures.totals[0].values) == (2, {"debit": 123_450, "credit": 123_450})


def test_a_journal_of_many_lines_goes_out_whole_and_in_order() -> None:
    told = lines(to_quickbooks, *(row(number, None) for number in range(1, 4_003)))

    assert [line[3] for line in told[1:]] == [f"{number / 100:.2f}" for number in range(1, 4_003)]


@pytest.mark.parametrize("writer", [to_quickbooks, to_xero, to_netsuite])
def test_a_line_without_an_amount_has_none_on_either_side(writer: Writer) -> None:
    assert not {"0.00", "-", "None"} & set(lines(writer, row(None, None))[1])
