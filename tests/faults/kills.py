"""Faults of processes: killed, deployed over, stopped and continued, doubled; of the broker and of PostgreSQL."""

import os
import signal
import time
from collections.abc import Callable

import psycopg
from django.db import connection

from tests.faults.ledger import wait_until
from tests.faults.scene import Scene, pool_processes
from tests.services.worker import database_url


def worker_killed(scene: Scene, *, times: int = 1) -> None:
    """kill -9 of the whole worker, again and again."""
    worker = scene.worker()
    for nth in range(1, times + 1):
        scene.wait_for(nth / (times + 1))
        worker.kill()
        worker.start()
    scene.drain()


def pool_process_killed(scene: Scene, *, times: int = 5) -> None:
    """kill -9 of one process of the pool, again and again."""
    worker = scene.worker()
    for nth in range(1, times + 1):
        scene.wait_for(nth / (times + 1))
        os.kill(pool_processes(worker)[0], signal.SIGKILL)
    scene.drain()


def deployed(scene: Scene, *, times: int = 1) -> None:
    """A deploy asks the worker to end (SIGTERM), waits for it, and starts the next one."""
    worker = scene.worker()
    for nth in range(1, times + 1):
        scene.wait_for(nth / (times + 1))
        assert worker.stop(patience_seconds=20) == 0, "the worker had to be killed"
        worker.start()
    scene.drain()


def broker_emptied(scene: Scene) -> None:
    """FLUSHALL."""
    scene.worker()
    scene.wait_for(1 / 3)
    scene.broker.empty()
    scene.drain()


def broker_killed(scene: Scene) -> None:
    """kill -9 of the broker, which comes back a little later."""
    _while_away(scene, stop=scene.broker.kill, start=scene.broker.start)


def broker_restarted(scene: Scene) -> None:
    """An orderly restart of the broker."""
    _while_away(scene, stop=lambda: scene.broker.part.stop(patience_seconds=10), start=scene.broker.start)


def _while_away(scene: Scene, *, stop: Callable[[], object], start: Callable[[], object]) -> None:
    scene.worker()
    scene.wait_for(1 / 3)
    stop()
    before = len(scene.arrivals())
    wait_until(lambda: len(scene.arrivals()) > before, seconds=20)  # who has work goes on without a broker
    start()
    scene.drain()


def postgres_restarted(scene: Scene) -> None:
    """kill -9 of PostgreSQL's first process; whoever supervises it starts it again."""
    scene.worker()
    for share in (0.3, 0.6):
        scene.wait_for(share)
        with connection.cursor() as cursor:
            cursor.execute("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)")
            postmaster = int(cursor.fetchone()[0])
        url = database_url()
        connection.close()
        os.kill(postmaster, signal.SIGKILL)
        wait_until(lambda: _answers(url), seconds=60, what="PostgreSQL again")  # noqa: B023 - called at once
    scene.drain()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def stopped_and_continued(scene: Scene, *, seconds: float = 60.0) -> None:
    """Two workers and two clocks at once; one worker is stopped (SIGSTOP), overtaken, and continued."""
    first, _second = scene.worker(), scene.worker()
    scene.beat()
    scene.beat()
    scene.wait_for(0.3)
    stopped = [first.pid, *pool_processes(first)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    until = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > until, seconds=seconds + 10)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)
    scene.drain()


def opener_killed(scene: Scene, *, moments: int = 20) -> None:
    """kill -9 of the process that opens a pause, at as many moments of it; what it promised is told."""
    scene.run_openers(moments=moments, people=scene.people // moments)
    scene.worker()
    scene.drain()
