"""Reads dates, clock times, durations and numbers as the world's time trackers write them."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from projects.imports.limits import FIRST_YEAR, LAST_YEAR
from projects.imports.rows import DayMonthOrder

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
NAMED_MONTH_FIRST = re.compile(r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
NAMED_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3,9},? )?(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})")
INSIDE_TEXT = re.compile(r"\b([A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2})\b")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?\s*([AaPp])?\.?(?:[Mm]\.?)?", re.ASCII)
SPAN = re.compile(r"(-?)(\d{1,4}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?", re.ASCII)
UNITS = re.compile(
    r"(-?)\s*(?:(\d{1,5})\s*h\s*)?(?:(\d{1,5})\s*m(?:in)?\s*)?(?:(\d{1,6})\s*s(?:ec)?)?", re.ASCII | re.I
)
ISO_SPAN = re.compile(r"(-?)PT(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?", re.ASCII)
NUMBER = re.compile(r"[-+]?(?:\d[\d.,' \u00a0\u202f]*|[.,]\d+)", re.ASCII)
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, start=1)}
SPACES = str.maketrans("", "", " '\u00a0\u202f")


class Fault(Exception):
    """What is wrong with one cell: machine code, message for people and, once known, the field."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


def order_of(text: str) -> DayMonthOrder | None:
    """Tell what one date proves about its file's order; None where it proves nothing because it is no numeric date.

    Dots are written day first everywhere, so `04.05.2026` is not ambiguous.
    """
    text = text.strip()
    if YEAR_FIRST.match(text) or re.match(r"\d{8}\b", text):
        return DayMonthOrder.YMD
    if not (found := YEAR_LAST.match(text)):
        return None
    first, mark, second, _ = found.groups()
    if mark == "." or int(first) > 12:
        return DayMonthOrder.DMY
    return DayMonthOrder.MDY if int(second) > 12 else DayMonthOrder.AMBIGUOUS


def read_date(text: str, order: DayMonthOrder) -> date:
    """Read a date of any known form between 1990 and 2100; raise Fault `no_date`, `bad_date` or `date_out_of_range`."""
    text = text.strip()
    if not text:
        raise Fault("no_date", "The date is missing.")
    year, month, day = _date_parts(text, order)
    try:
        found = date(year, month, day)
    except ValueError:
        raise Fault(
            "bad_date", f"{text[:40]!r} is not a date of the calendar (read as {order.value})."
        ) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Fault("date_out_of_range", f"{found.isoformat()} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return found


def _date_parts(text: str, order: DayMonthOrder) -> tuple[int, int, int]:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if len(found[4]) == 2 else 0
        if order is DayMonthOrder.MDY and found[2] != ".":
            return year, first, second
        if order in (DayMonthOrder.DMY, DayMonthOrder.MDY) or found[2] == ".":
            return year, second, first
        raise Fault("bad_date", f"{text!r} does not say which part is the day, unlike the dates above it.")
    if found := COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := NAMED_MONTH_FIRST.fullmatch(text)) and (month := MONTHS.get(found[1][:3].lower())):
        return int(found[3]), month, int(found[2])
    if (found := NAMED_DAY_FIRST.fullmatch(text)) and (month := MONTHS.get(found[2][:3].lower())):
        return int(found[3]), month, int(found[1])
    raise Fault("bad_date", f"{text[:40]!r} is not a date.")


def date_inside(text: str, order: DayMonthOrder) -> date:
    """Read the one date that stands inside a sentence; raise Fault as `read_date` does."""
    found = INSIDE_TEXT.findall(text)
    if len(found) != 1:
        raise Fault("no_date", f"There is no single date in {text[:60]!r}.")
    return read_date(found[0], order)


def read_clock(text: str) -> timedelta:
    """Read a time of day, 12 or 24 hours, as the time since midnight (24:00 allowed); raise Fault `bad_time`."""
    found = CLOCK.fullmatch(text.strip())
    if not found:
        raise Fault("bad_time", f"{text[:40]!r} is not a time of day.")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise Fault("bad_time", f"{text[:40]!r} is not a time of a 12-hour clock.")
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > 86_400:
        raise Fault("bad_time", f"{text[:40]!r} is not a time of day.")
    return timedelta(seconds=total)


def read_span(text: str, unit: int) -> int:
    """Read a duration in seconds, negative ones included; a bare number counts units of `unit` seconds.

    `1:30` is an hour and a half, `1:30:05` five seconds more; `1,5` and `1.5` are one and a half units; `1h 30m` and
    `PT1H30M` are read too. Raises Fault `bad_duration`.
    """
    text = text.strip()
    if found := SPAN.fullmatch(text):
        hours, minutes, seconds = int(found[2]), int(found[3]), int(found[4] or 0)
        if minutes > 59 or seconds > 59:
            raise Fault("bad_duration", f"{text[:40]!r} is not a duration: minutes and seconds end at 59.")
        total = hours * 3600 + minutes * 60 + seconds
        return -total if found[1] else total
    if text and (found := UNITS.fullmatch(text) or ISO_SPAN.fullmatch(text)) and any(found.groups()[1:]):
        total = int(found[2] or 0) * 3600 + int(found[3] or 0) * 60 + int(found[4] or 0)
        return -total if found[1] else total
    try:
        number = read_small_number(text)
    except Fault:
        raise Fault("bad_duration", f"{text[:40]!r} is not a duration.") from None
    return int((number * unit).to_integral_value(ROUND_HALF_UP))


def read_small_number(text: str) -> Decimal:
    """Read a number of hours or pieces, in which a lone comma or point is a decimal one; raise Fault `bad_number`.

    A thousand hours in one entry do not exist, so `1,250` can only be one and a quarter.
    """
    text = text.strip()
    if len(text) > 40 or not NUMBER.fullmatch(text):
        raise Fault("bad_number", f"{text[:40]!r} is not a number.")
    bare = text.translate(SPACES)
    point, comma = bare.rfind("."), bare.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
        bare = bare.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif bare.count(",") > 1 or bare.count(".") > 1:
        bare = bare.replace(",", "").replace(".", "")
    else:
        bare = bare.replace(",", ".")
    try:
        return Decimal(bare)
    except ArithmeticError:
        raise Fault("bad_number", f"{text!r} is not a number.") from None


def read_amount(text: str) -> Decimal:
    """Read money, where `1,250` could be a thousand or one and a quarter and is refused as `ambiguous_number`."""
    bare = text.strip().translate(SPACES)
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", bare) and "," in bare:
        raise Fault(
            "ambiguous_number", f"{text.strip()!r} reads two ways: write it without a thousands separator."
        )
    return read_small_number(text)
