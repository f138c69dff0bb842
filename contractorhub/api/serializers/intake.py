"""Requests and answers of hours and rosters that other programs send, and of files they hand in."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractorhub.api.fields import Day, Instant
from contractorhub.api.strict import Number, Text, YesNo
from projects.imports.roster_cells import COLUMNS
from projects.imports.rows import DayMonthOrder, SourceFormat
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
    contractor = Text(max_length=254, help_text="An email address, or the id in the firm's own system.")
    project = Text(max_length=30, help_text="A project's code.")
    worked_on = Day(help_text="The local day of the work.")
    seconds = Number(min_value=0, max_value=90_000)
    tasks = Number(min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None)
    started_at = Instant(required=False, allow_null=True, default=None)


class HoursBulkIn(serializers.Serializer[Any]):
    """Up to 10,000 entries."""

    entries = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MOST_ITEMS,
        help_text="Each has `contractor` (an email address, or the id in the firm's own system), `project`, "
        "`worked_on` and `seconds`, and may have `id` (yours: an entry that comes again is changed), `tasks` and "
        "`started_at`. One that is wrong is refused alone.",
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
        child=serializers.DictField(child=Text(allow_blank=True, max_length=500)),
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


class ImportOptions(serializers.Serializer[Any]):
    """What whoever brings a file knows better than its reader; other names are refused."""

    format = serializers.ChoiceField(choices=["auto", *SourceFormat], required=False)
    dates = serializers.ChoiceField(choices=["auto", *DayMonthOrder], required=False)
    year = Number(min_value=1990, max_value=2100, required=False, help_text="Of dates that name none.")
    sheet = Text(max_length=100, required=False, allow_blank=True)
    as_email = Text(max_length=254, required=False, allow_blank=True, help_text="Whose rows they are.")
    project = Text(max_length=30, required=False, allow_blank=True)
    mapping = serializers.DictField(
        required=False,
        help_text="`columns`: an object of column name to meaning; and the saved mapping's rest.",
    )
    strict = YesNo(required=False, help_text="Take in nothing where one row is wrong.")
    keep = YesNo(required=False, help_text="Leave entries as they are that were changed since.")
    leavers_on = Day(required=False, help_text="From which day whoever a roster leaves out is gone.")

    def to_internal_value(self, data: Any) -> Any:
        """Read the options that are known, and refuse the others; only those that were named are answered with."""
        others = sorted(data.keys() - self.fields.keys()) if isinstance(data, dict) else []
        if others:
            raise serializers.ValidationError(
                {name[:50]: ["There is no such option."] for name in others[:10]}
            )
        read = super().to_internal_value(data)
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in read.items()}


@extend_schema_field(ImportOptions)
class _OptionsInForm(serializers.JSONField):
    """The same options, as JSON text in a form."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the text, then the options."""
        return ImportOptions().run_validation(super().to_internal_value(data))


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class _File(serializers.FileField):
    """A file that holds something."""


class NewUpload(serializers.Serializer[Any]):
    """A file, and what whoever brings it knows better."""

    kind = serializers.ChoiceField(choices=Upload.Kind.choices)
    file = _File()
    options = _OptionsInForm(required=False, default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse other parts of the form: a name that is not known was mistyped."""
        others = sorted(set(self.initial_data) - set(self.fields))
        if others:
            raise serializers.ValidationError(
                {name[:50]: ["There is no such field."] for name in others[:10]}
            )
        return attrs


class AnswersIn(serializers.Serializer[Any]):
    """Answers to what a file leaves open: dates, year, mapping, sheet, and the other options."""

    options = ImportOptions()


class UploadOut(serializers.ModelSerializer[Upload]):
    """A file on its way into the record."""

    class Meta:
        model = Upload
        fields = (
            "public_id", "kind", "state", "file_name", "size_bytes", "options", "question", "findings", "refusal",
            "uploaded_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields
