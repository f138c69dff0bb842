"""Answers about estimates: what an engagement loses through a pause, its ranges, and what explains it."""

from typing import Any

from rest_framework import serializers

from contractorhub.api.serializers.work import ContractorRef
from projects.models import EstimateWeek, LostIncomeEstimate


class WeekOut(serializers.ModelSerializer[EstimateWeek]):
    """One week; the weeks add up to the estimate to the cent."""

    class Meta:
        model = EstimateWeek
        fields = [
            "week_starts_on", "expected_seconds", "expected_minor", "earned_minor", "recovered_minor",
            "standby_minor", "lost_minor",
        ]  # fmt: skip


class LineOut(serializers.Serializer[Any]):
    """One row of the table that explains the number; the rows add up to it. `label` names its sentence."""

    kind = serializers.CharField()
    label = serializers.CharField(default="")  # type: ignore[assignment]
    params = serializers.DictField(default=dict)
    seconds = serializers.IntegerField(default=None, allow_null=True)
    minor = serializers.IntegerField()


class EstimateOut(serializers.ModelSerializer[LostIncomeEstimate]):
    """Minor units of one currency: `lost = expected - earned - recovered - standby`; a gain is negative."""

    pause = serializers.UUIDField(source="run.pause.public_id")
    engagement = serializers.UUIDField(source="engagement.public_id")
    contractor = ContractorRef(source="engagement.contractor")
    project = serializers.CharField(source="engagement.project.code")
    as_of = serializers.DateField(source="run.as_of")
    method_version = serializers.CharField(source="run.method_version")
    policy = serializers.CharField(
        source="run.policy",
        help_text="The rule that `reference_minor` and `guaranteed_minor` follow; both null where it does not fit.",
    )
    finished_at = serializers.DateTimeField(source="run.finished_at", allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    lines = LineOut(many=True)
    weeks = WeekOut(many=True)

    class Meta:
        model = LostIncomeEstimate
        fields = [
            "pause", "engagement", "contractor", "project", "currency", "starts_on", "ends_on", "as_of",
            "method_version", "policy", "finished_at", "expected_seconds", "expected_minor", "earned_minor",
            "recovered_minor", "standby_minor", "lost_minor", "low80_minor", "high80_minor", "low95_minor",
            "high95_minor", "reference_minor", "guaranteed_minor", "weekly_expected_minor", "usual_weekly_seconds",
            "is_provisional", "reasons", "lines", "weeks",
        ]  # fmt: skip
