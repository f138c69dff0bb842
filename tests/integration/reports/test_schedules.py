"""A saved report is built by the clock, kept, and told by a link to people who may open it; failures are told "
"as well."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.models import Delivery, Notice
from projects.domain.errors import NotAllowed, UnableToSchedule
from projects.models import ReportRun, ReportSchedule, ReportSending, RoleGrant, User
from projects.operations.report_schedules import (
    Times,
    pause_schedule,
    resume_schedule,
    save_schedule,
    take_due,
)
from projects.reports.scheduled import send_due
from tests.factories import UserFactory
from tests.integration.reports.world import AT, make_firm, member

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 3, 31, 6, tzinfo=UTC)


def saved(**terms: Any) -> ReportSchedule:
    """The income impact by client, every day at six, to whoever made it."""
    owner: User = terms.pop("by", None) or member("finance")
    return save_schedule(
        **{
            "title": "Loss by client",
            "report": "income-impact",
            "values": {"by": ["client"]},
            "times": Times("day", 6),
            "recipients": [owner],
            "by": owner,
            "at": AT,
            **terms,
        }
    )


@pytest.mark.parametrize(
    ("times", "due"),
    [
        (Times("day", 6), DUE),
        (Times("day", 13), datetime(2026, 3, 30, 13, tzinfo=UTC)),
        (Times("week", 12, weekday=0), datetime(2026, 4, 6, 12, tzinfo=UTC)),
        (Times("month", 0, day=28), datetime(2026, 4, 28, 0, tzinfo=UTC)),
    ],
)
def test_the_next_time_is_the_first_one_to_come(times: Times, due: datetime) -> None:
    assert times.next_after(AT) == due


def test_when_it_is_due_the_figures_of_the_day_before_are_kept_and_a_link_is_mailed() -> None:
    make_firm()
    schedule = saved()
    assert send_due(now=lambda: DUE - timedelta(minutes=1)) == 0
    assert send_due(now=lambda: DUE) == 1
    assert send_due(now=lambda: DUE) == 0
    run, sending = ReportRun.objects.get(), ReportSending.objects.get()
    assert (str(run.as_of), run.parameters, sending.run, sending.people) == (
        "2026-03-30",
        {"by": ["client"]},
        run,
        1,
    )
    schedule.refresh_from_db()
    assert schedule.next_at == DUE + timedelta(days=1)
    text = str(Notice.objects.get().contents)
    assert f"/finance/runs/{run.public_id}/" in text
    assert "7,600" not in text
    assert Delivery.objects.count() == 1


def test_a_report_that_cannot_be_built_is_told_to_its_owner_and_stops_no_other() -> None:
    make_firm()
    saved(title="Broken", values={"by": ["client"], "client": ["GONE"]})
    saved(title="Sound", report="promises", values={})
    assert send_due(now=lambda: DUE) == 2
    broken, sound = (ReportSending.objects.get(schedule__title=title) for title in ("Broken", "Sound"))
    assert (broken.state, sound.state) == ("failed", "sent")
    assert "“GONE” is not allowed; choose from LYRA, ORION" in broken.error
    assert Notice.objects.get(subject_ref=broken.schedule.ref).kind == "report.failed"


def test_an_owner_who_may_no_longer_pull_reports_sends_none() -> None:
    schedule = saved()
    RoleGrant.objects.filter(user=schedule.owner).delete()
    send_due(now=lambda: DUE)
    assert "may no longer pull reports" in ReportSending.objects.get().error
    assert not ReportRun.objects.exists()


def test_a_paused_schedule_sends_nothing_and_makes_up_for_nothing() -> None:
    make_firm()
    schedule = saved()
    pause_schedule(schedule=schedule, by=schedule.owner, at=AT)
    assert send_due(now=lambda: DUE + timedelta(days=2)) == 0
    resume_schedule(schedule=schedule, by=schedule.owner, at=DUE + timedelta(days=2))
    schedule.refresh_from_db()
    assert schedule.next_at == DUE + timedelta(days=3)


def test_of_two_clocks_only_one_sends() -> None:
    saved()
    assert take_due(at=DUE) is not None
    assert take_due(at=DUE) is None


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"title": " "}, "title"),
        ({"times": Times("hour", 6)}, "every"),
        ({"times": Times("day", 24)}, "hour"),
        ({"times": Times("week", 6)}, "weekday"),
        ({"times": Times("month", 6, day=31)}, "day"),
        ({"recipients": []}, "recipients"),
    ],
)
def test_an_unfit_schedule_is_refused_with_its_field(terms: dict[str, Any], field: str) -> None:
    with pytest.raises(UnableToSchedule) as refused:
        saved(**terms)
    assert refused.value.field == field
    assert not ReportSchedule.objects.exists()


def test_nobody_is_sent_what_they_may_not_open_and_auditors_make_no_schedules() -> None:
    stranger = UserFactory.make()
    with pytest.raises(UnableToSchedule, match="may not open reports"):
        saved(recipients=[stranger])
    with pytest.raises(NotAllowed):
        saved(by=member("auditor"))
