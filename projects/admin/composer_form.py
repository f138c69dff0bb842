"""The composer's form: what a lead types about a pause, read into the answers and terms that open it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin.fields import DayField, ZonedInstantField, addresses_in, read_exclusions
from projects.domain.money import decimal_to_minor, format_money, is_currency, minor_to_decimal
from projects.domain.pausing import MOST_STANDBY_DAYS, MOST_TYPED_CHARACTERS
from projects.models import Client, Contractor, Engagement, Pause, Project, User
from projects.models.pauses import ExpectedResume, PauseKind, ReasonCode
from projects.operations.pauses import PauseAnswers, PauseTerms
from projects.queries.reasons import UsualAnswers, template_languages
from projects.wording import language_name

# The fields of operations that are called otherwise on the page.
FIELD_OF = {
    "remaining_share_bp": "remaining_percent",
    "standby_share_bp": "standby_percent",
    "standby_daily_minor": "standby_daily",
}
_PER_PERCENT = 100
# A validator, not a maximum of the field: a browser would cut off silently what was pasted.
SHORTER = (MaxLengthValidator(MOST_TYPED_CHARACTERS),)


class ComposerForm(forms.Form):
    """Every field may be blank while a draft is kept; the operation says what a pause cannot do without."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=ReasonCode.choices)
    language = forms.ChoiceField(label=_("Language of the answers"), required=False)
    kind = forms.ChoiceField(label=_("How much stops"), choices=PauseKind.choices, widget=forms.RadioSelect)
    remaining_percent = forms.DecimalField(
        label=_("Share of hours that goes on, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
    start = forms.ChoiceField(
        label=_("Since when"),
        choices=[
            ("now", _("As soon as it is confirmed")),
            ("at", _("At another time, later or in the past")),
        ],
        widget=forms.RadioSelect,
    )
    starts_at = ZonedInstantField(label=_("Start"), required=False)
    what_stopped = forms.CharField(
        label=_("What stops?"),
        required=False,
        validators=SHORTER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    why = forms.CharField(
        label=_("Why, in words contractors may read?"),
        required=False,
        validators=SHORTER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    what_happens_to_pay = forms.CharField(
        label=_("What happens to pay?"),
        required=False,
        validators=SHORTER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    what_to_do_now = forms.CharField(
        label=_("What should people do now?"),
        required=False,
        validators=SHORTER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_update_by = ZonedInstantField(label=_("When does the next word come?"), required=False)
    ends_at = ZonedInstantField(label=_("End, where it is certain"), required=False)
    expected_resume = forms.ChoiceField(
        label=_("When is work expected to go on?"), choices=ExpectedResume.choices, widget=forms.RadioSelect
    )
    expected_resume_from = DayField(label=_("Day, or first day of the window"), required=False)
    expected_resume_until = DayField(label=_("Last day of the window"), required=False)
    standby_percent = forms.DecimalField(
        label=_("Standby pay, in percent of expected pay"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
    )
    standby_daily = forms.DecimalField(
        label=_("Standby pay for each day without work"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        decimal_places=3,
        help_text=_("Such as 25.00; for paused days on which work was expected, on top of any share."),
    )
    standby_currency = forms.CharField(
        label=_("Its currency"), required=False, max_length=3, help_text=_("Such as USD.")
    )
    standby_max_days = forms.IntegerField(
        label=_("For at most so many days"),
        required=False,
        min_value=1,
        max_value=MOST_STANDBY_DAYS,
        help_text=_("Empty: as long as the pause lasts."),
    )
    exclusions = forms.CharField(
        label=_("Who goes on working"),
        required=False,
        validators=(MaxLengthValidator(1_000_000),),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One person a line: their address, a comma, the reason."),
    )
    confidential_note = forms.CharField(
        label=_("Confidential note"),
        required=False,
        validators=SHORTER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        target: Project | Client,
        only: tuple[str, ...] = (),
        user: User,
        zone: str,
        **options: Any,
    ) -> None:
        """`only` are codes of a client's projects, `zone` is the clock on which instants are typed and shown."""
        super().__init__(*args, **options)
        self.target = target
        self.only = only
        self.user = user
        self.excluded: tuple[tuple[int, str], ...] = ()
        self.fields["language"].choices = [(code, language_name(code)) for code in template_languages()]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, ZonedInstantField):
                field.zone = zone
        for name in ("what_stopped", "why", "what_happens_to_pay", "what_to_do_now", "next_update_by"):
            self.fields[name].widget.attrs["aria-required"] = "true"

    def clean_exclusions(self) -> str:
        """Every line names somebody who is engaged on the target, and a reason."""
        words = str(self.cleaned_data.get("exclusions") or "")
        if addresses_in(words):
            self.excluded = read_exclusions(words, people=self._people_named(words))
        return words

    def clean(self) -> dict[str, Any]:
        """A start at another time needs that time."""
        cleaned = super().clean() or {}
        if cleaned.get("start") == "at" and not cleaned.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", ValidationError(_("Say when the pause starts.")))
        return cleaned

    def _people_named(self, words: str) -> Iterable[Contractor]:
        is_project = isinstance(self.target, Project)
        engaged = Engagement.objects.filter(**{"project" if is_project else "project__client": self.target})
        engaged = engaged.filter(project__code__in=self.only) if self.only else engaged
        people = access.contractors_visible_to(self.user).filter(pk__in=engaged.values("contractor"))
        return people.filter(email__in=addresses_in(words))

    def answers(self) -> PauseAnswers:
        """What was typed, as far as it could be read."""
        typed = self.cleaned_data
        return PauseAnswers(
            what_stopped=typed.get("what_stopped") or "",
            why=typed.get("why") or "",
            what_happens_to_pay=typed.get("what_happens_to_pay") or "",
            what_to_do_now=typed.get("what_to_do_now") or "",
            next_update_by=typed.get("next_update_by"),
            confidential_note=typed.get("confidential_note") or "",
        )

    def terms(self) -> PauseTerms:
        """The terms; what belongs to a choice that was not made is left out."""
        typed = self.cleaned_data
        kind = typed.get("kind") or PauseKind.FULL
        expected = typed.get("expected_resume") or ExpectedResume.UNKNOWN
        return PauseTerms(
            reason_code=typed.get("reason_code") or ReasonCode.OTHER,
            kind=kind,
            remaining_share_bp=_basis_points(typed.get("remaining_percent"))
            if kind == PauseKind.REDUCED
            else 0,
            starts_at=typed.get("starts_at") if typed.get("start") == "at" else None,
            ends_at=typed.get("ends_at"),
            expected_resume=expected,
            expected_resume_from=typed.get("expected_resume_from")
            if expected != ExpectedResume.UNKNOWN
            else None,
            expected_resume_until=typed.get("expected_resume_until")
            if expected == ExpectedResume.WINDOW
            else None,
            standby_share_bp=_basis_points(typed.get("standby_percent")),
            **_a_day(typed),
            exclusions=self.excluded,
            only=self.only,
        )

    def typed(self) -> dict[str, Any]:
        """Everything as it was typed, to be shown again."""
        return {name: self.data.get(name, "") for name in self.fields}


def initial_of(draft: Pause) -> dict[str, Any]:
    """A draft as the form shows it."""
    lines = draft.exclusions.select_related("contractor").order_by("pk")
    return {
        "reason_code": draft.reason_code,
        "kind": draft.kind,
        "remaining_percent": _percent(draft.remaining_share_bp),
        "start": "now" if draft.starts_at == draft.opened_at else "at",
        "starts_at": None if draft.starts_at == draft.opened_at else draft.starts_at,
        "ends_at": draft.ends_at,
        "expected_resume": draft.expected_resume,
        "expected_resume_from": draft.expected_resume_from,
        "expected_resume_until": draft.expected_resume_until,
        "standby_percent": _percent(draft.standby_share_bp),
        "standby_daily": _in_units(draft.standby_daily_minor, draft.standby_currency),
        "standby_currency": draft.standby_currency,
        "standby_max_days": draft.standby_max_days,
        "exclusions": "\n".join(f"{line.contractor.email}, {line.reason}" for line in lines),
        "next_update_by": draft.next_update_by,
        "confidential_note": draft.confidential_note,
        **{
            name: getattr(draft, name)
            for name in ("what_stopped", "why", "what_happens_to_pay", "what_to_do_now")
        },
    }


def initial_for_new(reason_code: str, usual: UsualAnswers) -> dict[str, Any]:
    """A new pause: at once, in full, with the usual answers of its reason."""
    return {
        "reason_code": reason_code,
        "kind": PauseKind.FULL,
        "start": "now",
        "expected_resume": ExpectedResume.UNKNOWN,
        **words_of(usual),
        "next_update_by": usual.next_update_by,
    }


def words_of(usual: UsualAnswers) -> dict[str, str]:
    """The four answers that are words."""
    names = ("what_stopped", "why", "what_happens_to_pay", "what_to_do_now")
    return {name: getattr(usual, name) for name in names}


def _a_day(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Standby pay a day; what cannot be right is left for the operation to refuse."""
    amount, code = typed.get("standby_daily") or Decimal(0), str(typed.get("standby_currency") or "").upper()
    return {
        "standby_daily_minor": decimal_to_minor(amount, code if is_currency(code) else "USD"),
        "standby_currency": code,
        "standby_max_days": typed.get("standby_max_days"),
    }


def _in_units(minor: int, currency: str) -> str:
    return f"{minor_to_decimal(minor, currency):f}" if minor and currency else ""


def standby_a_day(terms: PauseTerms, locale: str) -> str:
    """Standby pay a day in words; empty where there is none."""
    if not terms.standby_daily_minor or not is_currency(terms.standby_currency):
        return ""
    return format_money(terms.standby_daily_minor, terms.standby_currency, locale)


def _basis_points(percent: Decimal | None) -> int:
    return int((percent or Decimal(0)) * _PER_PERCENT)


def _percent(basis_points: int) -> str:
    return f"{basis_points / _PER_PERCENT:g}" if basis_points else ""


def version_of(draft: Pause | None) -> str:
    """Which state of a draft a page shows, so that a later hand on it is noticed."""
    return draft.opened_at.isoformat() if draft else ""


def is_older(seen: str, draft: Pause) -> bool:
    """Whether a page shows an older state of the draft than the one that is kept."""
    try:
        return datetime.fromisoformat(seen) != draft.opened_at
    except ValueError:
        return True
