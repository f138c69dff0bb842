"""From a request's body to one operation on periods and schedules, as the asker, now."""

from typing import Any

from django.utils import timezone

from contractorhub.api import sets
from contractorhub.api.errors import unknown
from contractorhub.api.serializers.closing import ClosePeriodIn, ScheduleIn
from projects import access
from projects.domain.errors import NotAllowed
from projects.models import AccountingPeriod, ReportSchedule, User
from projects.operations.periods import close_period
from projects.operations.report_schedules import Times, save_schedule
from projects.reports.catalogue import ask_for, reports_for


def period_by(user: User, body: Any) -> AccountingPeriod:
    """Close a period."""
    _refuse_all_but_closers(user)
    form = ClosePeriodIn(data=body)
    form.is_valid(raise_exception=True)
    asked = form.validated_data
    return close_period(
        last_day=asked["last_day"], first_day=asked.get("first_day"), by=user, at=timezone.now()
    )


def schedule_by(user: User, body: Any) -> ReportSchedule:
    """Put a report on a schedule."""
    _refuse_all_but_closers(user)
    form = ScheduleIn(data=body)
    form.is_valid(raise_exception=True)
    asked, at = form.validated_data, timezone.now()
    report = next((one for one in reports_for(user) if one.name == asked["report"]), None)
    if report is None:
        raise unknown("report", "There is no such report that you may pull.")
    ask = ask_for(report, asked["parameters"], as_of=None, by=user, at=at)
    made = save_schedule(
        title=asked["title"],
        report=report.name,
        values=ask.values,
        times=Times(asked["every"], asked["hour"], asked["weekday"], asked["day"]),
        recipients=_people(asked["recipients"]),
        by=user,
        at=at,
    )
    return sets.schedules(user).get(pk=made.pk)


def _people(addresses: list[str]) -> list[User]:
    """Whoever is named, among those who may pull reports."""
    wanted = {address.lower() for address in addresses}
    found = [user for user in User.objects.filter(email__in=wanted) if access.may_pull_reports(user)]
    if len(found) < len(wanted):
        raise unknown("recipients", "Somebody named here may not pull reports.")
    return found


def _refuse_all_but_closers(user: User) -> None:
    if not access.may_close_periods(user):
        raise NotAllowed("Only operations and finance close periods and put reports on a schedule.")
