"""Long reports as jobs: asked for, taken up, told how far they are, finished, or called off by whoever asked."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from projects.access import may_pull_reports
from projects.domain.errors import NotAllowed, UnableToReport
from projects.jobs import ask_for_report_after_commit, ring_for_report
from projects.models import JobRun, ReportRun, User
from projects.operations.history import record

KIND: Final = "report"
SILENT_AFTER: Final = timedelta(minutes=2)
"""A running job without a sign of life for so long has lost its worker."""
OPEN: Final = (JobRun.State.QUEUED, JobRun.State.RUNNING)


def ask_for_report(
    *,
    name: str,
    values: Mapping[str, Any],
    as_of: date,
    rows: int,
    by: User,
    at: datetime,
    is_fresh: bool = False,
) -> JobRun:
    """Ask for a long report of `rows` rows; asked again while it is open, it is the same job. Raises NotAllowed."""
    if not may_pull_reports(by):
        raise NotAllowed("Reports are for finance, auditors and operations.")
    wanted = {"name": name, "values": dict(values), "as_of": as_of.isoformat(), "is_fresh": is_fresh}
    with transaction.atomic():
        for job in JobRun.objects.filter(kind=KIND, state__in=OPEN, by=by):
            if job.parameters == wanted:
                return job
        job = JobRun.objects.create(
            kind=KIND, subject_ref=f"report:{name}", total_count=rows, asked_at=at, by=by, parameters=wanted
        )
        ask_for_report_after_commit(job.pk)
        record(verb="report.asked", subject_ref=f"job:{job.pk}", before={}, after=wanted, by=by, at=at)
        return job


def take_up(*, job_id: int, at: datetime) -> JobRun | None:
    """The job, now running; None where another worker has it, it is over, or it was called off."""
    free = Q(state=JobRun.State.QUEUED) | Q(state=JobRun.State.RUNNING, touched_at__lt=at - SILENT_AFTER)
    taken = JobRun.objects.filter(free, pk=job_id, kind=KIND).update(
        state=JobRun.State.RUNNING, touched_at=at, done_count=0
    )
    return JobRun.objects.select_related("by").get(pk=job_id) if taken else None


def tell_progress(*, job_id: int, done: int, at: datetime) -> bool:
    """Say how many rows are done; False where the job was called off meanwhile."""
    return bool(
        JobRun.objects.filter(pk=job_id, state=JobRun.State.RUNNING).update(done_count=done, touched_at=at)
    )


def finish(*, job_id: int, run: ReportRun, at: datetime) -> None:
    """The figures are kept: say where."""
    JobRun.objects.filter(pk=job_id, state=JobRun.State.RUNNING).update(
        state=JobRun.State.DONE,
        done_count=run.row_count,
        total_count=run.row_count,
        finished_at=at,
        touched_at=at,
        result={"run": str(run.public_id)},
    )


def fail(*, job_id: int, error: str, at: datetime) -> None:
    """The report could not be built: say why."""
    JobRun.objects.filter(pk=job_id, state=JobRun.State.RUNNING).update(
        state=JobRun.State.FAILED, error=error, finished_at=at, touched_at=at
    )


def call_off(*, job: JobRun, by: User, at: datetime) -> None:
    """Stop a job that waits or runs; its worker notices with the next block of rows, and keeps nothing.

    Raises NotAllowed, or UnableToReport where the job is over.
    """
    if not may_pull_reports(by):
        raise NotAllowed("Reports are for finance, auditors and operations.")
    with transaction.atomic():
        stopped = JobRun.objects.filter(pk=job.pk, kind=KIND, state__in=OPEN).update(
            state=JobRun.State.CANCELLED, finished_at=at
        )
        if not stopped:
            raise UnableToReport("This report is no longer being built.")
        record(verb="report.called_off", subject_ref=f"job:{job.pk}", before={}, after={}, by=by, at=at)


def ring_again(*, at: datetime) -> int:
    """Ring for jobs that a lost message or a lost worker left waiting; how many were rung."""
    waiting: QuerySet[JobRun] = JobRun.objects.filter(kind=KIND).filter(
        Q(state=JobRun.State.QUEUED, asked_at__lt=at - SILENT_AFTER)
        | Q(state=JobRun.State.RUNNING, touched_at__lt=at - SILENT_AFTER)
    )
    return sum(ring_for_report(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True)[:50])
