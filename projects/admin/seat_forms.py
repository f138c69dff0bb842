"""The forms of open seats: what a seat asks and pays, an offer to one person, and what a person can do."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.admin.fields import DayField
from projects.domain.money import decimal_to_rate, rate_to_decimal
from projects.models import OpenSeat
from projects.models.work import PayBasis
from projects.operations.seats import OfferTerms, SeatFacts

_HOUR = 3_600


class SeatForm(forms.Form):
    """What an open seat asks and pays."""

    title = forms.CharField(label=_("Title"), max_length=200)
    seats = forms.IntegerField(label=_("How many seats"), min_value=1, max_value=100_000, initial=1)
    skills = forms.CharField(
        label=_("Skills asked for, with commas between"), required=False, max_length=2_000
    )
    countries = forms.CharField(
        label=_("Countries, such as PH, KE; empty means anywhere"), required=False, max_length=1_000
    )
    hours = forms.DecimalField(
        label=_("Hours a week"), required=False, min_value=0, max_value=168, decimal_places=2
    )
    basis = forms.ChoiceField(label=_("Paid by the"), choices=PayBasis.choices)
    lowest = forms.DecimalField(
        label=_("Rate, or the lowest of its range"), min_value=0, max_digits=15, decimal_places=6
    )
    highest = forms.DecimalField(
        label=_("Highest of its range"), required=False, min_value=0, max_digits=15, decimal_places=6
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    opened_on = DayField(label=_("Open from"))
    closes_on = DayField(label=_("First day on which it is closed"), required=False)

    def facts(self) -> SeatFacts:
        """What was typed, in the units of the record."""
        typed = self.cleaned_data
        return SeatFacts(
            title=typed["title"],
            seats=typed["seats"],
            basis=typed["basis"],
            amount_millionths=decimal_to_rate(typed["lowest"]),
            highest_millionths=None if typed["highest"] is None else decimal_to_rate(typed["highest"]),
            currency=typed["currency"].upper(),
            weekly_seconds=_seconds(typed["hours"]),
            countries=_listed(typed["countries"]),
            skills=_listed(typed["skills"]),
            opened_on=typed["opened_on"],
            closes_on=typed["closes_on"],
        )


def seat_as_typed(seat: OpenSeat) -> dict[str, Any]:
    """A seat as its form shows it."""
    highest = seat.highest_millionths
    return {
        "title": seat.title,
        "seats": seat.seats,
        "skills": ", ".join(seat.skills),
        "countries": ", ".join(seat.countries),
        "hours": _hours(seat.weekly_seconds),
        "basis": seat.basis,
        "lowest": rate_to_decimal(seat.amount_millionths).normalize(),
        "highest": None if highest is None else rate_to_decimal(highest).normalize(),
        "currency": seat.currency,
        "opened_on": seat.opened_on,
        "closes_on": seat.closes_on,
    }


class OfferForm(forms.Form):
    """The terms one person is offered."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("First day after the term"), required=False)
    hours = forms.DecimalField(
        label=_("Hours a week"), required=False, min_value=0, max_value=168, decimal_places=2
    )
    rate = forms.DecimalField(label=_("Rate"), min_value=0, max_digits=15, decimal_places=6)

    def terms(self) -> OfferTerms:
        """What was typed, in the units of the record."""
        typed = self.cleaned_data
        return OfferTerms(
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            weekly_seconds=_seconds(typed["hours"]),
            amount_millionths=decimal_to_rate(typed["rate"]),
        )


class SkillsForm(forms.Form):
    """What a person can do."""

    skills = forms.CharField(label=_("Skills, with commas between"), required=False, max_length=2_000)

    def skills_named(self) -> list[str]:
        """One by one."""
        return _listed(self.cleaned_data["skills"])


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def _seconds(hours: Decimal | None) -> int | None:
    return None if hours is None else int(hours * _HOUR)


def _hours(seconds: int | None) -> Decimal | None:
    return None if seconds is None else (Decimal(seconds) / _HOUR).normalize()
