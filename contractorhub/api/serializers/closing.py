"""Closed periods, reports on a schedule, and corrections: what is asked and what is answered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractorhub.api.fields import Day
from contractorhub.api.strict import Address, Amount, Key, Number, Text
from projects.domain.money import rate_to_decimal
from projects.models import AccountingPeriod, Correction, ReportSchedule, ReportSending
from projects.models.work import PayBasis
from projects.operations.corrections import DAY_SECONDS
from projects.operations.report_schedules import MOST_PEOPLE


class PeriodOut(serializers.ModelSerializer[AccountingPeriod]):
    """Weeks that were closed for good, from the Monday `first_week` to that of `last_week`, both included."""

    class Meta:
        model = AccountingPeriod
        fields = ["public_id", "first_week", "last_week", "as_of", "closed_at", "checksum"]


class ClosePeriodIn(serializers.Serializer[Any]):
    """Up to which week a period is closed; the first of all also says where it begins."""

    last_day = Day(help_text="Any day of the last week; the week must be over.")
    first_day = Day(required=False, help_text="Any day of the first week; for the first period only.")


class ScheduleIn(serializers.Serializer[Any]):
    """When a report is sent, and to whom: a weekly one needs `weekday`, a monthly one `day`."""

    title = Text(max_length=120)
    report = Text(max_length=60, help_text="The name of a report you may pull.")
    parameters = serializers.DictField(
        child=serializers.ListField(child=Text(max_length=500), max_length=100),
        default=dict,
        help_text='As the list of reports names them, such as `{"client": ["ORION"]}`.',
    )
    every = serializers.ChoiceField(choices=ReportSchedule.Every.choices)
    weekday = Number(
        min_value=0, max_value=6, required=False, allow_null=True, default=None, help_text="0: Monday."
    )
    day = Number(min_value=1, max_value=28, required=False, allow_null=True, default=None)
    hour = Number(min_value=0, max_value=23, help_text="In UTC.")
    recipients = serializers.ListField(
        child=Address(),
        min_length=1,
        max_length=MOST_PEOPLE,
        help_text="Addresses of people who may pull reports.",
    )


class ScheduleOut(serializers.ModelSerializer[ReportSchedule]):
    """A report that is sent by the clock; `next_at` is when it is due next, unless it is paused."""

    owner = serializers.EmailField(source="owner.email")
    recipients = serializers.SerializerMethodField()
    parameters = serializers.DictField()

    class Meta:
        model = ReportSchedule
        fields = [
            "public_id", "title", "report", "parameters", "every", "weekday", "day", "hour", "recipients", "owner",
            "made_at", "paused_at", "next_at",
        ]  # fmt: skip

    def get_recipients(self, row: ReportSchedule) -> list[str]:
        """The addresses of who is told."""
        return sorted(user.email for user in row.recipients.all())


class SendingOut(serializers.ModelSerializer[ReportSending]):
    """One time that a schedule was due."""

    run = serializers.UUIDField(source="run.public_id", default=None, allow_null=True)

    class Meta:
        model = ReportSending
        fields = ["due_at", "as_of", "at", "state", "run", "people", "error"]


class CorrectionOut(serializers.ModelSerializer[Correction]):
    """What a contractor says is wrong in their record; which fields are filled in depends on `kind`."""

    engagement = serializers.UUIDField(source="engagement.public_id")
    contractor = serializers.UUIDField(source="contractor.public_id")
    project = serializers.CharField(source="engagement.project.code")
    pause = serializers.UUIDField(source="pause.public_id", default=None, allow_null=True)
    basis = serializers.SerializerMethodField()
    amount = serializers.SerializerMethodField()

    class Meta:
        model = Correction
        fields = [
            "public_id", "engagement", "contractor", "project", "pause", "kind", "state", "worked_on", "seconds",
            "starts_on", "ends_on", "basis", "amount", "currency", "words", "asked_at", "closed_at", "answer",
        ]  # fmt: skip

    @extend_schema_field({"oneOf": [{"type": "string", "enum": PayBasis.values}, {"type": "null"}]})
    def get_basis(self, row: Correction) -> str | None:
        """By what the rate should be paid; null where the correction is of no rate."""
        return row.basis or None

    def get_amount(self, row: Correction) -> str | None:
        """The rate that should hold, in units of the currency."""
        held = row.amount_millionths
        return None if held is None else format(rate_to_decimal(held).normalize(), "f")


class CorrectionIn(serializers.Serializer[Any]):
    """What is right, as the contractor says it; which fields are needed depends on `kind`, the others are left out.

    `hours` and `before_notice`: `worked_on` and `seconds`; `rate`: `starts_on`, `basis`, `amount` and `currency`;
    `dates`: `starts_on`, and `ends_on` where the term has ended.
    """

    engagement = Key(help_text="The `public_id` of an engagement of your own.")
    pause = Key(required=False, allow_null=True, default=None, help_text="The pause it is about, if any.")
    kind = serializers.ChoiceField(choices=Correction.Kind.choices)
    words = Text(max_length=2_000)
    worked_on = Day(required=False, allow_null=True, default=None)
    seconds = Number(min_value=0, max_value=DAY_SECONDS, required=False, allow_null=True, default=None)
    starts_on = Day(required=False, allow_null=True, default=None)
    ends_on = Day(required=False, allow_null=True, default=None)
    basis = serializers.ChoiceField(choices=PayBasis.choices, required=False)
    amount = Amount(required=False, allow_null=True, default=None)
    currency = Text(max_length=3, default="", allow_blank=True)


class CorrectionAnswerIn(serializers.Serializer[Any]):
    """What the contractor reads; a refusal needs its reason."""

    answer = Text(max_length=2_000, default="", allow_blank=True)
