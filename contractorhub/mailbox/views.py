"""Pages of the embedded mailbox: for people on this machine, and only while mail really ends there."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from contractorhub.mailbox.reading import Letter, newest, open_letter

_SHOWN = 100
_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


def on_this_machine_only(view: _View) -> _View:
    """Answer 404 unless the embedded mail server is in use and the asker is this machine itself, by no proxy."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.MAILBOX_DIR or not is_from_this_machine(request):
            raise Http404
        return view(request, *args, **kwargs)

    return cast(_View, guarded)


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the connection is a loopback one and no header says that a proxy stands between."""
    if any(name in request.headers for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _letter(key: str) -> Letter:
    try:
        return open_letter(Path(settings.MAILBOX_DIR), key)
    except FileNotFoundError as error:
        raise Http404 from error


@require_safe
@never_cache
@on_this_machine_only
def inbox(request: HttpRequest) -> HttpResponse:
    """List the newest messages, for one recipient where `to` names part of an address."""
    recipient = request.GET.get("to", "").strip()
    letters = newest(Path(settings.MAILBOX_DIR), limit=_SHOWN, recipient=recipient)
    return render(
        request, "mailbox/inbox.html", {"letters": letters, "recipient": recipient, "shown": _SHOWN}
    )


@require_safe
@never_cache
@on_this_machine_only
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # django-csp's types know no view with a parameter
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """Show one message: its words as text, its HTML in a frame that may neither run nor fetch anything."""
    return render(request, "mailbox/letter.html", {"letter": _letter(key)})


@require_safe
@never_cache
@on_this_machine_only
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # as above
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "form-action": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups"],
    }
)
def letter_html(_request: HttpRequest, key: str) -> HttpResponse:
    """Return the HTML part as it was sent, in a sandbox: no script, no form, nothing fetched from anywhere."""
    html = _letter(key).html
    if not html:
        raise Http404
    return HttpResponse(html)
