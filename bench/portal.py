"""Times the status page: 50 requests a second against the real web server, with 100,000 contractors in PostgreSQL.

Usage: python -m bench.portal [--people N] [--seconds N]. Makes a database of its own on the server of DATABASE_URL (or
one found on this machine), pauses a client with everybody on it, signs hundreds of them in, and asks for their pages on
a fixed schedule; a request's time counts from when it was due. Ends with one JSON line: `p99_ms`, `bytes` (the page and
all it loads, as sent over the wire), `p50_ms`, `requests`, `failures`, `people`.
"""

import argparse
import gzip
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.services.postgres import usable_server

PER_SECOND = 50
SIGNED_IN = 400
WARM_UP = 100
PEOPLE_A_PROJECT = 500
BATCH = 5_000


def main() -> None:
    """Prepare, measure, and say the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    server = os.environ.get("DATABASE_URL") or usable_server()
    if not server.startswith("postgres"):
        sys.exit("This bench wants PostgreSQL: name one in DATABASE_URL.")
    with ExitStack() as stack:
        from bench.delivery.places import scratch_database

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="contractorhub-bench-")))
        os.environ |= {
            "DATABASE_URL": stack.enter_context(scratch_database(server)),
            "DJANGO_SETTINGS_MODULE": "contractorhub.settings",
            "CELERY_BROKER_URL": "memory://",
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        cookies = fill(options.people)
        port = stack.enter_context(web_server(folder))
        measure(port, cookies, requests=WARM_UP)
        times, failures = measure(port, cookies, requests=PER_SECOND * options.seconds)
        weight = page_weight(port, cookies[0])
    figures = {
        "p50_ms": _share(times, 0.5),
        "requests": len(times),
        "failures": failures,
        "people": options.people,
    }
    print(json.dumps({"p99_ms": _share(times, 0.99), "bytes": weight, **figures}))


def _share(times: list[float], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)] * 1_000, 1)


def fill(people: int) -> list[str]:
    """A client that is paused with everybody on it, each with an estimate; session cookies of some of them."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    engagements = _engaged(people)
    _estimated(engagements)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [
        _session(engagement.contractor.user) for engagement in engagements[:: max(people // SIGNED_IN, 1)]
    ]


def _engaged(people: int) -> list[Any]:
    from datetime import date

    from projects.models import Client, Contractor, Engagement, Project, User

    client = Client.objects.create(code="ORION", name="Orion Labs")
    projects = Project.objects.bulk_create(
        Project(client=client, code=f"P{number}", name=f"Project {number}", time_zone="Asia/Manila")
        for number in range(max(people // PEOPLE_A_PROJECT, 1))
    )
    lead = User.objects.create_user("lea@firm.example", name="Lea Diaz")
    for project in projects:
        project.leads.add(lead)
    users = User.objects.bulk_create(
        (
            User(email=f"p{number}@people.example", name=f"Person {number}", password="!")  # noqa: S106 - nobody signs in by it
            for number in range(people)
        ),
        batch_size=BATCH,
    )
    contractors = Contractor.objects.bulk_create(
        (
            Contractor(user=user, name=user.name, email=user.email, country="PH", time_zone="Asia/Manila")
            for user in users
        ),
        batch_size=BATCH,
    )
    return Engagement.objects.bulk_create(
        (
            Engagement(
                contractor=person, project=projects[number % len(projects)], starts_on=date(2024, 1, 1)
            )
            for number, person in enumerate(contractors)
        ),
        batch_size=BATCH,
    )


def _estimated(engagements: list[Any]) -> None:
    """Pause the client through the product, so that all its rows are there, and give everybody a figure."""
    from datetime import timedelta

    from django.utils import timezone

    from projects.models import Client, EstimateRun, LostIncomeEstimate
    from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause

    at = timezone.now()
    answers = PauseAnswers(
        what_stopped="All work stops.", why="The client is looking into a security incident.",
        what_happens_to_pay="Hours worked before the pause are paid.", what_to_do_now="Ask your lead.",
        next_update_by=at + timedelta(days=2),
    )  # fmt: skip
    terms = PauseTerms(starts_at=at, reason_code="security_incident")
    pause = open_pause(client=Client.objects.get(), answers=answers, terms=terms, by=None, at=at)
    EstimateRun.objects.filter(pause=pause).update(state="done", finished_at=at)
    run = EstimateRun.objects.get(pause=pause)
    LostIncomeEstimate.objects.bulk_create(
        (
            LostIncomeEstimate(
                run=run, engagement=engagement, currency="USD", starts_on=at.date(),
                ends_on=at.date() + timedelta(weeks=4), expected_seconds=576_000, expected_minor=200_000,
                lost_minor=200_000, low80_minor=150_000, high80_minor=250_000, low95_minor=120_000,
                high95_minor=280_000, weekly_expected_minor=50_000, inputs_fingerprint="bench",
            )
            for engagement in engagements
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


class web_server:
    """The product's own web server on a free port, as `make run` and Compose start it."""

    def __init__(self, folder: Path) -> None:
        from contractorhub.hub.ports import free_port

        self.port, self.log = free_port(), folder / "web.log"

    def __enter__(self) -> int:
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

    def __exit__(self, *_error: object) -> None:
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


def measure(port: int, cookies: list[str], *, requests: int) -> tuple[list[float], int]:
    """Seconds from when each request was due until its answer was read, and how many were not answered with a page."""
    begin = time.perf_counter() + 0.2

    def one(number: int) -> tuple[float, bool]:
        due = begin + number / PER_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        status, _body = ask(port, "/portal/", cookies[number % len(cookies)])
        return time.perf_counter() - due, status == http.client.OK

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(one, range(requests)))
    return [took for took, _ok in answers], sum(not ok for _took, ok in answers)


def page_weight(port: int, cookie: str) -> int:
    """Bytes of the status page and of all it loads, as they were sent."""
    _status, page = ask(port, "/portal/", cookie)
    text = page.decode() if not page.startswith(b"\x1f\x8b") else gzip.decompress(page).decode()
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
    return len(page) + sum(len(ask(port, path, cookie)[1]) for path in loaded)


if __name__ == "__main__":
    main()
