"""The hours lock: may this person log hours on this project at this instant."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples
from contractorhub.api.models import Scope
from contractorhub.api.serializers.hours import LockOut, LockQuestion, LockQuestions, LocksOut
from contractorhub.api.views.base import asker
from projects.models import User
from projects.queries.hours_lock import LockAnswer, hours_lock
from projects.queries.hours_lock_facts import LockPair

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` of an answer you hold."
)
# Kept, as a list keeps the one serializer of its items: making one costs more than using it.
_QUESTION, _ANSWER = LockQuestion(), LockOut()


class HoursLock(APIView):
    """Whether hours may be logged; for time trackers and for people."""

    read_scope = write_scope = Scope.HOURS_READ
    throttle_scope = "hours_lock"

    @extend_schema(
        operation_id="hours_lock",
        parameters=[LockQuestion, IF_NONE_MATCH],
        responses={200: LockOut, 304: OpenApiResponse(description="What you hold still stands.")},
    )
    def get(self, request: Request) -> Response:
        """Ask for one person and project; 404 where you may see either not."""
        asked = _QUESTION.run_validation(request.query_params)
        answer = _answers([asked], user=asker(request))[0]
        if answer.status == "unknown":
            raise NotFound(answer.reason)
        return Response(_ANSWER.to_representation(answer))

    @extend_schema(
        operation_id="hours_lock_bulk", request=LockQuestions, responses=LocksOut, examples=[examples.LOCKS]
    )
    def post(self, request: Request) -> Response:
        """Ask for up to 1,000 at once; what you may not see is `unknown`."""
        form = LockQuestions(data=request.data)
        form.is_valid(raise_exception=True)
        answers = _answers(form.validated_data["pairs"], user=asker(request))
        return Response(LocksOut({"answers": answers}).data)


def _answers(asked: Iterable[Mapping[str, Any]], *, user: User) -> tuple[LockAnswer, ...]:
    now = timezone.now()
    pairs = [LockPair(each["contractor"], each["project"], each.get("at", now)) for each in asked]
    return hours_lock(pairs, user=user)
