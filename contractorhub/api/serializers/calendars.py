"""Requests and answers about calendars: days that differ from the published ones, usual weeks, and days off."""

from typing import Any, Final

from rest_framework import serializers

from contractorhub.api.fields import FIRST_YEAR, LAST_YEAR, Day
from contractorhub.api.strict import Coded, Number, Text, YesNo
from projects.models import CalendarDay, WorkingWeek
from projects.operations.calendars import DAY_SECONDS

_COUNTRY: Final = r"^[A-Z]{2}$"
_REGION: Final = r"^[A-Z0-9-]{0,10}$"


def _region() -> Coded:
    return Coded(_REGION, default="", allow_blank=True, help_text="Empty: the whole country.")


class DaysOffQuestion(serializers.Serializer[Any]):
    """Where, and in which year."""

    country = Coded(_COUNTRY, help_text="ISO 3166, such as PH.")
    region = Coded(_REGION, required=False, default="", help_text="Left out: the whole country.")
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR - 1)


class DayOffOut(serializers.Serializer[Any]):
    """A day without work; `is_said`: it is off because it was said here, not because it is published."""

    day = serializers.DateField()
    name = serializers.CharField(allow_blank=True, help_text="In a language of the country.")
    is_said = serializers.BooleanField()


class DaysOffOut(serializers.Serializer[Any]):
    """The days off of a country or region in a year, in order."""

    country = serializers.CharField()
    region = serializers.CharField(allow_blank=True)
    year = serializers.IntegerField()
    days = DayOffOut(many=True)


class CalendarDayIn(serializers.Serializer[Any]):
    """A day that differs from the published calendar; the newest word on a day holds."""

    country = Coded(_COUNTRY)
    region = _region()
    day = Day()
    is_holiday = YesNo(default=True, help_text="False: a published holiday that is worked.")
    name = Text(max_length=100, default="", allow_blank=True)


class CalendarDayOut(serializers.ModelSerializer[CalendarDay]):
    """A day that differs from the published calendar."""

    class Meta:
        model = CalendarDay
        fields = ["id", "country", "region", "day", "is_holiday", "name"]


class WorkingWeekIn(serializers.Serializer[Any]):
    """The usual week of a country or region from a day on; earlier weeks stay."""

    country = Coded(_COUNTRY)
    region = _region()
    starts_on = Day()
    weekday_seconds = serializers.ListField(
        child=Number(min_value=0, max_value=DAY_SECONDS),
        min_length=7,
        max_length=7,
        help_text="Monday first.",
    )


class WorkingWeekOut(serializers.ModelSerializer[WorkingWeek]):
    """The usual week of a country or region from a day on."""

    weekday_seconds = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = WorkingWeek
        fields = ["id", "country", "region", "starts_on", "weekday_seconds"]
