"""Requests and answers about the second person's word on a pause."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractorhub.api.serializers.pauses import PauseOut
from contractorhub.api.strict import Text
from projects.domain.approving import BACKDATED, MANY_PEOPLE, MUCH_MONEY
from projects.models import Approval

STATES: Final = [
    ("waiting", "Nobody has answered yet."),
    ("given", "The pause is open."),
    ("sent_back", "Something has to change first; `words` say what."),
]
_REASONS: Final = [
    (MANY_PEOPLE, "It stops many people."),
    (MUCH_MONEY, "It stops much pay."),
    (BACKDATED, "It starts in the past."),
]


class SendBackIn(serializers.Serializer[Any]):
    """What has to change before this pause can open."""

    words = Text(max_length=500)


class ApprovalOut(serializers.ModelSerializer[Approval]):
    """A second person's word: why it is needed, who asked, who answered; the pause is a draft until it is given."""

    pause = PauseOut()
    state = serializers.SerializerMethodField()
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=_REASONS))
    asked_by = serializers.EmailField(source="asked_by.email")
    decided_by = serializers.EmailField(source="decided_by.email", default=None, allow_null=True)

    class Meta:
        model = Approval
        fields = [
            "id",
            "pause",
            "state",
            "reasons",
            "asked_by",
            "asked_at",
            "decided_by",
            "decided_at",
            "words",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, row: Approval) -> str:
        """Where it stands."""
        if row.decided_at is None:
            return "waiting"
        return "given" if row.is_given else "sent_back"
