"""Requests and answers of the hours lock."""

from typing import Any, Final

from rest_framework import serializers

from contractorhub.api.fields import Instant
from contractorhub.api.strict import Text

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
