"""What every fault needs: a mail server slow enough to be caught in the middle of things, a Slack, a scene."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack import SlackStandIn, running_slack
from tests.fakes.smtp_sink import SmtpSink, running_smtp_sink
from tests.faults.scene import Scene, scene
from tests.services.broker import BrokerService


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """The receiving side of mail."""
    with running_smtp_sink(latency_seconds=0.004) as server:
        yield server


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """The receiving side of Slack."""
    with running_slack() as workspace:
        yield workspace


@pytest.fixture
def stage_of_mail(broker: BrokerService, tmp_path: Path, sink: SmtpSink, settings: Any) -> Iterator[Scene]:
    """A scene whose people are told by email; nobody withdraws unless a fault says so."""
    settings.NOTIFICATIONS_RECHECK = ""
    with scene(broker, tmp_path, sink, None) as made:
        yield made


@pytest.fixture
def stage_of_slack(
    broker: BrokerService, tmp_path: Path, sink: SmtpSink, slack: SlackStandIn, settings: Any
) -> Iterator[Scene]:
    """A scene whose people are told in Slack."""
    settings.NOTIFICATIONS_RECHECK = ""
    with scene(broker, tmp_path, sink, slack) as made:
        yield made
