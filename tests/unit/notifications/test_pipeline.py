"""How many lines are opened to a mail server."""

import time

import pytest

from notifications.channels.base import Outcome
from notifications.channels.pipeline import FIRST_LINES, MailServerAddress, Pipeline
from notifications.channels.smtp_conversation import Letter
from tests.fakes.smtp_sink import running_smtp_sink

LETTERS = 200


def _lines_opened(*, latency_seconds: float, connections: int) -> int:
    with running_smtp_sink(latency_seconds=latency_seconds) as sink:
        pipeline = Pipeline(MailServerAddress("127.0.0.1", sink.port), connections=connections)
        pipeline.hand_over(
            [Letter(n, "a@a.example", f"b{n}@b.example", b"Subject: x\r\n\r\nx\r\n") for n in range(LETTERS)]
        )
        replies, until = [], time.monotonic() + 30
        while pipeline.outstanding and time.monotonic() < until:
            replies += pipeline.collect(wait_seconds=0.25, enough=32)
        pipeline.close()
        assert [reply.outcome for reply in replies] == [Outcome.SENT] * LETTERS
        assert sum(sink.recipients().values()) == LETTERS
        return sink.lines


def test_a_far_server_is_given_as_many_lines_as_are_allowed() -> None:
    assert _lines_opened(latency_seconds=0.02, connections=24) == 24


@pytest.mark.parametrize("allowed", [1, 3])
def test_never_more_lines_are_opened_than_are_allowed(allowed: int) -> None:
    assert allowed < FIRST_LINES
    assert _lines_opened(latency_seconds=0.0, connections=allowed) == allowed
