"""Sends the reports whose time has come: built as of the day before, kept, and told by a link."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from projects.domain.errors import DomainError, NotAllowed
from projects.models import ReportSchedule
from projects.operations.report_schedules import record_failed, record_sent, take_due
from projects.reports.catalogue import report_named
from projects.reports.drafts import Ask
from projects.reports.parameters import checked
from projects.reports.runs import pull

logger = structlog.get_logger(__name__)
OURS = "It broke off by a fault of ours. The next one is tried as planned."


def send_due(*, now: Callable[[], datetime]) -> int:
    """Send everything that is due; how many were taken up. One that fails is told to its owner and stops no other."""
    count = 0
    while (found := take_due(at=now())) is not None:
        _send(*found, at=now())
        count += 1
    return count


def _send(schedule: ReportSchedule, due_at: datetime, *, at: datetime) -> None:
    as_of = due_at.astimezone(UTC).date() - timedelta(days=1)
    try:
        report = report_named(schedule.report)
        if not report.may_pull(schedule.owner):
            raise NotAllowed(f"{schedule.owner} may no longer pull reports.")
        typed = {
            name: list(map(str, value)) if isinstance(value, list) else [str(value)]
            for name, value in schedule.parameters.items()
        }
        values = checked(report.name, report.parameters, typed)
        run = pull(report, Ask(as_of=as_of, values=values, at=at, by=schedule.owner))
    except DomainError as error:
        record_failed(schedule=schedule, due_at=due_at, as_of=as_of, error=error.message, at=at)
    except Exception:
        logger.exception("report.schedule_failed", schedule=schedule.pk)
        record_failed(schedule=schedule, due_at=due_at, as_of=as_of, error=OURS, at=at)
    else:
        record_sent(schedule=schedule, due_at=due_at, run=run, at=at)
