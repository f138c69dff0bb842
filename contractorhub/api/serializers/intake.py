"""Requests and answers of hours and rosters that other programs send, and of files they hand in."""

from typing import Any

from rest_framework import serializers

from contractorhub.api.fields import Day, Instant
from projects.imports.roster_cells import COLUMNS
from projects.models import Upload
from projects.operations.hours_bulk import MOST_ITEMS
from projects.operations.roster_bulk import MOST_ROWS

HOURS_STATUSES = ["added", "changed", "known", "waiting", "refused"]
ROSTER_STATUSES = ["changed", "known", "refused"]


class HoursItemIn(serializers.Serializer[Any]):
    """One piece of work."""

    id = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True,
        help_text="Yours: an entry that comes again under its id is changed. Without one it is known by its facts.",
    )  # fmt: skip
    contractor = serializers.CharField(
        max_length=254, help_text="An email address, or the id in the firm's own system."
    )
    project = serializers.CharField(max_length=30, help_text="A project's code.")
    worked_on = Day(help_text="The local day of the work.")
    seconds = serializers.IntegerField(min_value=0, max_value=90_000)
    tasks = serializers.IntegerField(
        min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None
    )
    started_at = Instant(required=False, allow_null=True, default=None)


class HoursBulkIn(serializers.Serializer[Any]):
    """Up to 10,000 entries."""

    entries = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MOST_ITEMS,
        help_text="Each as described under `HoursItem`; one that is wrong is refused alone.",
    )  # fmt: skip


class HoursResultOut(serializers.Serializer[Any]):
    """What became of one entry."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=HOURS_STATUSES)
    reason = serializers.CharField(allow_blank=True)


class HoursBulkOut(serializers.Serializer[Any]):
    """The results, in the order of the entries."""

    results = HoursResultOut(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())


class RosterBulkIn(serializers.Serializer[Any]):
    """Up to 10,000 rows."""

    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=500)),
        min_length=1, max_length=MOST_ROWS, help_text=f"Texts under the names {', '.join(COLUMNS)}.",
    )  # fmt: skip


class RosterResultOut(serializers.Serializer[Any]):
    """What became of one row."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ROSTER_STATUSES)
    changes = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(allow_blank=True)


class RosterBulkOut(serializers.Serializer[Any]):
    """The results, in the order of the rows."""

    results = RosterResultOut(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())


class NewUpload(serializers.Serializer[Any]):
    """A file, and what whoever brings it knows better."""

    kind = serializers.ChoiceField(choices=Upload.Kind.choices)
    file = serializers.FileField(allow_empty_file=True)
    options = serializers.JSONField(required=False, default=dict)


class AnswersIn(serializers.Serializer[Any]):
    """Answers to what a file leaves open: dates, year, mapping, sheet, and the other options."""

    options = serializers.DictField()


class UploadOut(serializers.ModelSerializer[Upload]):
    """A file on its way into the record."""

    class Meta:
        model = Upload
        fields = (
            "public_id", "kind", "state", "file_name", "size_bytes", "options", "question", "findings", "refusal",
            "uploaded_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields
