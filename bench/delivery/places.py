"""The places a measurement needs: a database filled with people, a broker, a mail server in C, a slow road to it."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection

from contractorhub.hub.ports import free_port
from tests.services.processes import CHECKOUT, Part, running, wait_until

PLACES = (
    ("US", "en", "America/New_York"),
    ("PH", "fil", "Asia/Manila"),
    ("MX", "es", "America/Mexico_City"),
)
# The ORM would take as long as the measurement itself; the people, who have defaults, are made by it once.
ENGAGEMENTS = """
    INSERT INTO projects_engagement (public_id, contractor_id, project_id, starts_on, created_at)
    SELECT gen_random_uuid(), id, %s, DATE '2024-01-01', now() FROM projects_contractor ORDER BY id LIMIT %s
"""


@contextlib.contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """Make a database of our own on a server; yields its address, and drops it again."""
    name = f"contractorhub_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.close()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def fill(sizes: dict[str, int]) -> None:
    """Migrate, and make a project of each size; the small ones have a Slack channel of their own."""
    from projects.models import Client, Contractor, Project

    call_command("migrate", verbosity=0)
    client = Client.objects.create(code="BENCH", name="Bench")
    people = (
        Contractor(
            name=f"Person {n}",
            email=f"person{n}@people.example",
            country=country,
            locale=locale,
            time_zone=zone,
        )
        for n in range(max(sizes.values()))
        for country, locale, zone in [PLACES[n % 3]]
    )
    Contractor.objects.bulk_create(people, batch_size=5_000)
    with connection.cursor() as cursor:
        for code, size in sizes.items():
            channel = f"C{code}" if size < 10 else ""
            project = Project.objects.create(client=client, code=code, name=code, slack_channel=channel)
            cursor.execute(ENGAGEMENTS, [project.pk, size])
        cursor.execute("VACUUM ANALYZE")


@dataclass
class Receiver:
    """postfix's smtp-sink: takes everything and counts it."""

    part: Part
    port: int

    def count(self) -> int:
        """Mails it took."""
        found = re.findall(r"mesg=(\d+)", self.part.log.read_text(errors="replace"))
        return int(found[-1]) if found else 0


@contextlib.contextmanager
def running_receiver(folder: Path) -> Iterator[Receiver]:
    """Start smtp-sink on a free port."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    part = Part(
        command=[program, "-c", *user, f"127.0.0.1:{port}", "512"],
        env={"PATH": "/usr/bin:/bin"},
        log=folder / "sink.log",
        is_ready=lambda: answers(port),
    )
    with running(part):
        yield Receiver(part, port)


@contextlib.contextmanager
def slow_road(folder: Path, to_port: int) -> Iterator[int]:
    """A port in front of another one, 20 ms further away."""
    port = free_port()
    part = Part(
        command=[sys.executable, "-m", "bench.delivery.slow_road", str(port), str(to_port)],
        env=dict(os.environ),
        log=folder / "road.log",
        is_ready=lambda: answers(port),
    )
    with running(part):
        yield port


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    import socket

    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def smtp_source(port: int, *, mails: int, size: int) -> float:
    """Mails a second that postfix's C load tool reaches over 32 sessions."""
    import time

    program = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
    began = time.perf_counter()
    subprocess.run(
        [program, "-d", "-s", "32", "-m", str(mails), "-l", str(size), "-f", "a@a.example", "-t", "b@b.example",
         f"127.0.0.1:{port}"],
        check=True, cwd=CHECKOUT,
    )  # fmt: skip
    return mails / (time.perf_counter() - began)


__all__ = [
    "Receiver",
    "fill",
    "running_receiver",
    "scratch_database",
    "slow_road",
    "smtp_source",
    "wait_until",
]
