"""Asks of every request, before a word of it is read, whether it is Slack's, of just now, and of a size we take."""

from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from slack_sdk.signature import SignatureVerifier

from contractorhub.uploading import says_it_is_larger

MAX_BODY_BYTES: Final = 1024 * 1024


class Refused(Exception):
    """A request that is answered with this status, and of which nothing is kept."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def verified_body(request: HttpRequest) -> bytes:
    """The body of a request that Slack signed within the last five minutes. Raises Refused: 401, 413 if too large."""
    body = _bounded_body(request)
    if not settings.SLACK_SIGNING_SECRET or not _is_signed(request, body):
        raise Refused(401)
    return body


def signature_of(request: HttpRequest) -> str:
    """The signature of a verified request: no two different requests share it."""
    return request.headers["X-Slack-Signature"]


def _bounded_body(request: HttpRequest) -> bytes:
    if says_it_is_larger(request, MAX_BODY_BYTES):
        raise Refused(413)
    try:
        return request.body
    except RequestDataTooBig as error:
        raise Refused(413) from error
    except UnreadablePostError as error:
        raise Refused(400) from error


def _is_signed(request: HttpRequest, body: bytes) -> bool:
    """The SDK's own check, which raises for a timestamp that is no number and for a body that is no UTF-8."""
    try:
        return SignatureVerifier(settings.SLACK_SIGNING_SECRET).is_valid(
            body=body,
            timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
            signature=request.headers.get("X-Slack-Signature", ""),
        )
    except (ValueError, TypeError):
        return False
