"""Every fault, each with 2,000 recipients counted at the receiving side: `make faults` prints a line for each."""

import os
from collections.abc import Callable

import pytest
from django.db import connection

from notifications.messages import Channel
from tests.faults import kills, ledgers, networks
from tests.faults.autopsy import explained
from tests.faults.scene import Cause, Scene

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.worker,
    pytest.mark.faults,
    pytest.mark.timeout(400),
]
PEOPLE = int(os.environ.get("FAULT_PEOPLE", "2000"))
IN_FLIGHT = 64  # deliveries of one process that a kill may leave unknown
FEW = PEOPLE // 10  # more than the 5 % whose reply is lost after acceptance, whatever the hash deals

# The fault, what causes it, and how many repeats it may cost: each under its first Message-ID.
ANYWHERE: dict[str, tuple[Cause, int]] = {
    "kill -9 of a pool process, 5 times": (kills.pool_process_killed, 5 * IN_FLIGHT),
    "kill -9 of the worker, 5 times": (lambda scene: kills.worker_killed(scene, times=5), 5 * 2 * IN_FLIGHT),
    "kill -9 of the process that opens the pause, 20 moments": (kills.opener_killed, 0),
}
ON_POSTGRES: dict[str, tuple[Cause, int]] = {
    "5 deploys by SIGTERM": (lambda scene: kills.deployed(scene, times=5), 0),
    "Redis emptied": (kills.broker_emptied, 0),
    "Redis restarted": (kills.broker_restarted, 0),
    "Redis killed": (kills.broker_killed, 0),
    "PostgreSQL killed and restarted, twice": (kills.postgres_restarted, 4),
    "mail: greylisting, 451, cuts, 550": (networks.mixed_mail, FEW),
    "mail: 421 for everybody for 3 s": (networks.everybody_421, 0),
    "mail: 1 % never answered": (networks.never_answered, 0),
    "two relays and two beats, one stopped for 60 s": (kills.stopped_and_continued, 2 * IN_FLIGHT),
    "a resume in the middle": (ledgers.resumed_in_the_middle, 0),
    "database put back to an earlier state": (ledgers.put_back_an_hour, PEOPLE),
    "clocks an hour ahead and behind": (ledgers.wrong_clocks, 0),
}
IN_SLACK: dict[str, tuple[Cause, int]] = {
    "Slack: 429 bursts, 5xx, replies lost after posting": (networks.slack_in_trouble, 0),
    "Slack: token revoked half way": (networks.slack_token_revoked, 0),
}


def _hold(scene: Scene, name: str, cause: Callable[[Scene], None], repeats_at_most: int) -> None:
    where = "" if connection.vendor == "postgresql" else " (embedded)"
    with explained(scene):
        cause(scene)
        found = scene.count()
        found.say(name + where)
        assert found.is_clean, found
        assert found.duplicates <= repeats_at_most, found


@pytest.mark.parametrize("fault", ANYWHERE)
def test_nobody_is_lost_by(fault: str, stage_of_mail: Scene) -> None:
    stage_of_mail.people = PEOPLE
    if "opens" not in fault:
        stage_of_mail.promise(PEOPLE)
    _hold(stage_of_mail, fault, *ANYWHERE[fault])


@pytest.mark.postgres
@pytest.mark.parametrize("fault", ON_POSTGRES)
def test_on_servers_nobody_is_lost_by(fault: str, stage_of_mail: Scene) -> None:
    if "PostgreSQL" in fault and not os.environ.get("FAULTS_OWN_POSTGRES"):
        pytest.skip("needs a PostgreSQL of its own: make faults")
    stage_of_mail.promise(PEOPLE)
    _hold(stage_of_mail, fault, *ON_POSTGRES[fault])


@pytest.mark.postgres
@pytest.mark.parametrize("fault", IN_SLACK)
def test_in_slack_nobody_is_lost_by(fault: str, stage_of_slack: Scene) -> None:
    stage_of_slack.promise(PEOPLE, channel=Channel.SLACK_DM)
    _hold(stage_of_slack, fault, *IN_SLACK[fault])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded database alone lies on this disk")
def test_nobody_is_lost_by_a_full_disk(stage_of_mail: Scene) -> None:
    stage_of_mail.promise(PEOPLE)
    _hold(stage_of_mail, "disk full", ledgers.disk_full, 2 * IN_FLIGHT)
