"""Answers about pauses: the pause, its timeline, how it was told, and who acknowledged it."""

import re
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notifications.models import Delivery
from projects.models import Acknowledgement, Pause, PauseUpdate

_ADDRESS: Final = re.compile(r"<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?")


class TargetOut(serializers.Serializer[Any]):
    """What is paused: one project, some projects of one client by code, or every project of one client.

    `code` and `name` are the project's, else the client's; `projects` is empty unless `kind` is `projects`.
    """

    kind = serializers.ChoiceField(choices=["project", "projects", "client"])
    code = serializers.CharField()
    name = serializers.CharField()
    projects = serializers.ListField(child=serializers.CharField())


class PauseOut(serializers.ModelSerializer[Pause]):
    """A pause with its six answers, during `[starts_at, ends_at)`."""

    target = serializers.SerializerMethodField()
    opened_by = serializers.CharField(source="opened_by.name", default="")

    class Meta:
        model = Pause
        fields = [
            "public_id", "target", "state", "kind", "remaining_share_bp", "reason_code", "starts_at", "ends_at",
            "what_stopped", "why", "what_happens_to_pay", "what_to_do_now", "next_update_by", "expected_resume",
            "expected_resume_from", "expected_resume_until", "standby_share_bp", "standby_daily_minor",
            "standby_currency", "standby_max_days", "notice_sent_at", "opened_by",
            "opened_at", "closed_at", "void_reason",
        ]  # fmt: skip

    @extend_schema_field(TargetOut)
    def get_target(self, row: Pause) -> dict[str, Any]:
        """The project, projects or client that is paused."""
        target = row.project or row.client
        of_client = "projects" if row.chosen else "client"
        return {
            "kind": "project" if row.project_id else of_client,
            "code": target.code if target else "",
            "name": target.name if target else "",
            "projects": list(row.chosen),
        }


class PauseUpdateOut(serializers.ModelSerializer[PauseUpdate]):
    """One word on the timeline; `changes` maps a fact to what stood before and what stands now."""

    by = serializers.CharField(source="by.name", default="")
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = PauseUpdate
        fields = ["id", "kind", "text", "at", "by", "next_update_by", "promised_by", "changes"]


class DeliveryOut(serializers.ModelSerializer[Delivery]):
    """One notice to one recipient on one channel; the address itself is never told here."""

    notice = serializers.CharField(source="notice.kind")
    recipient = serializers.CharField(source="recipient.name")
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = ["id", "notice", "recipient", "channel", "state", "reason", "tries", "due_at", "recorded_at"]

    def get_reason(self, row: Delivery) -> str:
        """Why it was not sent, if so; servers quote addresses in their refusals, which stay out."""
        reason = row.reason.replace(row.address, "(address)") if row.address else row.reason
        return _ADDRESS.sub("(address)", reason)


class AcknowledgementOut(serializers.ModelSerializer[Acknowledgement]):
    """What a contractor has done with the news of a pause."""

    class Meta:
        model = Acknowledgement
        fields = ["opened_at", "acknowledged_at", "via"]
