"""Answers about clients, projects, engagements, open seats and scope reassessments."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.domain.money import rate_to_decimal
from projects.models import Client, Contractor, Engagement, OpenSeat, Project, Rate, ScopeReassessment, User


class ClientOut(serializers.ModelSerializer[Client]):
    """A company that work is done for."""

    class Meta:
        model = Client
        fields = ["code", "name"]


class LeadOut(serializers.ModelSerializer[User]):
    """Whom to ask about a project."""

    class Meta:
        model = User
        fields = ["name", "email"]


class ProjectRef(serializers.ModelSerializer[Project]):
    """A project as other answers name it."""

    client = serializers.CharField(source="client.code")

    class Meta:
        model = Project
        fields = ["code", "name", "client"]


class ProjectOut(serializers.ModelSerializer[Project]):
    """A piece of a client's work."""

    client = ClientOut()
    leads = LeadOut(many=True)

    class Meta:
        model = Project
        fields = ["code", "name", "client", "leads", "time_zone", "planned_end_on", "ended_on"]


class ContractorRef(serializers.ModelSerializer[Contractor]):
    """A person as other answers name them."""

    class Meta:
        model = Contractor
        fields = ["public_id", "name", "country", "external_id"]


class RateOut(serializers.ModelSerializer[Rate]):
    """What an engagement pays from a day on; the amount is a decimal of up to six places, as text."""

    amount = serializers.SerializerMethodField()

    class Meta:
        model = Rate
        fields = [
            "starts_on", "basis", "amount", "currency", "contracted_weekly_seconds", "max_weekly_seconds",
        ]  # fmt: skip

    def get_amount(self, row: Rate) -> str:
        """The amount in units of the currency."""
        return format(rate_to_decimal(row.amount_millionths).normalize(), "f")


class EngagementOut(serializers.ModelSerializer[Engagement]):
    """A contractor's term on a project, `[starts_on, ends_on)`; `rates` is null where you may not read them."""

    contractor = ContractorRef()
    project = ProjectRef()
    rates = serializers.SerializerMethodField()

    class Meta:
        model = Engagement
        fields = ["public_id", "contractor", "project", "starts_on", "ends_on", "rates"]

    @extend_schema_field(RateOut(many=True, allow_null=True))
    def get_rates(self, row: Any) -> Any:
        """The rates that were read beside the row, or null."""
        if row.project_id not in self.context["projects_with_rates"]:
            return None
        return RateOut(row.seen_rates, many=True).data


class OpenSeatOut(serializers.ModelSerializer[OpenSeat]):
    """Work that is looking for somebody."""

    project = ProjectRef()
    amount = serializers.SerializerMethodField()
    highest_amount = serializers.SerializerMethodField()
    countries = serializers.ListField(child=serializers.CharField())
    skills = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = OpenSeat
        fields = [
            "id", "project", "title", "seats", "basis", "amount", "highest_amount", "currency", "weekly_seconds",
            "countries", "skills", "opened_on", "closes_on",
        ]  # fmt: skip

    def get_amount(self, row: OpenSeat) -> str:
        """What it pays in units of the currency; the lowest, where it pays a range."""
        return format(rate_to_decimal(row.amount_millionths).normalize(), "f")

    def get_highest_amount(self, row: OpenSeat) -> str | None:
        """The highest of the range; null where there is none. Whoever sees a seat sees what it pays."""
        highest = row.highest_millionths
        return None if highest is None else format(rate_to_decimal(highest).normalize(), "f")


class ReassessmentOut(serializers.ModelSerializer[ScopeReassessment]):
    """A client thinks again about a project's scope; `new_rate` is null where you may not read rates."""

    project = serializers.CharField(source="project.code")
    pause = serializers.UUIDField(source="pause.public_id", default=None, allow_null=True)
    new_rate = serializers.SerializerMethodField()

    class Meta:
        model = ScopeReassessment
        fields = [
            "id", "project", "pause", "outcome", "what_it_means", "next_update_by", "started_at", "decided_at",
            "effective_on", "new_weekly_seconds", "new_rate", "new_rate_currency", "new_end_on",
        ]  # fmt: skip

    def get_new_rate(self, row: ScopeReassessment) -> str | None:
        """The new rate in units of its currency."""
        if row.new_rate_millionths is None or row.project_id not in self.context["projects_with_rates"]:
            return None
        return format(rate_to_decimal(row.new_rate_millionths).normalize(), "f")
