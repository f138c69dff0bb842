"""What people type on finance's pages beside the filters of a report."""

from typing import Any, Final

from django import forms

from projects.models import ReportSchedule, User
from projects.models.people import Role
from projects.operations.report_schedules import Times

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def people_with_reports() -> Any:
    """Everybody who may be named: whoever holds a role that pulls reports."""
    roles = (Role.FINANCE, Role.AUDITOR, Role.OPERATIONS)
    return (
        User.objects.filter(is_active=True, role_grants__role__in=roles).distinct().order_by("name", "email")
    )


class CloseForm(forms.Form):
    """Up to which day a period is closed; the first one also says where it begins."""

    first_day = forms.DateField(
        label="First week",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Any day of it.",
    )
    last_day = forms.DateField(
        label="Last week",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Any day of a week that is over.",
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_first:
            del self.fields["first_day"]


class RatesForm(forms.Form):
    """A file of exchange rates."""

    file = forms.FileField(
        label="File of rates",
        help_text="CSV with the columns day, from, to, rate: one unit of “from” is worth so much in “to”.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class ScheduleForm(forms.Form):
    """When a saved report is sent, and to whom."""

    title = forms.CharField(label="Name", max_length=120)
    every = forms.ChoiceField(label="Sent", choices=ReportSchedule.Every.choices)
    weekday = forms.TypedChoiceField(
        label="On (weekly)",
        choices=[("", "–"), *enumerate(WEEKDAYS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    day = forms.IntegerField(label="On day (monthly)", min_value=1, max_value=28, required=False)
    hour = forms.IntegerField(label="At hour, UTC", min_value=0, max_value=23, initial=6)
    recipients = forms.ModelMultipleChoiceField(
        label="To", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].queryset = people_with_reports()  # type: ignore[attr-defined]

    def times(self) -> Times:
        """The times that were typed; what does not belong to the rhythm is left out."""
        typed = self.cleaned_data
        every = typed["every"]
        return Times(
            every=every,
            hour=typed["hour"],
            weekday=typed["weekday"] if every == ReportSchedule.Every.WEEK else None,
            day=typed["day"] if every == ReportSchedule.Every.MONTH else None,
        )


def refuse(form: forms.Form, field: str | None, message: str) -> None:
    """Show what the business refused beside the field it is about."""
    form.add_error(field if field in form.fields else None, message)
