"""The European Central Bank's history of rates, fetched over the network into a file that goes away again."""

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from currency_converter import CurrencyConverter, RateNotFoundError
from django.conf import settings

from notifications.channels.redirects import OPENER
from projects.imports.rates import RateRow

REFERENCE: Final = "EUR"
TIMEOUT_SECONDS: Final = 20
MOST_BYTES: Final = 20_000_000


class BankIsAway(Exception):
    """The bank could not be reached, or what it sent is no history of rates."""


def published_since(day: date) -> tuple[RateRow, ...]:
    """Every rate the bank has published after a day. Raises BankIsAway."""
    try:
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(_fetched(settings.ECB_RATES_URL))
            file.flush()
            bank = CurrencyConverter(file.name, decimal=True)
        return tuple(_rates_after(bank, day))
    except (OSError, zipfile.BadZipFile, ValueError, LookupError, ArithmeticError, StopIteration) as error:
        raise BankIsAway(f"{type(error).__name__}: {error}") from error


def _fetched(url: str) -> bytes:
    if not url.startswith(("https://", "http://", "file://")):
        raise BankIsAway("ECB_RATES_URL is no address of a file.")
    with OPENER.open(url, timeout=TIMEOUT_SECONDS) as answer:  # the operator's own address
        data: bytes = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BankIsAway("the file is larger than any history of rates")
    return data


def _rates_after(bank: CurrencyConverter, day: date) -> Iterator[RateRow]:
    last = max((bound.last_date for bound in bank.bounds.values()), default=day)
    for number in range(1, (last - day).days + 1):
        on = day + timedelta(days=number)
        for currency in sorted(bank.currencies - {REFERENCE}):
            try:
                rate = bank.convert(1, REFERENCE, currency, date=on)
            except (RateNotFoundError, ValueError):  # no rate of that day, or the currency is no more
                continue
            yield RateRow(on, REFERENCE, currency, rate)
