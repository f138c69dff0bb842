"""Faults of the ledger's own ground: overtaken in the middle, put back to an hour ago, a wrong clock, a full disk."""

import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from notifications import outbox, states
from notifications.hold import let_out
from notifications.models import Delivery, Outbound
from tests.faults.ledger import wait_until
from tests.faults.scene import Scene, pool_processes
from tests.integration.notifications.conftest import message, people
from tests.services.worker import database_url

GOES_ON = "Work goes on"


def resumed_in_the_middle(scene: Scene) -> None:
    """The pause is resumed while its notices go out: nobody hears of the pause after the resume."""
    scene.worker()
    scene.wait_for(1 / 3)
    now = timezone.now()
    with transaction.atomic():
        outbox.supersede(subject_ref="pause:1", kinds=None, reason="overtaken by the resume", at=now)
        outbox.stage(
            message(
                key="pause:1:ended",
                kind="pause.ended",
                expires_at=now + timedelta(days=1),
                subject="Work goes on",
            ),
            recipients=people(scene.people),
            at=now,
        )
    scene.drain()
    heard: dict[str, list[str]] = {}
    for arrival in scene.arrivals():
        heard.setdefault(arrival.recipient, []).append(arrival.said)
    assert all(said[-1] == GOES_ON for said in heard.values()), "somebody heard of the pause last"
    assert len(heard) == scene.people
    assert Delivery.objects.filter(state=states.SUPERSEDED).exists()


def put_back_an_hour(scene: Scene) -> None:
    """The database is put back to an earlier state: nothing leaves until a person lets it."""
    worker = scene.worker()
    scene.wait_for(0.3)
    worker.stop()
    with _copied_database(scene.folder) as put_back:
        worker.start()
        scene.wait_for(0.7)
        worker.stop()
        put_back()
    sent = len(scene.arrivals())
    worker.start()
    wait_until(lambda: Outbound.objects.filter(held_since__isnull=False).exists(), doing=scene.ring)
    quiet = time.monotonic() + 8
    wait_until(lambda: time.monotonic() > quiet, doing=scene.ring)
    assert len(scene.arrivals()) == sent, "something left by itself"
    assert let_out(by_ref="user:1", at=timezone.now())
    scene.drain()


def wrong_clocks(scene: Scene) -> None:
    """Of two hosts one is an hour ahead, then an hour behind: nothing is sent twice, and nothing before its time."""
    later = timezone.now() + timedelta(minutes=30)
    with transaction.atomic():
        outbox.stage(
            message(
                key="pause:1:later", kind="pause.later", expires_at=later + timedelta(days=1), subject="Later"
            ),
            recipients=people(5),
            at=timezone.now(),
            not_before=later,
        )
    scene.worker()
    ahead = scene.worker(program="tests.faults.clock_off", env={"CLOCK_OFF_SECONDS": "3600"})
    scene.wait_for(1 / 3)
    ahead.stop(patience_seconds=20)
    scene.worker(program="tests.faults.clock_off", env={"CLOCK_OFF_SECONDS": "-3600"})
    still_early = Delivery.objects.exclude(state__in=states.OVER).exclude(notice__kind="pause.later")
    wait_until(lambda: not still_early.exists(), doing=scene.ring)
    assert "Later" not in {arrival.said for arrival in scene.arrivals()}, "something left before its time"
    Delivery.objects.filter(notice__kind="pause.later").update(
        state=states.CANCELLED, reason="the test is over"
    )


def disk_full(scene: Scene) -> None:
    """The disk under the embedded database is full for a while: nothing may be written, so nothing may be sent."""
    worker = scene.worker()
    scene.wait_for(1 / 3)
    pids = [worker.pid, *pool_processes(worker)]
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
    quiet = time.monotonic() + 5
    wait_until(lambda: time.monotonic() > quiet, doing=scene.ring)
    for pid in [worker.pid, *pool_processes(worker)]:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    scene.drain()


@contextmanager
def _copied_database(folder: Path) -> Iterator[Callable[[], None]]:
    """Copy the database aside; what is yielded puts the copy in its place. Nobody else may be connected."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(name, folder / "copy")

        def put_file_back() -> None:
            connection.close()
            for end in ("-wal", "-shm"):
                Path(name + end).unlink(missing_ok=True)
            shutil.copy(folder / "copy", name)

        yield put_file_back
        return
    connection.close()
    server = urlsplit(database_url())._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')

        def put_back() -> None:
            connection.close()
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{name}_copy"')

        try:
            yield put_back
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}_copy" WITH (FORCE)')
