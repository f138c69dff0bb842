"""Times the hours lock: 200 requests a second against the real web server, with 100,000 contractors in PostgreSQL.

Usage: python -m bench.lock [--people N] [--seconds N]. Makes a database of its own on the server of DATABASE_URL (or
one found on this machine), pauses a client with everybody on it, and asks with an integration's token about one person
after another on a fixed schedule over kept connections; a request's time counts from when it was due. Every fourth
question carries a validator. Ends with one JSON line: `p99_ms`, `p50_ms`, `requests`, `failures`, `people`.
"""

import argparse
import http.client
import json
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bench.portal import web_server
from tests.services.postgres import usable_server

PER_SECOND = 200
CONNECTIONS = 16
WARM_UP = 400


def main() -> None:
    """Prepare, measure, and say the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=20)
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
        token, pairs = fill(options.people)
        port = stack.enter_context(web_server(folder))
        Asking(port, token, pairs).run(WARM_UP)
        times, failures = Asking(port, token, pairs).run(PER_SECOND * options.seconds)
    told = {"requests": len(times), "failures": failures, "people": options.people}
    print(json.dumps({"p99_ms": _share(times, 0.99), "p50_ms": _share(times, 0.5), **told}))


def _share(times: list[float], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)] * 1_000, 1)


def fill(people: int) -> tuple[str, list[str]]:
    """A paused client with everybody on it; an integration's token, and the questions to ask."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone
    from knox.models import AuthToken

    from bench.portal import _engaged
    from contractorhub.api.models import TokenGrant
    from projects.models import Client, Pause, RoleGrant, User

    call_command("migrate", verbosity=0)
    engagements = _engaged(people)
    at = timezone.now()
    Pause.objects.create(
        client=Client.objects.get(), state="in_effect", starts_at=at, reason_code="security_incident",
        what_stopped="All work stops.", why="The client is looking into an incident.", what_happens_to_pay="Paid.",
        what_to_do_now="Ask your lead.", next_update_by=at + timedelta(days=2), opened_at=at, notice_sent_at=at,
    )  # fmt: skip
    tracker = User.objects.create_user("tracker@firm.example", name="Tracker", is_staff=True)
    RoleGrant.objects.create(user=tracker, role="operations", granted_at=at)
    row, token = AuthToken.objects.create(user=tracker, expiry=timedelta(days=1))
    TokenGrant.objects.create(token=row, name="bench", scopes=["hours:read"])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    step = max(people // 5_000, 1)
    pairs = [f"contractor={one.contractor.email}&project={one.project.code}" for one in engagements[::step]]
    return str(token), pairs


class Asking:
    """A fixed schedule of questions over some kept connections."""

    def __init__(self, port: int, token: str, pairs: list[str]) -> None:
        """Whom to ask and what."""
        self.port, self.pairs = port, pairs
        self.headers = {"Authorization": f"Bearer {token}"}
        self.times: list[float] = []
        self.failures = 0
        self.lock = threading.Lock()

    def run(self, requests: int) -> tuple[list[float], int]:
        """Ask so many questions; seconds from when each was due, and how many failed."""
        began = time.perf_counter() + 0.2
        askers = [
            threading.Thread(target=self._ask, args=(range(first, requests, CONNECTIONS), began))
            for first in range(CONNECTIONS)
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        return self.times, self.failures

    def _ask(self, numbers: range, began: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        held: dict[str, str] = {}
        for number in numbers:
            due = began + number / PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            question = self.pairs[number % len(self.pairs)] if number % 4 else self.pairs[0]
            validator = {"If-None-Match": held[question]} if question in held else {}
            connection.request("GET", f"/api/v1/hours-lock?{question}", headers=self.headers | validator)
            answer = connection.getresponse()
            answer.read()
            if answer.status == http.client.OK and not number % 4:
                held[question] = answer.getheader("ETag") or ""
            with self.lock:
                self.times.append(time.perf_counter() - due)
                self.failures += answer.status not in (http.client.OK, http.client.NOT_MODIFIED)
        connection.close()


if __name__ == "__main__":
    main()
