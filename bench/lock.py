"""Times the hours lock: 200 requests a second against the real web server, with 100,000 contractors in PostgreSQL.

Usage: python -m bench.lock [--people N] [--seconds N]. Makes a database of its own on the server of DATABASE_URL (or
one found on this machine) and a cache in Valkey, pauses a client with everybody on it, and asks with an integration's
token about one person after another on a fixed schedule over kept connections; a request's time counts from when it was
due. Every fourth question carries a validator. Ends with one JSON line: `p99_ms`, `p50_ms`, `requests`, `failures`,
`people`.
"""

import http.client
import json
from collections.abc import Mapping
from datetime import timedelta

from bench.web import WebServer, on_schedule, options, place_of_its_own

PER_SECOND = 200
WARM_UP = 400


def main() -> None:
    """Prepare, measure, and say the figures."""
    asked = options(__doc__, seconds=20)
    with place_of_its_own() as folder:
        questions = Questions(*fill(asked.people))
        with WebServer(folder) as port:
            on_schedule(port, questions, requests=WARM_UP, per_second=PER_SECOND, keep=True)
            requests = PER_SECOND * asked.seconds
            told = on_schedule(port, questions, requests=requests, per_second=PER_SECOND, keep=True)
    counts = {"requests": len(told.times), "failures": told.failures, "people": asked.people}
    print(json.dumps({"p99_ms": told.share(0.99), "p50_ms": told.share(0.5), **counts}))


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
    TokenGrant.objects.create(token=row, name="bench", scopes=["hours:read"], has_second_factor=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    step = max(people // 5_000, 1)
    pairs = [f"contractor={one.contractor.email}&project={one.project.code}" for one in engagements[::step]]
    return str(token), pairs


class Questions:
    """One person after another; every fourth question is the first one again, with the validator of its answer."""

    def __init__(self, token: str, pairs: list[str]) -> None:
        """Whom to ask about, and as whom."""
        self.pairs = pairs
        self.headers = {"Authorization": f"Bearer {token}"}
        self.held = ""

    def request(self, number: int) -> tuple[str, Mapping[str, str]]:
        """The path and headers of a question."""
        if number % 4:
            return f"/api/v1/hours-lock?{self.pairs[number % len(self.pairs)]}", self.headers
        validator = {"If-None-Match": self.held} if self.held else {}
        return f"/api/v1/hours-lock?{self.pairs[0]}", self.headers | validator

    def answered(self, number: int, status: int, headers: Mapping[str, str]) -> bool:
        """Keep the validator; an answer that still stands must come without a body."""
        had = self.held
        if not number % 4 and status == http.client.OK:
            self.held = headers["etag"]
        return status == http.client.OK or (
            status == http.client.NOT_MODIFIED and not number % 4 and had != ""
        )


if __name__ == "__main__":
    main()
