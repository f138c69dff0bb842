"""Names of the background jobs, when the clock runs them, and how to ask for one once a transaction holds."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from celery.schedules import crontab
from django.db import transaction

from notifications import bell

BEGIN_DUE_PAUSES: Final = "projects.begin_due_pauses"
CHASE_NEXT_WORDS: Final = "projects.chase_next_words"
TELL_OF_UNREACHED: Final = "projects.tell_of_unreached"
SEND_DIGESTS: Final = "projects.send_digests"
START_ESTIMATE: Final = "projects.start_estimate"
COMPUTE_ESTIMATE_CHUNK: Final = "projects.compute_estimate_chunk"
SWEEP_ESTIMATES: Final = "projects.sweep_estimates"
NIGHTLY_ESTIMATES: Final = "projects.nightly_estimates"
READ_SLACK_MEMBERS: Final = "projects.read_slack_members"
UPDATE_RATES: Final = "projects.update_rates"
BUILD_REPORT: Final = "projects.build_report"
SWEEP_REPORTS: Final = "projects.sweep_reports"
SEND_REPORTS: Final = "projects.send_reports"
CHECK_UPLOAD: Final = "projects.check_upload"
APPLY_UPLOAD: Final = "projects.apply_upload"
SWEEP_UPLOADS: Final = "projects.sweep_uploads"
COMPACT_HOURS: Final = "projects.compact_hours"

QUEUES: Final[Mapping[str, str]] = {
    BEGIN_DUE_PAUSES: "default",
    CHASE_NEXT_WORDS: "default",
    TELL_OF_UNREACHED: "default",
    SEND_DIGESTS: "default",
    START_ESTIMATE: "estimates",
    COMPUTE_ESTIMATE_CHUNK: "estimates",
    SWEEP_ESTIMATES: "default",
    NIGHTLY_ESTIMATES: "estimates",
    READ_SLACK_MEMBERS: "default",
    UPDATE_RATES: "reports",
    BUILD_REPORT: "reports",
    SWEEP_REPORTS: "default",
    SEND_REPORTS: "reports",
    CHECK_UPLOAD: "imports",
    APPLY_UPLOAD: "imports",
    SWEEP_UPLOADS: "default",
    COMPACT_HOURS: "imports",
}
"""Which queue each job waits in: default, estimates, imports or reports."""

BEAT_SCHEDULE: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {"task": name, "schedule": schedule, "options": {"queue": QUEUES[name], "expires": expires}}
    for name, schedule, expires in (
        (BEGIN_DUE_PAUSES, 30.0, 60),
        (SWEEP_ESTIMATES, 60.0, 120),
        (CHASE_NEXT_WORDS, 300.0, 600),
        (TELL_OF_UNREACHED, 60.0, 120),
        (SEND_DIGESTS, 60.0, 120),
        (NIGHTLY_ESTIMATES, crontab(hour="2", minute="10"), 6 * 3600),
        (READ_SLACK_MEMBERS, crontab(hour="1", minute="30"), 6 * 3600),
        (SWEEP_REPORTS, 60.0, 120),
        (SEND_REPORTS, 120.0, 240),
        (UPDATE_RATES, crontab(hour="17,23", minute="20"), 3600),
        (SWEEP_UPLOADS, 60.0, 120),
        (COMPACT_HOURS, crontab(hour="3", minute="40"), 6 * 3600),
    )
}
"""What the clock asks for, in UTC. A bell that nobody answered expires: the next one rings anyway."""


def ask_for_estimate_after_commit(run_id: int) -> None:
    """Ask for a run to be started once the caller's transaction holds; one message, however many chunks."""
    _after_commit(partial(ring, START_ESTIMATE, run_id=run_id))


def ask_for_report_after_commit(job_id: int) -> None:
    """Ask for a long report to be built once the caller's transaction holds."""
    _after_commit(partial(ring_for_report, job_id))


def ring_for_report(job_id: int) -> bool:
    """Ask for a long report to be built, now; whether the broker took it."""
    return ring(BUILD_REPORT, job_id=job_id)


def ask_for_upload_after_commit(name: str, upload_id: int) -> None:
    """Ask for a file to be read or taken in once the caller's transaction holds."""
    _after_commit(partial(ring, name, upload_id=upload_id))


def ask_for_chunks(chunk_ids: Iterable[int]) -> int:
    """Ask for chunks to be computed, now; return how many were rung before the broker failed, if it did."""
    rung = 0
    for chunk_id in chunk_ids:
        if not ring(COMPUTE_ESTIMATE_CHUNK, chunk_id=chunk_id):
            break
        rung += 1
    return rung


def ring(name: str, **arguments: int | str) -> bool:
    """Put one job into its queue; whether the broker took it, or in a web process, whether it is being asked.

    A broker that is away is logged and never raised: the row is the promise, and the sweep rings again.
    """
    return bell.ring(name, queue=QUEUES[name], **arguments)


def _after_commit(act: Callable[[], object]) -> None:
    transaction.on_commit(act, robust=True)
