"""Cells as text: every digit of an amount, an hour, an instant or a number, as files keep it and as pages show it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.reports.table import Cell, Column, Kind, UnableToWriteTable, major
from projects.reports.writers.cells import (
    as_of_text,
    grouped,
    hours_text,
    instant_text,
    money_text,
    number_text,
    percent_text,
    quantity_text,
    shown,
    texts,
)

UTC = dt.UTC
MONEY = Column("lost", "Lost", Kind.MONEY, currency="currency")
MICROSECONDS = dt.datetime(2026, 3, 2, 9, 0, 0, 120_000, tzinfo=UTC)


def amounts(*pairs: tuple[int | None, str | None]) -> list[str]:
    return list(texts(MONEY, [amount for amount, _ in pairs], [currency for _, currency in pairs]))


@pytest.mark.parametrize(
    ("minor", "exponent", "text"),
    [
        (0, 2, "0.00"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (-50, 2, "-0.50"),
        (123, 2, "1.23"),
        (-123, 2, "-1.23"),
        (0, 0, "0"),
        (-7, 0, "-7"),
        (7, 3, "0.007"),
        (-1_234, 3, "-1.234"),
        (12, 1, "1.2"),
    ],
)
def test_an_amount_has_all_the_decimals_of_its_currency(minor: int, exponent: int, text: str) -> None:
    assert money_text(minor, exponent) == text


@given(
    st.lists(
        st.tuples(st.integers(-(10**6), 10**6), st.sampled_from(["USD", "EUR", "JPY", "KWD"])), min_size=1
    )
)
def test_a_column_of_amounts_is_each_amount_in_its_own_currency(pairs: list[tuple[int, str]]) -> None:
    for some in (pairs, [(amount, pairs[0][1]) for amount, _ in pairs]):
        assert [Decimal(text) for text in amounts(*some)] == [major(*pair) for pair in some]
        assert [len(text.partition(".")[2]) for text in amounts(*some)] == [
            {"JPY": 0, "KWD": 3}.get(currency, 2) for _, currency in some
        ]


def test_amounts_of_a_cent_or_less_keep_their_zeros_beside_large_ones() -> None:
    values = [0, 5, -5, 12, -12, 99, -99, 100, -100, 1_234, -1_234, 10**12]

    assert amounts(*((value, "USD") for value in values)) == [
        "0.00", "0.05", "-0.05", "0.12", "-0.12", "0.99", "-0.99", "1.00", "-1.00", "12.34", "-12.34", "10000000000.00",
    ]  # fmt: skip


def test_an_amount_that_is_not_known_needs_no_currency_and_any_other_does() -> None:
    assert amounts((None, None), (5, "JPY"), (None, "USD")) == ["", "5", ""]
    for pairs in ([(5, None)], [(5, "")], [(5, "JPY"), (5, None)], [(None, None), (5, None)]):
        with pytest.raises(UnableToWriteTable) as caught:
            amounts(*pairs)
        assert str(caught.value) == "column lost: an amount without a currency in column currency"


def test_a_column_says_which_of_its_cells_is_of_another_type() -> None:
    with pytest.raises(UnableToWriteTable) as caught:
        texts(Column("n", "N", Kind.INTEGER), (1, None, "2"))

    assert str(caught.value) == "column n: integer cells cannot be of type str"


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        (Kind.TEXT, ("a", None, ""), ["a", "", ""]),
        (Kind.CODE, ("ORION",), ["ORION"]),
        (Kind.DATE, (dt.date(2026, 3, 2), None), ["2026-03-02", ""]),
        (Kind.INSTANT, (MICROSECONDS, None), ["2026-03-02T09:00:00.12Z", ""]),
        (Kind.HOURS, (5_400, 0, None), ["1:30:00", "0:00:00", ""]),
        (Kind.DAYS, (Decimal("7.50"), 3), ["7.5", "3"]),
        (Kind.PERCENT, (Decimal("0.250"), 1), ["0.25", "1"]),
        (Kind.RATE, (Decimal("0.000001"), 2), ["0.000001", "2"]),
        (Kind.INTEGER, (1_234, 0, None), ["1234", "0", ""]),
    ],
)
def test_every_kind_of_cell_has_one_text_and_an_unknown_one_has_none(
    kind: Kind, cells: tuple[Cell, ...], expected: list[str]
) -> None:
    assert list(texts(Column("c", "C", kind), cells)) == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (59, "0:00:59"), (60, "0:01:00"), (3_599, "0:59:59"), (3_600, "1:00:00"), (-61, "-0:01:01"),
     (360_000, "100:00:00")],
)  # fmt: skip
def test_a_length_of_time_is_hours_minutes_and_seconds(seconds: int, text: str) -> None:
    assert hours_text(seconds) == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (dt.datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T09:00:00Z"),
        (dt.datetime(2026, 3, 2, 9, 30, 10, tzinfo=UTC), "2026-03-02T09:30:10Z"),
        (dt.datetime(2026, 3, 2, 1, tzinfo=dt.timezone(dt.timedelta(hours=8))), "2026-03-01T17:00:00Z"),
        (MICROSECONDS, "2026-03-02T09:00:00.12Z"),
    ],
)
def test_an_instant_is_told_in_utc_without_needless_zeros(instant: dt.datetime, text: str) -> None:
    assert instant_text(instant) == text
    assert as_of_text(instant) == text


def test_an_instant_without_a_zone_is_refused_and_a_day_needs_none() -> None:
    with pytest.raises(UnableToWriteTable) as caught:
        instant_text(dt.datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the defect under test

    assert str(caught.value) == "instant 2026-03-02T09:00:00 has no time zone"
    assert as_of_text(dt.date(2026, 3, 2)) == "2026-03-02"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.0"), "0"),
        (100, "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("10.50"), "10.5"),
        (Decimal("20.00"), "20"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-1.10"), "-1.1"),
    ],
)
def test_equal_numbers_have_one_text(number: Decimal | int, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_number_that_is_none_is_refused_by_its_name(number: str) -> None:
    with pytest.raises(UnableToWriteTable) as caught:
        number_text(Decimal(number))

    assert str(caught.value) == f"{number} is not a number that can be shown"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [("0.125", "12.5 %"), ("0.0005", "0.1 %"), ("0.00049", "0.0 %"), ("-0.0005", "-0.1 %"), ("1", "100.0 %"),
     ("12.3456", "1234.6 %")],
)  # fmt: skip
def test_a_share_is_rounded_half_up_to_a_tenth_of_a_percent(fraction: str, text: str) -> None:
    assert percent_text(Decimal(fraction)) == text


@pytest.mark.parametrize(
    ("digits", "text"),
    [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234.50", "-1,234.50"), ("-0.05", "-0.05"),
     ("1234567.891", "1,234,567.891")],
)  # fmt: skip
def test_thousands_are_parted_and_decimals_are_left_alone(digits: str, text: str) -> None:
    assert grouped(digits) == text


@pytest.mark.parametrize(
    ("kind", "cell", "currency", "text"),
    [
        (Kind.MONEY, 123_456, "USD", "1,234.56"),
        (Kind.MONEY, None, "USD", "not known"),
        (Kind.TEXT, "1000", None, "1000"),
        (Kind.CODE, "ORION", None, "ORION"),
        (Kind.DATE, dt.date(2026, 3, 2), None, "2026-03-02"),
        (Kind.INSTANT, MICROSECONDS, None, "2026-03-02 09:00 UTC"),
        (Kind.HOURS, 3_600_000, None, "1000:00:00"),
        (Kind.DAYS, Decimal("1234.5"), None, "1,234.5"),
        (Kind.PERCENT, Decimal("0.81"), None, "81.0 %"),
        (Kind.RATE, Decimal("1234.56789"), None, "1,234.56789"),
        (Kind.INTEGER, 1_234, None, "1,234"),
        (Kind.INTEGER, 0, None, "0"),
    ],
)
def test_a_page_shows_the_same_digits_with_thousands_parted(
    kind: Kind, cell: Cell, currency: str | None, text: str
) -> None:
    assert shown(kind, cell, currency) == text


def test_a_page_shows_no_amount_without_its_currency() -> None:
    for call in (lambda: shown(Kind.MONEY, 5), lambda: quantity_text(Kind.MONEY, 5)):
        with pytest.raises(UnableToWriteTable) as caught:
            call()
        assert str(caught.value) == "column money: an amount without a currency in column currency"


def test_a_sum_is_told_in_the_unit_of_its_kind() -> None:
    assert quantity_text(Kind.MONEY, -5, "USD") == "-0.05"
    assert quantity_text(Kind.DAYS, Decimal("2.50")) == "2.5"
    assert quantity_text(Kind.HOURS, 61) == "0:01:01"
