"""Real Celery workers and a real web server for tests, on the test database of this process."""

import os
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

from contractorhub.hub.ports import free_port
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT, PYTHON, Part

_WEB = (PYTHON, "-m", "gunicorn", "-c", "python:contractorhub.webserver")


def database_url() -> str:
    """Return the address of the database this test runs on, for another process."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(values['NAME']))}"
    user = quote(values["USER"]) + (":" + quote(values["PASSWORD"]) if values["PASSWORD"] else "")
    return f"postgresql://{user}@{values['HOST'] or '127.0.0.1'}:{values['PORT'] or 5432}/{values['NAME']}"


def process_env(*sources: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process of the product beside this test: same database, data folder and secrets."""
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "contractorhub.settings",
        "PYTHONUNBUFFERED": "1",
        "LOG_FORMAT": "console",
    }
    for source in sources:
        env.update(source)
    return env


def has_signed(broker: BrokerService, name: str) -> bool:
    """A worker binds its own mailbox queue once it consumes."""
    try:
        members = broker.client().smembers("_kombu.binding.celery.pidbox")
    except redis.RedisError:
        return False
    return any(name in str(member) for member in members)


@contextmanager
def running_worker(
    folder: Path,
    *,
    broker: BrokerService,
    env: Mapping[str, str] | None = None,
    queues: Sequence[str] = settings.WORKER_QUEUES,
    concurrency: int = 2,
    program: str = "celery",
    checkout: Path = CHECKOUT,
    before: Sequence[str] = (),
) -> Iterator[Part]:
    """Start a worker that listens on `queues`; `env` adds what the test wants it to know (EMAIL_URL and the like).

    `program` is the module that runs in Celery's place, `checkout` where the code lies, `before` what starts it
    somewhere else than on this host.
    """
    name = f"test{time.monotonic_ns()}"
    command = (
        *before,
        PYTHON,
        "-m",
        program,
        "-A",
        "contractorhub",
        "worker",
        "--without-gossip",
        "--without-mingle",
    )
    part = Part(
        command=(
            *command,
            "-n",
            f"{name}@here",
            "-c",
            str(concurrency),
            "-Q",
            ",".join(queues),
            "-l",
            "info",
        ),
        env=process_env(broker.env(), env or {}),
        log=folder / f"{name}.log",
        is_ready=lambda: has_signed(broker, name),
        patience_seconds=60,
        cwd=checkout,
    )
    part.start()
    try:
        yield part
    finally:
        part.stop(patience_seconds=8)


@contextmanager
def running_web(folder: Path, *, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start the web server as the product does, on a free port; yields its address."""
    port = free_port()
    static = folder / "static"
    static.mkdir(exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    part = Part(
        command=(*_WEB, "--bind", f"127.0.0.1:{port}", "contractorhub.wsgi"),
        env=process_env({"PORT": str(port), "STATIC_ROOT": str(static), "WEB_WORKERS": "1"}, env or {}),
        log=folder / "web.log",
        is_ready=lambda: _answers(f"{address}/healthz"),
        patience_seconds=60,
    )
    part.start()
    try:
        yield address
    finally:
        part.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
