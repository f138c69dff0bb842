"""Dated exchange rates: finance's own or the European Central Bank's, the last known on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import cache
from typing import Final

from currency_converter import CurrencyConverter, RateNotFoundError
from django.db.models import Max, Q

from projects.domain.errors import UnableToReport
from projects.domain.money import decimal_to_minor, minor_to_decimal
from projects.models import ExchangeRate
from projects.reports.parameters import listed

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
    found = _own_rate(source, target, as_of) or _bank_rate(source, target, as_of)
    if found is not None:
        return found
    for code in (source, target):
        if code not in _bank().currencies:
            raise UnableToReport(
                f"There is no exchange rate from {source} to {target}; {code} is not among those the European Central "
                f"Bank gives: {listed(sorted(_bank().currencies))}. Upload a rate of the pair.",
                field="in",
            )
    newest = min(as_of, last_day_of_rates())
    raise UnableToReport(
        f"There is no exchange rate from {source} to {target} in the {LOOK_BACK_DAYS} days up to {newest}.",
        field="in",
    )


def _own_rate(source: str, target: str, as_of: date) -> DatedRate | None:
    pair = Q(source=source, target=target) | Q(source=target, target=source)
    row = (
        ExchangeRate.objects.filter(pair, origin=ExchangeRate.Origin.UPLOADED)
        .filter(on__lte=as_of, on__gt=as_of - timedelta(days=OWN_LOOK_BACK_DAYS))
        .order_by("-on", "-recorded_at", "-pk")
        .first()
    )
    if row is None:
        return None
    rate = row.rate_e10 / _SCALE
    shown = _TEN_DIGITS.plus(rate if row.source == source else 1 / rate)
    return DatedRate(source, target, shown, row.on, row.file_name or "uploaded")


def _bank_rate(source: str, target: str, as_of: date) -> DatedRate | None:
    newest = min(as_of, last_day_of_rates())
    fetched = _fetched_by_day(source, target, newest)
    for back in range(LOOK_BACK_DAYS + 1):
        day = newest - timedelta(days=back)
        rate = fetched[day] if day in fetched else _shipped(source, target, day)
        if rate is not None:
            return DatedRate(source, target, _TEN_DIGITS.plus(rate), day)
    return None


def _shipped(source: str, target: str, day: date) -> Decimal | None:
    try:
        return Decimal(_bank().convert(Decimal(1), source, target, date=day))
    except (RateNotFoundError, ValueError):  # ValueError: a currency the bank does not know
        return None


def _fetched_by_day(source: str, target: str, newest: date) -> dict[date, Decimal]:
    """Rates through the euro on days for which both legs were fetched; a corrected row replaces an earlier one."""
    rows = ExchangeRate.objects.filter(
        origin=ExchangeRate.Origin.BANK,
        source=REFERENCE,
        target__in=(source, target),
        on__gt=newest - timedelta(days=LOOK_BACK_DAYS + 1),
        on__lte=newest,
    ).order_by("recorded_at", "pk")
    legs: dict[date, dict[str, Decimal]] = {}
    for row in rows:
        legs.setdefault(row.on, {REFERENCE: Decimal(1)})[row.target] = row.rate_e10 / _SCALE
    return {
        day: found[target] / found[source]
        for day, found in legs.items()
        if source in found and target in found
    }
