"""Money: whole minor units, exact rates, one rounding, and the words of a locale."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.money import (
    decimal_to_minor,
    decimal_to_rate,
    exponent_of,
    format_money,
    format_rate,
    is_currency,
    minor_to_decimal,
    rate_to_decimal,
)

currencies = st.sampled_from(["USD", "EUR", "PHP", "JPY", "KWD"])
minors = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_has_its_own_number_of_places(currency: str, digits: int) -> None:
    assert exponent_of(currency) == digits


@pytest.mark.parametrize(("code", "known"), [("USD", True), ("usd", False), ("", False), ("DOLLARS", False)])
def test_only_iso_codes_are_currencies(code: str, known: bool) -> None:
    assert is_currency(code) is known


@given(minors, currencies)
def test_minor_units_survive_the_way_to_decimal_and_back(minor: int, currency: str) -> None:
    assert decimal_to_minor(minor_to_decimal(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1.005", "USD", 101),
        ("1.0049", "USD", 100),
        ("-1.005", "USD", -101),
        ("2.5", "JPY", 3),
        ("1.2345", "KWD", 1235),
    ],
)
def test_an_amount_is_rounded_half_up_once(amount: str, currency: str, minor: int) -> None:
    assert decimal_to_minor(Decimal(amount), currency) == minor


@given(st.integers(0, 10**15))
def test_rates_survive_the_way_to_decimal_and_back(millionths: int) -> None:
    assert decimal_to_rate(rate_to_decimal(millionths)) == millionths


def test_a_rate_of_more_than_six_places_is_refused_not_rounded() -> None:
    assert rate_to_decimal(4_000) == Decimal("0.004")
    with pytest.raises(ValueError, match=r"^A rate has at most six decimal places\.$"):
        decimal_to_rate(Decimal("0.0000001"))


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "words"),
    [
        (123_450, "USD", "en", "$1,234.50"),
        (123_450, "EUR", "de", "1.234,50\xa0€"),
        (-5, "USD", "en-GB", "-US$0.05"),
        (1_234, "JPY", "en", "¥1,234"),
    ],
)
def test_an_amount_is_written_as_people_there_write_it(
    minor: int, currency: str, locale: str, words: str
) -> None:
    assert format_money(minor, currency, locale) == words


def test_a_rate_is_written_as_people_there_write_it_and_in_english_where_nobody_says() -> None:
    assert format_rate(1_234_005_000, "EUR", "de") == "1.234,005\xa0€"
    assert format_rate(4_000, "USD", "en-GB") == "US$0.004"
    assert (format_rate(4_000, "USD"), format_money(5, "USD")) == ("$0.004", "$0.05")


@pytest.mark.parametrize(
    ("millionths", "currency", "words"),
    [
        (21_500_000, "USD", "$21.50"),
        (4_000, "USD", "$0.004"),
        (0, "USD", "$0.00"),
        (1_500_000_000, "JPY", "¥1,500"),
        (1_500_500_000, "JPY", "¥1,500.5"),
        (20_000_000, "USD", "$20.00"),
    ],
)
def test_a_rate_shows_the_places_it_needs_and_at_least_the_currency_s_own(
    millionths: int, currency: str, words: str
) -> None:
    assert format_rate(millionths, currency) == words
