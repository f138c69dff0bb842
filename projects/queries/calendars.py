"""Calendars as they were edited: which days a country or region has off or works, and its usual week from a day on."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from projects.domain.workdays import named_holidays
from projects.impact.inputs import RateSpan
from projects.models import CalendarDay, WorkingWeek

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Calendars:
    """What was said of some countries; the word on a region comes before that on its country."""

    days: dict[_Place, dict[date, bool]]
    weeks: dict[_Place, list[tuple[date, Any]]]

    def holidays(self, country: str, region: str) -> tuple[date, ...]:
        """Days off besides the published ones."""
        return self._said(country, region, is_holiday=True)

    def worked(self, country: str, region: str) -> tuple[date, ...]:
        """Published holidays that are worked."""
        return self._said(country, region, is_holiday=False)

    def with_weeks(self, rates: tuple[RateSpan, ...], country: str, region: str) -> tuple[RateSpan, ...]:
        """Rates without a weekday pattern of their own get that of the place, as it stood when they began."""
        if not self.weeks:
            return rates
        return tuple(
            rate
            if rate.weekday_seconds
            else replace(rate, weekday_seconds=self._week(country, region, rate.starts_on))
            for rate in rates
        )

    def _said(self, country: str, region: str, *, is_holiday: bool) -> tuple[date, ...]:
        if not self.days:
            return ()
        said = {
            **self.days.get((country, ""), {}),
            **(self.days.get((country, region), {}) if region else {}),
        }
        return tuple(sorted(day for day, off in said.items() if off is is_holiday))

    def _week(self, country: str, region: str, day: date) -> Any:
        for place in ((country, region), (country, "")):
            found = [week for starts_on, week in self.weeks.get(place, ()) if starts_on <= day]
            if found:
                return found[-1]
        return None


def calendars_of(countries: Collection[str]) -> Calendars:
    """What was said of these countries; two queries."""
    days: dict[_Place, dict[date, bool]] = {}
    for row in CalendarDay.objects.filter(country__in=countries):
        days.setdefault((row.country, row.region), {})[row.day] = row.is_holiday
    weeks: dict[_Place, list[tuple[date, Any]]] = {}
    for week in WorkingWeek.objects.filter(country__in=countries).order_by("starts_on"):
        pattern = cast("Any", tuple(week.weekday_seconds))
        weeks.setdefault((week.country, week.region), []).append((week.starts_on, pattern))
    return Calendars(days, weeks)


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day without work; `is_said`: because it was said here, not because it is published."""

    day: date
    name: str
    is_said: bool


def days_off(country: str, region: str, year: int) -> tuple[DayOff, ...]:
    """The days off of a country or region in a year as estimates take them, in order; one query."""
    off = {day: DayOff(day, name, False) for day, name in named_holidays(country, region, year).items()}
    said = CalendarDay.objects.filter(country=country, region__in={"", region}, day__year=year)
    for row in said.order_by("region"):  # the word on a region comes after that on its country
        if row.is_holiday:
            off[row.day] = DayOff(row.day, row.name, True)
        else:
            off.pop(row.day, None)
    return tuple(off[day] for day in sorted(off))
