"""Lists and things about work: clients, projects, engagements, open seats, reassessments, estimates, me."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import filters, sets
from contractorhub.api.authentication import grant_of
from contractorhub.api.models import Scope
from contractorhub.api.serializers.askers import MeOut
from contractorhub.api.serializers.estimates import EstimateOut
from contractorhub.api.serializers.work import (
    ClientOut,
    EngagementOut,
    OpenSeatOut,
    ProjectOut,
    ReassessmentOut,
)
from contractorhub.api.views.base import ByCode, WithRates, asker
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


class ProjectDetail(ByCode, _Projects, RetrieveAPIView[Any]):
    """One project."""

    filter_backends = []


class _Engagements(WithRates):
    serializer_class = EngagementOut

    def get_queryset(self) -> QuerySet[Any]:
        """The engagements the asker sees."""
        return sets.engagements(asker(self.request))


class EngagementList(_Engagements, ListAPIView[Any]):
    """Engagements, newest first; rates only where you may read them."""

    filterset_class = filters.EngagementFilters


class EngagementDetail(_Engagements, RetrieveAPIView[Any]):
    """One engagement."""

    lookup_field = "public_id"
    filter_backends = []


class OpenSeatList(ListAPIView[Any]):
    """Work that is looking for somebody."""

    serializer_class = OpenSeatOut
    filterset_class = filters.OpenSeatFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The seats the asker sees."""
        return sets.open_seats(asker(self.request), today=timezone.now().date())


class ReassessmentList(WithRates, ListAPIView[Any]):
    """Scope reassessments, newest first."""

    serializer_class = ReassessmentOut
    filterset_class = filters.ReassessmentFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The reassessments the asker sees."""
        return sets.reassessments(asker(self.request))


class EstimateList(ListAPIView[Any]):
    """The latest finished estimate of every pause, engagement and currency, with its weeks and lines."""

    serializer_class = EstimateOut
    filterset_class = filters.EstimateFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The estimates the asker sees."""
        return sets.estimates(asker(self.request))
