"""A small firm whose figures can be checked on paper: colleagues who work 40 hours a week, every week."""

from datetime import UTC, date, datetime, time

from projects.models import Engagement, EstimateRun, LostIncomeEstimate, Pause, Project
from projects.operations.estimates import compute_now
from tests.factories import (
    ContractorFactory,
    EngagementFactory,
    PauseFactory,
    ProjectFactory,
    RateFactory,
    work_weeks,
)

MONDAY = date(2026, 3, 2)
NEXT_MONDAY = date(2026, 3, 9)
SECOND_MONDAY = date(2026, 3, 16)
LATER = datetime(2026, 3, 30, 12, tzinfo=UTC)
LATER_ON = LATER.date()
WEEKLY_PAY = 80_000
"""40 hours at 20.00 USD, in cents."""


def midnight(day: date) -> datetime:
    """The instant at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC)


def colleague(project: Project, *, weeks: int = 26, rate: bool = True, **person: object) -> Engagement:
    """Somebody who has worked 8 hours on every weekday before `MONDAY`, for 20.00 USD an hour."""
    contractor = ContractorFactory.make(**{"country": "XX", **person})  # a country without public holidays
    engagement: Engagement = EngagementFactory.make(contractor=contractor, project=project)
    if rate:
        RateFactory.make(engagement=engagement)
    work_weeks(engagement, until=MONDAY, weeks=weeks)
    return engagement


def firm(people: int = 5, **project: object) -> tuple[Project, list[Engagement]]:
    """A project with some colleagues on it."""
    running: Project = ProjectFactory.make(**project)
    return running, [colleague(running) for _ in range(people)]


def paused(
    project: Project, starts_on: date = MONDAY, ends_on: date = SECOND_MONDAY, **terms: object
) -> Pause:
    """A pause that is over: whole days in UTC."""
    return PauseFactory.make(
        **{
            "project": project,
            "starts_at": midnight(starts_on),
            "ends_at": midnight(ends_on),
            "state": "ended",
            **terms,
        }
    )


def estimated(pause: Pause, *, as_of: date = LATER_ON) -> EstimateRun:
    """The finished run of a pause."""
    return compute_now(pause=pause, at=LATER, as_of=as_of)


def row_of(run: EstimateRun, engagement: Engagement, currency: str = "USD") -> LostIncomeEstimate:
    """The estimate of one engagement."""
    return LostIncomeEstimate.objects.get(run=run, engagement=engagement, currency=currency)
