"""The services that tests lean on do what they say, and the broker's absence holds nobody up."""

import time
from pathlib import Path

import psycopg
import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from contractorhub.hub.ports import free_port
from tests.services.broker import BrokerService
from tests.services.postgres import running_postgres
from tests.services.processes import wait_until
from tests.services.worker import running_worker

pytestmark = pytest.mark.once


def application(url: str) -> Celery:
    """Return an application of this test's own that publishes as the product does."""
    app = Celery("publisher", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY,
        task_ignore_result=True,
    )
    return app


def test_a_doorbell_without_a_broker_fails_within_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    began = time.monotonic()

    with pytest.raises(OperationalError):
        application(url).send_task("any.task", queue="email", retry=False)

    assert time.monotonic() - began < 2


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_from_every_queue_what_was_rung_before_it_came(
    broker: BrokerService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", broker.tasks_url)
    app = application(broker.tasks_url)
    for queue in settings.WORKER_QUEUES:
        app.send_task("notifications.sweep", queue=queue)

    with running_worker(tmp_path, broker=broker) as worker:
        wait_until(
            lambda: sum(broker.queued(queue) for queue in settings.WORKER_QUEUES) == 0,
            seconds=20,
            what="empty queues",
        )
        assert worker.is_running(), worker.log_end()


def test_a_killed_database_server_comes_back_with_what_was_committed() -> None:
    with running_postgres(is_durable=True) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE promise AS SELECT 7 AS number")

        server.restart()

        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT number FROM promise").fetchone()
    assert row == (7,)
