"""Requests and answers about people and open seats: who might take one, an interest, an offer, and its answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractorhub.api.fields import Day
from contractorhub.api.serializers.making import WEEK_SECONDS
from contractorhub.api.serializers.work import ContractorRef, ProjectRef
from contractorhub.api.strict import Amount, Key, Number, Text
from projects.domain.money import rate_to_decimal
from projects.models import Candidacy
from projects.operations.seats import MOST_WORDS


class SeatInterestIn(serializers.Serializer[Any]):
    """What somebody says for themselves, if anything."""

    words = Text(max_length=MOST_WORDS, default="", allow_blank=True)


class SeatOfferIn(serializers.Serializer[Any]):
    """A term `[starts_on, ends_on)` and what it pays, inside what the seat says."""

    contractor = Key(help_text="The contractor's `public_id`: who asked for it, or somebody on your desk.")
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True, default=None)
    amount = Amount(help_text="In units of the seat's currency, as text: `21.50`.")
    weekly_seconds = Number(
        min_value=0, max_value=WEEK_SECONDS, required=False, allow_null=True, default=None
    )


class CandidacyOut(serializers.ModelSerializer[Candidacy]):
    """One person and one seat; the terms are there once it was offered, `engagement` once it was accepted."""

    seat = serializers.IntegerField(source="seat_id")
    title = serializers.CharField(source="seat.title")
    project = ProjectRef(source="seat.project")
    contractor = ContractorRef()
    amount = serializers.SerializerMethodField()
    basis = serializers.CharField(source="seat.basis")
    currency = serializers.CharField(source="seat.currency")
    engagement = serializers.UUIDField(source="engagement.public_id", default=None, allow_null=True)

    class Meta:
        model = Candidacy
        fields = [
            "id", "seat", "title", "project", "contractor", "state", "interested_at", "words", "offered_at",
            "starts_on", "ends_on", "weekly_seconds", "amount", "basis", "currency", "closed_at", "engagement",
        ]  # fmt: skip

    def get_amount(self, row: Candidacy) -> str | None:
        """What is offered, in units of the currency; null before an offer."""
        held = row.amount_millionths
        return None if held is None else format(rate_to_decimal(held).normalize(), "f")


@extend_schema_field({"oneOf": [{"type": "string", "enum": Candidacy.State.values}, {"type": "null"}]})
class _StateOrNone(serializers.CharField):
    """Where somebody and a seat stand."""


class CandidateOut(serializers.Serializer[Any]):
    """Somebody who might take a seat; what they are paid elsewhere is not told."""

    contractor = serializers.UUIDField(help_text="Their `public_id`.")
    name = serializers.CharField()
    country = serializers.CharField()
    state = _StateOrNone(help_text="Null: they neither asked nor were asked.")
    words = serializers.CharField(allow_blank=True)
    skills_matched = serializers.ListField(child=serializers.CharField())
    skills_missing = serializers.ListField(child=serializers.CharField())


class CandidatesOut(serializers.Serializer[Any]):
    """Who might take a seat, best fit first."""

    candidates = CandidateOut(many=True)
