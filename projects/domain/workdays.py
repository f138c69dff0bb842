"""Working days: the weekday pattern of a term without the public holidays of a country."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

DAYS_IN_ADVANCE = 366


# Bounded: programs may ask for any country, region and year, and each would stay for good.
@lru_cache(maxsize=4_096)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """The public holidays of a country (and region, where known) in a year; empty for a country without a calendar."""
    return frozenset(named_holidays(country, region, year))


def named_holidays(country: str, region: str, year: int) -> dict[date, str]:
    """Those days with their names in a language of the country. Source: the `holidays` package."""
    try:
        calendar = holidays.country_holidays(country, subdiv=region or None, years=year)
    except NotImplementedError:
        if region:
            return named_holidays(country, "", year)
        return {}
    return {day: str(name) for day, name in calendar.items()}


def is_workday(day: date, *, country: str, region: str = "") -> bool:
    """A weekday from Monday to Friday that is no public holiday."""
    return day.weekday() < 5 and day not in public_holidays(country, region, day.year)


def next_workday(day: date, *, country: str, region: str = "") -> date:
    """The first working day after `day`."""
    for ahead in range(1, DAYS_IN_ADVANCE):
        candidate = day + timedelta(days=ahead)
        if is_workday(candidate, country=country, region=region):
            return candidate
    return day + timedelta(days=1)
