"""Requests that make records: clients, projects, contractors, terms, rates, seats, reassessments and their outcomes."""

from typing import Any, Final

from django.conf import settings
from rest_framework import serializers

from contractorhub.api.fields import Day, Instant
from contractorhub.api.serializers.acts import OUTCOMES
from contractorhub.api.strict import Address, Amount, Coded, Key, Number, Text
from projects.domain.pausing import MAX_ANSWER_CHARACTERS
from projects.models import Contractor
from projects.models.work import PayBasis

WEEK_SECONDS: Final = 604_800
_CODE: Final = r"^[A-Z0-9][A-Z0-9_-]{0,29}$"
_COUNTRY: Final = r"^[A-Z]{2}$"
_CURRENCY: Final = r"^[A-Z]{3}$"


def _code(**options: Any) -> Coded:
    return Coded(_CODE, max_length=30, **options)


class ClientIn(serializers.Serializer[Any]):
    """A client to record."""

    code = _code(help_text="Capital letters, digits, - and _.")
    name = Text(max_length=200)
    owners = serializers.ListField(
        child=Address(), default=list, max_length=50, help_text="Addresses of who owns it."
    )


class NewProjectIn(serializers.Serializer[Any]):
    """A project to record."""

    client = Text(max_length=30, help_text="The client's code.")
    code = _code()
    name = Text(max_length=200)
    leads = serializers.ListField(
        child=Address(), default=list, max_length=50, help_text="Addresses of who leads it."
    )
    time_zone = Text(max_length=50, default="UTC", help_text="Such as Asia/Manila.")
    slack_channel = Text(max_length=41, default="", allow_blank=True)
    planned_end_on = Day(required=False, allow_null=True, default=None)


class ContractorIn(serializers.Serializer[Any]):
    """A contractor to record; their login comes with it."""

    email = Address(max_length=254)
    name = Text(max_length=200)
    country = Coded(_COUNTRY, help_text="ISO 3166, such as PH.")
    region = Text(max_length=10, default="", allow_blank=True)
    locale = serializers.ChoiceField(choices=settings.LANGUAGES, default="en")
    time_zone = Text(max_length=50, default="UTC")
    external_id = Text(max_length=100, default="", allow_blank=True)


class ContractorOut(serializers.ModelSerializer[Contractor]):
    """A person as those see them who look after their work; addresses are for operations' own pages."""

    class Meta:
        model = Contractor
        fields = ["public_id", "name", "country", "region", "locale", "time_zone", "external_id"]


class RateIn(serializers.Serializer[Any]):
    """What an engagement pays from a day on."""

    starts_on = Day()
    basis = serializers.ChoiceField(choices=PayBasis.choices)
    amount = Amount(help_text="In units of the currency, as text: `21.50`.")
    currency = Coded(_CURRENCY)
    contracted_weekly_seconds = Number(
        min_value=0, max_value=WEEK_SECONDS, required=False, allow_null=True, default=None
    )
    max_weekly_seconds = Number(
        min_value=1, max_value=WEEK_SECONDS, required=False, allow_null=True, default=None,
        help_text="The most that may be billed a week; null where there is no cap.",
    )  # fmt: skip


class EngagementIn(serializers.Serializer[Any]):
    """A term `[starts_on, ends_on)` of a contractor on a project, with its first rate."""

    contractor = Key(help_text="The contractor's `public_id`.")
    project = Text(max_length=30, help_text="The project's code.")
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True, default=None)
    rate = RateIn(required=False, allow_null=True, default=None)


class EndEngagementIn(serializers.Serializer[Any]):
    """The first day without work."""

    ends_on = Day()


class SeatFactsIn(serializers.Serializer[Any]):
    """What a seat asks and pays; no country means anywhere."""

    title = Text(max_length=200)
    seats = Number(min_value=1, max_value=10_000, default=1)
    basis = serializers.ChoiceField(choices=PayBasis.choices)
    amount = Amount(help_text="What it pays; the lowest, where it pays a range.")
    highest_amount = Amount(
        required=False,
        allow_null=True,
        default=None,
        help_text="The highest of a range; null where there is none.",
    )
    currency = Coded(_CURRENCY)
    weekly_seconds = Number(
        min_value=0, max_value=WEEK_SECONDS, required=False, allow_null=True, default=None
    )
    countries = serializers.ListField(child=Coded(_COUNTRY), default=list, max_length=300)
    skills = serializers.ListField(child=Text(max_length=50), default=list, max_length=50)
    opened_on = Day()
    closes_on = Day(required=False, allow_null=True, default=None)


class OpenSeatIn(SeatFactsIn):
    """Work that looks for somebody."""

    project = Text(max_length=30, help_text="The project's code.")


class CloseSeatIn(serializers.Serializer[Any]):
    """From which day a seat is offered no more."""

    closes_on = Day()


class ReassessmentIn(serializers.Serializer[Any]):
    """A client begins to think again about a project's scope."""

    project = Text(max_length=30, help_text="The project's code.")
    what_it_means = Text(max_length=MAX_ANSWER_CHARACTERS, help_text="What it means for contractors now.")
    next_update_by = Instant()
    confidential_note = Text(max_length=MAX_ANSWER_CHARACTERS, default="", allow_blank=True)


class DecideReassessmentIn(serializers.Serializer[Any]):
    """What came of it, and the terms that hold from then on."""

    outcome = serializers.ChoiceField(choices=OUTCOMES)
    what_it_means = Text(max_length=MAX_ANSWER_CHARACTERS)
    effective_on = Day(required=False, allow_null=True, default=None)
    new_weekly_seconds = Number(
        min_value=0, max_value=WEEK_SECONDS, required=False, allow_null=True, default=None
    )
    new_rate = Amount(required=False, allow_null=True, default=None)
    new_rate_currency = Coded(_CURRENCY, required=False, default="", allow_blank=True)
    new_end_on = Day(required=False, allow_null=True, default=None)
