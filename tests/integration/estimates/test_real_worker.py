"""Real workers compute a run through a real broker, and one that is killed leaves nothing twice and nothing out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from projects.models import EstimateRun, Project
from projects.models.estimates import RunState
from projects.operations.estimates import ask_for_estimate, sweep_estimates
from tests.factories import PauseFactory, ProjectFactory
from tests.faults.ledger import wait_until
from tests.integration.estimates.world import WEEKLY_PAY, colleague
from tests.services.broker import BrokerService
from tests.services.worker import running_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
PEOPLE = 1_100  # three chunks
START = datetime(2026, 3, 2, tzinfo=UTC)


def _crowd() -> Project:
    project: Project = ProjectFactory.make()
    for _ in range(PEOPLE):
        colleague(project, weeks=1)
    return project


def _is_done(run: EstimateRun) -> bool:
    return EstimateRun.objects.filter(pk=run.pk, state=RunState.DONE).exists()


@pytest.mark.usefixtures("ring")
def test_a_killed_worker_leaves_nobody_out_and_nobody_twice(broker: BrokerService, tmp_path: Path) -> None:
    project = _crowd()
    pause = PauseFactory.make(
        project=project, starts_at=START, ends_at=START + timedelta(weeks=2), state="ended"
    )
    now = datetime.now(UTC)
    run = ask_for_estimate(pause=pause, reason="opened", at=now)
    with running_worker(tmp_path, broker=broker, queues=("estimates",), concurrency=1) as worker:
        wait_until(lambda: run.chunks.filter(done_at__isnull=False).exists())
        worker.kill()
    assert sweep_estimates(at=now + timedelta(minutes=6)) == run.chunks.filter(done_at__isnull=True).count()
    with running_worker(tmp_path, broker=broker, queues=("estimates",), concurrency=2):
        wait_until(lambda: _is_done(run))
    losses = list(run.estimates.values_list("lost_minor", flat=True))
    assert len(losses) == run.estimates.values("engagement").distinct().count() == PEOPLE
    assert set(losses) == {
        2 * WEEKLY_PAY * 95 // 100
    }  # with one week behind them, other work says 95 in 100 go on
