"""Reads a file of exchange rates: a day, two currencies and what one unit of the first is worth in the second."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from projects.domain.money import is_currency

COLUMNS: Final = ("day", "from", "to", "rate")
EARLIEST: Final = date(2000, 1, 1)
MOST_ROWS: Final = 100_000
MOST_PLACES: Final = 10
LARGEST: Final = Decimal(10) ** 8


class UnfitRates(ValueError):
    """A file that cannot be taken: the message names the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """One unit of `source` in `target` on a day."""

    on: date
    source: str
    target: str
    rate: Decimal


def read_rates(data: bytes, *, today: date) -> tuple[RateRow, ...]:
    """Read the whole file or refuse it. Raises UnfitRates that names the first unfit line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnfitRates("The file is not text in UTF-8.") from error
    if "\x00" in text:
        raise UnfitRates("The file is not text in UTF-8.")
    try:
        rows = tuple(_rows(text, today=today))
    except csv.Error as error:
        raise UnfitRates(f"The file is no CSV: {error}.") from error
    if not rows:
        raise UnfitRates("The file has no rates.")
    if len({(row.on, row.source, row.target) for row in rows}) < len(rows):
        raise UnfitRates("The file names the rate of one day and pair twice.")
    return rows


def _rows(text: str, *, today: date) -> Iterator[RateRow]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    header = [name.strip().casefold() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise UnfitRates(f"The first line must name day, from, to and rate; “{missing[0]}” is missing.")
    places = [header.index(name) for name in COLUMNS]
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if reader.line_num > MOST_ROWS:
            raise UnfitRates(f"The file has more than {MOST_ROWS:,} lines.")
        if len(cells) <= max(places):
            raise UnfitRates(f"Line {reader.line_num} has {len(cells)} cells, not {len(header)}.")
        yield _row(*(cells[place].strip() for place in places), line=reader.line_num, today=today)


def _row(day: str, source: str, target: str, rate: str, *, line: int, today: date) -> RateRow:
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise UnfitRates(f"Line {line}: “{day}” is no day; write it as 2026-03-02.") from error
    if not EARLIEST <= on <= today:
        raise UnfitRates(f"Line {line}: {on} lies outside {EARLIEST} to today, {today}.")
    source, target = source.upper(), target.upper()
    for code in (source, target):
        if not is_currency(code):
            raise UnfitRates(f"Line {line}: “{code}” is no currency; write its ISO 4217 code, such as KES.")
    if source == target:
        raise UnfitRates(f"Line {line}: the two currencies are the same.")
    return RateRow(on, source, target, _number(rate, line=line))


def _number(text: str, *, line: int) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation as error:
        raise UnfitRates(f"Line {line}: “{text}” is no rate; write it as 129.35.") from error
    places = -int(rate.as_tuple().exponent) if rate.is_finite() else MOST_PLACES + 1
    if not rate.is_finite() or not 0 < rate < LARGEST or places > MOST_PLACES:
        raise UnfitRates(
            f"Line {line}: a rate lies above zero and below {LARGEST:,} and has at most {MOST_PLACES} places, "
            f"not “{text}”."
        )
    return rate
