"""A lease in the shared cache: of several processes that could do one thing, one holds it and does it."""

import secrets
import time
from typing import Final

import structlog
from django.core.cache import cache

logger = structlog.get_logger(__name__)


class Lease:
    """One process's claim to a lease: renewed as it asks, taken over once its holder has been silent for too long.

    It keeps work from being done twice most of the time, not always: a holder that was stopped and goes on may
    overlap with the next one for a moment. What it guards must bear that.
    """

    def __init__(self, name: str, *, seconds: int, every_seconds: float) -> None:
        """Claim nothing yet; `every_seconds` is how often the cache is asked."""
        self._key: Final = f"lease:{name}"
        self._own: Final = secrets.token_hex(8)
        self._seconds, self._every_seconds = seconds, every_seconds
        self._is_held = False
        self._next_look = 0.0

    def is_held(self) -> bool:
        """Whether this process may act. Where the cache cannot be asked it may: twice is better than never."""
        if time.monotonic() < self._next_look:
            return self._is_held
        self._next_look = time.monotonic() + self._every_seconds
        was_held = self._is_held
        try:
            self._is_held = self._renew() or bool(cache.add(self._key, self._own, timeout=self._seconds))
        except Exception as error:  # noqa: BLE001 - whatever a cache may raise, it must not stop its asker
            logger.warning("lease.not_asked", lease=self._key, error=type(error).__name__)
            self._is_held = True
        if self._is_held != was_held:
            logger.info("lease.taken" if self._is_held else "lease.lost", lease=self._key)
        return self._is_held

    def give_back(self) -> None:
        """Let the next one begin at once."""
        if not self._is_held:
            return
        self._is_held = False
        try:
            if cache.get(self._key) == self._own:
                cache.delete(self._key)
        except Exception as error:  # noqa: BLE001 - it runs out by itself
            logger.warning("lease.not_given_back", lease=self._key, error=type(error).__name__)

    def _renew(self) -> bool:
        return cache.get(self._key) == self._own and bool(cache.touch(self._key, self._seconds))
