"""Disasters rehearsed with 200 people: `make drill` prints for each what users saw, and that nothing was lost."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import connection

from notifications.messages import Channel
from tests.faults import disasters, islands, kills, ledgers, networks
from tests.faults.autopsy import explained
from tests.faults.scene import Cause, Scene
from tests.faults.users import Users, looking
from tests.services.hosts import may_be_made
from tests.services.processes import CHECKOUT, PYTHON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.worker,
    pytest.mark.slow,
    pytest.mark.drill,
    pytest.mark.timeout(600),
]
PEOPLE = int(os.environ.get("DRILL_PEOPLE", "200"))
IN_FLIGHT = (
    64  # deliveries of one process that a kill may leave unknown, and that mail then repeats under their name
)
# The disaster, what causes it, and how many may be told twice, under the first Message-ID.
DISASTERS: dict[str, tuple[Cause, int]] = {
    "broker gone": (kills.broker_killed, 0),
    "clock wrong": (ledgers.wrong_clocks, 0),
    "mail refused for an hour": (disasters.mail_refused_for_an_hour, 0),
    "worker fleet killed": (disasters.fleet_killed, disasters.FLEET * 2 * IN_FLIGHT),
    "bad deploy rolled back": (disasters.bad_deploy_rolled_back, 0),
}


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pages are made of, collected as an installation does."""
    folder = tmp_path_factory.mktemp("static")
    own = {"DJANGO_SETTINGS_MODULE": "contractorhub.settings", "STATIC_ROOT": str(folder)}
    command = [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=CHECKOUT, env={**os.environ, **own}, check=True)
    return folder


def _rehearse(scene: Scene, static: Path, name: str, cause: Cause, twice_at_most: int) -> Users:
    """Let it happen while people look, and print how it went."""
    scene.beat()
    with explained(scene), looking(scene.broker, scene.folder, static) as users:
        cause(scene)
        found = scene.count()
    line = {"drill": name, "database": connection.vendor, **asdict(found), "users_saw": users.saw()}
    sys.stdout.write("\n" + json.dumps(line) + "\n")
    with explained(scene):
        assert found.is_clean, found
        assert found.duplicates <= twice_at_most, found
    return users


@pytest.mark.parametrize("disaster", DISASTERS)
def test_users_go_on_reading_and_nothing_is_lost_by(
    disaster: str, stage_of_mail: Scene, static: Path
) -> None:
    stage_of_mail.promise(PEOPLE)
    users = _rehearse(stage_of_mail, static, disaster, *DISASTERS[disaster])
    assert set(users.page) == {"200"}


def test_users_go_on_reading_and_nothing_is_lost_by_slack_revoked(
    stage_of_slack: Scene, static: Path
) -> None:
    stage_of_slack.promise(PEOPLE, channel=Channel.SLACK_DM)
    users = _rehearse(stage_of_slack, static, "Slack revoked", networks.slack_token_revoked, 0)
    assert set(users.page) == {"200"}


@pytest.mark.postgres
@pytest.mark.skipif(
    not os.environ.get("FAULTS_OWN_POSTGRES"), reason="needs a PostgreSQL of its own: make drill"
)
def test_nothing_is_lost_by_a_database_that_goes_and_comes_back(stage_of_mail: Scene, static: Path) -> None:
    stage_of_mail.promise(PEOPLE)
    _rehearse(stage_of_mail, static, "database gone and back", kills.postgres_restarted, 4)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="hosts share a database over a network only")
@pytest.mark.skipif(bool(may_be_made()), reason=may_be_made())
def test_users_go_on_reading_and_nothing_is_lost_by_a_host_that_is_cut_off(
    stage_of_mail: Scene, static: Path
) -> None:
    stage_of_mail.promise(PEOPLE)
    users = _rehearse(stage_of_mail, static, "host cut off", islands.one_host_cut_off, 2 * IN_FLIGHT)
    assert set(users.page) == {"200"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded database alone lies on this disk")
def test_nothing_is_lost_by_a_full_disk(stage_of_mail: Scene, static: Path) -> None:
    stage_of_mail.promise(PEOPLE)
    _rehearse(stage_of_mail, static, "disk full", ledgers.disk_full, 2 * IN_FLIGHT)
