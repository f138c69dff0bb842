"""Calendars: days that a country or region works or does not, against the published ones, and its working week."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs from the published calendar of a country, or of one region of it."""

    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as PH."))
    region = models.CharField(
        _("region"), max_length=10, blank=True, help_text=_("Empty: the whole country.")
    )
    day = models.DateField(_("day"))
    is_holiday = models.BooleanField(_("public holiday"), default=True)
    name = models.CharField(_("name"), max_length=100, blank=True)

    class Meta:
        ordering = ["country", "region", "day"]
        constraints = [
            models.UniqueConstraint(fields=["country", "region", "day"], name="calendar_day_said_once"),
            models.CheckConstraint(condition=~Q(country=""), name="calendar_day_has_a_country"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.day}"


class WorkingWeek(models.Model):
    """The usual week of a country or region from a day on: seconds of each weekday, Monday first."""

    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as PH."))
    region = models.CharField(
        _("region"), max_length=10, blank=True, help_text=_("Empty: the whole country.")
    )
    starts_on = models.DateField(_("from"))
    weekday_seconds = models.JSONField(_("seconds by weekday"))

    class Meta:
        ordering = ["country", "region", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["country", "region", "starts_on"], name="one_working_week_a_day"),
            models.CheckConstraint(condition=~Q(country=""), name="working_week_has_a_country"),
        ]

    def __str__(self) -> str:
        return f"{self.country} from {self.starts_on}"
