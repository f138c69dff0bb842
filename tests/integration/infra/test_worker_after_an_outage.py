"""A worker whose database went away works on with the next task, not after the next thousand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from projects import jobs
from tests.services.broker import BrokerService
from tests.services.processes import wait_until
from tests.services.worker import running_worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.worker,
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="an embedded database cannot hang up"),
]
HANG_UP = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_worker_that_the_database_hung_up_on_does_its_next_but_one_task(
    broker: BrokerService, ring: Callable[..., bool], tmp_path: Path
) -> None:
    with running_worker(tmp_path, broker=broker, env={"LOG_LEVEL": "DEBUG"}, concurrency=1) as worker:

        def told(event: str) -> int:
            return worker.log.read_text().count(event)

        ring(jobs.BEGIN_DUE_PAUSES)
        wait_until(lambda: told("task_succeeded") == 1, seconds=30, what="a task that is done")
        with connection.cursor() as cursor:
            cursor.execute(HANG_UP)
        ring(jobs.BEGIN_DUE_PAUSES)
        wait_until(lambda: told("task_failed") == 1, seconds=30, what="the task that finds the line dead")
        ring(jobs.BEGIN_DUE_PAUSES)

        wait_until(lambda: told("task_succeeded") == 2, seconds=30, what="a task on a new line")
