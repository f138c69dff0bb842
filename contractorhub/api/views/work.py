"""Lists and things about work, and the making of them: clients, projects, people, terms, reassessments, estimates."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples, filters, making, sets
from contractorhub.api.authentication import grant_of
from contractorhub.api.idempotency import IDEMPOTENCY_KEY, answer_once
from contractorhub.api.models import Scope
from contractorhub.api.serializers.askers import MeOut
from contractorhub.api.serializers.estimates import EstimateOut
from contractorhub.api.serializers.making import (
    ClientIn,
    ContractorIn,
    ContractorOut,
    DecideReassessmentIn,
    EndEngagementIn,
    EngagementIn,
    NewProjectIn,
    RateIn,
    ReassessmentIn,
)
from contractorhub.api.serializers.work import (
    ClientOut,
    EngagementOut,
    ProjectOut,
    RateOut,
    ReassessmentOut,
)
from contractorhub.api.views.base import NUMBER, ByCode, WithRates, asker, makes
from projects import access


class Me(APIView):
    """Who is asking."""

    @extend_schema(operation_id="me", responses=MeOut, tags=["me"])
    def get(self, request: Request) -> Response:
        """Say who you are here, and what your token may do."""
        user, grant = asker(request), grant_of(request)
        contractor = access.own_contractor(user)
        facts = {
            "email": user.email,
            "name": user.name,
            "roles": sorted(user.role_grants.values_list("role", flat=True)),
            "is_lead": access.is_lead(user),
            "contractor": contractor.public_id if contractor else None,
            "signed_in_by": "token" if grant else "session",
            "scopes": grant.scopes if grant else Scope.values,
        }
        return Response(MeOut(facts).data)


class _Clients(GenericAPIView[Any]):
    serializer_class = ClientOut

    def get_queryset(self) -> QuerySet[Any]:
        """The clients the asker sees."""
        return sets.clients(asker(self.request))


class ClientList(_Clients, ListAPIView[Any]):
    """Clients, newest first."""

    filterset_class = filters.ClientFilters
    write_scope = Scope.RECORDS_WRITE

    @makes(ClientIn, ClientOut, example=examples.CLIENT)
    def post(self, request: Request) -> Response:
        """Record a client."""
        user = asker(request)
        return answer_once(request, user, lambda: (201, ClientOut(making.client_by(user, request.data)).data))


class ClientDetail(ByCode, _Clients, RetrieveAPIView[Any]):
    """One client."""

    filter_backends = []


class _Projects(GenericAPIView[Any]):
    serializer_class = ProjectOut

    def get_queryset(self) -> QuerySet[Any]:
        """The projects the asker sees."""
        return sets.projects(asker(self.request))


class ProjectList(_Projects, ListAPIView[Any]):
    """Projects, newest first."""

    filterset_class = filters.ProjectFilters
    write_scope = Scope.RECORDS_WRITE

    @makes(NewProjectIn, ProjectOut, example=examples.PROJECT)
    def post(self, request: Request) -> Response:
        """Record a project."""
        user = asker(request)
        return answer_once(
            request, user, lambda: (201, ProjectOut(making.project_by(user, request.data)).data)
        )


class ProjectDetail(ByCode, _Projects, RetrieveAPIView[Any]):
    """One project."""

    filter_backends = []


class _Contractors(GenericAPIView[Any]):
    serializer_class = ContractorOut

    def get_queryset(self) -> QuerySet[Any]:
        """The people the asker sees."""
        return access.contractors_visible_to(asker(self.request))


class ContractorList(_Contractors, ListAPIView[Any]):
    """Contractors, newest first."""

    filterset_class = filters.ContractorFilters
    write_scope = Scope.RECORDS_WRITE

    @makes(ContractorIn, ContractorOut, example=examples.CONTRACTOR)
    def post(self, request: Request) -> Response:
        """Record a contractor and the login that goes with the address."""
        user = asker(request)
        return answer_once(
            request, user, lambda: (201, ContractorOut(making.contractor_by(user, request.data)).data)
        )


class ContractorDetail(_Contractors, RetrieveAPIView[Any]):
    """One contractor."""

    lookup_field = "public_id"
    filter_backends = []


class _Engagements(WithRates):
    serializer_class = EngagementOut

    def get_queryset(self) -> QuerySet[Any]:
        """The engagements the asker sees."""
        return sets.engagements(asker(self.request))


class EngagementList(_Engagements, ListAPIView[Any]):
    """Engagements, newest first; rates only where you may read them."""

    filterset_class = filters.EngagementFilters
    write_scope = Scope.RECORDS_WRITE

    @makes(EngagementIn, EngagementOut, example=examples.ENGAGEMENT)
    def post(self, request: Request) -> Response:
        """Engage a contractor on a project; where it is paused, they are told so."""
        user, context = asker(request), self.get_serializer_context()
        return answer_once(
            request,
            user,
            lambda: (201, EngagementOut(making.engagement_by(user, request.data), context=context).data),
        )


class EngagementDetail(_Engagements, RetrieveAPIView[Any]):
    """One engagement."""

    lookup_field = "public_id"
    filter_backends = []


class EngagementRates(APIView):
    """What an engagement pays."""

    write_scope = Scope.RECORDS_WRITE

    @makes(RateIn, RateOut, example=examples.RATE, operation_id="engagements_rates_create")
    def post(self, request: Request, public_id: Any) -> Response:
        """Say what it pays from a day on; what was paid before does not move."""
        user = asker(request)
        term = get_object_or_404(sets.engagements(user), public_id=public_id)
        return answer_once(
            request, user, lambda: (201, RateOut(making.rate_by(user, term, request.data)).data)
        )


class EndEngagement(WithRates):
    """Ends an engagement."""

    write_scope = Scope.RECORDS_WRITE
    serializer_class = EngagementOut

    @extend_schema(
        operation_id="engagements_end", request=EndEngagementIn, responses=EngagementOut,
        parameters=[IDEMPOTENCY_KEY], filters=False, examples=[examples.END],
    )  # fmt: skip
    def post(self, request: Request, public_id: Any) -> Response:
        """End the term; `ends_on` is its first day without work."""
        user, context = asker(request), self.get_serializer_context()
        term = get_object_or_404(sets.engagements(user), public_id=public_id)
        return answer_once(
            request,
            user,
            lambda: (200, EngagementOut(making.end_by(user, term, request.data), context=context).data),
        )


class _Reassessments(WithRates):
    serializer_class = ReassessmentOut

    def get_queryset(self) -> QuerySet[Any]:
        """The reassessments the asker sees."""
        return sets.reassessments(asker(self.request))


class ReassessmentList(_Reassessments, ListAPIView[Any]):
    """Scope reassessments, newest first."""

    filterset_class = filters.ReassessmentFilters
    write_scope = Scope.RECORDS_WRITE

    @makes(ReassessmentIn, ReassessmentOut, example=examples.REASSESSMENT)
    def post(self, request: Request) -> Response:
        """Say that the client thinks again about a project's scope; everybody on it is told."""
        user, context = asker(request), self.get_serializer_context()
        return answer_once(
            request,
            user,
            lambda: (201, ReassessmentOut(making.reassessment_by(user, request.data), context=context).data),
        )


@extend_schema(parameters=[NUMBER])
class ReassessmentDetail(_Reassessments, RetrieveAPIView[Any]):
    """One scope reassessment."""

    filter_backends = []


class DecideReassessment(_Reassessments):
    """Decides a reassessment."""

    write_scope = Scope.RECORDS_WRITE

    @extend_schema(
        operation_id="reassessments_decide", request=DecideReassessmentIn, responses=ReassessmentOut,
        parameters=[IDEMPOTENCY_KEY, NUMBER], filters=False, examples=[examples.DECISION],
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Say what came of it; its terms come into force, and everybody it touches is told."""
        user, context = asker(request), self.get_serializer_context()
        row = get_object_or_404(self.get_queryset(), pk=pk)
        return answer_once(
            request,
            user,
            lambda: (200, ReassessmentOut(making.decision_by(user, row, request.data), context=context).data),
        )


class EstimateList(ListAPIView[Any]):
    """The latest finished estimate of every pause, engagement and currency, with its weeks and lines."""

    serializer_class = EstimateOut
    filterset_class = filters.EstimateFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The estimates the asker sees."""
        return sets.estimates(asker(self.request))
