"""Writes calendars: days that differ from the published ones, and the working week of a country from a day on."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import CalendarDay, User, WorkingWeek
from projects.operations.history import record

DAY_SECONDS = 86_400


def say_calendar_day(
    *, country: str, region: str, day: date, is_holiday: bool, name: str, by: User | None, at: datetime
) -> CalendarDay:
    """Say of a day whether a country (or region) is off; the newest word on a day holds.

    Raises NotAllowed or UnableToEngage.
    """
    code, part = _place(country, region, by=by)
    with transaction.atomic():
        said, _is_new = CalendarDay.objects.update_or_create(
            country=code,
            region=part,
            day=day,
            defaults={"is_holiday": is_holiday, "name": name.strip()[:100]},
        )
        facts = {"country": code, "region": part, "day": day, "is_holiday": is_holiday, "name": name.strip()}
        record(
            verb="calendar.said", subject_ref=f"calendarday:{said.pk}", before={}, after=facts, by=by, at=at
        )
        return said


def forget_calendar_day(*, said: CalendarDay, by: User | None, at: datetime) -> None:
    """Let the published calendar hold again. Raises NotAllowed."""
    code, part = _place(said.country, said.region, by=by)
    with transaction.atomic():
        before = {"country": code, "region": part, "day": said.day, "is_holiday": said.is_holiday}
        record(
            verb="calendar.forgotten",
            subject_ref=f"calendarday:{said.pk}",
            before=before,
            after={},
            by=by,
            at=at,
        )
        said.delete()


def set_working_week(
    *,
    country: str,
    region: str,
    starts_on: date,
    weekday_seconds: Sequence[int],
    by: User | None,
    at: datetime,
) -> WorkingWeek:
    """Set the usual week of a country (or region) from a day on; earlier weeks stay.

    Raises NotAllowed or UnableToEngage.
    """
    code, part = _place(country, region, by=by)
    week = list(weekday_seconds)
    if len(week) != 7 or not all(0 <= seconds <= DAY_SECONDS for seconds in week) or not any(week):
        raise UnableToEngage("A week has seven days of 0 to 24 hours, Monday first.", field="weekday_seconds")
    with transaction.atomic():
        said, _is_new = WorkingWeek.objects.update_or_create(
            country=code, region=part, starts_on=starts_on, defaults={"weekday_seconds": week}
        )
        facts = {"country": code, "region": part, "starts_on": starts_on, "weekday_seconds": week}
        record(
            verb="working_week.set",
            subject_ref=f"workingweek:{said.pk}",
            before={},
            after=facts,
            by=by,
            at=at,
        )
        return said


def _place(country: str, region: str, *, by: User | None) -> tuple[str, str]:
    if by is not None and not access.is_operations(by):
        raise NotAllowed("Only operations may change calendars.")
    code = country.strip().upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise UnableToEngage(f"“{country}” is not a country code, such as PH.", field="country")
    return code, region.strip().upper()[:10]
