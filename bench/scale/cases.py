"""The jobs that are measured on one firm: a pause of everybody or of one project, and a page of one reader."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone

from bench.delivery.places import Receiver
from bench.identities import tracker_token, with_role
from bench.scale.costs import Cost, cost
from contractorhub.env import MailServer
from notifications.models import Delivery
from projects.models import (
    Client,
    Contractor,
    EstimateRun,
    LostIncomeEstimate,
    Pause,
    Project,
    User,
)
from projects.operations.estimates import compute_chunk, start_run
from projects.operations.pause_changes import void_pause
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause

SIGNED: Final = "django.contrib.auth.backends.ModelBackend"
ASKED: Final = 60
WARM_AFTER: Final = 3
LONG_SECONDS: Final = 20.0
"""A page is asked for so often, or for so long; the median of what follows the first is its cost."""
PAGES: Final = {
    "portal, first page": ("contractor", "/portal/"),
    "hours lock": ("tracker", "/api/v1/hours-lock?contractor=p{number}@people.example&project=LARGE"),
    "admin, contractors": ("desk", "/admin/projects/contractor/"),
    "admin, engagements": ("desk", "/admin/projects/engagement/"),
    "admin, estimates": ("desk", "/admin/projects/lostincomeestimate/"),
    "admin, audit trail": ("desk", "/admin/projects/auditevent/"),
    "admin, pauses": ("desk", "/admin/projects/pause/"),
    "admin, deliveries": ("desk", "/admin/notifications/delivery/"),
    "finance, first page": ("finance", "/finance/"),
    "finance, income impact": ("finance", "/finance/reports/income-impact/"),
}


class Jobs:
    """What the product does with a firm; every method measures one job and leaves its rows."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        """Where files go, and who takes the mail."""
        self.folder, self.receiver = folder, receiver
        settings.MAIL_SERVER = MailServer(kind="smtp", host="127.0.0.1", port=receiver.port)

    def of_pause(
        self, *, project: Project | None = None, client: Client | None = None
    ) -> Iterator[tuple[str, Cost]]:
        """Open a pause, tell everybody, estimate, pull and write the report; the pause is left open."""
        with cost() as opened:
            pause = self._open(project, client)
        people = Delivery.objects.filter(notice__subject_ref=pause.ref, channel="email").count()
        yield "open_pause", opened
        with cost() as drained:
            call_command("relay_outbox", "--drain", stdout=StringIO())
        sent = Delivery.objects.filter(notice__subject_ref=pause.ref, channel="email", state="sent").count()
        assert sent == people, (sent, people)
        yield "drain", drained
        run = EstimateRun.objects.get(pause=pause)
        with cost() as started:
            start_run(run_id=run.pk, at=timezone.now())
        yield "estimate, calibrate", started
        with cost() as estimated:
            for chunk_id in run.chunks.filter(done_at=None).values_list("pk", flat=True):
                compute_chunk(chunk_id=chunk_id, at=timezone.now())
        assert EstimateRun.objects.filter(pk=run.pk, state="done").exists()
        assert LostIncomeEstimate.objects.filter(run=run).count() == people
        yield "estimate, chunks", estimated
        path = self.folder / "report.csv"
        with cost() as reported:
            call_command(
                *("export_report", "income-impact", "--format", "csv", "--output", str(path)),
                *("--by", "project,contractor", "--set", f"pause={pause.pk}"),
                stdout=StringIO(),
            )
        with path.open() as file:
            assert sum(1 for _ in file) >= people, "somebody is not in the report"
        path.unlink()
        yield "report to CSV", reported

    def call_off(self) -> None:
        """Take the open pauses back and say so, outside what is measured."""
        for pause in Pause.objects.open():
            void_pause(pause=pause, reason="measured", by=None, at=timezone.now())
        call_command("relay_outbox", "--drain", stdout=StringIO())

    def pages(self) -> Iterator[tuple[str, Cost]]:
        """Each page asked for again and again, by a reader each; the median of each of its costs."""
        readers = {
            "contractor": _signed_in(Contractor.objects.get(email="p1@people.example").user),
            "desk": _signed_in(User.objects.create_superuser("desk@firm.example", "desk")),
            "finance": _signed_in(with_role("finance")),
            "tracker": Browser(SERVER_NAME="127.0.0.1", HTTP_AUTHORIZATION=f"Bearer {tracker_token()}"),
        }
        for name, (reader, address) in PAGES.items():
            found = self._asked(readers[reader], address)[WARM_AFTER:]
            yield (
                name,
                Cost(
                    statistics.median(each.seconds for each in found),
                    statistics.median(each.cpu for each in found),
                    sum(each.database_cpu for each in found) / len(found),  # its clock ticks too coarsely
                ),
            )

    def _asked(self, reader: Browser, address: str) -> list[Cost]:
        """Ask again and again; a page that takes seconds not quite so often."""
        until, found = time.monotonic() + LONG_SECONDS, list[Cost]()
        while len(found) <= WARM_AFTER + 1 or (len(found) < ASKED and time.monotonic() < until):
            found.append(self._one(reader, address.format(number=len(found) + 1)))
        return found

    def _one(self, reader: Browser, address: str) -> Cost:
        with cost() as found:
            answer = reader.get(address)
            body = answer.content
        assert answer.status_code == 200, (address, answer.status_code)
        assert body
        return found

    def _open(self, project: Project | None, client: Client | None) -> Pause:
        at = timezone.now()
        answers = PauseAnswers(
            what_stopped="All work stops.",
            why="The client is reassessing the scope after a security incident.",
            what_happens_to_pay="Hours worked before the pause are paid.",
            what_to_do_now="Ask your lead.",
            next_update_by=at + timedelta(days=3),
        )
        terms = PauseTerms(reason_code="scope_reassessment")
        return open_pause(project=project, client=client, answers=answers, terms=terms, by=None, at=at)


def _signed_in(user: User | None) -> Browser:
    browser = Browser(SERVER_NAME="127.0.0.1")
    assert user is not None
    browser.force_login(user, backend=SIGNED)
    return browser
