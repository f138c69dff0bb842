"""Cells as text: the one place where a cell's value becomes the digits that every format shows."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import cast

from projects.reports.table import Cell, Column, Kind, UnableToWriteTable, exponent_of

NOT_KNOWN = "not known"

# What may stand in a cell, by type and not by duck: a float or a bool among amounts is a defect upstream.
TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.CODE: (str,),
    Kind.DATE: (dt.date,),
    Kind.INSTANT: (dt.datetime,),
    Kind.MONEY: (int,),
    Kind.HOURS: (int,),
    Kind.DAYS: (int, Decimal),
    Kind.PERCENT: (Decimal, int),
    Kind.RATE: (Decimal, int),
    Kind.INTEGER: (int,),
}
EXACT = frozenset({bool, dt.datetime, dt.date})


def check_types(column: Column, cells: Sequence[Cell]) -> bool:
    """Return whether any cell is unknown; raise UnableToWriteTable for one of another type."""
    found = set(map(type, cells))
    has_unknown = type(None) in found
    found.discard(type(None))
    allowed = TYPES[column.kind]
    for kind in found:
        if kind not in allowed and (kind in EXACT or not issubclass(kind, allowed)):
            raise UnableToWriteTable(
                f"column {column.key}: {column.kind} cells cannot be of type {kind.__name__}"
            )
    return has_unknown


def money_text(minor: int, exponent: int) -> str:
    """Return minor units as plain decimal digits: `money_text(-5, 2)` is "-0.05"; exponent 0 has no point."""
    if exponent == 0:
        return f"{minor:d}"
    digits = f"{minor:0{exponent + 1 + (minor < 0)}d}"
    return f"{digits[:-exponent]}.{digits[-exponent:]}"


@lru_cache(maxsize=4096)
def hours_text(seconds: int) -> str:
    """Return seconds as H:MM:SS, exact for any length and sign: `hours_text(-5400)` is "-1:30:00"."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


@lru_cache(maxsize=8192)
def date_text(day: dt.date) -> str:
    """Return an ISO 8601 date."""
    return day.isoformat()


@lru_cache(maxsize=8192)
def instant_text(instant: dt.datetime) -> str:
    """Return an instant in UTC as ISO 8601 with a Z; raise UnableToWriteTable without a time zone."""
    if instant.tzinfo is None:
        raise UnableToWriteTable(f"instant {instant.isoformat()} has no time zone")
    text = instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat()
    return f"{text.rstrip('0') if instant.microsecond else text}Z"


@lru_cache(maxsize=8192)
def number_text(number: Decimal | int) -> str:
    """Return an exact number without exponent or trailing zeros, so that equal numbers have one text.

    Raise UnableToWriteTable for one that is not finite.
    """
    if isinstance(number, Decimal) and not number.is_finite():
        raise UnableToWriteTable(f"{number} is not a number that can be shown")
    text = f"{Decimal(number):f}" if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(fraction: Decimal | int) -> str:
    """Return a fraction as a percentage, half up to one decimal: Decimal("0.125") is "12.5 %"."""
    return f"{(Decimal(fraction) * 100).quantize(Decimal('0.1'), 'ROUND_HALF_UP'):f} %"


CONVERTERS: dict[Kind, Callable[..., str]] = {
    Kind.DATE: date_text,
    Kind.INSTANT: instant_text,
    Kind.HOURS: hours_text,
    Kind.DAYS: number_text,
    Kind.PERCENT: number_text,
    Kind.RATE: number_text,
    Kind.INTEGER: str,
}


def texts(column: Column, cells: Sequence[Cell], currencies: Sequence[Cell] = ()) -> Sequence[str]:
    """Return a column's cells as canonical text, unknown ones empty.

    `currencies` holds, for a money column, the currency of each row. Whole columns are converted at once
    because a report can hold a million rows.
    """
    has_unknown = check_types(column, cells)
    if column.kind is Kind.MONEY:
        return money_texts(column, cast(Sequence[int | None], cells), cast(Sequence[str | None], currencies))
    if column.kind in (Kind.TEXT, Kind.CODE):
        return cast(Sequence[str], cells) if not has_unknown else [cast(str, cell) or "" for cell in cells]
    convert = CONVERTERS[column.kind]
    if has_unknown:
        return ["" if cell is None else convert(cell) for cell in cells]
    return list(map(convert, cells))


def money_texts(
    column: Column, amounts: Sequence[int | None], currencies: Sequence[str | None]
) -> Sequence[str]:
    """Return amounts as text, each with the decimals of its own currency."""
    if None not in amounts:
        exponents = {exponent_of(needed(column, currency)) for currency in set(currencies)}
        if exponents == {2}:
            digits = map(str, amounts)
            return [
                f"{text[:-2]}.{text[-2:]}" if len(text) > 3 else money_text(int(text), 2) for text in digits
            ]
        if len(exponents) == 1:
            return list(map(partial(money_text, exponent=exponents.pop()), cast(Sequence[int], amounts)))
    return [
        "" if amount is None else money_text(amount, exponent_of(needed(column, currency)))
        for amount, currency in zip(amounts, currencies, strict=True)
    ]


def needed(column: Column, currency: str | None) -> str:
    """Return the currency of an amount; raise UnableToWriteTable where an amount has none."""
    if not currency:
        raise UnableToWriteTable(
            f"column {column.key}: an amount without a currency in column {column.currency}"
        )
    return currency


def grouped(digits: str) -> str:
    """Return decimal digits with thousands parted by commas: "-1234.50" becomes "-1,234.50"."""
    sign, whole = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    units, point, decimals = whole.partition(".")
    return f"{sign}{int(units):,}{point}{decimals}"


def as_of_text(as_of: dt.date | dt.datetime) -> str:
    """Return the day or the instant a table speaks of, as ISO 8601."""
    return instant_text(as_of) if isinstance(as_of, dt.datetime) else date_text(as_of)


def text_of(kind: Kind, cell: Cell, currency: str | None) -> str:
    """Return one cell as canonical text; `currency` is needed for money."""
    column = Column(kind, kind, kind, currency="currency" if kind is Kind.MONEY else "")
    return texts(column, (cell,), (currency,))[0]


def quantity_text(kind: Kind, value: int | Decimal, currency: str = "") -> str:
    """Return a sum or a bar as canonical text: `value` in the kind's own unit, `currency` for money."""
    return text_of(kind, value, currency)


def shown(kind: Kind, cell: Cell, currency: str | None = None) -> str:
    """Return a cell as a person reads it on a page: the same digits, with thousands parted and percent signs.

    `currency` is needed for money. An unknown cell reads "not known", never zero.
    """
    if cell is None:
        return NOT_KNOWN
    text = text_of(kind, cell, currency)
    if kind is Kind.PERCENT:
        return percent_text(Decimal(text))
    if kind is Kind.INSTANT:
        return f"{text[:10]} {text[11:16]} UTC"
    return grouped(text) if kind in (Kind.MONEY, Kind.DAYS, Kind.INTEGER, Kind.RATE) else text
