"""The clock's scheduler: schedules kept in the database, one clock of several that rings, and a sign of life."""

import os
import time
from pathlib import Path

import structlog
from django.core.cache import cache
from django_celery_beat.schedulers import DatabaseScheduler

from contractorhub.lease import Lease

HEARTBEAT_KEY = "beat:heartbeat"
_HEARTBEAT_EVERY_SECONDS = 5.0
_LEASE_SECONDS = 20
_KEPT_SECONDS = 24 * 3600
_LOOKS_FOR_CHANGES_EVERY_SECONDS = 10.0
# A container's own health check asks the age of a file: it needs neither Python nor the network.
_SIGN_FILE = os.environ.get("BEAT_SIGN_FILE", "")

logger = structlog.get_logger(__name__)


class BeatScheduler(DatabaseScheduler):  # type: ignore[misc]  # django-celery-beat ships no types
    """Writes the time of its latest round to the shared cache: the rows' own `last_run_at` lags by minutes.

    It asks the database less often than its parent, which looks for changed schedules at every tick and writes every
    row every three minutes: that alone was more than one query a second of a system with nothing to do.
    """

    sync_every = 10 * 60
    _next_heartbeat = 0.0
    _next_look = 0.0
    _has_led = True

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Stand by until this clock holds the lease: any number may run, one rings."""
        self._lease = Lease("beat", seconds=_LEASE_SECONDS, every_seconds=_HEARTBEAT_EVERY_SECONDS)
        super().__init__(*args, **kwargs)

    def schedule_changed(self) -> bool:
        """Whether somebody changed a schedule since the last look; a change takes hold within seconds."""
        if not self._has_led:  # another clock rang meanwhile: what it noted in the rows holds
            self._has_led = True
            return True
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + _LOOKS_FOR_CHANGES_EVERY_SECONDS
        return bool(super().schedule_changed())

    def tick(self, *args: object, **kwargs: object) -> float:
        """Run what is due, then sign; return the seconds until the next round. A clock that stands by is alive too."""
        if not self._lease.is_held():
            self._has_led = False
            self._touch_sign()
            return _HEARTBEAT_EVERY_SECONDS
        wait: float = super().tick(*args, **kwargs)
        if time.monotonic() >= self._next_heartbeat:
            self._next_heartbeat = time.monotonic() + _HEARTBEAT_EVERY_SECONDS
            self._sign()
        return wait

    def close(self) -> None:
        """Note when everything ran last, and let another clock go on."""
        super().close()
        self._lease.give_back()

    def _touch_sign(self) -> None:
        if _SIGN_FILE:
            Path(_SIGN_FILE).touch()

    def _sign(self) -> None:
        self._touch_sign()
        try:
            cache.set(HEARTBEAT_KEY, time.time(), timeout=_KEPT_SECONDS)
        except Exception as error:  # noqa: BLE001  # a cache that is away must not stop the clock
            logger.warning("beat.heartbeat_failed", error=type(error).__name__)
