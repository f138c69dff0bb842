"""What Prometheus reads of promises, estimates, waiting work and queues is what a person would count."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from celery import Celery
from django.test import Client

from projects.models import JobRun, Upload
from projects.models.estimates import RunState
from projects.models.pauses import PauseState
from projects.queries import figures
from projects.queries.accuracy import COVER_WATCH
from tests.factories import EstimateChunkFactory, EstimateRunFactory, PauseFactory
from tests.factories.base import NOW
from tests.factories.pauses import PauseUpdateFactory
from tests.factories.records import JobRunFactory
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OPERATING = CHECKOUT / "docs" / "operating"


def test_promises_are_counted_as_kept_late_and_due() -> None:
    PauseFactory.make(next_update_by=NOW - 2 * HOUR)
    PauseFactory.make(next_update_by=NOW + HOUR)
    PauseFactory.make(next_update_by=NOW + 48 * HOUR)
    PauseFactory.make(state=PauseState.SCHEDULED, starts_at=NOW + HOUR, next_update_by=NOW + 50 * HOUR)
    talked_of = PauseFactory.make(next_update_by=NOW + 72 * HOUR)
    PauseUpdateFactory.make(pause=talked_of, promised_by=NOW - 5 * HOUR, at=NOW - 6 * HOUR)
    PauseUpdateFactory.make(pause=talked_of, promised_by=NOW - 3 * HOUR, at=NOW - 2 * HOUR)

    found = figures.promise_figures(at=NOW)

    assert found.pauses == {"in_effect": 4, "scheduled": 1}
    assert (found.late, found.oldest_late_seconds, found.due_within_a_day) == (1, 7200.0, 1)
    assert (found.due, found.kept) == (3, 1)


def test_estimates_tell_what_runs_how_long_it_took_and_whether_ranges_hold() -> None:
    for seconds in (10, 20, 30):
        EstimateRunFactory.make(asked_at=NOW - HOUR, finished_at=NOW - HOUR + timedelta(seconds=seconds))
    EstimateRunFactory.make(asked_at=NOW - 50 * HOUR, finished_at=NOW - 49 * HOUR)
    running = EstimateRunFactory.make(state=RunState.RUNNING, asked_at=NOW - HOUR, finished_at=None)
    EstimateChunkFactory.make(run=running)
    EstimateChunkFactory.make(run=running, done_at=NOW)
    JobRunFactory.make(kind=COVER_WATCH, state=JobRun.State.DONE, result={"cases": 500, "cover80": 0.79})

    found = figures.estimate_figures(at=NOW)

    assert found.runs == {"done": 3, "running": 1}
    assert (found.chunks_waiting, found.oldest_unfinished_seconds) == (1, 3600.0)
    assert found.seconds_to_finish == (20.0, pytest.approx(29.0))
    assert found.cover80 == 0.79


def test_a_firm_without_a_past_has_figures_too() -> None:
    assert figures.promise_figures(at=NOW).due == 0
    assert figures.estimate_figures(at=NOW).seconds_to_finish is None
    assert figures.waiting_work(at=NOW) == {"upload": figures.WaitingWork(0, 0.0)}


def test_work_that_somebody_waits_for_is_told_by_kind() -> None:
    JobRunFactory.make(kind="report", asked_at=NOW - HOUR)
    JobRunFactory.make(kind="report", state=JobRun.State.DONE, asked_at=NOW - 5 * HOUR)
    Upload.objects.create(
        kind="hours", file_name="a.csv", file_hash="0", size_bytes=1, uploaded_at=NOW, asked_at=NOW - 2 * HOUR
    )

    assert figures.waiting_work(at=NOW) == {
        "report": figures.WaitingWork(1, 3600.0),
        "upload": figures.WaitingWork(1, 7200.0),
    }


def test_tasks_that_wait_in_a_queue_are_counted_and_a_broker_that_is_away_hides_nothing_else(
    broker: BrokerService, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", broker.tasks_url)
    bell = Celery("bell", broker=broker.tasks_url, set_as_current=False)
    for _ in range(3):
        bell.send_task("nobody.listens", queue="estimates")

    there = client.get("/metrics").content.decode()
    broker.kill()
    away = client.get("/metrics").content.decode()

    assert 'contractorhub_queue_tasks{queue="estimates"} 3.0' in there
    assert 'contractorhub_queue_tasks{queue="email"} 0.0' in there
    assert "contractorhub_queue_tasks{" not in away
    assert "contractorhub_promises_late 0.0" in away


def test_every_figure_that_an_alert_or_the_dashboard_asks_for_is_told(client: Client) -> None:
    client.get("/healthz")
    told = set(re.findall(r"^# TYPE (\w+) ", client.get("/metrics").content.decode(), re.M))
    dashboard = json.loads((OPERATING / "dashboard.json").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    asked += [rule["expr"] for rule in alert_rules()]

    named = {name for words in asked for name in re.findall(r"\b(?:contractorhub|django)_\w+", words)}

    assert len(named) > 20
    assert {name.removesuffix("_bucket") for name in named} - told == set()


def test_every_alert_says_what_to_do() -> None:
    page = (OPERATING / "alerts.md").read_text()

    assert re.findall(r"^## (\w+)$", page, re.M) == [rule["alert"] for rule in alert_rules()]
    assert all(rule["annotations"]["summary"] for rule in alert_rules())
    assert {rule["labels"]["severity"] for rule in alert_rules()} == {"page", "ticket"}


def alert_rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((OPERATING / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]
