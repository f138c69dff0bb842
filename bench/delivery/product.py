"""ContractorHub itself under measurement: from `open_pause` to the last recorded result, with its real workers."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from notifications.channels.base import Parcel, Words
from notifications.mail import MailSkeleton
from notifications.models import Batch, Delivery
from projects.models import Pause, Project
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.queries.reasons import answers_from_template
from tests.services.broker import BrokerService
from tests.services.processes import PYTHON, Part, running, wait_until
from tests.services.worker import running_worker

QUEUES = ("posts", "email", "dms", "default")
PROCESSES = 3
"""As many as `make run` starts for deliveries; the peers get as many."""


@contextlib.contextmanager
def workers(
    folder: Path, broker: BrokerService, env: Mapping[str, str], *, processes: int = PROCESSES
) -> Iterator[Part]:
    """One worker on the queues of delivery, as `make run` starts it."""
    with running_worker(folder, broker=broker, env=env, queues=QUEUES, concurrency=processes) as part:
        yield part


def pause(code: str) -> Pause:
    """Pause a project as a lead does."""
    project = Project.objects.get(code=code)
    at = timezone.now()
    usual = answers_from_template(
        "scope_reassessment", target_name=code, next_update_by=at + timezone.timedelta(days=3)
    )  # type: ignore[attr-defined]
    answers = PauseAnswers(
        what_stopped=usual.what_stopped,
        why="The client is reassessing the scope of this project after a security incident.",
        what_happens_to_pay=usual.what_happens_to_pay,
        what_to_do_now=usual.what_to_do_now,
        next_update_by=at + timedelta(days=3),
    )
    return open_pause(
        project=project, answers=answers, terms=PauseTerms(reason_code="scope_reassessment"), by=None, at=at
    )


def bytes_of_a_mail() -> int:
    """How long the mail of the newest delivery is on the wire."""
    row = Delivery.objects.filter(channel="email").select_related("recipient", "notice").latest("pk")
    content = row.notice.contents[row.recipient.locale]["email"]
    words = Words(content["subject"], content["text"], content["html"])
    parcel = Parcel(
        row.pk, row.address, row.recipient.name, row.message_id, words, fields=row.recipient.fields
    )
    return len(MailSkeleton(words, sender=settings.DEFAULT_FROM_EMAIL, at=timezone.now()).fill(parcel))


def rate_of_pause(code: str, people: int, *, patience: float = 240.0) -> dict[str, float]:
    """Mails a second from the call of `open_pause` to the last reply recorded in the ledger."""
    began = timezone.now()
    told = pause(code)
    opened = timezone.now()
    mine = Delivery.objects.filter(notice__subject_ref=told.ref, channel="email")
    wait_until(
        lambda: not Batch.objects.filter(is_done=False, notice__subject_ref=told.ref).exists(),
        seconds=patience,
        what=f"the end of {code}",
        every_seconds=0.1,
    )
    assert mine.filter(state="sent").count() == people
    last = mine.aggregate(last=Max("recorded_at"))["last"]
    return {
        "rate": people / (last - began).total_seconds(),
        "open_seconds": (opened - began).total_seconds(),
        "whole_seconds": (last - began).total_seconds(),
    }


def channel_posts(codes: list[str], posts: Any) -> list[float]:
    """Seconds from commit to the post in each project's Slack channel, one pause after another."""
    waits = []
    for code in codes:
        pause(code)
        committed = time.monotonic()
        wait_until(
            lambda: any(post.channel == f"C{code}" for post in posts()),  # noqa: B023
            seconds=60,
            what=f"the post about {code}",
            every_seconds=0.01,
        )
        waits.append(time.monotonic() - committed)
    return waits


def idle_queries(folder: Path, broker: BrokerService, env: Mapping[str, str], *, seconds: float) -> float:
    """Queries a second of a worker and a clock that have nothing to do."""
    count = folder / "queries"
    watched = {**env, "QUERY_COUNT_FILE": str(count), "DJANGO_SETTINGS_MODULE": "bench.delivery.settings"}
    from tests.services.worker import process_env

    beat = Part(
        command=(PYTHON, "-m", "celery", "-A", "contractorhub", "beat", "--pidfile="),
        env=process_env(broker.env(), watched),
        log=folder / "beat.log",
        is_ready=lambda: True,
    )
    with workers(folder, broker, watched), running(beat):
        time.sleep(75)  # both have started, and the clock has written down once when everything ran last
        before = count.stat().st_size if count.exists() else 0
        time.sleep(seconds)
        return (count.stat().st_size - before) / seconds
