"""The second person: asked by whoever may pause, answered by somebody else who is signed in, never by a token."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import approving, examples, filters, sets
from contractorhub.api.conditional import IF_MATCH, refuse_if_moved
from contractorhub.api.idempotency import IDEMPOTENCY_KEY, answer_once
from contractorhub.api.permissions import IsSession
from contractorhub.api.serializers.acts import NothingIn, OpenPauseIn
from contractorhub.api.serializers.approvals import ApprovalOut, SendBackIn
from contractorhub.api.views.base import NUMBER, asker, makes
from projects.models import Approval, User


class SignedInPerson(IsSession):
    """No token gives the word that a second person is asked for."""

    message = "A second person answers signed in to the pages; no token approves a pause."


class _Approvals(GenericAPIView[Any]):
    serializer_class = ApprovalOut

    def get_queryset(self) -> QuerySet[Any]:
        """The requests on the asker's desk."""
        return sets.approvals(asker(self.request))


class ApprovalList(_Approvals, ListAPIView[Any]):
    """Second words that were asked for, newest first."""

    filterset_class = filters.ApprovalFilters

    @makes(OpenPauseIn, ApprovalOut, example=examples.ASKING)
    def post(self, request: Request) -> Response:
        """Ask a second person for a pause that one alone may not open; until they answer it is a draft on the desk."""
        user = asker(request)
        return answer_once(request, user, lambda: (201, _told(user, approving.ask_by(user, request.data))))


@extend_schema(parameters=[NUMBER])
class ApprovalDetail(_Approvals, RetrieveAPIView[Any]):
    """One request, with the pause as it would open."""

    filter_backends = []


class Approve(APIView):
    """Gives the second word."""

    permission_classes = [IsAuthenticated, SignedInPerson]

    @extend_schema(
        operation_id="approvals_approve", request=NothingIn, responses=ApprovalOut,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, NUMBER],
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Approve it, as somebody else than who asked: the pause opens and everybody it stops is told."""
        user, row = asker(request), _held(request, pk)
        return answer_once(request, user, lambda: (200, _told(user, approving.given_by(user, row))))


class SendBack(APIView):
    """Refuses the second word."""

    permission_classes = [IsAuthenticated, SignedInPerson]

    @extend_schema(
        operation_id="approvals_send_back", request=SendBackIn, responses=ApprovalOut,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, NUMBER], examples=[examples.SENDING_BACK],
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Send it back with what has to change; nothing opens, and who asked is told."""
        user, row = asker(request), _held(request, pk)
        return answer_once(
            request, user, lambda: (200, _told(user, approving.sent_back_by(user, row, request.data)))
        )


def _held(request: Request, pk: int) -> Approval:
    """The request, unless it was changed since the asker read it. Raises Moved."""
    row: Approval = get_object_or_404(sets.approvals(asker(request)), pk=pk)
    refuse_if_moved(request, ApprovalOut(row).data)
    return row


def _told(user: User, row: Approval) -> Any:
    return ApprovalOut(sets.approvals(user).get(pk=row.pk)).data
