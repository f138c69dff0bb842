"""Times the status page: 50 requests a second against the real web server, with 100,000 contractors in PostgreSQL.

Usage: python -m bench.portal [--people N] [--seconds N]. Makes a database of its own on the server of DATABASE_URL (or
one found on this machine), pauses a client with everybody on it, signs hundreds of them in, and asks for their pages on
a fixed schedule; a request's time counts from when it was due. Ends with one JSON line: `p99_ms`, `bytes` (the page and
all it loads, as sent over the wire), `p50_ms`, `requests`, `failures`, `people`.
"""

import gzip
import http.client
import json
import re
from collections.abc import Mapping
from typing import Any

from bench.web import WebServer, ask, on_schedule, options, place_of_its_own

PER_SECOND = 50
SIGNED_IN = 400
WARM_UP = 100
PEOPLE_A_PROJECT = 500
BATCH = 5_000


def main() -> None:
    """Prepare, measure, and say the figures."""
    asked = options(__doc__, seconds=30)
    with place_of_its_own() as folder:
        people = SignedIn(fill(asked.people))
        with WebServer(folder) as port:
            on_schedule(port, people, requests=WARM_UP, per_second=PER_SECOND, keep=False)
            requests = PER_SECOND * asked.seconds
            told = on_schedule(port, people, requests=requests, per_second=PER_SECOND, keep=False)
            weight = page_weight(port, people.cookies[0])
    counts = {"requests": len(told.times), "failures": told.failures, "people": asked.people}
    print(json.dumps({"p99_ms": told.share(0.99), "bytes": weight, "p50_ms": told.share(0.5), **counts}))


class SignedIn:
    """One signed-in person after another, each over a connection of their own, as their browsers come."""

    def __init__(self, cookies: list[str]) -> None:
        """Their session cookies."""
        self.cookies = cookies

    def request(self, number: int) -> tuple[str, Mapping[str, str]]:
        """The status page of one of them."""
        cookie = self.cookies[number % len(self.cookies)]
        return "/portal/", {"Cookie": cookie, "Accept-Encoding": "gzip", "Accept-Language": "en"}

    def answered(self, _number: int, status: int, _headers: Mapping[str, str]) -> bool:
        """Whether it was the page."""
        return status == http.client.OK


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


def page_weight(port: int, cookie: str) -> int:
    """Bytes of the status page and of all it loads, as they were sent."""
    _status, page = ask(port, "/portal/", cookie)
    text = page.decode() if not page.startswith(b"\x1f\x8b") else gzip.decompress(page).decode()
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
    return len(page) + sum(len(ask(port, path, cookie)[1]) for path in loaded)


if __name__ == "__main__":
    main()
