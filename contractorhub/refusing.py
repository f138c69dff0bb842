"""Answers what Django refuses before any page of ours reads it: too much is 413, whatever else is malformed 400."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.views import defaults

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of Django's own handler, under the status that tells a program what was wrong."""
    answer = defaults.bad_request(request, exception)
    if isinstance(exception, _TOO_MUCH):
        answer.status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return answer
