"""Webhooks: connect endpoints, rotate their secrets, send a test event, see what was sent and send it again."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples, filters
from contractorhub.api.models import Scope
from contractorhub.api.serializers.webhooks import (
    EndpointChangesIn,
    EndpointIn,
    EndpointOut,
    EndpointWithSecretOut,
    EventTypeOut,
    ReplayIn,
    ReplayOut,
    SentEventOut,
)
from contractorhub.api.views.base import asker
from notifications.models import Delivery, Endpoint
from projects import access
from projects.domain.event_types import CATALOGUE
from projects.operations.endpoints import (
    EndpointFacts,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    replay,
    rotate_secret,
    send_test_event,
    set_enabled,
)
from projects.queries.endpoints import deliveries_to, sent_events


def _the_endpoint(request: Request, public_id: Any) -> Endpoint:
    return get_object_or_404(access.endpoints_visible_to(asker(request)), public_id=public_id)


class EventTypes(APIView):
    """The events that an endpoint can receive."""

    @extend_schema(operation_id="webhooks_events", responses=EventTypeOut(many=True))
    def get(self, request: Request) -> Response:
        """Every kind of event, with an example of its data."""
        return Response(EventTypeOut(list(CATALOGUE.values()), many=True).data)


class EndpointList(ListAPIView[Any]):
    """Your endpoints, newest first; operations see everybody's."""

    serializer_class = EndpointOut
    write_scope = Scope.WEBHOOKS_WRITE
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The endpoints the asker sees."""
        return access.endpoints_visible_to(asker(self.request))

    @extend_schema(request=EndpointIn, responses={201: EndpointWithSecretOut}, examples=[examples.ENDPOINT])
    def post(self, request: Request) -> Response:
        """Connect an endpoint; its secret is told in this answer only."""
        form = EndpointIn(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        facts = EndpointFacts(asked["name"], asked["url"], tuple(asked["events"]))
        row = add_endpoint(facts=facts, by=asker(request), at=timezone.now())
        return Response(EndpointWithSecretOut(row).data, status=201)


class EndpointDetail(RetrieveAPIView[Any]):
    """One endpoint."""

    serializer_class = EndpointOut
    write_scope = Scope.WEBHOOKS_WRITE
    lookup_field = "public_id"
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The endpoints the asker sees."""
        return access.endpoints_visible_to(asker(self.request))

    @extend_schema(request=EndpointChangesIn, responses=EndpointOut, examples=[examples.ENDPOINT_CHANGE])
    def patch(self, request: Request, public_id: Any) -> Response:
        """Change what is named; `is_enabled` switches it off or on again."""
        row = _the_endpoint(request, public_id)
        form = EndpointChangesIn(data=request.data)
        form.is_valid(raise_exception=True)
        asked, by, at = form.validated_data, asker(request), timezone.now()
        if asked.keys() & {"name", "url", "events"}:
            facts = EndpointFacts(
                asked.get("name", row.name), asked.get("url", row.url), tuple(asked.get("events", row.events))
            )
            row = change_endpoint(endpoint=row, facts=facts, by=by, at=at)
        if "is_enabled" in asked:
            row = set_enabled(endpoint=row, is_enabled=asked["is_enabled"], by=by, at=at)
        return Response(EndpointOut(row).data)

    @extend_schema(operation_id="webhooks_endpoints_remove", responses={204: None})
    def delete(self, request: Request, public_id: Any) -> Response:
        """Disconnect it for good."""
        remove_endpoint(endpoint=_the_endpoint(request, public_id), by=asker(request), at=timezone.now())
        return Response(status=204)


class RotateSecret(APIView):
    """Rotates the secret of an endpoint."""

    write_scope = Scope.WEBHOOKS_WRITE

    @extend_schema(operation_id="webhooks_rotate_secret", request=None, responses=EndpointWithSecretOut)
    def post(self, request: Request, public_id: Any) -> Response:
        """Make a new secret, told in this answer only; for 24 hours events carry the signatures of both."""
        row = rotate_secret(endpoint=_the_endpoint(request, public_id), by=asker(request), at=timezone.now())
        return Response(EndpointWithSecretOut(row).data)


class TestEvent(APIView):
    """Sends a test event."""

    write_scope = Scope.WEBHOOKS_WRITE

    @extend_schema(operation_id="webhooks_test", request=None, responses={201: SentEventOut})
    def post(self, request: Request, public_id: Any) -> Response:
        """Send `webhook.test` to this endpoint; look among its events for what came of it."""
        endpoint = _the_endpoint(request, public_id)
        row = send_test_event(endpoint=endpoint, by=asker(request), at=timezone.now())
        return Response(SentEventOut(sent_events([row])[0]).data, status=201)


class SentEvents(ListAPIView[Any]):
    """What was sent to this endpoint, newest first, with every try that failed."""

    queryset = Delivery.objects.none()  # the schema's; requests ask below
    serializer_class = SentEventOut
    filterset_class = filters.SentEventFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The deliveries to this endpoint."""
        return deliveries_to(_the_endpoint(self.request, self.kwargs["public_id"]))

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page, with its tries."""
        page = super().paginate_queryset(queryset)
        return None if page is None else sent_events(page)


class Replay(GenericAPIView[Any]):
    """Sends events again."""

    queryset = Delivery.objects.none()
    write_scope = Scope.WEBHOOKS_WRITE
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="webhooks_replay", request=ReplayIn, responses=ReplayOut, examples=[examples.REPLAY]
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Send events that did not arrive once more, each under the id it had, so that a receiver knows repeats."""
        endpoint = _the_endpoint(request, public_id)
        form = ReplayIn(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = [str(each) for each in form.validated_data["webhook_ids"]]
        ids = list(deliveries_to(endpoint).filter(message_id__in=wanted).values_list("pk", flat=True))
        count = replay(endpoint=endpoint, delivery_ids=ids, by=asker(request), at=timezone.now())
        return Response(ReplayOut({"count": count}).data)
