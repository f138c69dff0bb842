"""A file of exchange rates is taken as a whole, or refused in one sentence that names the line to put right."""

from datetime import date
from decimal import Decimal

import pytest

from projects.imports.rates import MOST_ROWS, RateRow, UnfitRates, read_rates

TODAY = date(2026, 3, 31)
HEAD = "day,from,to,rate\n"


def read(text: str) -> tuple[RateRow, ...]:
    return read_rates(text.encode(), today=TODAY)


def test_every_line_gives_the_rate_of_one_day_and_pair() -> None:
    assert read(HEAD + "2026-03-02,usd,kes,129.35\n\n , ,\n2026-03-31,EUR,USD, 1.0812 \n") == (
        RateRow(date(2026, 3, 2), "USD", "KES", Decimal("129.35")),
        RateRow(date(2026, 3, 31), "EUR", "USD", Decimal("1.0812")),
    )


def test_semicolons_capitals_other_columns_and_another_order_are_read_alike() -> None:
    (row,) = read(" RATE ;note;To;From;Day\n129.35;a,b;KES;USD;2026-03-02\n")
    assert row == RateRow(date(2026, 3, 2), "USD", "KES", Decimal("129.35"))


def test_a_semicolon_below_the_first_line_says_nothing_of_the_delimiter() -> None:
    (row,) = read("day,from,to,rate,note\n2026-03-02,USD,KES,129.35,a;b\n")
    assert row.rate == Decimal("129.35")


def test_a_byte_order_mark_and_quotes_around_a_line_break_do_no_harm() -> None:
    data = '\ufeffday,from,to,rate,note\n2026-03-02,USD,KES,129.35,"two\nlines"\n'.encode()
    assert [row.source for row in read_rates(data, today=TODAY)] == ["USD"]


@pytest.mark.parametrize("day", ["2000-01-01", "2026-03-31"])
def test_the_first_and_the_last_day_that_may_be_named_are_taken(day: str) -> None:
    assert read(f"{HEAD}{day},USD,KES,1\n")[0].on == date.fromisoformat(day)


@pytest.mark.parametrize("rate", ["99999999.9999999999", "0.0000000001", "1E+2"])
def test_the_largest_and_the_smallest_rate_are_taken(rate: str) -> None:
    assert read(f"{HEAD}2026-03-02,USD,KES,{rate}\n")[0].rate == Decimal(rate)


SPAN = "a rate lies above zero and below 100,000,000 and has at most 10 places, not “{}”."


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("02.03.2026,USD,KES,1", "“02.03.2026” is no day; write it as 2026-03-02."),
        ("1999-12-31,USD,KES,1", "1999-12-31 lies outside 2000-01-01 to today, 2026-03-31."),
        ("2026-04-01,USD,KES,1", "2026-04-01 lies outside 2000-01-01 to today, 2026-03-31."),
        ("2026-03-02,EURO,KES,1", "“EURO” is no currency; write its ISO 4217 code, such as KES."),
        ("2026-03-02,USD,xx,1", "“XX” is no currency; write its ISO 4217 code, such as KES."),
        ("2026-03-02,USD,usd,1", "the two currencies are the same."),
        ("2026-03-02,USD,KES,much", "“much” is no rate; write it as 129.35."),
        ("2026-03-02,USD,KES,0", SPAN.format("0")),
        ("2026-03-02,USD,KES,-1", SPAN.format("-1")),
        ("2026-03-02,USD,KES,100000000", SPAN.format("100000000")),
        ("2026-03-02,USD,KES,0.00000000001", SPAN.format("0.00000000001")),
        ("2026-03-02,USD,KES,NaN", SPAN.format("NaN")),
        ("2026-03-02,USD,KES,Infinity", SPAN.format("Infinity")),
    ],
)
def test_an_unfit_line_is_named_with_what_is_wrong_with_it(line: str, why: str) -> None:
    with pytest.raises(UnfitRates) as refused:
        read(f"{HEAD}2026-03-01,USD,KES,1\n{line}\n")
    assert str(refused.value) == f"Line 3: {why}"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The first line must name day, from, to and rate; “day” is missing."),
        (b"day,from,to\n", "The first line must name day, from, to and rate; “rate” is missing."),
        (HEAD.encode(), "The file has no rates."),
        (HEAD.encode() + b"2026-03-02,USD,KES\n", "Line 2 has 3 cells, not 4."),
        (HEAD.encode() + b"\xff\n", "The file is not text in UTF-8."),
        (HEAD.encode() + b"2026-03-02,USD,KES,1\x00\n", "The file is not text in UTF-8."),
        (HEAD.encode() + b'2026-03-02,"USD"x,KES,1\n', "The file is no CSV: ',' expected after '\"'."),
        (
            HEAD.encode() + b"2026-03-02,USD,KES,1\n2026-03-02,usd,KES,2\n",
            "The file names the rate of one day and pair twice.",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(UnfitRates) as refused:
        read_rates(data, today=TODAY)
    assert str(refused.value) == why


def test_a_file_of_a_hundred_thousand_lines_is_taken_and_a_longer_one_refused() -> None:
    line = "2026-03-02,USD,KES,1\n"
    blank = "\n" * (MOST_ROWS - 2)
    assert len(read(HEAD + blank + line)) == 1
    with pytest.raises(UnfitRates, match=r"^The file has more than 100,000 lines\.$"):
        read(HEAD + blank + "\n" + line)
