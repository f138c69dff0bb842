"""The Compose file: what Compose would refuse is refused here, and each command of ours really starts."""

import itertools
import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from django.conf import settings

from contractorhub.hub.ports import free_port
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT, Part, running, wait_until
from tests.services.worker import database_url

pytestmark = pytest.mark.django_db(transaction=True)

_SIGN = "/tmp/beat"  # noqa: S108  # a path inside the container, private to it
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
ASKED_FOR = {"EMAIL_URL": "smtp://mail.example:25"}


def compose() -> dict[str, Any]:
    """Return the file with its merges done and its variables at their defaults, as Compose reads it."""

    def value(found: re.Match[str]) -> str:
        return ASKED_FOR[found.group(1)] if found.group(2) == "?" else found.group(3) or ""

    text = _VARIABLE.sub(value, (CHECKOUT / "docker-compose.yml").read_text())
    read: dict[str, Any] = yaml.safe_load(text)
    return read


WORKERS = tuple(name for name in compose()["services"] if name.startswith("worker-"))
OURS = ("migrate", "web", "beat", *WORKERS)


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def test_compose_accepts_the_file() -> None:
    read = compose()
    accepted = PyCompose.from_yaml(
        yaml.safe_dump({key: value for key, value in read.items() if key[:2] != "x-"})
    )

    assert set(accepted.service_names()) == {*OURS, "postgres", "redis", "mailpit"}


def test_every_name_that_is_used_is_declared(services: dict[str, dict[str, Any]]) -> None:
    read = compose()
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service.get("secrets", [])) <= set(read["secrets"]), name
        volumes = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {volume for volume in volumes if volume[0] not in "./"} <= set(read["volumes"]), name
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in services[other], (
                    f"{name} waits for {other}'s health, which has no check"
                )


def test_every_queue_has_its_worker(services: dict[str, dict[str, Any]]) -> None:
    served = [
        word.removeprefix("--queues=").split(",")
        for name in WORKERS
        for word in services[name]["command"]
        if word.startswith("--queues=")
    ]
    assert sorted(itertools.chain(*served)) == sorted(settings.WORKER_QUEUES)


def test_a_trial_mail_server_runs_only_where_it_is_asked_for(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if service.get("profiles")] == ["mailpit"]
    assert all("mailpit" not in service.get("depends_on", {}) for service in services.values())


def test_no_service_may_take_the_whole_machine(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}, name


def test_every_service_that_has_copies_can_be_scaled(services: dict[str, dict[str, Any]]) -> None:
    for name in (*WORKERS, "beat"):
        assert not {"container_name", "ports", "hostname"} & set(services[name]), name


def test_no_service_runs_as_root_or_writes_where_it_need_not(services: dict[str, dict[str, Any]]) -> None:
    assert re.search(r"^USER hub$", (CHECKOUT / "Dockerfile").read_text(), re.M)
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service.get("user") or name in OURS, name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name


def test_no_secret_stands_in_the_file(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET_KEY|FIELD_KEYS|DATABASE_URL|BROKER_URL|CACHE_URL", variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert value.startswith("/run/secrets/"), f"{name}: {variable}"


def test_every_secret_that_is_declared_is_made_by_the_script_and_kept(tmp_path: Path) -> None:
    make = runpy.run_path(str(CHECKOUT / "scripts" / "make_secrets.py"))["make"]

    make(tmp_path / "secrets")
    first = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert make(tmp_path / "secrets") == []

    assert set(compose()["secrets"]) <= set(first)
    assert first["postgres_password"] in first["database_url"]
    assert first["redis_password"] in first["broker_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


@pytest.fixture
def environment(tmp_path: Path, broker: BrokerService) -> dict[str, str]:
    """What the containers are given, with the addresses of local parts in the secret files."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    contents = {
        "secret_key": "Zq8-w3Rt_" * 6,
        "field_keys": "f" * 50,
        "database_url": database_url(),
        "broker_url": broker.tasks_url,
        "cache_url": broker.cache_url,
    }
    for name, content in contents.items():
        (secrets / name).write_text(content + "\n")
    return {
        "PATH": f"{CHECKOUT / '.venv' / 'bin'}:/usr/bin:/bin",
        "STATIC_ROOT": str(tmp_path / "static"),
        "BEAT_SIGN_FILE": str(tmp_path / "beat"),
        "secrets": str(secrets),
    }


def env_of(service: dict[str, Any], local: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return a service's own environment, its paths moved to this test's folders."""
    given = {key: "" if value is None else str(value) for key, value in service["environment"].items()}
    moved = {key: value.replace("/run/secrets", local["secrets"]) for key, value in given.items()}
    moved |= {key: value for key, value in local.items() if key != "secrets"}
    return moved | {"DATA_DIR": str(tmp_path / "data")}


def check_of(service: dict[str, Any], tmp_path: Path, port: int) -> list[str]:
    """Return a service's health check as a command, its port and paths moved to this test's."""
    kind, *rest = service["healthcheck"]["test"]
    words = [word.replace("$$", "$").replace(_SIGN, str(tmp_path / "beat")) for word in rest]
    words = [word.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for word in words]
    return ["sh", "-c", *words] if kind == "CMD-SHELL" else words


def resolved(command: list[str], env: dict[str, str]) -> list[str]:
    """Return the command with its program looked up on the service's own PATH."""
    found = shutil.which(command[0], path=env["PATH"])
    assert found, f"{command[0]} is not in the image"
    return [found, *command[1:]]


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.parametrize("name", OURS[1:])
def test_a_service_started_by_hand_becomes_healthy_and_ends_when_asked(
    name: str, services: dict[str, dict[str, Any]], environment: dict[str, str], tmp_path: Path
) -> None:
    service, port = services[name], free_port()
    (tmp_path / "static").mkdir()
    env = env_of(service, environment, tmp_path) | {"PORT": str(port)}

    def is_healthy() -> bool:
        check = resolved(check_of(service, tmp_path, port), env)
        return subprocess.run(check, env=env, cwd=CHECKOUT, capture_output=True, check=False).returncode == 0

    part = Part(resolved(service["command"], env), env, tmp_path / f"{name}.log", is_ready=lambda: True)
    with running(part):
        wait_until(is_healthy, seconds=60, what=f"a healthy {name}: {part.log_end()}", every_seconds=0.5)
        assert part.is_running(), part.log_end()
        assert part.stop(patience_seconds=15) == 0, part.log_end()
    assert "Traceback" not in part.log.read_text(), part.log_end()


def test_the_migrations_run_by_their_own_command(
    services: dict[str, dict[str, Any]], environment: dict[str, str], tmp_path: Path
) -> None:
    env = env_of(services["migrate"], environment, tmp_path)

    run = subprocess.run(
        resolved(services["migrate"]["command"], env),
        env=env,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "No migrations to apply" in run.stdout


def test_redis_starts_with_the_configuration_the_script_writes(tmp_path: Path) -> None:
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is not installed here; the embedded Valkey is tested elsewhere")
    runpy.run_path(str(CHECKOUT / "scripts" / "make_secrets.py"))["make"](tmp_path / "secrets")
    port = free_port()
    config = (tmp_path / "secrets" / "redis_config").read_text().replace("dir /data", f"dir {tmp_path}")
    (tmp_path / "redis.conf").write_text(f"{config}port {port}\nbind 127.0.0.1\n")
    log = tmp_path / "redis.log"

    part = Part(
        [program, str(tmp_path / "redis.conf")],
        {"PATH": os.environ["PATH"]},
        log,
        is_ready=lambda: log.exists() and "eady to accept connections" in log.read_text(),
    )
    with running(part):
        assert part.is_running()
