"""The two faults that lose most notices elsewhere, on whatever database is configured: nobody may be lost here."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.utils import timezone
from kombu import Connection

from notifications import jobs
from notifications.models import Delivery
from tests.fakes.smtp_sink import SmtpSink, running_smtp_sink
from tests.faults.ledger import count, nothing_waits, wait_until
from tests.integration.notifications.conftest import message, people, stage
from tests.services.broker import BrokerService
from tests.services.worker import running_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.faults]
PEOPLE = 300
HURRY = {
    "RELAY_LEASE_SECONDS": "2",
    "RELAY_SETTLE_SECONDS": "1",
    "EMAIL_TIMEOUT": "5",
    "EMAIL_CONNECTIONS": "2",
}
Ring = Callable[[], None]

__all__ = ["stage"]


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server slow enough to be caught in the middle of things."""
    with running_smtp_sink(latency_seconds=0.004) as server:
        yield server


@pytest.fixture
def ring(broker: BrokerService) -> Ring:
    """What the clock does: ring for the relay's sweep, at most once a second."""
    app = Celery("bell")
    last = [timezone.now() - timedelta(minutes=1)]

    def sweep() -> None:
        if timezone.now() - last[0] > timedelta(seconds=1):
            last[0] = timezone.now()
            with Connection(broker.tasks_url) as connection:
                app.send_task(jobs.SWEEP, queue="default", retry=False, connection=connection)

    return sweep


def _staged(stage: Any) -> None:
    now = timezone.now()
    stage(message(expires_at=now + timedelta(days=1)), people(PEOPLE), now)


def test_a_worker_killed_in_the_middle_of_a_pause_loses_nobody(
    sink: SmtpSink, broker: BrokerService, tmp_path: Path, stage: Any, ring: Ring
) -> None:
    _staged(stage)
    env = {"EMAIL_URL": sink.url, **HURRY}

    with running_worker(tmp_path, broker=broker, env=env) as worker:
        ring()
        wait_until(lambda: len(sink.accepted) > PEOPLE // 3)
        worker.kill()
        assert not nothing_waits()
        worker.start()
        wait_until(nothing_waits, doing=ring)

    found = count(sink)
    assert (found.lost, found.phantom, found.stuck, found.ledger_differences) == (0, 0, 0, 0)
    assert found.duplicates == found.duplicates_same_id
    assert found.duplicates <= 64 * 2


def test_a_broker_emptied_in_the_middle_of_a_pause_loses_nobody(
    sink: SmtpSink, broker: BrokerService, tmp_path: Path, stage: Any, ring: Ring
) -> None:
    _staged(stage)

    with running_worker(tmp_path, broker=broker, env={"EMAIL_URL": sink.url, **HURRY}):
        ring()
        wait_until(lambda: len(sink.accepted) > PEOPLE // 3)
        broker.empty()
        wait_until(nothing_waits, doing=ring)

    found = count(sink)
    assert (found.lost, found.phantom, found.stuck, found.ledger_differences) == (0, 0, 0, 0)
    assert found.duplicates == 0
    assert Delivery.objects.filter(state="sent").count() == PEOPLE
