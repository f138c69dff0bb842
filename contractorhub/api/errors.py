"""Every refusal as problem+json (RFC 9457): one shape, a status that fits, and the fields that are wrong."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from projects.domain.errors import DomainError, NotAllowed

PROBLEM_JSON: Final = "application/problem+json"
TITLES: Final[Mapping[int, str]] = {
    400: "This request cannot be read",
    401: "Who are you?",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This method is not answered here",
    406: "This format is not offered",
    409: "This does not fit what stands",
    412: "This was changed meanwhile",
    413: "This request is too large",
    415: "This format is not understood",
    422: "Some answers are missing or wrong",
    429: "Too many requests",
    500: "Something went wrong on our side",
}
# Two codes that no schema can foresee: what was named is nothing the asker may see; the business says no.
UNKNOWN: Final = "unknown"
REFUSED: Final = "refused"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What the business says about its subject as a whole stands against what is there; any other field was typed wrong.
_ABOUT_THE_SUBJECT: Final = (None, "target", "seat")

# The business reckons in millionths and speaks of days as people do; here these have other names.
_ASKED_AS: Final[Mapping[str, str]] = {
    "amount_millionths": "amount",
    "highest_millionths": "highest_amount",
    "new_rate_millionths": "new_rate",
    "hours": "seconds",
    "last_day": "ends_on",
}


class Conflict(exceptions.APIException):
    """The request is whole, but what stands forbids it."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This does not fit what stands."


class TooLarge(exceptions.APIException):
    """The body is larger than this door lets in."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than allowed."


def unknown(field: str, message: str) -> exceptions.ValidationError:
    """What is raised for a name that is nothing the asker may see."""
    return exceptions.ValidationError({field: [exceptions.ErrorDetail(message, code=UNKNOWN)]})


def refused(field: str, message: str) -> exceptions.ValidationError:
    """What is raised where each answer is well formed, but they do not go together."""
    return exceptions.ValidationError({field: [exceptions.ErrorDetail(message, code=REFUSED)]})


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Translate what a view raised; None leaves what nobody foresaw to Django's own handler, which logs it."""
    request: Request | None = context.get("request")
    if isinstance(error, DomainError):
        return _of_business(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing here that you may see.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(*error.args)
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError("This request is malformed.")
    if isinstance(error, exceptions.ValidationError):
        is_query = request is not None and request.method in _SAFE
        return _of_fields(error, status_code=400 if is_query else 422)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def problem(
    status_code: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: Any = None
) -> Response:
    """One problem+json answer; `errors` hold `field`, `message` and `code`."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status_code, "This was refused"),
        "status": status_code,
        "detail": detail,
    }
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        body["request_id"] = str(request_id)
    if errors:
        body["errors"] = errors
    return Response(body, status=status_code, headers=headers, content_type=PROBLEM_JSON)


def _of_business(error: DomainError) -> Response:
    if isinstance(error, NotAllowed):
        return problem(403, error.message)
    status_code = 409 if error.field in _ABOUT_THE_SUBJECT else 422
    field = error.field and _ASKED_AS.get(error.field, error.field)
    errors = [{"field": field, "message": error.message, "code": REFUSED}] if field else None
    return problem(status_code, error.message, errors=errors)


def _of_fields(error: exceptions.ValidationError, *, status_code: int) -> Response:
    errors = list(_flat(error.detail))
    words = "; ".join(dict.fromkeys(each["message"] for each in errors[:3]))
    return problem(status_code, words, errors=errors)


def _of_framework(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    wait, challenge = getattr(error, "wait", None), getattr(error, "auth_header", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    if challenge:
        headers["WWW-Authenticate"] = challenge
    return problem(error.status_code, str(error.detail), headers=headers)


def _flat(detail: Any, path: str = "") -> Any:
    """Yield every field of nested details; a place in a list is told by its index: `pairs.3.project`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            yield from _flat(inner, here)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            is_nested = isinstance(inner, Mapping | list)
            if inner:
                yield from _flat(inner, f"{path}.{index}".lstrip(".") if is_nested else path)
    else:
        yield {"field": path, "message": str(detail), "code": getattr(detail, "code", None) or "invalid"}
