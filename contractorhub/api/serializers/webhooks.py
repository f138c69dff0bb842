"""Requests and answers about webhooks: endpoints, what can be sent there, and what was."""

from typing import Any, Final

from rest_framework import serializers

from contractorhub.api.strict import Key, Text, YesNo
from notifications.models import DeliveryState, Endpoint
from projects.domain.event_types import CATALOGUE
from projects.operations.endpoints import MOST_REPLAYED

EVENTS: Final = [(name, name) for name in CATALOGUE]


def _events(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), min_length=1, max_length=len(EVENTS), **options
    )


class EventTypeOut(serializers.Serializer[Any]):
    """One kind of event that can be received."""

    name = serializers.ChoiceField(choices=EVENTS)
    says = serializers.CharField()
    example = serializers.JSONField(help_text="An example of the event's `data`.")


class EndpointIn(serializers.Serializer[Any]):
    """An endpoint to connect."""

    name = Text(max_length=100, help_text="What it is for, such as `Payroll`.")
    url = Text(max_length=500, help_text="Where events are posted, beginning with https://.")
    events = _events()


class EndpointChangesIn(serializers.Serializer[Any]):
    """What to change of an endpoint; what is not named stays as it is."""

    name = Text(max_length=100, required=False)
    url = Text(max_length=500, required=False)
    events = _events(required=False)
    is_enabled = YesNo(required=False)


class EndpointOut(serializers.ModelSerializer[Endpoint]):
    """An endpoint; its secret is told only when it is made or rotated."""

    owner = serializers.EmailField(source="owner.email")
    events = serializers.ListField(child=serializers.CharField())
    is_enabled = serializers.BooleanField()
    disabled_at = serializers.DateTimeField(allow_null=True)
    both_secrets_until = serializers.DateTimeField(source="previous_until", allow_null=True)

    class Meta:
        model = Endpoint
        fields = [
            "public_id", "name", "url", "events", "owner", "made_at", "is_enabled", "disabled_at", "disabled_reason",
            "failing_since", "both_secrets_until",
        ]  # fmt: skip


class EndpointWithSecretOut(EndpointOut):
    """An endpoint with its signing secret, for a Standard Webhooks library."""

    secret = serializers.CharField()

    class Meta(EndpointOut.Meta):
        fields = [*EndpointOut.Meta.fields, "secret"]


class TryOut(serializers.Serializer[Any]):
    """One try that did not simply succeed."""

    at = serializers.DateTimeField()
    code = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)


class SentEventOut(serializers.Serializer[Any]):
    """One event to this endpoint and how it went."""

    webhook_id = serializers.UUIDField()
    type = serializers.CharField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    reason = serializers.CharField(allow_blank=True)
    tries = serializers.IntegerField()
    staged_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    body = serializers.CharField(help_text="The very words that were signed.")
    attempts = TryOut(many=True)


class ReplayIn(serializers.Serializer[Any]):
    """Events to send again, each under its old id."""

    webhook_ids = serializers.ListField(child=Key(), min_length=1, max_length=MOST_REPLAYED)


class ReplayOut(serializers.Serializer[Any]):
    """How many events are on their way again."""

    count = serializers.IntegerField()
