"""What every answer of the API carries: a validator for what was read, and how much of the rate is left."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

ROOM: Final = "/api/v1/"
_READING: Final = frozenset({"GET", "HEAD"})


IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the pause as you read it; where it was changed since, nothing is done (412).",
)


class Moved(APIException):
    """The thing was changed since the asker read it."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "This was changed since you read it; read it again first."


class ApiHeadersMiddleware:
    """Adds `ETag` to what is read, answers 304 to who holds it already, and tells of the rate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers of the API where it is one of its answers."""
        answer: HttpResponseBase = self.get_response(request)
        if not request.path.startswith(ROOM):
            return answer
        limit, left, seconds = getattr(request, "rate", (0, 0, 0))
        if request.method in _READING and isinstance(answer, HttpResponse) and answer.status_code == 200:
            answer = _validated(request, answer)
        if limit:
            answer["RateLimit-Limit"] = str(limit)
            answer["RateLimit-Remaining"] = str(left)
            answer["RateLimit-Reset"] = str(seconds)
        return answer


def etag_of(body: Any) -> str:
    """The validator of a body as it is sent."""
    return _etag(JSONRenderer().render(body))


def refuse_if_moved(request: Request, body: Any) -> None:
    """Raise Moved where the asker names a validator (`If-Match`) that is not that of the body as it is now."""
    named = request.headers.get("If-Match")
    if named is None or named.strip() == "*":
        return
    if etag_of(body) not in [each.strip() for each in named.split(",")]:
        raise Moved


def _validated(request: HttpRequest, answer: HttpResponse) -> HttpResponseBase:
    if not answer.has_header("ETag"):
        answer["ETag"] = _etag(answer.content)
        patch_cache_control(answer, private=True, no_cache=True)
        patch_vary_headers(answer, ["Authorization", "Cookie"])
    found: HttpResponseBase = (
        get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
    )
    return found


def _etag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:32]}"'
