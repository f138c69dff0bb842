"""Pauses: read them, their timeline and deliveries; open, update, end, void and acknowledge them."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import acts, examples, filters, sets
from contractorhub.api.conditional import IF_MATCH, refuse_if_moved
from contractorhub.api.idempotency import IDEMPOTENCY_KEY, answer_once
from contractorhub.api.serializers.acts import (
    NothingIn,
    OpenPauseIn,
    ReleaseIn,
    ResumePauseIn,
    UpdatePauseIn,
    VoidPauseIn,
)
from contractorhub.api.serializers.pauses import (
    AcknowledgementOut,
    DeliveryOut,
    PauseOut,
    PauseUpdateOut,
)
from contractorhub.api.views.base import asker
from notifications.models import Delivery
from projects import access
from projects.domain.errors import NotAllowed
from projects.models import Pause


def _the_pause(request: Request, public_id: Any) -> Pause:
    return get_object_or_404(sets.pauses(asker(request)), public_id=public_id)


def _held(request: Request, pause: Pause) -> Pause:
    """The pause, unless it was changed since the asker read it. Raises Moved."""
    refuse_if_moved(request, PauseOut(pause).data)
    return pause


class PauseList(ListAPIView[Any]):
    """Pauses, newest first."""

    serializer_class = PauseOut
    filterset_class = filters.PauseFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The pauses the asker sees."""
        return sets.pauses(asker(self.request))

    @extend_schema(
        request=OpenPauseIn, responses={201: PauseOut}, parameters=[IDEMPOTENCY_KEY], examples=[examples.OPENING],
        filters=False,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Open a pause: everybody it stops is told, and their loss is estimated."""
        user = asker(request)
        return answer_once(request, user, lambda: (201, PauseOut(acts.open_by(user, request.data)).data))


class PauseDetail(RetrieveAPIView[Any]):
    """One pause."""

    serializer_class = PauseOut
    lookup_field = "public_id"
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The pauses the asker sees."""
        return sets.pauses(asker(self.request))


class PauseUpdates(ListAPIView[Any]):
    """The timeline of a pause, newest first."""

    serializer_class = PauseUpdateOut
    filter_backends = []

    def get_queryset(self) -> QuerySet[Any]:
        """The words on this pause."""
        return sets.updates(_the_pause(self.request, self.kwargs["public_id"]))

    @extend_schema(
        request=UpdatePauseIn,
        responses={201: PauseUpdateOut},
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        examples=[examples.UPDATE],
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Say the next word and promise the one after it; everybody is told."""
        user, pause = asker(request), _the_pause(request, public_id)
        return answer_once(
            request,
            user,
            lambda: (201, PauseUpdateOut(acts.update_by(user, _held(request, pause), request.data)).data),
        )


class PauseDeliveries(ListAPIView[Any]):
    """How a pause was told: every notice, by recipient and channel; for those who may change the pause."""

    queryset = Delivery.objects.none()  # the schema's; requests ask below
    serializer_class = DeliveryOut
    filterset_class = filters.DeliveryFilters

    def get_queryset(self) -> QuerySet[Any]:
        """The deliveries about this pause."""
        pause = _the_pause(self.request, self.kwargs["public_id"])
        if not access.may_see_deliveries(asker(self.request), pause):
            raise NotAllowed("Only people who look after this pause see how it was told.")
        return sets.deliveries(pause)


class ResumePause(APIView):
    """Ends a pause."""

    @extend_schema(
        operation_id="pauses_resume",
        request=ResumePauseIn,
        responses=PauseOut,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        examples=[examples.RESUMING],
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Let work go on now; everybody is told, and the estimate is reckoned again."""
        user, pause = asker(request), _the_pause(request, public_id)
        return answer_once(
            request,
            user,
            lambda: (200, PauseOut(acts.resume_by(user, _held(request, pause), request.data)).data),
        )


class ReleaseProject(APIView):
    """Lets one project of a client's pause go on."""

    @extend_schema(
        operation_id="pauses_release",
        request=ReleaseIn,
        responses={201: PauseUpdateOut},
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        examples=[examples.RELEASING],
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Resume this project now and tell its people; the rest of the client stays paused."""
        user, pause = asker(request), _the_pause(request, public_id)
        return answer_once(
            request,
            user,
            lambda: (201, PauseUpdateOut(acts.released_by(user, _held(request, pause), request.data)).data),
        )


class VoidPause(APIView):
    """Makes a pause void."""

    @extend_schema(
        operation_id="pauses_void",
        request=VoidPauseIn,
        responses=PauseOut,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        examples=[examples.VOIDING],
    )
    def post(self, request: Request, public_id: Any) -> Response:
        """Declare that the pause was opened by mistake."""
        user, pause = asker(request), _the_pause(request, public_id)
        return answer_once(
            request,
            user,
            lambda: (200, PauseOut(acts.void_by(user, _held(request, pause), request.data)).data),
        )


class AcknowledgePause(APIView):
    """Acknowledges a pause."""

    @extend_schema(
        operation_id="pauses_acknowledge", request=NothingIn, responses=AcknowledgementOut,
        parameters=[IDEMPOTENCY_KEY],
    )  # fmt: skip
    def post(self, request: Request, public_id: Any) -> Response:
        """Say, as a contractor whom it stops, that you have read it; a second time changes nothing."""
        user, pause = asker(request), _the_pause(request, public_id)
        return answer_once(
            request, user, lambda: (200, AcknowledgementOut(acts.acknowledge_by(user, pause)).data)
        )
