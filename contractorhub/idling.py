"""Ends the sessions of staff that nobody has used for a while; those of contractors live on a locked phone."""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

SEEN: Final = "seen_at"
"""When the session of somebody with a desk was last used: what has no such mark does not end by idling."""
_NOTED_EVERY_SECONDS: Final = 60
_ASKED_BY_PAGES: Final = frozenset(
    {
        "admin:projects_pause_hands",
        "admin:projects_pause_drain",
        "admin:projects_upload_progress",
        "finance:job",
    }
)
"""What an open page asks by itself, again and again, whether or not somebody sits before it."""

logger = structlog.get_logger(__name__)


class IdleMiddleware:
    """Signs out whoever comes back too late."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on as nobody, where the session has idled: the page asks to sign in, or refuses."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            seen = request.session.get(SEEN)
            if seen is not None and time.time() - seen > settings.STAFF_IDLE_SECONDS:
                logger.info("sign_in.idled", user_id=request.user.pk)
                logout(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> None:
        """Note that somebody is there, once a minute."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        seen, match = request.session.get(SEEN), request.resolver_match
        if seen is None or match is None or match.view_name in _ASKED_BY_PAGES:
            return
        if time.time() - seen > _NOTED_EVERY_SECONDS:
            request.session[SEEN] = int(time.time())
