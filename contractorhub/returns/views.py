"""Takes events of mail providers, returned mails and one-click unsubscriptions; each proves itself, none signs in."""

from anymail import urls as anymail_urls
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notifications.dsn import MOST_BYTES, read_returned
from notifications.returns import take_back
from notifications.unsubscribing import read_token
from projects.operations.people_settings import unsubscribe_by_link


@csrf_exempt
def provider_events(request: HttpRequest) -> HttpResponseBase:
    """Events of the mail provider that the settings name; Anymail checks their signature or secret."""
    name = f"{settings.MAIL_PROVIDER}_tracking_webhook"
    found = next((each for each in anymail_urls.urlpatterns if each.name == name), None)
    if found is None:
        raise Http404
    answer: HttpResponseBase = found.callback(request)
    return answer


@csrf_exempt
@require_POST
def returned_mail(request: HttpRequest) -> HttpResponse:
    """One returned mail, whole, as the mail server got it; it carries the secret that the settings name."""
    said = request.headers.get("Authorization", "")
    if not settings.RETURNS_SECRET or not constant_time_compare(said, f"Bearer {settings.RETURNS_SECRET}"):
        return HttpResponse("This door needs its secret.", status=401, content_type="text/plain")
    if len(request.body) > MOST_BYTES:
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
    if is_done:
        unsubscribe_by_link(wish=wish, at=timezone.now())
    return render(request, "returns/unsubscribe.html", {"is_done": is_done})
