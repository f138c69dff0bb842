"""Logs: one line an event, the asker's request id, and never an address."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from django.test import Client

from contractorhub.logs import without_addresses
from projects import jobs
from tests.services.broker import BrokerService
from tests.services.processes import wait_until
from tests.services.worker import running_worker


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("refused: ana@demo.example", "refused: [address]"),
        ("{'ana.b+x@demo.example': (550, b'no such user')}", "{'[address]': (550, b'no such user')}"),
        (b"RCPT TO:<ana@demo.example>", "RCPT TO:<[address]>"),
        ("redis://:pass-word@10.0.0.1:6379/0", "redis://:pass-word@10.0.0.1:6379/0"),
        ({"to": ["ana@demo.example", 7]}, {"to": ["[address]", 7]}),
        (ValueError("ana@demo.example"), "[address]"),
        ("no address here", "no address here"),
        (None, None),
    ],
)
def test_an_address_never_reaches_the_log(said: object, kept: object) -> None:
    if "pass-word" in str(said):
        assert "pass-word" not in str(without_addresses(said))
    else:
        assert without_addresses(said) == kept


def test_a_traceback_that_names_a_recipient_is_logged_without_the_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    record = None
    try:
        raise ConnectionError("ana@demo.example refused")
    except ConnectionError:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, "sending to %s", ("bo@x.example",), None)
        record.exc_info = __import__("sys").exc_info()

    line = handler.format(record)

    assert "ConnectionError" in line
    assert "@" not in line
    assert json.loads(line)["level"] == "error"


def test_an_answer_carries_the_id_under_which_it_was_logged(client: Client) -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        answer = client.get("/nowhere?code=123456&email=ana@demo.example")

    finished = next(line for line in lines if line["event"] == "request_finished")
    assert finished["request_id"] == answer["X-Request-ID"]
    assert "123456" not in str(lines)
    assert "ana@demo" not in str(lines)
    assert "ip" not in finished


@pytest.mark.worker
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_task_is_logged_under_its_own_id_and_that_of_the_request_which_asked_for_it(
    broker: BrokerService, ring: Callable[..., bool], tmp_path: Path
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="asked-on-a-page"):
        ring(jobs.SWEEP_ESTIMATES)
    with running_worker(tmp_path, broker=broker, env={"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}) as worker:
        wait_until(lambda: "task_succeeded" in worker.log.read_text(), seconds=30, what="a finished task")
        lines = [json.loads(line) for line in worker.log.read_text().splitlines() if line.startswith("{")]

    started, done = (
        next(line for line in lines if line["event"] == event) for event in ("task_started", "task_succeeded")
    )
    assert started["request_id"] == done["request_id"] == "asked-on-a-page"
    assert started["task_id"] == done["task_id"]
    assert started["task"] == jobs.SWEEP_ESTIMATES
