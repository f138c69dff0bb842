"""The systemd units: systemd accepts them, they shut their processes in, and each ExecStart really starts."""

import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from contractorhub.hub.ports import free_port
from tests.services.broker import BrokerService
from tests.services.needed import is_missing
from tests.services.processes import CHECKOUT, Part, running, wait_until
from tests.services.worker import database_url, has_signed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
UNITS = CHECKOUT / "docs" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
PLACE, SECRETS = "/opt/contractorhub/current", "/etc/contractorhub/secrets"


def lines_of(name: str) -> list[tuple[str, str]]:
    """A unit's settings, several of one name kept."""
    lines = (UNITS / name).read_text().splitlines()
    return [(key, value) for key, _, value in (line.partition("=") for line in lines if "=" in line)]


def said(name: str, key: str) -> str:
    """The one value of a setting."""
    (value,) = [value for found, value in lines_of(name) if found == key]
    return value


def test_the_target_wants_a_worker_for_every_queue() -> None:
    wanted = re.findall(r"contractorhub-worker@(\w+)\.service", (UNITS / "contractorhub.target").read_text())
    assert sorted(wanted) == sorted(settings.WORKER_QUEUES)


def test_systemd_accepts_every_unit_and_finds_it_shut_in(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        is_missing("systemd-analyze")
    for path in UNITS.iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace(PLACE, str(CHECKOUT)))
    names = [name.replace("@.", "@email.") for name in SERVICES]
    command = ["systemd-analyze", "verify", "--man=no", "contractorhub.target", *names]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    for name in SERVICES:
        shut_in = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(tmp_path / name)]
        assert subprocess.run(shut_in, capture_output=True, check=False).returncode == 0, name


@pytest.mark.parametrize("name", SERVICES)
def test_no_part_runs_as_root_or_keeps_a_secret_in_its_unit(name: str) -> None:
    assert said(name, "User") == "contractorhub"
    assert said(name, "EnvironmentFile") == "/etc/contractorhub/contractorhub.env"
    assert not [value for key, value in lines_of(name) if key == "Environment"]
    told = (UNITS / "contractorhub.env").read_text()
    for variable in (
        "SECRET_KEY",
        "FIELD_KEYS",
        "DATABASE_URL",
        "CELERY_BROKER_URL",
        "CACHE_URL",
        "EMAIL_URL",
    ):
        assert f"\n{variable}_FILE={SECRETS}/" in told


@pytest.fixture
def environment(tmp_path: Path, broker: BrokerService) -> dict[str, str]:
    """What the example's environment file says, its folders moved to this test's."""
    contents = {
        "secret_key": "Zq8-w3Rt_" * 6, "field_keys": "f" * 50, "database_url": database_url(),
        "broker_url": broker.tasks_url, "cache_url": broker.cache_url, "email_url": "smtp://127.0.0.1:9",
    }  # fmt: skip
    for file, content in contents.items():
        (tmp_path / file).write_text(content + "\n")
    (tmp_path / "static").mkdir()
    told = [line.partition("=") for line in (UNITS / "contractorhub.env").read_text().splitlines()]
    env = {key: value for key, _, value in told if key and not key.startswith("#")}
    moved = {key: value.replace(SECRETS, str(tmp_path)) for key, value in env.items()}
    places = {"DATA_DIR": str(tmp_path / "data"), "STATIC_ROOT": str(tmp_path / "static")}
    return moved | places | {"PATH": "/usr/bin:/bin", "BEAT_SIGN_FILE": str(tmp_path / "beat")}


def started(name: str, env: dict[str, str], log: Path, *, queue: str = "", port: int = 0) -> Part:
    """A unit's ExecStart as systemd would run it, from this checkout and on a port of its own."""
    words = shlex.split(said(name, "ExecStart").replace(PLACE, str(CHECKOUT)))
    words = [
        word.replace("%i", queue).replace("%%", "%").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        for word in words
    ]
    return Part(words, env, log, is_ready=lambda: True)


@pytest.fixture
def told_when_ready(tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The socket on which a unit of Type=notify says that it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(60)
        yield str(tmp_path / "notify"), ear


@pytest.mark.slow
@pytest.mark.worker
def test_the_web_says_when_it_is_ready_and_ends_when_asked(
    environment: dict[str, str], told_when_ready: tuple[str, socket.socket], tmp_path: Path
) -> None:
    address, ear = told_when_ready
    name, env = "contractorhub-web.service", environment | {"NOTIFY_SOCKET": address}
    part = started(name, env, tmp_path / "web.log", port=free_port())
    assert said(name, "Type") == "notify"
    with running(part):
        assert b"READY=1" in ear.recv(4096), part.log_end()
        assert part.stop(patience_seconds=15) == 0, part.log_end()


@pytest.mark.slow
@pytest.mark.worker
@pytest.mark.parametrize("queue", settings.WORKER_QUEUES)
def test_a_worker_of_each_queue_starts_and_ends_when_asked(
    queue: str, environment: dict[str, str], broker: BrokerService, tmp_path: Path
) -> None:
    part = started("contractorhub-worker@.service", environment, tmp_path / "worker.log", queue=queue)
    with running(part):
        wait_until(lambda: has_signed(broker, f"{queue}@"), seconds=60, what=f"a worker: {part.log_end()}")
        assert part.stop(patience_seconds=20) == 0, part.log_end()


@pytest.mark.slow
@pytest.mark.worker
def test_the_clock_starts_and_the_migrations_run(environment: dict[str, str], tmp_path: Path) -> None:
    clock = started("contractorhub-beat.service", environment, tmp_path / "beat.log")
    with running(clock):
        wait_until((tmp_path / "beat").exists, seconds=60, what=f"the clock's sign: {clock.log_end()}")
        assert clock.stop(patience_seconds=15) == 0, clock.log_end()
    migrations = started("contractorhub-migrate.service", environment, tmp_path / "migrate.log")
    with running(migrations):
        assert migrations.process is not None
        assert migrations.process.wait(60) == 0, migrations.log_end()
    assert "No migrations to apply" in migrations.log.read_text()
