"""Takes events of mail providers, returned mails and one-click unsubscriptions; each proves itself, none signs in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import structlog
from anymail import urls as anymail_urls
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from contractorhub.env import SIGNING_KEYS
from contractorhub.returns.age import recent
from contractorhub.uploading import says_it_is_larger
from notifications.dsn import MOST_BYTES, read_returned
from notifications.returns import take_back
from notifications.unsubscribing import read_token
from projects.operations.people_settings import unsubscribe_by_link

_MOST_OF_A_CLICK: Final = 4_096

logger = structlog.get_logger(__name__)


@csrf_exempt
def provider_events(request: HttpRequest) -> HttpResponseBase:
    """Events of the mail provider that the settings name; Anymail checks their signature or secret."""
    name = f"{settings.MAIL_PROVIDER}_tracking_webhook"
    found = next((each for each in anymail_urls.urlpatterns if each.name == name), None)
    if found is None:
        raise Http404
    answer: HttpResponseBase = _strict(found.callback.view_class).as_view()(request)
    return answer


def _strict(view: type[Any]) -> type[Any]:
    """The provider's view, but an event that has not its provider's shape is refused: Anymail's parsers just fail."""

    class Strict(view):  # type: ignore[misc]
        def run_validators(self, request: HttpRequest) -> None:
            with _refused_if_malformed():
                super().run_validators(request)

        def parse_events(self, request: HttpRequest) -> Sequence[Any]:
            with _refused_if_malformed():
                found: Sequence[Any] = super().parse_events(request)
                return _news(found, request)

    return Strict


def _news(events: Sequence[Any], request: HttpRequest) -> Sequence[Any]:
    """Without what a provider that signs has said days ago: it was kept by somebody, and is answered like the rest."""
    if settings.MAIL_PROVIDER not in SIGNING_KEYS:
        return events
    kept = recent(events, request, provider=settings.MAIL_PROVIDER, at=timezone.now())
    if len(kept) < len(events):
        logger.warning("mail.word_too_old", provider=settings.MAIL_PROVIDER, events=len(events) - len(kept))
    return kept


@contextmanager
def _refused_if_malformed() -> Iterator[None]:
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadRequest("This is no event of the provider.") from error


@csrf_exempt
@require_POST
def returned_mail(request: HttpRequest) -> HttpResponse:
    """One returned mail, whole, as the mail server got it; it carries the secret that the settings name."""
    said = request.headers.get("Authorization", "")
    if not settings.RETURNS_SECRET or not constant_time_compare(said, f"Bearer {settings.RETURNS_SECRET}"):
        return HttpResponse("This door needs its secret.", status=401, content_type="text/plain")
    if says_it_is_larger(request, MOST_BYTES) or len(request.body) > MOST_BYTES:
        return HttpResponse("This mail is too large.", status=413, content_type="text/plain")
    news = sum(take_back(word, at=timezone.now()) for word in read_returned(request.body))
    return HttpResponse(f"{news} recorded", content_type="text/plain")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One-click unsubscription (RFC 8058): a POST does it without a session or a redirect, a GET only asks."""
    wish = read_token(token)
    if wish is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done and says_it_is_larger(request, _MOST_OF_A_CLICK):
        return HttpResponse(status=413)
    if is_done:
        unsubscribe_by_link(wish=wish, at=timezone.now())
    return render(request, "returns/unsubscribe.html", {"is_done": is_done})
