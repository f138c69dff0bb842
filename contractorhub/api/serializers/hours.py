"""Requests and answers of the hours lock, and answers about hours that were logged."""

from typing import Any, Final

from rest_framework import serializers

from contractorhub.api.fields import Instant
from contractorhub.api.strict import Text
from projects.models import HoursDecision, HoursEntry

MAX_PAIRS: Final = 1_000
STATUSES: Final = [
    ("open", "Hours may be logged."),
    ("paused", "All work stops."),
    ("reduced", "Work is reduced; hours may be logged."),
    ("excluded", "The project is paused, but not for this person."),
    ("worked_before_notice", "Worked before the notice of a backdated pause."),
    ("not_engaged", "No engagement holds that day."),
    ("project_ended", "The project had ended."),
    ("unknown", "No such contractor or project that you may see."),
]


class LockQuestion(serializers.Serializer[Any]):
    """Whose hours on what, and when they were worked."""

    contractor = Text(max_length=254, help_text="A `public_id` or an email address.")
    project = Text(max_length=30, help_text="A project's code.")
    at = Instant(required=False, help_text="The instant that was worked; now where none is given.")


class LockQuestions(serializers.Serializer[Any]):
    """Up to 1,000 questions at once."""

    pairs = serializers.ListField(child=LockQuestion(), min_length=1, max_length=MAX_PAIRS)


class LockOut(serializers.Serializer[Any]):
    """Whether hours may be logged, and if not, why, since when, the next word, and how to put it right."""

    contractor = serializers.CharField()
    project = serializers.CharField()
    may_log = serializers.BooleanField()
    status = serializers.ChoiceField(choices=STATUSES)
    reason = serializers.CharField(allow_blank=True, help_text="In words contractors may read.")
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    next_word_by = serializers.DateTimeField(allow_null=True)
    how_to_correct = serializers.CharField(allow_blank=True)
    pause = serializers.UUIDField(allow_null=True)


class LocksOut(serializers.Serializer[Any]):
    """The answers, in the order of the questions."""

    answers = LockOut(many=True)


class HoursDecisionOut(serializers.ModelSerializer[HoursDecision]):
    """What a lead decided about hours that were logged inside a pause."""

    class Meta:
        model = HoursDecision
        fields = ["finding", "verdict", "dated_on", "reason", "decided_at"]


class HoursOut(serializers.ModelSerializer[HoursEntry]):
    """Work on one local day of one engagement; `decision` is null unless it was logged inside a pause and decided."""

    engagement = serializers.UUIDField(source="engagement.public_id")
    contractor = serializers.UUIDField(source="engagement.contractor.public_id")
    project = serializers.CharField(source="engagement.project.code")
    decision = HoursDecisionOut(default=None, allow_null=True)

    class Meta:
        model = HoursEntry
        fields = [
            "id", "engagement", "contractor", "project", "worked_on", "started_at", "seconds", "tasks", "source",
            "recorded_at", "decision",
        ]  # fmt: skip
