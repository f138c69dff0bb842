"""Money: integer minor units with a currency, Decimal between, rounding half up once, shown by locale."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision
from moneyed import CURRENCIES

MILLION = Decimal(1_000_000)


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 currency code."""
    return code in CURRENCIES


@cache
def exponent_of(currency: str) -> int:
    """Digits after the point of a currency: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217 through CLDR)."""
    return int(get_currency_precision(currency))


def minor_to_decimal(minor: int, currency: str) -> Decimal:
    """12345 minor units of USD are Decimal('123.45')."""
    return Decimal(minor).scaleb(-exponent_of(currency))


def decimal_to_minor(amount: Decimal, currency: str) -> int:
    """The whole minor units of an amount, rounded half up."""
    return int(amount.scaleb(exponent_of(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def rate_to_decimal(millionths: int) -> Decimal:
    """21500000 millionths are Decimal('21.5'); a piece rate of 0.004 is 4000."""
    return Decimal(millionths) / MILLION


def decimal_to_rate(amount: Decimal) -> int:
    """The whole millionths of a rate.

    Raises ValueError when the rate has more than six places.
    """
    millionths = amount * MILLION
    if millionths != millionths.to_integral_value():
        raise ValueError("A rate has at most six decimal places.")
    return int(millionths)


def format_money(minor: int, currency: str, locale: str = "en") -> str:
    """An amount as people of this locale write it: `$1,234.50`."""
    return str(format_currency(minor_to_decimal(minor, currency), currency, locale=locale.replace("-", "_")))


def format_rate(millionths: int, currency: str, locale: str = "en") -> str:
    """A rate with as many places as it needs, at least the currency's own: `$21.50`, `$0.004`."""
    amount = rate_to_decimal(millionths).normalize()
    written = format_currency(amount, currency, locale=locale.replace("-", "_"), decimal_quantization=False)
    return str(written)
