"""Dated exchange rates of the European Central Bank: the last one known on a day, never one from after it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import cache
from typing import Final

from currency_converter import CurrencyConverter, RateNotFoundError

from projects.domain.errors import UnableToReport
from projects.domain.money import decimal_to_minor, minor_to_decimal
from projects.reports.parameters import listed

LOOK_BACK_DAYS: Final = 14
"""The bank is closed on week ends and holidays; a currency without a rate for longer has none any more."""
_TEN_DIGITS: Final = Context(prec=10)
"""As many digits of a rate as are shown: whoever multiplies by what is shown gets the same cent."""
REFERENCE: Final = "EUR"


@dataclass(frozen=True, slots=True)
class DatedRate:
    """One unit of `source` in `target`, from the day of the bank's rates."""

    source: str
    target: str
    rate: Decimal
    on: date

    def convert(self, minor: int) -> int:
        """Minor units of the source in minor units of the target, rounded half up once."""
        return decimal_to_minor(minor_to_decimal(minor, self.source) * self.rate, self.target)


@cache
def _bank() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)  # strict: a missing rate is refused, so nothing is interpolated


def currencies_with_rates() -> tuple[str, ...]:
    """The currencies of which the bank has published rates, by code."""
    return tuple(sorted(_bank().currencies))


def last_day_of_rates() -> date:
    """The last day of the history at hand."""
    last: date = _bank().bounds["USD"].last_date
    return last


@cache
def rate_known(source: str, target: str, *, as_of: date) -> DatedRate:
    """The last rate known on a day. Raises UnableToReport, naming the field, where there is none."""
    bank = _bank()
    for code in (source, target):
        if code not in bank.currencies:
            raise UnableToReport(
                f"There is no exchange rate of {code}; the European Central Bank gives rates of "
                f"{listed(currencies_with_rates())}.",
                field="in",
            )
    newest = min(as_of, last_day_of_rates())
    for back in range(LOOK_BACK_DAYS + 1):
        day = newest - timedelta(days=back)
        try:
            rate = Decimal(1) if source == target else bank.convert(Decimal(1), source, target, date=day)
        except RateNotFoundError:
            continue
        if source == target:
            return DatedRate(source, target, Decimal(1), as_of)
        return DatedRate(source, target, _TEN_DIGITS.plus(rate), day)
    raise UnableToReport(
        f"There is no exchange rate from {source} to {target} in the {LOOK_BACK_DAYS} days up to {newest}.",
        field="in",
    )
