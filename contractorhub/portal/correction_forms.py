"""The four small forms by which a contractor says what is wrong, one a kind of fact."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from projects.domain.money import decimal_to_rate
from projects.models import Correction, Engagement
from projects.models.work import PayBasis
from projects.operations.corrections import Claim, Paper

HOUR = 3_600
BASES = [
    (PayBasis.HOUR, _("an hour")), (PayBasis.DAY, _("a day")), (PayBasis.WEEK, _("a week")),
    (PayBasis.MONTH, _("a month")), (PayBasis.TASK, _("a task")),
]  # fmt: skip


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _PapersField(forms.FileField):
    """Any number of files; what they are and how many, the operation decides."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file that was chosen, checked as Django checks one."""
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(_PapersField, self).clean(one, initial) for one in chosen]


class DayInput(forms.DateInput):
    """The browser's own picker where it has one."""

    def __init__(self) -> None:
        """Show and send days as every browser's picker does."""
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class CorrectionForm(forms.Form):
    """What every claim says: which work, in words, with papers."""

    kind = ""

    def __init__(self, *args: Any, engagements: Sequence[Engagement], **options: Any) -> None:
        """Offer the person's own engagements; a single one is not asked for."""
        super().__init__(*args, **options)
        is_single = len(engagements) == 1
        self.fields["engagement"] = forms.TypedChoiceField(
            label=_("Project"),
            coerce=int,
            choices=[(row.pk, row.project.code) for row in engagements],
            widget=forms.HiddenInput if is_single else forms.Select,
        )
        self.order_fields(["engagement"])
        self.fields["words"] = forms.CharField(
            label=_("What is wrong?"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["papers"] = _PapersField(
            label=_("Papers that show it"),
            required=False,
            widget=_SeveralFiles(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
            help_text=_("Up to three PDF, PNG or JPEG files, each 5 MB at most."),
        )

    def claim(self) -> Claim:
        """What was typed, as the operation takes it."""
        return Claim(kind=self.kind, words=self.cleaned_data["words"].strip(), **self.facts())

    def facts(self) -> dict[str, Any]:
        """The facts of this kind of claim."""
        raise NotImplementedError

    def sent_papers(self) -> list[Paper]:
        """The files with their bytes."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["papers"]
        return [Paper(name=str(file.name), content=file.read()) for file in files]


class HoursClaim(CorrectionForm):
    """How many hours a day really had."""

    kind = Correction.Kind.HOURS
    worked_on = forms.DateField(label=_("Which day?"), widget=DayInput())
    hours = forms.DecimalField(
        label=_("Hours you worked that day"), min_value=0, max_value=24, decimal_places=2, localize=True
    )

    def facts(self) -> dict[str, Any]:
        """The day and its seconds."""
        hours: Decimal = self.cleaned_data["hours"]
        return {"worked_on": self.cleaned_data["worked_on"], "seconds": int(hours * HOUR)}


class BeforeNoticeClaim(HoursClaim):
    """Hours that were logged after the notice but worked before it came."""

    kind = Correction.Kind.BEFORE_NOTICE


class RateClaim(CorrectionForm):
    """What the work really pays, and since when."""

    kind = Correction.Kind.RATE
    amount = forms.DecimalField(
        label=_("The right rate"), min_value=0, max_digits=15, decimal_places=6, localize=True
    )
    currency = forms.CharField(label=_("Currency, such as USD"), min_length=3, max_length=3)
    basis = forms.ChoiceField(label=_("For what?"), choices=BASES)
    starts_on = forms.DateField(label=_("From which day?"), widget=DayInput())

    def facts(self) -> dict[str, Any]:
        """The rate in millionths."""
        typed = self.cleaned_data
        return {
            "amount_millionths": decimal_to_rate(typed["amount"]),
            "currency": typed["currency"].upper(),
            "basis": typed["basis"],
            "starts_on": typed["starts_on"],
        }


class DatesClaim(CorrectionForm):
    """When the work really began and ended."""

    kind = Correction.Kind.DATES
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DayInput(),
        required=False,
        help_text=_("Leave it empty if there is none."),
    )

    def facts(self) -> dict[str, Any]:
        """The term, its end as the first day after."""
        last = self.cleaned_data["last_day"]
        return {
            "starts_on": self.cleaned_data["starts_on"],
            "ends_on": last + timedelta(days=1) if last else None,
        }


FORMS: dict[str, type[CorrectionForm]] = {
    Correction.Kind.HOURS: HoursClaim,
    Correction.Kind.RATE: RateClaim,
    Correction.Kind.DATES: DatesClaim,
    Correction.Kind.BEFORE_NOTICE: BeforeNoticeClaim,
}
