"""Writes the schedules of saved reports, what became of each time they were due, and the mails that tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from notifications import outbox
from notifications.messages import Channel, Recipient
from projects.access import may_close_periods, may_pull_reports
from projects.domain.errors import NotAllowed, UnableToSchedule
from projects.models import ReportRun, ReportSchedule, ReportSending, User
from projects.operations.history import record
from projects.report_notices import report_message

MOST_PEOPLE: Final = 50
Every = ReportSchedule.Every


@dataclass(frozen=True, slots=True)
class Times:
    """When a schedule is due: each day, week (0 is Monday) or month (day 1 to 28), at an hour in UTC."""

    every: str
    hour: int
    weekday: int | None = None
    day: int | None = None

    def next_after(self, at: datetime) -> datetime:
        """The first due time after an instant."""
        due = at.astimezone(UTC).replace(hour=self.hour, minute=0, second=0, microsecond=0)
        for _ in range(32):
            if due > at and self._fits(due):
                return due
            due += timedelta(days=1)
        raise UnableToSchedule("There is no such day.", field="day")

    def _fits(self, due: datetime) -> bool:
        if self.every == Every.WEEK:
            return due.weekday() == self.weekday
        return self.every == Every.DAY or due.day == self.day


def save_schedule(
    *,
    title: str,
    report: str,
    values: Mapping[str, Any],
    times: Times,
    recipients: Sequence[User],
    by: User,
    at: datetime,
    schedule: ReportSchedule | None = None,
) -> ReportSchedule:
    """Put a report with its parameters on a schedule, or change one; `values` were checked by the report itself.

    Everybody who hears of it must be able to open it. Raises NotAllowed, or UnableToSchedule with the field.
    """
    if not may_close_periods(by):
        raise NotAllowed("Schedules are made by finance and operations.")
    _refuse_unfit(title, times, recipients)
    with transaction.atomic():
        row = schedule or ReportSchedule(report=report, parameters=dict(values), owner=by, made_at=at)
        before = _facts(row) if schedule is not None else {}
        row.title = title.strip()
        row.every, row.hour, row.weekday, row.day = times.every, times.hour, times.weekday, times.day
        row.next_at = times.next_after(at)
        row.save()
        row.recipients.set(recipients)
        record(
            verb="schedule.changed" if schedule is not None else "schedule.made",
            subject_ref=row.ref,
            before=before,
            after={**_facts(row), "recipients": sorted(user.pk for user in recipients)},
            by=by,
            at=at,
        )
        return row


def pause_schedule(*, schedule: ReportSchedule, by: User, at: datetime) -> None:
    """Send nothing until it is resumed. Raises NotAllowed."""
    _set_paused(schedule, paused_at=at, verb="schedule.paused", by=by, at=at)


def resume_schedule(*, schedule: ReportSchedule, by: User, at: datetime) -> None:
    """Send again from the next due time on; what was missed is not made up for. Raises NotAllowed."""
    _set_paused(schedule, paused_at=None, verb="schedule.resumed", by=by, at=at)


def take_due(*, at: datetime) -> tuple[ReportSchedule, datetime] | None:
    """A schedule that is due, with its due time, already moved on to its next one; None where none is.

    Whoever moves it on sends it: two clocks never send one time twice.
    """
    due = ReportSchedule.objects.filter(paused_at__isnull=True, next_at__lte=at).select_related("owner")
    for schedule in due.order_by("next_at", "pk")[:20]:
        due_at = schedule.next_at
        after = times_of(schedule).next_after(at)
        if ReportSchedule.objects.filter(pk=schedule.pk, next_at=due_at).update(next_at=after):
            return schedule, due_at
    return None


def record_sent(*, schedule: ReportSchedule, due_at: datetime, run: ReportRun, at: datetime) -> ReportSending:
    """Keep that the figures are there, and tell everybody with a link."""
    people = [user for user in schedule.recipients.order_by("pk") if may_pull_reports(user)]
    with transaction.atomic():
        sending = ReportSending.objects.create(
            schedule=schedule, due_at=due_at, as_of=run.as_of, at=at, state=ReportSending.State.SENT, run=run,
            people=len(people),
        )  # fmt: skip
        message = report_message(template="report_ready", schedule=schedule, sending=sending, at=at)
        outbox.stage(message, recipients=map(_recipient, people), at=at)
        outbox.ring_after_commit()
        return sending


def record_failed(
    *, schedule: ReportSchedule, due_at: datetime, as_of: Any, error: str, at: datetime
) -> ReportSending:
    """Keep that the report could not be built and why, and tell whoever looks after the schedule."""
    with transaction.atomic():
        sending = ReportSending.objects.create(
            schedule=schedule,
            due_at=due_at,
            as_of=as_of,
            at=at,
            state=ReportSending.State.FAILED,
            error=error,
        )
        message = report_message(template="report_failed", schedule=schedule, sending=sending, at=at)
        outbox.stage(message, recipients=[_recipient(schedule.owner)], at=at)
        outbox.ring_after_commit()
        return sending


def times_of(schedule: ReportSchedule) -> Times:
    """When a schedule is due."""
    return Times(schedule.every, schedule.hour, schedule.weekday, schedule.day)


def _set_paused(
    schedule: ReportSchedule, *, paused_at: datetime | None, verb: str, by: User, at: datetime
) -> None:
    if not may_close_periods(by):
        raise NotAllowed("Schedules are made by finance and operations.")
    with transaction.atomic():
        ReportSchedule.objects.filter(pk=schedule.pk).update(
            paused_at=paused_at, next_at=times_of(schedule).next_after(at)
        )
        record(verb=verb, subject_ref=schedule.ref, before={}, after={}, by=by, at=at)


def _refuse_unfit(title: str, times: Times, recipients: Sequence[User]) -> None:
    if not title.strip() or len(title) > 120 or not title.isprintable():
        raise UnableToSchedule("Give it a name of 1 to 120 characters.", field="title")
    if times.every not in Every.values:
        raise UnableToSchedule("Every day, week or month.", field="every")
    if not 0 <= times.hour <= 23:
        raise UnableToSchedule("The hour lies from 0 to 23.", field="hour")
    if (times.every == Every.WEEK) != (times.weekday is not None) or times.weekday not in {None, *range(7)}:
        raise UnableToSchedule("A weekly report needs its weekday.", field="weekday")
    if (times.every == Every.MONTH) != (times.day is not None) or times.day not in {None, *range(1, 29)}:
        raise UnableToSchedule("A monthly report needs a day of the month, 1 to 28.", field="day")
    if not 1 <= len(recipients) <= MOST_PEOPLE:
        raise UnableToSchedule(f"Name 1 to {MOST_PEOPLE} people.", field="recipients")
    if strangers := [user for user in recipients if not may_pull_reports(user)]:
        raise UnableToSchedule(f"{strangers[0]} may not open reports.", field="recipients")


def _recipient(user: User) -> Recipient:
    return Recipient(
        key=f"user:{user.pk}",
        name=user.name or user.email,
        locale="en",
        time_zone="UTC",
        addresses={Channel.EMAIL: user.email},
        fields={"name": user.get_short_name()},
    )


def _facts(row: ReportSchedule) -> dict[str, Any]:
    return {"title": row.title, "report": row.report, "parameters": row.parameters, **asdict(times_of(row))}
