"""What a job cost by the clock, this process and the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.processors import seconds_of_database


@dataclass
class Cost:
    """Seconds by the clock, and processor seconds of this process and of the database that worked for it."""

    seconds: float = 0.0
    cpu: float = 0.0
    database_cpu: float = 0.0


@contextmanager
def cost() -> Iterator[Cost]:
    """Measure what is done inside; the database's part is that of its processes that serve us before and after."""
    found, before = Cost(), seconds_of_database()
    began, used = time.perf_counter(), time.process_time()
    yield found
    found.seconds = time.perf_counter() - began
    found.cpu = time.process_time() - used
    after = seconds_of_database()
    found.database_cpu = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
