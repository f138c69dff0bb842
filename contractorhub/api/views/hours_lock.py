"""The hours lock: may this person log hours on this project at this instant."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api import examples
from contractorhub.api.models import Scope
from contractorhub.api.serializers.hours import LockOut, LockQuestion, LockQuestions, LocksOut
from contractorhub.api.views.base import asker
from projects.models import User
from projects.queries.hours_lock import LockAnswer, LockPair, hours_lock

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` of an answer you hold."
)


class HoursLock(APIView):
    """Whether hours may be logged; for time trackers and for people."""

    read_scope = write_scope = Scope.HOURS_READ
    throttle_scope = "hours_lock"

    @extend_schema(
        operation_id="hours_lock",
        parameters=[LockQuestion, IF_NONE_MATCH],
        responses={200: LockOut, 304: OpenApiResponse(description="What you hold still stands.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Ask for one person and project; 404 where you may see either not."""
        form = LockQuestion(data=request.query_params)
        form.is_valid(raise_exception=True)
        answer = _answers([form.validated_data], user=asker(request))[0]
        if answer.status == "unknown":
            raise NotFound(answer.reason)
        return _validated(request, LockOut(answer).data)

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


def _validated(request: Request, body: Mapping[str, Any]) -> HttpResponseBase:
    """The answer with its validator, or 304 when the asker holds it already."""
    etag = f'"{sha256(JSONRenderer().render(body)).hexdigest()[:32]}"'
    response = Response(body, headers={"ETag": etag})
    found = get_conditional_response(request._request, etag=etag, response=response)
    answer: HttpResponseBase = response if found is None else found
    patch_cache_control(answer, private=True, no_cache=True)
    patch_vary_headers(answer, ["Authorization", "Cookie"])
    return answer
