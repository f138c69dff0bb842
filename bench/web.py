"""What the measurements of the web server share: a place of its own, the server in it, and requests on a schedule."""

import argparse
import asyncio
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol

from tests.services.broker import running_broker
from tests.services.postgres import usable_server

PATIENCE_SECONDS = 60


def options(description: str | None, *, people: int = 100_000, seconds: int) -> argparse.Namespace:
    """How many people, and for how long to ask."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--people", type=int, default=people)
    parser.add_argument("--seconds", type=int, default=seconds)
    return parser.parse_args()


@contextmanager
def place_of_its_own() -> Iterator[Path]:
    """A database on the server of DATABASE_URL (or one found here), a cache in Valkey, a folder; Django is set up."""
    server = os.environ.get("DATABASE_URL") or usable_server()
    if not server.startswith("postgres"):
        sys.exit("This bench wants PostgreSQL: name one in DATABASE_URL.")
    with ExitStack() as stack:
        from bench.delivery.places import scratch_database

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="contractorhub-bench-")))
        os.environ |= {
            "DATABASE_URL": stack.enter_context(scratch_database(server)),
            "DJANGO_SETTINGS_MODULE": "contractorhub.settings",
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "ERROR",
            **stack.enter_context(running_broker(folder)).env(),
        }
        import django

        django.setup()
        yield folder


class WebServer:
    """The product's own web server on a free port, as `make run` and Compose start it."""

    def __init__(self, folder: Path) -> None:
        """Where its log goes."""
        from contractorhub.hub.ports import free_port

        self.port, self.log = free_port(), folder / "web.log"

    def __enter__(self) -> int:
        """Start it; its port, once it answers."""
        command = [sys.executable, "-m", "gunicorn", "-c", "python:contractorhub.webserver"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{self.port}", "contractorhub.wsgi"], stdout=log, stderr=log
            )
        for _try in range(300):
            try:
                if ask(self.port, "/healthz", "")[0] == http.client.OK:
                    return self.port
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"The web server did not come up:\n{self.log.read_text()[-2000:]}")

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(20)


def ask(port: int, path: str, cookie: str) -> tuple[int, bytes]:
    """One request as a browser sends it; the body as it came over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Asker(Protocol):
    """What is asked, and what is made of the answers."""

    def request(self, number: int) -> tuple[str, Mapping[str, str]]:
        """The path and the headers of one request."""

    def answered(self, number: int, status: int, headers: Mapping[str, str]) -> bool:
        """Take note of an answer; whether it is a good one."""


@dataclass
class Measured:
    """Seconds from when each request was due until its answer was read, and how many answers were no good."""

    times: list[float] = field(default_factory=list)
    failures: int = 0

    def share(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        return round(sorted(self.times)[int(len(self.times) * share)] * 1_000, 1)


def on_schedule(port: int, asker: Asker, *, requests: int, per_second: int, keep: bool) -> Measured:
    """Send each request when it is due, however long others take; over kept connections, or each over its own.

    One loop in one process: it takes a tenth of a core at 200 requests a second, the server has the rest.
    """
    return asyncio.run(_on_schedule(port, asker, requests, per_second, keep))


async def _on_schedule(port: int, asker: Asker, requests: int, per_second: int, keep: bool) -> Measured:
    told = Measured()
    idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
    begin = time.perf_counter() + 0.2

    async def one(number: int, due: float) -> None:
        while (
            idle and idle[-1][0].at_eof()
        ):  # the server closed it meanwhile; whoever keeps connections looks
            idle.pop()[1].close()
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        path, headers = asker.request(number)
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        status, found = _head(await reader.readuntil(b"\r\n\r\n"))
        if status != http.client.NOT_MODIFIED:
            await reader.readexactly(int(found.get("content-length", "0")))
        told.times.append(time.perf_counter() - due)
        told.failures += not asker.answered(number, status, found)
        if keep and found.get("connection") != "close":
            idle.append((reader, writer))
        else:
            writer.close()

    async def guarded(number: int, due: float) -> None:
        try:
            await asyncio.wait_for(one(number, due), PATIENCE_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            told.times.append(time.perf_counter() - due)
            told.failures += 1

    under_way = set()
    for number in range(requests):
        due = begin + number / per_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.add(task := asyncio.create_task(guarded(number, due)))
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    for _reader, writer in idle:
        writer.close()
    return told


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, _colon, value in pairs}
