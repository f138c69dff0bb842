"""The time that leases and due times are held against: the database's, so that no host's wrong clock does harm."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

Clock = Callable[[], datetime]


def ledger_clock() -> Clock:
    """Read the ledger's time once and carry it on by the monotonic clock, which no step of the host's clock moves."""
    read_at = time.monotonic()
    began = _database_now()
    return lambda: began + timedelta(seconds=time.monotonic() - read_at)


def _database_now() -> datetime:
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
