"""What a job cost by the clock, this process and the database."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds by the clock, and processor seconds of this process and of the database that worked for it."""

    seconds: float = 0.0
    cpu: float = 0.0
    database_cpu: float = 0.0


@contextmanager
def cost() -> Iterator[Cost]:
    """Measure what is done inside; the database's part is that of its processes that serve us before and after."""
    found, before = Cost(), _database_cpu()
    began, used = time.perf_counter(), time.process_time()
    yield found
    found.seconds = time.perf_counter() - began
    found.cpu = time.process_time() - used
    after = _database_cpu()
    found.database_cpu = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _database_cpu() -> dict[int, float]:
    """Processor seconds of each process of PostgreSQL that works for this database, by its id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [pid for (pid,) in cursor.fetchall()]
    found = {}
    for pid in pids:
        path = Path(f"/proc/{pid}/stat")
        if path.exists():  # a server elsewhere keeps its processes to itself
            words = path.read_text().rpartition(")")[2].split()
            found[pid] = (int(words[11]) + int(words[12])) / _TICKS
    return found
