"""What wraps every request: probes answered before all else, and one log line that holds no addresses."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django_structlog.middlewares import RequestMiddleware

from contractorhub.health import PROBES


class ProbeMiddleware:
    """Answers probes whatever Host they name and without TLS: an orchestrator asks by container address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass the request on."""
        probe = PROBES.get(request.path)
        if probe is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return probe(request)


class BrowserPolicyMiddleware:
    """Says what browsers may do with our pages besides the content policy: no sensor, no camera, no other site."""

    permissions = ", ".join(
        (
            *(
                f"{name}=()"
                for name in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope")
            ),
            *(
                f"{name}=()"
                for name in ("magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics")
            ),
            "publickey-credentials-get=(self)",
            "publickey-credentials-create=(self)",
        )
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy; who signs out leaves no page in the browser's cache."""
        has_session = (
            settings.SESSION_COOKIE_NAME in request.COOKIES
        )  # a program's answer varies by no cookie
        was_signed_in = has_session and request.user.is_authenticated
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.permissions)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if was_signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class RequestLogMiddleware(RequestMiddleware):
    """Logs the route that was asked, never the query string: it holds search words, addresses and codes."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the route's pattern, or the bare path where no route was found yet."""
        match = request.resolver_match
        return f"{request.method} {'/' + match.route if match else request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Log the answer and give its request id to the asker, who can quote it."""
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id:
            response["X-Request-ID"] = request_id
        super().handle_response(request, response)
