"""The small forms of a pause and of a scope: update, extend, resume, void; start and decide a reassessment."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.admin.fields import DayField, ZonedInstantField
from projects.domain.money import decimal_to_rate
from projects.models.pauses import ExpectedResume
from projects.models.scope import ScopeOutcome
from projects.operations.scope import ScopeTerms

OUTCOMES = [(value, label) for value, label in ScopeOutcome.choices if value != ScopeOutcome.PENDING]
_HOUR = 3_600


class ActForm(forms.Form):
    """A form whose instants are typed and shown on the clock of `zone`; the operation says what is missing."""

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        """Put every instant on the zone's clock."""
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, ZonedInstantField):
                field.zone = zone

    def refuse(self, message: str, field: str | None) -> None:
        """Show what the operation refused, at the field that is wrong where the form has it."""
        self.add_error(field if field in self.fields else None, ValidationError(message))


def _words(label: Any, *, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=3_000, widget=forms.Textarea(attrs={"rows": rows})
    )


class UpdateForm(ActForm):
    """What is new, and the next word after it."""

    text = _words(_("What is new, in words contractors may read?"))
    next_update_by = ZonedInstantField(label=_("When does the next word come?"))
    confidential_note = _words(_("Confidential note, never sent"), required=False, rows=2)


class NothingNewForm(ActForm):
    """One click: still nothing new, and the next word."""

    next_update_by = ZonedInstantField(label=_("Next word by"))


class ExtendForm(ActForm):
    """What is now known of the day work goes on."""

    expected_resume = forms.ChoiceField(
        label=_("When is work expected to go on?"), choices=ExpectedResume.choices, widget=forms.RadioSelect
    )
    expected_resume_from = DayField(label=_("Day, or first day of the window"), required=False)
    expected_resume_until = DayField(label=_("Last day of the window"), required=False)
    text = _words(_("What changed, in words contractors may read?"))
    next_update_by = ZonedInstantField(label=_("When does the next word come?"))

    def days(self) -> dict[str, date | None]:
        """The days that belong to the choice that was made."""
        typed = self.cleaned_data
        expected = typed["expected_resume"]
        first = typed.get("expected_resume_from") if expected != ExpectedResume.UNKNOWN else None
        last = typed.get("expected_resume_until") if expected == ExpectedResume.WINDOW else None
        return {"expected_resume_from": first, "expected_resume_until": last}


class ResumeForm(ActForm):
    """Work goes on, with or without a decision on the scope."""

    text = _words(_("What should people know, in words contractors may read?"), required=False)
    outcome = forms.ChoiceField(
        label=_("What was decided on the scope?"),
        required=False,
        choices=[("", _("Nothing was up for decision")), *OUTCOMES],
    )


class VoidForm(ActForm):
    """The pause was opened by mistake."""

    reason = _words(_("Why was it a mistake? Everybody who was told reads this."))


class StartScopeForm(ActForm):
    """A client thinks again about what it wants."""

    what_it_means = _words(_("What does it mean for contractors now?"))
    next_update_by = ZonedInstantField(label=_("When does the next word come?"))
    confidential_note = _words(_("Confidential note, never sent"), required=False, rows=2)


class DecideScopeForm(ActForm):
    """What came of it, and the new terms."""

    outcome = forms.ChoiceField(label=_("What came of it?"), choices=OUTCOMES, widget=forms.RadioSelect)
    effective_on = DayField(label=_("From which day?"))
    new_hours = forms.DecimalField(
        label=_("New hours a week"), required=False, min_value=0, max_value=168, decimal_places=2
    )
    new_rate = forms.DecimalField(
        label=_("New rate"), required=False, min_value=0, decimal_places=6, max_digits=15
    )
    new_rate_currency = forms.CharField(
        label=_("Currency of the new rate"), required=False, min_length=3, max_length=3
    )
    new_end_on = DayField(label=_("New end: first day without work"), required=False)
    what_it_means = _words(_("What does it mean for contractors?"))

    def clean_new_rate_currency(self) -> str:
        """Currencies are written in capitals."""
        return str(self.cleaned_data.get("new_rate_currency") or "").upper()

    def terms(self) -> ScopeTerms:
        """The new terms; hours become seconds and rates millionths."""
        typed = self.cleaned_data
        hours: Decimal | None = typed.get("new_hours")
        rate: Decimal | None = typed.get("new_rate")
        return ScopeTerms(
            effective_on=typed.get("effective_on"),
            new_weekly_seconds=None if hours is None else int(hours * _HOUR),
            new_rate_millionths=None if rate is None else decimal_to_rate(rate),
            new_rate_currency=typed["new_rate_currency"] if rate is not None else "",
            new_end_on=typed.get("new_end_on"),
        )


def next_word_initial(instant: datetime) -> dict[str, datetime]:
    """A form that begins with a next word already proposed."""
    return {"next_update_by": instant}
