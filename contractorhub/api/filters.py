"""Which rows of a list are asked for: by field and by date; a value that fits no field is refused with its name."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django_filters import (  # type: ignore[import-untyped]
    CharFilter,
    ChoiceFilter,
    DateFilter,
    MultipleChoiceFilter,
    UUIDFilter,
)
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema_field

from contractorhub.api.fields import InstantFilter, KeyFilter, YesNoFilter
from contractorhub.api.serializers.approvals import STATES
from notifications.messages import Channel
from notifications.models import DeliveryState
from projects.models import Candidacy, Correction
from projects.models.pauses import PauseKind, PauseState, ReasonCode
from projects.models.scope import ScopeOutcome

_CHANNELS = [(channel.value, channel.value) for channel in Channel]


def _words(most: int, **options: Any) -> CharFilter:
    """A filter by text of 1 to `most` characters; the schema says so too."""
    return extend_schema_field({"type": "string", "minLength": 1, "maxLength": most})(
        CharFilter(max_length=most, **options)
    )


class Filters(FilterSet):  # type: ignore[misc]
    """What every list's filters share: a filter without a value is refused, not taken for none at all."""

    def is_valid(self) -> bool:
        """Whether every filter that was given fits its field."""
        if not self.is_bound:
            return False
        given = {name for name in self.form.fields if name in self.data and not self.data[name].strip()}
        for name in given - self.form.errors.keys():
            said = ValidationError("Give a value, or leave this filter out.", code="blank")
            self.form.add_error(name, said)
        return not self.form.errors


class ClientFilters(Filters):
    """Clients by code or part of the name."""

    code = _words(30)
    name = _words(200, lookup_expr="icontains")


class ProjectFilters(Filters):
    """Projects by code, client and whether they run on a day."""

    code = _words(30)
    client = _words(30, field_name="client__code")
    running_on = DateFilter(method="filter_running_on")

    def filter_running_on(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Projects that have not ended by a day."""
        return rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=value))


class ContractorFilters(Filters):
    """Contractors by country, the id in the firm's own system, and project."""

    country = _words(2)
    external_id = _words(100)
    project = _words(30, method="filter_project")

    def filter_project(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """People engaged on a project."""
        return rows.filter(pk__in=rows.filter(engagements__project__code=value).values("pk"))


class EngagementFilters(Filters):
    """Engagements by project, client, contractor, country and a day of their term."""

    project = _words(30, field_name="project__code")
    client = _words(30, field_name="project__client__code")
    contractor = UUIDFilter(field_name="contractor__public_id")
    country = _words(2, field_name="contractor__country")
    active_on = DateFilter(method="filter_active_on")

    def filter_active_on(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Engagements whose term holds a day."""
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=value), starts_on__lte=value)


class PauseFilters(Filters):
    """Pauses by state, kind, reason, target and the time they began."""

    state = MultipleChoiceFilter(choices=PauseState.choices)
    kind = ChoiceFilter(choices=PauseKind.choices)
    reason_code = ChoiceFilter(choices=ReasonCode.choices)
    project = _words(30, field_name="project__code")
    client = _words(30, method="filter_client")
    is_open = YesNoFilter(method="filter_is_open")
    starts_from = InstantFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = InstantFilter(field_name="starts_at", lookup_expr="lt")

    def filter_client(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Pauses of a client, whole or of one of its projects."""
        return rows.filter(Q(client__code=value) | Q(project__client__code=value))

    def filter_is_open(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Pauses that are scheduled or in effect, or those that are not."""
        standing = Q(state__in=[PauseState.SCHEDULED, PauseState.IN_EFFECT])
        return rows.filter(standing if value else ~standing)


class DeliveryFilters(Filters):
    """Deliveries by channel, state and the time of what became of them last."""

    channel = ChoiceFilter(choices=_CHANNELS)
    state = MultipleChoiceFilter(choices=DeliveryState.choices)
    recorded_from = InstantFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_before = InstantFilter(field_name="recorded_at", lookup_expr="lt")


class SentEventFilters(Filters):
    """Events by state."""

    state = MultipleChoiceFilter(choices=DeliveryState.choices)


class EstimateFilters(Filters):
    """Estimates by pause, engagement, contractor, project, client and currency."""

    pause = UUIDFilter(field_name="run__pause__public_id")
    engagement = UUIDFilter(field_name="engagement__public_id")
    contractor = UUIDFilter(field_name="engagement__contractor__public_id")
    project = _words(30, field_name="engagement__project__code")
    client = _words(30, field_name="engagement__project__client__code")
    currency = _words(3)
    as_of_from = DateFilter(field_name="run__as_of", lookup_expr="gte")
    as_of_before = DateFilter(field_name="run__as_of", lookup_expr="lt")


class ReassessmentFilters(Filters):
    """Scope reassessments by project, outcome and the time they began."""

    project = _words(30, field_name="project__code")
    outcome = ChoiceFilter(choices=ScopeOutcome.choices)
    started_from = InstantFilter(field_name="started_at", lookup_expr="gte")
    started_before = InstantFilter(field_name="started_at", lookup_expr="lt")


class CorrectionFilters(Filters):
    """Corrections by state, kind, project and contractor."""

    state = ChoiceFilter(choices=Correction.State.choices)
    kind = ChoiceFilter(choices=Correction.Kind.choices)
    project = _words(30, field_name="engagement__project__code")
    contractor = UUIDFilter(field_name="contractor__public_id")


class OpenSeatFilters(Filters):
    """Open seats by project and a day on which they are open."""

    project = _words(30, field_name="project__code")
    open_on = DateFilter(method="filter_open_on")

    def filter_open_on(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Seats that are open on a day."""
        return rows.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=value), opened_on__lte=value)


class CandidacyFilters(Filters):
    """Candidacies by seat, state, project and contractor."""

    seat = KeyFilter(field_name="seat")
    state = MultipleChoiceFilter(choices=Candidacy.State.choices)
    project = _words(30, field_name="seat__project__code")
    contractor = UUIDFilter(field_name="contractor__public_id")


class ApprovalFilters(Filters):
    """Second words by where they stand."""

    state = ChoiceFilter(choices=STATES, method="filter_state")

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that wait, were given, or were sent back."""
        if value == "waiting":
            return rows.filter(decided_at__isnull=True)
        return rows.filter(decided_at__isnull=False, is_given=value == "given")


class HoursFilters(Filters):
    """Hours by engagement, contractor, project, client, source and the day they were worked."""

    engagement = UUIDFilter(field_name="engagement__public_id")
    contractor = UUIDFilter(field_name="engagement__contractor__public_id")
    project = _words(30, field_name="engagement__project__code")
    client = _words(30, field_name="engagement__project__client__code")
    source = _words(30)
    worked_from = DateFilter(field_name="worked_on", lookup_expr="gte")
    worked_before = DateFilter(field_name="worked_on", lookup_expr="lt")
    recorded_from = InstantFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_before = InstantFilter(field_name="recorded_at", lookup_expr="lt")


class CalendarDayFilters(Filters):
    """Days by country and time."""

    country = _words(2)
    day_from = DateFilter(field_name="day", lookup_expr="gte")
    day_before = DateFilter(field_name="day", lookup_expr="lt")


class WorkingWeekFilters(Filters):
    """Usual weeks by country."""

    country = _words(2)
