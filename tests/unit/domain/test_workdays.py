"""Working days: weekdays that are no public holiday of the place."""

from datetime import date

import pytest

from projects.domain import workdays
from projects.domain.workdays import is_workday, named_holidays, next_workday, public_holidays


def test_holidays_are_those_of_the_country_and_of_the_region_where_it_is_known() -> None:
    assert date(2026, 7, 4) in public_holidays("US", "", 2026)
    assert date(2026, 1, 6) not in public_holidays("DE", "", 2026)
    assert date(2026, 1, 6) in public_holidays("DE", "BY", 2026)
    assert named_holidays("US", "", 2026)[date(2026, 12, 25)] == "Christmas Day"


def test_a_region_without_a_calendar_has_its_country_s_and_an_unknown_country_has_none() -> None:
    assert public_holidays("US", "XX", 2026) == public_holidays("US", "", 2026)
    assert public_holidays("XX", "", 2026) == frozenset()
    assert public_holidays("XX", "YY", 2026) == frozenset()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 3, 6), True),
        (date(2026, 3, 7), False),
        (date(2026, 12, 25), False),
    ],
)
def test_a_workday_is_a_weekday_that_is_no_holiday(day: date, works: bool) -> None:
    assert is_workday(day, country="US") is works


def test_a_holiday_of_the_region_alone_is_no_workday_there() -> None:
    assert is_workday(date(2026, 1, 6), country="DE")
    assert not is_workday(date(2026, 1, 6), country="DE", region="BY")


@pytest.mark.parametrize(
    ("day", "region", "following"),
    [
        (date(2026, 3, 2), "", date(2026, 3, 3)),
        (date(2026, 3, 6), "", date(2026, 3, 9)),
        (date(2026, 12, 24), "", date(2026, 12, 28)),
        (date(2026, 1, 5), "", date(2026, 1, 6)),
        (date(2026, 1, 5), "BY", date(2026, 1, 7)),
    ],
)
def test_the_next_workday_skips_weekends_and_holidays(day: date, region: str, following: date) -> None:
    assert next_workday(day, country="DE", region=region) == following


def test_where_a_year_holds_no_workday_the_next_day_has_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workdays, "is_workday", lambda day, **place: False)

    assert next_workday(date(2026, 3, 6), country="US") == date(2026, 3, 7)
