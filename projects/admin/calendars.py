"""Calendars on the desk: days that differ from the published ones, and working weeks; written through operations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.admin.permissions import DeskAdmin, desk_of, signed_in
from projects.models import CalendarDay, WorkingWeek
from projects.operations.calendars import forget_calendar_day, say_calendar_day, set_working_week

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class WorkingWeekForm(forms.ModelForm):  # type: ignore[type-arg]
    """The hours of seven days."""

    class Meta:
        model = WorkingWeek
        fields = ("country", "region", "starts_on")

    def __init__(self, *args: Any, **options: Any) -> None:
        """One field a weekday, in hours."""
        super().__init__(*args, **options)
        standing = self.instance.weekday_seconds or [8 * 3600] * 5 + [0, 0]
        for number, label in enumerate(WEEKDAYS):
            self.fields[f"hours{number}"] = forms.DecimalField(
                label=label, min_value=0, max_value=24, decimal_places=2, initial=standing[number] / 3600
            )

    def week(self) -> list[int]:
        """The seconds of each weekday."""
        return [int(self.cleaned_data[f"hours{number}"] * 3600) for number in range(7)]

    def clean(self) -> dict[str, Any]:
        """A week without work is none."""
        typed = super().clean() or {}
        if not self.errors and not any(self.week()):
            raise forms.ValidationError(_("A working week has work on at least one day."))
        return typed


@admin.register(CalendarDay)
class CalendarDayAdmin(DeskAdmin[CalendarDay]):
    """Days on which a country or region is off, or is not, against its published calendar."""

    visible = staticmethod(lambda _user: CalendarDay.objects.all())
    list_display = ("country", "region", "day", "is_holiday", "name")
    list_filter = ("country", "is_holiday")
    fields = ("country", "region", "day", "is_holiday", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operations."""
        return desk_of(request).is_operations

    def has_change_permission(self, request: HttpRequest, obj: CalendarDay | None = None) -> bool:
        """Operations."""
        return desk_of(request).is_operations

    def has_delete_permission(self, request: HttpRequest, obj: CalendarDay | None = None) -> bool:
        """Operations: the published calendar holds again."""
        return desk_of(request).is_operations

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        """Say it through the operation."""
        said = say_calendar_day(
            country=obj.country,
            region=obj.region,
            day=obj.day,
            is_holiday=obj.is_holiday,
            name=obj.name,
            by=signed_in(request),
            at=timezone.now(),
        )
        obj.pk = said.pk

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        """Forget it through the operation."""
        forget_calendar_day(said=obj, by=signed_in(request), at=timezone.now())


@admin.register(WorkingWeek)
class WorkingWeekAdmin(DeskAdmin[WorkingWeek]):
    """The usual week of a country or region, from a day on."""

    visible = staticmethod(lambda _user: WorkingWeek.objects.all())
    form = WorkingWeekForm
    list_display = ("country", "region", "starts_on", "week")
    list_filter = ("country",)

    def get_fieldsets(self, request: HttpRequest, obj: WorkingWeek | None = None) -> Any:
        """Where and from when, then the hours of each day."""
        days = tuple(f"hours{number}" for number in range(7))
        return [(None, {"fields": ("country", "region", "starts_on")}), (_("Hours"), {"fields": days})]

    def get_form(
        self, request: HttpRequest, obj: WorkingWeek | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form as it is: its hours are no columns."""
        kwargs["fields"] = ("country", "region", "starts_on")
        return super().get_form(request, obj, change=change, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operations."""
        return desk_of(request).is_operations

    def save_model(self, request: HttpRequest, obj: WorkingWeek, form: Any, change: bool) -> None:
        """Set it through the operation."""
        said = set_working_week(
            country=obj.country,
            region=obj.region,
            starts_on=obj.starts_on,
            weekday_seconds=form.week(),
            by=signed_in(request),
            at=timezone.now(),
        )
        obj.pk = said.pk

    @admin.display(description=_("hours, Monday first"))
    def week(self, row: WorkingWeek) -> str:
        """The week at a glance."""
        return " · ".join(f"{seconds / 3600:g}" for seconds in row.weekday_seconds)
