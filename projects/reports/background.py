"""Builds a long report for a job, block by block, telling how far it is and stopping when it is called off."""

from collections.abc import Callable
from datetime import date, datetime

import structlog

from projects.domain.errors import DomainError
from projects.models import JobRun
from projects.operations.report_jobs import fail, finish, take_up, tell_progress
from projects.reports.catalogue import report_named
from projects.reports.drafts import Ask
from projects.reports.runs import pull

Clock = Callable[[], datetime]
logger = structlog.get_logger(__name__)


class CalledOff(Exception):
    """Somebody called the job off while it was being built."""


def build_asked(*, job_id: int, now: Clock) -> None:
    """Build what a job asks for and keep it. A refusal is written down; a fault is, too, and goes on to the log."""
    job = take_up(job_id=job_id, at=now())
    if job is None:
        return

    def tell(done: int) -> None:
        if not tell_progress(job_id=job_id, done=done, at=now()):
            raise CalledOff

    try:
        wanted = job.parameters
        run = pull(report_named(wanted["name"]), _ask(job, at=now()), is_fresh=wanted["is_fresh"], tell=tell)
    except CalledOff:
        logger.info("report.called_off", job=job_id)
    except DomainError as error:
        fail(job_id=job_id, error=error.message, at=now())
    except Exception:
        fail(job_id=job_id, error="It broke off by a fault of ours; nothing was kept. Ask again.", at=now())
        raise
    else:
        finish(job_id=job_id, run=run, at=now())


def _ask(job: JobRun, *, at: datetime) -> Ask:
    wanted = job.parameters
    return Ask(as_of=date.fromisoformat(wanted["as_of"]), values=wanted["values"], at=at, by=job.by)
