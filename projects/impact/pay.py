"""What seconds of work pay under the terms in force on their day: exact whole numbers, rounded once at the
end."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from projects.domain.money import exponent_of
from projects.impact.inputs import EarnedEntry, FxRate, RateSpan

UNIT = 3_600_000_000
"""Grains in one minor unit: a second at a rate in millionths an hour is a whole number of them."""
HOUR = 3600
USUAL_DAY_SECONDS = 8 * HOUR
OFFICE_PATTERN = (1, 1, 1, 1, 1, 0, 0)
FIXED = ("week", "month")
RATE_SCALE = 10**10


def to_minor(grains: int) -> int:
    """Round grains to whole minor units, half up, also below zero: adding whole units never changes how the rest is
    rounded."""
    return (2 * grains + UNIT) // (2 * UNIT)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a person's work turns into the units a rate pays by: seconds of a usual day, tasks in so many
    seconds, seconds of a usual week."""

    day_seconds: int = USUAL_DAY_SECONDS
    tasks: int = 0
    task_seconds: int = 0
    week_seconds: int = 5 * USUAL_DAY_SECONDS


class Terms:
    """The rates of one engagement by day. Raises ValueError when there is none at all."""

    __slots__ = ("_starts", "rates")

    def __init__(self, rates: Sequence[RateSpan]) -> None:
        if not rates:
            raise ValueError("an engagement without a rate cannot be priced")
        self.rates = tuple(sorted(rates, key=lambda rate: rate.starts_on))
        self._starts = [rate.starts_on.toordinal() for rate in self.rates]

    def over(self, ordinals: Sequence[int]) -> list[RateSpan]:
        """The terms in force on each of some days, in order."""
        if len(self.rates) == 1:
            return [self.rates[0]] * len(ordinals)
        return [self.on(day) for day in ordinals]

    def on(self, ordinal: int) -> RateSpan:
        """The terms in force on a day; before the first, the first."""
        return self.rates[max(0, bisect_right(self._starts, ordinal) - 1)]


@lru_cache(maxsize=512)
def scale_of(currency: str) -> int:
    """Minor units in one unit of a currency."""
    return int(10 ** exponent_of(currency))


def pay_of_seconds(rate: RateSpan, seconds: int, pace: Pace) -> int:
    """Grains that `seconds` of work pay; for fixed pay, their part of the contracted week."""
    amount = rate.amount_millionths * scale_of(rate.currency)
    if rate.basis == "hour":
        return seconds * amount
    if rate.basis == "day":
        return _ratio(seconds * amount * HOUR, pace.day_seconds)
    if rate.basis == "task":
        return _ratio(seconds * pace.tasks * amount * HOUR, pace.task_seconds) if pace.task_seconds else 0
    week = rate.weekly_seconds or sum(rate.weekday_seconds or ()) or pace.week_seconds
    if rate.basis == "week":
        return _ratio(seconds * amount * HOUR, week)
    return _ratio(seconds * amount * HOUR * 12, week * 52)


def fixed_day_pay(rate: RateSpan, ordinal: int) -> int:
    """Grains of one whole day of fixed pay: by working days of its week or month, holidays included as
    paid."""
    amount = rate.amount_millionths * scale_of(rate.currency) * HOUR
    pattern = rate.weekday_seconds if rate.weekday_seconds and sum(rate.weekday_seconds) else OFFICE_PATTERN
    weight = pattern[(ordinal + 6) % 7]
    if not weight:
        return 0
    return _ratio(amount * weight, sum(pattern) if rate.basis == "week" else _month_weight(ordinal, pattern))


def _month_weight(ordinal: int, pattern: Sequence[int]) -> int:
    day = date.fromordinal(ordinal)
    return _weight_of_month(day.replace(day=1), tuple(pattern))


@lru_cache(maxsize=1024)
def _weight_of_month(day: date, pattern: tuple[int, ...]) -> int:
    first = day.toordinal()
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal()
    return sum(pattern[(other + 6) % 7] for other in range(first, after))


def _ratio(top: int, bottom: int) -> int:
    """Whole-number division rounded half up; both non-negative."""
    return (2 * top + bottom) // (2 * bottom)


def pay_of_entry(rate: RateSpan, entry: EarnedEntry, pace: Pace) -> tuple[int, str]:
    """Grains and currency of work really done: its own snapshot where it carries one, else the rate of its
    day."""
    if entry.minor is not None:
        return entry.minor * UNIT, entry.currency or rate.currency
    if rate.basis == "task" and entry.tasks:
        return entry.tasks * rate.amount_millionths * scale_of(rate.currency) * HOUR, rate.currency
    return pay_of_seconds(rate, entry.seconds, pace), rate.currency


def rate_on(base: str, quote: str, day: date, rates: Sequence[FxRate]) -> FxRate | None:
    """The latest dated rate of a pair, either way round, not after `day`; None when there is none."""
    known = [fx for fx in rates if fx.day <= day and {fx.base, fx.quote} == {base, quote}]
    return max(known, key=lambda rate: rate.day) if known else None


def exchanged(grains: int, base: str, quote: str, fx: FxRate) -> int:
    """Grains of `base` as grains of `quote` at a rate of the pair."""
    top, bottom = scale_of(quote), scale_of(base)
    sign = -1 if grains < 0 else 1
    if fx.base == base:
        return sign * _ratio(abs(grains) * fx.rate_e10 * top, RATE_SCALE * bottom)
    return sign * _ratio(abs(grains) * RATE_SCALE * top, fx.rate_e10 * bottom)
