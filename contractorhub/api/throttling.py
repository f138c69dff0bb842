"""How many requests a minute one asker may make: a counter a window, one step of the cache a request."""

import math
import time
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60


class PerMinute(BaseThrottle):
    """Counts requests in windows of a minute, by user or else by address.

    A view's `throttle_scope` names its rate in `DEFAULT_THROTTLE_RATES`; without one `user`, for strangers `anon`.
    A counter rather than a list of instants: at thousands of requests a minute the list itself would be the load.
    """

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request and say whether it still fits its window."""
        is_known = bool(request.user and request.user.is_authenticated)
        scope = getattr(view, "throttle_scope", None) or "user" if is_known else "anon"
        asker = request.user.pk if is_known else self.get_ident(request)
        now = time.time()
        window = int(now // WINDOW_SECONDS)
        key = f"api-rate:{scope}:{asker}:{window}"
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        try:
            count = cache.incr(key)
        except ValueError:  # the cache dropped it between the two lines
            count = 1
        self._wait = (window + 1) * WINDOW_SECONDS - now
        limit = _rate(scope)
        request._request.rate = (limit, max(0, limit - count), math.ceil(self._wait))  # type: ignore[attr-defined]
        return count <= limit

    def wait(self) -> float:
        """Seconds until the next window."""
        return self._wait


def _rate(scope: str) -> int:
    """Requests a minute, from a rate such as `1200/min`."""
    return int(str(api_settings.DEFAULT_THROTTLE_RATES[scope]).partition("/")[0])
