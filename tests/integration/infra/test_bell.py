"""One bell for every floor: where people wait nobody waits for a broker, and a worker knows whether it was heard."""

import json
import subprocess
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from django.db import transaction

from contractorhub.slack import jobs as slack_jobs
from notifications import jobs
from notifications.bell import MOST_WAITING
from projects import jobs as business_jobs
from tests.faces.api.world import make_token, make_world, opening
from tests.fakes.silent_broker import answering_people, broker_that_says_nothing, ringing_at, silent_broker
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT, PYTHON, wait_until
from tests.services.worker import process_env, running_web

pytestmark = pytest.mark.once

THREE_FLOORS: list[Callable[[], object]] = [
    jobs.ring_relay,
    lambda: business_jobs.ring_for_report(1),
    lambda: slack_jobs.ring_after_commit(1),
]


@pytest.mark.django_db(transaction=True)
def test_on_no_floor_somebody_who_waits_for_an_answer_waits_for_a_broker() -> None:
    with broker_that_says_nothing() as given_up:
        for ring in THREE_FLOORS:
            with transaction.atomic():
                transaction.on_commit(ring)

        assert given_up() == 0  # each had its turn while the first of them still waits


def test_what_finds_no_place_any_more_is_told_and_left_to_the_sweep() -> None:
    with broker_that_says_nothing(), structlog.testing.capture_logs() as told:
        rung = [business_jobs.ring_for_report(number) for number in range(MOST_WAITING + 2)]

    assert rung[:MOST_WAITING] == [True] * MOST_WAITING
    assert rung[-1] is False  # the thread has taken one of them at most
    assert told[-1]["error"] == "too many wait already"
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "bell"]


@pytest.mark.worker
def test_whoever_keeps_nobody_waiting_knows_at_once_whether_it_was_heard(broker: BrokerService) -> None:
    with ringing_at(broker.tasks_url):
        assert business_jobs.ring_for_report(1) is True
        assert business_jobs.ask_for_chunks([1, 2]) == 2
    with ringing_at("redis://127.0.0.1:1/0"):
        assert business_jobs.ring_for_report(2) is False
        assert business_jobs.ask_for_chunks([3, 4]) == 0

    assert (broker.queued("reports"), broker.queued("estimates")) == (1, 2)


@pytest.mark.worker
def test_a_job_that_is_rung_for_behind_a_request_still_carries_its_id(broker: BrokerService) -> None:
    with ringing_at(broker.tasks_url), answering_people():
        with structlog.contextvars.bound_contextvars(request_id="asked-on-a-page"):
            business_jobs.ring_for_report(1)
        wait_until(lambda: broker.queued("reports") == 1, seconds=20, what="the bell is heard")

    assert b"asked-on-a-page" in broker.client().lindex("reports", 0)


FORKED = """
import os
import time
import contractorhub.wsgi
from notifications import bell
from projects import jobs
jobs.ring_for_report(1)
child = os.fork()
jobs.ring_for_report(2)
if child:
    os.waitpid(child, 0)
until = time.monotonic() + 20
while not bell._bell._waiting.empty() and time.monotonic() < until:
    time.sleep(0.05)
time.sleep(1)
os._exit(0)
"""


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_process_that_was_forked_while_the_bell_rang_rings_itself(broker: BrokerService) -> None:
    env = process_env(broker.env())

    subprocess.run([PYTHON, "-c", FORKED], cwd=CHECKOUT, env=env, check=True, timeout=60)

    heard = [json.loads(message) for message in broker.client().lrange("reports", 0, -1)]
    assert len(heard) == 3


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_web_process_answers_while_its_broker_says_nothing(tmp_path: Path) -> None:
    token = make_token(make_world().users["other lead"], "pauses:write")
    with silent_broker() as broker, running_web(tmp_path, env={"CELERY_BROKER_URL": broker.url}) as address:
        asked = urllib.request.Request(
            f"{address}/api/v1/pauses/",
            json.dumps(opening()).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert answer.status == 201
        wait_until(lambda: bool(broker.callers), seconds=20, what="the bell is rung")
        assert broker.given_up() == 0
