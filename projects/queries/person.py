"""One person's figures for the desk of finance: each estimate with its lines and weeks, and the hours behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncWeek

from projects.models import HoursEntry, LostIncomeEstimate
from projects.queries.estimates import (
    EstimateDetail,
    LineRow,
    MoneyRange,
    WeekRow,
    amounts_of,
    latest_run_ids,
)
from projects.queries.register import end_of

WEEKS_BEFORE: Final = 13


@dataclass(frozen=True, slots=True)
class WeekOfHours:
    """Hours recorded of one week, by its Monday."""

    starts_on: date
    seconds: int


@dataclass(frozen=True, slots=True)
class PersonEstimate:
    """One estimate of the person, which pause and project it is of, and the weeks of hours around it."""

    pause: int
    paused: str
    client: str
    project: str
    detail: EstimateDetail
    hours: tuple[WeekOfHours, ...]


def estimates_of_person(
    within: QuerySet[LostIncomeEstimate],
    contractor_id: int,
    *,
    as_of: date,
    pause: int | None = None,
    runs: Collection[int] = (),
) -> tuple[PersonEstimate, ...]:
    """The person's estimates among `within` as of a day, or in exactly these runs; three queries.

    `hours` are the recorded weeks from 13 weeks before an estimate begins up to the day.
    """
    rows = within.filter(engagement__contractor=contractor_id)
    rows = rows.filter(run__in=runs) if runs else rows.filter(run__in=latest_run_ids(as_of=as_of))
    if pause is not None:
        rows = rows.filter(run__pause=pause)
    rows = rows.select_related("run__pause__project", "run__pause__client", "engagement__project__client")
    found = list(
        rows.prefetch_related("weeks").order_by("run__pause_id", "engagement__project__code", "currency")
    )
    hours = _weeks_of_hours({row.engagement_id for row in found}, as_of=as_of)
    return tuple(
        PersonEstimate(
            pause=row.run.pause_id,
            paused=row.run.pause.target_code,
            client=row.engagement.project.client.code,
            project=row.engagement.project.code,
            detail=_detail(row),
            hours=tuple(
                week
                for week in hours.get(row.engagement_id, ())
                if week.starts_on >= row.starts_on - timedelta(weeks=WEEKS_BEFORE, days=7)
            ),
        )
        for row in found
    )


def _weeks_of_hours(engagements: Collection[int], *, as_of: date) -> dict[int, list[WeekOfHours]]:
    rows = (
        HoursEntry.objects.filter(
            engagement__in=engagements, worked_on__lte=as_of, recorded_at__lt=end_of(as_of)
        )
        .order_by()
        .annotate(week=TruncWeek("worked_on"))
        .values("engagement_id", "week")
        .annotate(worked=Sum("seconds"))
        .order_by("engagement_id", "week")
    )
    weeks: dict[int, list[WeekOfHours]] = {}
    for row in rows:
        weeks.setdefault(row["engagement_id"], []).append(WeekOfHours(row["week"], row["worked"]))
    return weeks


def _detail(row: LostIncomeEstimate) -> EstimateDetail:
    run = row.run
    horizon = run.context.get("horizons", {}).get(str(row.engagement.project_id), {})
    return EstimateDetail(
        run_id=run.pk,
        as_of=run.as_of,
        method_version=run.method_version,
        engagement_id=row.engagement_id,
        currency=row.currency,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        horizon_why=horizon.get("why", ""),
        usual_weekly_seconds=row.usual_weekly_seconds,
        weekly_expected_minor=row.weekly_expected_minor,
        amounts=amounts_of(row),
        lost=MoneyRange(row.lost_minor, row.low80_minor, row.high80_minor, row.low95_minor, row.high95_minor),
        policy=run.policy,
        reference_minor=row.reference_minor,
        guaranteed_minor=row.guaranteed_minor,
        is_provisional=row.is_provisional,
        reasons=tuple(row.reasons),
        lines=tuple(LineRow(**line) for line in row.lines),
        weeks=tuple(WeekRow(week.week_starts_on, amounts_of(week)) for week in row.weeks.all()),
    )
