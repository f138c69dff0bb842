"""Reads the cells of one roster row, each refused in plain words when it cannot be true."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from moneyed import CURRENCIES

from projects.imports.entries import EMAIL, tidy
from projects.imports.rows import DayMonthOrder, RateBasis, RosterRow
from projects.imports.values import Fault, read_amount, read_date, read_small_number

COLUMNS: dict[str, tuple[str, ...]] = {
    "email": ("email", "e-mail", "work email"),
    "name": ("name", "full name"),
    "slack_user_id": ("slack_user_id", "slack user id", "slack id", "slack"),
    "country": ("country", "country code"),
    "region": ("region", "state", "province"),
    "locale": ("locale", "language"),
    "time_zone": ("time_zone", "time zone", "timezone"),
    "external_id": ("external_id", "external id", "contractor id", "employee id"),
    "project": ("project", "project code", "project_code"),
    "starts_on": ("starts_on", "starts on", "start date", "start"),
    "ends_on": ("ends_on", "ends on", "end date", "end"),
    "rate_basis": ("rate_basis", "rate basis", "basis", "pay basis"),
    "rate_amount": ("rate_amount", "rate amount", "rate", "amount"),
    "currency": ("currency", "rate currency"),
    "rate_from": ("rate_from", "rate from", "rate valid from"),
    "weekly_hours": ("weekly_hours", "weekly hours", "hours per week"),
    "weekday_pattern": ("weekday_pattern", "weekday pattern", "weekdays"),
    "max_weekly_hours": ("max_weekly_hours", "max weekly hours", "weekly cap", "hours cap"),
}
DATES = ("starts_on", "ends_on", "rate_from")
SLACK_ID = re.compile(r"(?:T[A-Z0-9]{2,18}/)?[UW][A-Z0-9]{5,19}")
COUNTRIES = frozenset(code for code in Locale("en").territories if re.fullmatch(r"[A-Z]{2}", str(code))) - {
    *("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
}
ZONES = frozenset(available_timezones())
BASES = {
    **{basis.value: basis for basis in RateBasis},
    **{
        "hourly": RateBasis.HOUR,
        "daily": RateBasis.DAY,
        "weekly": RateBasis.WEEK,
        "monthly": RateBasis.MONTH,
    },
    **{"piece": RateBasis.TASK, "per task": RateBasis.TASK, "per hour": RateBasis.HOUR},
}
RATE = ("rate_basis", "rate_amount", "currency")
MOST_RATE = Decimal(1_000_000_000)
PATTERN = re.compile(r"[\s,;/|]+")


def read_row(line: int, texts: Mapping[str, str], order: DayMonthOrder) -> RosterRow:
    """Read one row, whose absent columns count as blank cells; raise Fault with the column at fault."""
    cells = {name: _tidy(name, texts.get(name, "")) for name in COLUMNS}
    days = {name: _day(name, cells[name], order) for name in DATES}
    basis, amount = _rate(cells)
    starts_on, ends_on, rate_from = days["starts_on"], days["ends_on"], days["rate_from"]
    if cells["project"] and starts_on is None:
        raise Fault("no_date", "The engagement has no first day (starts_on).", "starts_on")
    if not cells["project"] and (starts_on or ends_on or basis):
        raise Fault("no_project", "The row has dates or a rate, but no project they belong to.", "project")
    if starts_on and ends_on and ends_on <= starts_on:
        raise Fault(
            "ends_before_start",
            f"It ends ({ends_on}) on or before the day it starts ({starts_on}).",
            "ends_on",
        )
    if basis is None and rate_from is not None:
        raise Fault("incomplete_rate", "There is a date for a rate (rate_from), but no rate.", "rate_amount")
    if basis is not None:
        rate_from = rate_from or starts_on
    if rate_from and ends_on and rate_from >= ends_on:
        raise Fault(
            "rate_after_end", f"The rate starts ({rate_from}) after the engagement ended.", "rate_from"
        )
    return RosterRow(
        line=line,
        email=_email(cells["email"]),
        name=cells["name"],
        slack_user_id=_matching(cells, "slack_user_id", SLACK_ID, "a Slack member id such as U012AB3CD"),
        country=_country(cells["country"]),
        region=_region(cells["region"]),
        locale=_locale(cells["locale"]),
        time_zone=_zone(cells["time_zone"]),
        external_id=cells["external_id"],
        project=cells["project"],
        starts_on=starts_on,
        ends_on=ends_on,
        rate_basis=basis,
        rate_amount=amount,
        currency=cells["currency"].upper(),
        rate_from=rate_from,
        weekly_hours=_hours_a_week("weekly_hours", cells["weekly_hours"]),
        weekday_pattern=_pattern(cells["weekday_pattern"]),
        max_weekly_hours=_hours_a_week("max_weekly_hours", cells["max_weekly_hours"]),
    )


def _tidy(field: str, text: str) -> str:
    try:
        return tidy(text)
    except Fault as fault:
        fault.field = field
        raise


def _email(text: str) -> str:
    if not text:
        raise Fault("no_email", "The email is missing.", "email")
    if not EMAIL.fullmatch(text):
        raise Fault("bad_email", f"{text[:60]!r} is not an email address.", "email")
    return text.lower()


def _day(field: str, text: str, order: DayMonthOrder) -> date | None:
    if not text:
        return None
    try:
        return read_date(text, order)
    except Fault as fault:
        fault.field = field
        raise


def _matching(cells: Mapping[str, str], field: str, pattern: re.Pattern[str], what: str) -> str:
    text = cells[field]
    if text and not pattern.fullmatch(text):
        raise Fault(f"bad_{field}", f"{text[:40]!r} is not {what}.", field)
    return text


def _country(text: str) -> str:
    if text and text.upper() not in COUNTRIES:
        raise Fault(
            "bad_country", f"{text[:40]!r} is not a country: write its two letters, such as PT.", "country"
        )
    return text.upper()


def _region(text: str) -> str:
    if len(text) > 60:
        raise Fault("bad_region", "The region has over 60 characters.", "region")
    return text


def _locale(text: str) -> str:
    if not text:
        return ""
    try:
        return str(Locale.parse(text.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError):
        raise Fault("bad_locale", f"{text[:40]!r} is not a language: write en or pt-BR.", "locale") from None


def _zone(text: str) -> str:
    if text and text not in ZONES:
        raise Fault("bad_time_zone", f"{text[:40]!r} is not a time zone: write Europe/Lisbon.", "time_zone")
    return text


def _rate(cells: Mapping[str, str]) -> tuple[RateBasis | None, Decimal | None]:
    given = [name for name in RATE if cells[name]]
    if cells["currency"] and cells["currency"].upper() not in CURRENCIES:
        raise Fault(
            "bad_currency",
            f"{cells['currency'][:40]!r} is not a currency: write three letters, such as EUR.",
            "currency",
        )
    if not given or given == ["currency"]:
        return None, None
    missing = [name for name in RATE if name not in given]
    if missing:
        raise Fault("incomplete_rate", f"The rate lacks its {missing[0]}.", missing[0])
    basis = BASES.get(cells["rate_basis"].lower())
    if basis is None:
        raise Fault(
            "bad_rate_basis",
            f"{cells['rate_basis'][:40]!r} is not hour, day, week, month or task.",
            "rate_basis",
        )
    amount = _number("rate_amount", cells["rate_amount"], is_money=True)
    if not 0 < amount <= MOST_RATE or amount != round(amount, 6):
        raise Fault("bad_rate_amount", "A rate is above 0 and has at most six decimals.", "rate_amount")
    return basis, amount


def _number(field: str, text: str, *, is_money: bool = False) -> Decimal:
    try:
        return read_amount(text) if is_money else read_small_number(text)
    except Fault as fault:
        fault.field = field
        raise


def _hours_a_week(field: str, text: str) -> Decimal | None:
    if not text:
        return None
    hours = _number(field, text)
    if not 0 < hours <= 168:
        raise Fault(f"bad_{field}", f"{text[:40]!r} is not more than 0 and up to 168 hours.", field)
    return hours


def _pattern(text: str) -> tuple[Decimal, ...] | None:
    """Read `8 8 8 8 8 0 0`, Monday first."""
    if not text:
        return None
    hours = tuple(_number("weekday_pattern", one) for one in PATTERN.split(text.strip()))
    if len(hours) != 7 or not all(0 <= one <= 24 for one in hours) or not any(hours):
        raise Fault(
            "bad_weekday_pattern", "A pattern is seven numbers of 0 to 24, Monday first, such as 8 8 8 8 8 0 0.",
            "weekday_pattern",
        )  # fmt: skip
    return hours
