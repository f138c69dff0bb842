"""Dated exchange rates: finance's own or the European Central Bank's, the last known on a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import cache
from typing import Final

from currency_converter import CurrencyConverter, RateNotFoundError
from django.db.models import Max

from projects.domain.errors import UnableToReport
from projects.domain.money import decimal_to_minor, minor_to_decimal
from projects.models import ExchangeRate

LOOK_BACK_DAYS: Final = 14
"""The bank is closed on week ends and holidays; a currency without a rate for longer has none any more."""
OWN_LOOK_BACK_DAYS: Final = 45
"""Finance uploads a rate a month; one that is older no longer holds."""
_TEN_DIGITS: Final = Context(prec=10)
"""As many digits of a rate as are shown: whoever multiplies by what is shown gets the same cent."""
_SCALE: Final = Decimal(10) ** 10
REFERENCE: Final = "EUR"
BANK: Final = "European Central Bank"


@dataclass(frozen=True, slots=True)
class DatedRate:
    """One unit of `source` in `target`, from a day, and who said so."""

    source: str
    target: str
    rate: Decimal
    on: date
    said_by: str = BANK

    def convert(self, minor: int) -> int:
        """Minor units of the source in minor units of the target, rounded half up once."""
        return decimal_to_minor(minor_to_decimal(minor, self.source) * self.rate, self.target)


@cache
def _bank() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)  # strict: a missing rate is refused, so nothing is interpolated


def currencies_with_rates() -> tuple[str, ...]:
    """The currencies of which there are rates, the bank's or uploaded ones, by code."""
    uploaded = ExchangeRate.objects.order_by().values_list("source", "target").distinct()
    return tuple(sorted(_bank().currencies | {code for pair in uploaded for code in pair}))


def currencies_in_use() -> tuple[str, ...]:
    """The currencies of which the bank still published rates when the program was made, and its own, by code."""
    bounds, last = _bank().bounds, last_day_shipped()
    return tuple(code for code in sorted(bounds) if code == REFERENCE or bounds[code].last_date == last)


def last_day_shipped() -> date:
    """The last day of the history that came with the program."""
    last: date = _bank().bounds["USD"].last_date
    return last


def last_day_of_rates() -> date:
    """The last day of the bank's history at hand, with what was fetched since."""
    fetched: date | None = ExchangeRate.objects.filter(origin=ExchangeRate.Origin.BANK).aggregate(
        last=Max("on")
    )["last"]
    return max(last_day_shipped(), fetched or date.min)


def rate_known(source: str, target: str, *, as_of: date) -> DatedRate:
    """The last rate known on a day: an uploaded one of the pair where there is one, else the bank's.

    Raises UnableToReport, naming the field, where there is none.
    """
    if source == target:
        return DatedRate(source, target, Decimal(1), as_of)
    found = RateBook.of({source, target}, first=as_of, last=as_of).on(source, target, as_of)
    if found is not None:
        return found
    for code in (source, target):
        if code not in _bank().currencies:
            raise UnableToReport(
                f"There is no exchange rate from {source} to {target}; {code} is not among those the European Central "
                f"Bank gives: {', '.join(sorted(_bank().currencies))}. Upload a rate of the pair.",
                field="in",
            )
    newest = min(as_of, last_day_of_rates())
    raise UnableToReport(
        f"There is no exchange rate from {source} to {target} in the {LOOK_BACK_DAYS} days up to {newest}.",
        field="in",
    )


@dataclass(frozen=True, slots=True, eq=False)
class RateBook:
    """What is known of some currencies over some days, read in three queries however many days there are."""

    uploaded: Mapping[frozenset[str], Sequence[ExchangeRate]]
    """By pair, the newest day first, of one day what was recorded last."""
    fetched: Mapping[date, Mapping[str, Decimal]]
    """Units of each currency for one euro, by day."""
    newest: date

    @classmethod
    def of(cls, currencies: Collection[str], *, first: date, last: date) -> "RateBook":
        """The rates that may hold on a day of [first, last]."""
        own: dict[frozenset[str], list[ExchangeRate]] = {}
        rows = ExchangeRate.objects.filter(
            origin=ExchangeRate.Origin.UPLOADED, source__in=currencies, target__in=currencies,
            on__gt=first - timedelta(days=OWN_LOOK_BACK_DAYS), on__lte=last,
        )  # fmt: skip
        for row in rows.order_by("-on", "-recorded_at", "-pk"):
            own.setdefault(frozenset((row.source, row.target)), []).append(row)
        newest = last_day_of_rates()
        fetched: dict[date, dict[str, Decimal]] = {}
        legs = ExchangeRate.objects.filter(
            origin=ExchangeRate.Origin.BANK, source=REFERENCE, target__in=currencies,
            on__gt=min(first, newest) - timedelta(days=LOOK_BACK_DAYS + 1), on__lte=last,
        )  # fmt: skip
        for row in legs.order_by("recorded_at", "pk"):  # a corrected row replaces an earlier one
            fetched.setdefault(row.on, {REFERENCE: Decimal(1)})[row.target] = row.rate_e10 / _SCALE
        return cls(own, fetched, newest)

    def on(self, source: str, target: str, day: date) -> DatedRate | None:
        """The last rate known on a day: an uploaded one of the pair where there is one, else the bank's."""
        return self._own(source, target, day) or self._banks(source, target, day)

    def _own(self, source: str, target: str, day: date) -> DatedRate | None:
        oldest = day - timedelta(days=OWN_LOOK_BACK_DAYS)
        for row in self.uploaded.get(frozenset((source, target)), ()):
            if oldest < row.on <= day:
                rate = row.rate_e10 / _SCALE
                shown = _TEN_DIGITS.plus(rate if row.source == source else 1 / rate)
                return DatedRate(source, target, shown, row.on, row.file_name or "uploaded")
        return None

    def _banks(self, source: str, target: str, day: date) -> DatedRate | None:
        newest = min(day, self.newest)
        for back in range(LOOK_BACK_DAYS + 1):
            day = newest - timedelta(days=back)
            legs = self.fetched.get(day, {})
            if source in legs and target in legs:
                rate: Decimal | None = legs[target] / legs[source]
            else:
                rate = _shipped(source, target, day)
            if rate is not None:
                return DatedRate(source, target, _TEN_DIGITS.plus(rate), day)
        return None


def _shipped(source: str, target: str, day: date) -> Decimal | None:
    try:
        return Decimal(_bank().convert(Decimal(1), source, target, date=day))
    except (RateNotFoundError, ValueError):  # ValueError: a currency the bank does not know
        return None
