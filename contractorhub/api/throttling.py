"""How many requests a minute one asker may make: a counter a window, of which a process takes some places at a time."""

import math
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS: Final = 60
# A step of the counter costs more than the rest of a quick answer. So a process takes one five-hundredth of the rate
# at a time: nobody ever gets more than the rate, and places left over in other processes are a percent of it at most.
STEPS_A_WINDOW: Final = 500
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Places:
    """Places in a window that this process took and has not given out: those after `given` up to `last`."""

    window: int
    given: int
    last: int


_taken: dict[str, _Places] = {}
_lock = threading.Lock()


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
        now, limit = time.time(), _rate(scope)
        window = int(now // WINDOW_SECONDS)
        count = _count(f"api-rate:{scope}:{asker}", window, step=max(1, limit // STEPS_A_WINDOW))
        self._wait = (window + 1) * WINDOW_SECONDS - now
        request._request.rate = (limit, max(0, limit - count), math.ceil(self._wait))  # type: ignore[attr-defined]
        return count <= limit

    def wait(self) -> float:
        """Seconds until the next window."""
        return self._wait


def _count(key: str, window: int, *, step: int) -> int:
    """The place of this request among all of its window; the counter takes `step` of them at a time."""
    with _lock:
        held = _taken.get(key)
        if held is not None and held.window == window and held.given < held.last:
            held.given += 1
            return held.given
    last = _take(f"{key}:{window}", step, already=held.last if held and held.window == window else 0)
    with _lock:
        if held is None or held.window != window:  # nobody's places of an earlier minute are of use
            for old in [name for name, places in _taken.items() if places.window < window]:
                del _taken[old]
        _taken[key] = _Places(window, last - step + 1, last)
    return last - step + 1


def _take(key: str, step: int, *, already: int) -> int:
    """Move the counter on; where it is away, requests are answered and this process counts its own."""
    try:
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        return int(cache.incr(key, step))
    except ValueError:  # the cache dropped it between the two lines
        return step
    except RedisError as error:
        _log.warning("api.rate_uncounted", error=type(error).__name__)
        return already + step


def _rate(scope: str) -> int:
    """Requests a minute, from a rate such as `1200/min`."""
    return int(str(api_settings.DEFAULT_THROTTLE_RATES[scope]).partition("/")[0])
