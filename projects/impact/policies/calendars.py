"""Calendar arithmetic of pay: days with both ends included, as pay periods are written."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of calendar days; 0 when it ends before it begins."""
        return max(0, (self.last - self.first).days + 1)

    def within(self, other: "Span") -> "Span":
        """The shared days; empty when there are none."""
        return Span(max(self.first, other.first), min(self.last, other.last))

    def by_month(self) -> Iterator[tuple[int, int]]:
        """For each calendar month: (days of the span in it, days of the month)."""
        day = self.first
        while day <= self.last:
            length = days_in_month(day)
            end = min(self.last, day.replace(day=length))
            yield (end - day).days + 1, length
            day = end + DAY

    def moved(self, days: int) -> "Span":
        """The same span so many days later."""
        return Span(self.first + timedelta(days=days), self.last + timedelta(days=days))


def span(pair: Sequence[str]) -> Span:
    """A span from two ISO dates. Raises ValueError for anything else."""
    first, last = pair
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def days_in_month(day: date) -> int:
    """Days of the month of `day`."""
    return calendar.monthrange(day.year, day.month)[1]


def pay_periods(pay_dates: Sequence[date]) -> list[Span]:
    """From the day after one pay date to the next."""
    return [Span(before + DAY, after) for before, after in pairwise(sorted(pay_dates))]


def years_back(day: date, years: int) -> date:
    """The same calendar date so many years earlier; 29 February falls on the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def working_days(inside: Span, pattern: Sequence[int] = (1, 1, 1, 1, 1, 0, 0)) -> int:
    """Days of the span whose weekday (Monday first) is worked."""
    return sum(1 for n in range(inside.days) if pattern[(inside.first + timedelta(days=n)).weekday()])
