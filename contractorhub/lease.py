"""A lease in the shared cache: of several processes that could do one thing, one holds it and does it."""

import time
from contextlib import suppress
from typing import Final

import structlog
from django.conf import settings
from redis import Redis, RedisError
from redis.exceptions import LockError
from redis.lock import Lock

logger = structlog.get_logger(__name__)


class Lease:
    """One process's claim to a lease: renewed as it asks, taken over once its holder has been silent for too long.

    It keeps work from being done twice most of the time, not always: a holder that was stopped and goes on may
    overlap with the next one for a moment. What it guards must bear that. Without a shared cache (CACHE_URL) processes
    have nothing to agree by: there each holds its lease, and only one may be started.
    """

    def __init__(self, name: str, *, seconds: int, every_seconds: float) -> None:
        """Claim nothing yet; `every_seconds` is how often the cache is asked."""
        self._name: Final = name
        self._lock = _lock(name, seconds) if settings.CACHE_URL else None
        self._every_seconds = every_seconds
        self._is_held = False
        self._next_look = 0.0

    def is_held(self) -> bool:
        """Whether this process may act. Where the cache cannot be asked it may: twice is better than never."""
        if time.monotonic() < self._next_look:
            return self._is_held
        self._next_look = time.monotonic() + self._every_seconds
        was_held, self._is_held = self._is_held, self._lock is None or self._holds(self._lock)
        if self._is_held != was_held:
            logger.info("lease.taken" if self._is_held else "lease.lost", lease=self._name)
        return self._is_held

    def give_back(self) -> None:
        """Let the next one begin at once; a cache that cannot be asked lets it run out."""
        self._is_held = False
        if self._lock is not None:
            with suppress(RedisError):  # a lock that is not ours is one of them
                self._lock.release()

    def _holds(self, lock: Lock) -> bool:
        try:
            with suppress(LockError):
                return bool(lock.reacquire())
            return bool(lock.acquire(blocking=False))
        except RedisError as error:
            logger.warning("lease.not_asked", lease=self._name, error=type(error).__name__)
            return True


def _lock(name: str, seconds: int) -> Lock:
    client = Redis.from_url(settings.CACHE_URL, **settings.CACHE_WAITS)
    return Lock(client, f"contractorhub:lease:{name}", timeout=seconds, thread_local=False)
