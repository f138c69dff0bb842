"""The scene of a fault: a ledger full of promises, a mail server, a broker and workers that can be made to suffer."""

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from celery import Celery
from django.db import transaction
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError

from notifications import jobs, outbox
from notifications.messages import Channel
from notifications.models import Delivery
from projects.models import Client, Contractor, Engagement, Pause, Project
from tests.fakes.slack import SlackStandIn
from tests.fakes.smtp_sink import SmtpSink
from tests.faults.ledger import Arrival, Count, count, nothing_waits, wait_until
from tests.faults.watch import watched_states
from tests.integration.notifications.conftest import message, people
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT, PYTHON, Part, running
from tests.services.worker import process_env, running_worker

HURRY: Mapping[str, str] = {
    "RELAY_LEASE_SECONDS": "3",
    "RELAY_SETTLE_SECONDS": "1",
    "EMAIL_TIMEOUT": "5",
    "EMAIL_CONNECTIONS": "2",
    "WORKER_SOFT_SHUTDOWN_SECONDS": "5",
}


@dataclass
class Scene:
    """Everything a fault may touch."""

    sink: SmtpSink
    broker: BrokerService
    folder: Path
    stack: ExitStack
    slack: SlackStandIn | None = None
    env: dict[str, str] = field(default_factory=dict)
    people: int = 0
    _rang: float = 0.0

    def promise(self, count: int, *, channel: Channel = Channel.EMAIL) -> None:
        """Stage the notice of a pause to so many people."""
        self.people = count
        now = timezone.now()
        with transaction.atomic():
            outbox.stage(
                message(expires_at=now + timedelta(days=1)), recipients=people(count, channel=channel), at=now
            )

    def worker(
        self,
        *,
        concurrency: int = 2,
        env: Mapping[str, str] | None = None,
        program: str = "celery",
        before: Sequence[str] = (),
    ) -> Part:
        """Start a worker as the product does, in a hurry to give up on what is dead."""
        slack = {"SLACK_BOT_TOKEN": self.slack.token, "SLACK_API_URL": self.slack.url} if self.slack else {}
        return self.stack.enter_context(
            running_worker(
                self.folder,
                broker=self.broker,
                env={"EMAIL_URL": self.sink.url, **HURRY, **slack, **self.env, **(env or {})},
                concurrency=concurrency,
                program=program,
                before=before,
            )
        )

    def beat(self) -> Part:
        """Start a clock of the product's own."""
        number = len(list(self.folder.glob("beat*.log")))
        part = Part(
            command=(PYTHON, "-m", "celery", "-A", "contractorhub", "beat", "--pidfile="),
            env=process_env(self.broker.env()),
            log=self.folder / f"beat{number}.log",
            is_ready=lambda: True,
        )
        self.stack.enter_context(running(part))
        return part

    def run_openers(self, *, moments: int, people: int) -> None:
        """Let processes open real pauses, each killed at a moment of its own: all of a pause stands, or nothing."""
        client = Client.objects.create(code="FAULTS", name="Faults")
        for number in range(moments):
            project = Project.objects.create(client=client, code=f"F{number}", name=f"F{number}")
            made = Contractor.objects.bulk_create(
                Contractor(name=f"P{n}", email=f"p{n}.{number}@people.example", country="GB")
                for n in range(people)
            )
            Engagement.objects.bulk_create(
                Engagement(contractor=person, project=project, starts_on=date(2024, 1, 1)) for person in made
            )
        command = [PYTHON, "-m", "tests.faults.opener", str(moments), str(people)]
        subprocess.run(command, env=process_env(self.broker.env()), cwd=CHECKOUT, check=True, timeout=200)
        for number in range(moments):
            told = Delivery.objects.filter(notice__subject_ref__in=_refs(f"F{number}")).count()
            assert told == (people if _refs(f"F{number}") else 0), "half a pause was written"

    def ring(self) -> None:
        """What the clock does: ring for the sweep, at most once a second; a broker that is away hears nothing."""
        now = timezone.now().timestamp()
        if now - self._rang < 1:
            return
        self._rang = now
        try:
            with Connection(self.broker.tasks_url, connect_timeout=1) as connection:
                Celery("bell", set_as_current=False).send_task(
                    jobs.SWEEP, queue="default", retry=False, connection=connection
                )
        except (OperationalError, OSError):
            return

    def wait_for(self, share: float) -> None:
        """Wait until the receiving side has taken so much of what was promised."""
        wait_until(
            lambda: len(self.arrivals()) >= share * self.people,
            doing=self.ring,
            what=f"{share:.0%} of the people told",
        )

    def drain(self) -> None:
        """Wait until every delivery has come to its end."""
        wait_until(nothing_waits, doing=self.ring, what="the end of every delivery")

    def arrivals(self) -> list[Arrival]:
        """What the receiving side took."""
        if self.slack is not None:
            return [
                Arrival("U" + post.channel[1:], post.metadata["event_payload"]["d"], post.text)
                for post in list(self.slack.posts)
            ]
        return [Arrival(mail.recipient, mail.message_id, mail.subject) for mail in list(self.sink.accepted)]

    def count(self) -> Count:
        """Hold the ledger against the receiving side."""
        return count(self.arrivals())


def pool_processes(worker: Part) -> list[int]:
    """The process ids of a worker's pool."""
    return [int(pid) for pid in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()]


@contextmanager
def scene(broker: BrokerService, folder: Path, sink: SmtpSink, slack: SlackStandIn | None) -> Iterator[Scene]:
    """A scene that takes its workers away again; no change of state but those in the table is let through."""
    with watched_states(), ExitStack() as stack:
        yield Scene(sink, broker, folder, stack, slack)


def _refs(code: str) -> list[str]:
    return [pause.ref for pause in Pause.objects.filter(project__code=code)]


Cause = Callable[[Scene], None]
