"""Sums, ranges, groups, exposure and accuracy agree with the estimates they are made of."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Sum

from projects.domain.errors import UnableToEstimate, UnableToReport
from projects.models import LostIncomeEstimate, Rate
from projects.queries.accuracy import closed_cases
from projects.queries.estimates import estimate_of, latest_estimates, latest_run, progress_of, totals_of
from projects.queries.exposure import exposure
from projects.queries.income import DIMENSIONS, IncomeFilter, columns_of, income_rows
from tests.factories import (
    EstimateRunFactory,
    EstimateWeekFactory,
    LostIncomeEstimateFactory,
    PauseFactory,
    ProjectFactory,
    work_weeks,
)
from tests.integration.estimates.world import (
    LATER,
    LATER_ON,
    MONDAY,
    NEXT_MONDAY,
    SECOND_MONDAY,
    WEEKLY_PAY,
    colleague,
    estimated,
    firm,
    midnight,
    paused,
    row_of,
)

pytestmark = pytest.mark.django_db


def test_weeks_and_lines_add_up_to_the_estimate() -> None:
    project, people = firm()
    Rate.objects.filter(engagement=people[0]).update(amount_millionths=17_333_333)
    pause = paused(project, standby_share_bp=1_234)
    estimated(pause)
    (detail,) = estimate_of(pause, people[0].pk)
    assert sum(week.amounts.lost_minor for week in detail.weeks) == detail.amounts.lost_minor
    assert sum(line.minor for line in detail.lines) == detail.amounts.lost_minor
    assert detail.lost.low95 <= detail.lost.low80 <= detail.lost.central <= detail.lost.high80
    assert detail.horizon_why == "ends"


def test_totals_are_a_sum_a_currency_with_a_range_around_each() -> None:
    project, people = firm()
    Rate.objects.filter(engagement=people[0]).update(currency="EUR")
    pause = paused(project)
    estimated(pause)
    euros, dollars = totals_of(pause)
    assert (euros.currency, euros.people, euros.lost.central) == ("EUR", 1, 2 * WEEKLY_PAY)
    assert (dollars.currency, dollars.people, dollars.amounts.lost_minor) == ("USD", 4, 8 * WEEKLY_PAY)
    assert dollars.weekly_expected_minor == 4 * WEEKLY_PAY
    assert dollars.lost.low95 <= dollars.lost.low80 <= dollars.lost.central <= dollars.lost.high80


def test_the_range_of_a_sum_adds_peoples_own_luck_by_squares_and_a_shared_shock() -> None:
    run = EstimateRunFactory.make()
    for _ in range(10):
        LostIncomeEstimateFactory.make(run=run, spread_minor=10_000)
    (total,) = totals_of(run.pause)
    # Nothing is known of the firm: variance 10 x 10,000^2 + 0.04 x 800,000^2, and 1.28155 deviations hold 80 %
    assert (total.lost.low80, total.lost.high80) == (800_000 - 209_015, 800_000 + 209_015)


@pytest.mark.parametrize("by", [(), ("pause",), ("client", "project"), ("country", "week"), DIMENSIONS])
def test_every_grouping_adds_up_to_the_same_sum(by: tuple) -> None:
    project, _ = firm(people=2)
    other = ProjectFactory.make(client=project.client)
    colleague(other, country="US")
    pauses = [paused(project), paused(other, NEXT_MONDAY, SECOND_MONDAY)]
    for pause in pauses:
        estimated(pause)
    whole = LostIncomeEstimate.objects.aggregate(lost=Sum("lost_minor"))["lost"]
    rows = list(income_rows(as_of=LATER_ON, by=by))
    assert sum(row.amounts.lost_minor for row in rows) == whole == 5 * WEEKLY_PAY
    assert all(tuple(row.key) == columns_of(by) for row in rows)


def test_a_report_reads_only_the_latest_run_as_of_its_day() -> None:
    project, people = firm(people=2)
    pause = PauseFactory.make(project=project, starts_at=midnight(MONDAY))
    early = estimated(pause, as_of=MONDAY)
    late = estimated(pause, as_of=LATER_ON)
    estimated(pause, as_of=NEXT_MONDAY)  # asked for last, but of an earlier day
    assert latest_run(pause) == late
    assert {row.run_id for row in latest_estimates(pause, as_of=MONDAY)} == {early.pk}
    (then,) = income_rows(as_of=MONDAY, by=("project",))
    (now,) = income_rows(as_of=LATER_ON, by=("project",))
    assert then.amounts.lost_minor == 2 * row_of(early, people[0]).lost_minor
    assert now.amounts.lost_minor == 2 * row_of(late, people[0]).lost_minor != then.amounts.lost_minor


def test_a_void_pause_is_in_no_report() -> None:
    LostIncomeEstimateFactory.make(run__pause__state="void")
    assert list(income_rows(as_of=LATER_ON)) == []


def test_a_filter_narrows_the_rows_and_a_foreign_row_does_not_exist() -> None:
    first, second = (LostIncomeEstimateFactory.make() for _ in range(2))
    code = first.engagement.project.code
    rows = list(income_rows(as_of=LATER_ON, by=("project",), only=IncomeFilter(projects=(code,))))
    assert [row.key["project"] for row in rows] == [code]
    visible = LostIncomeEstimate.objects.filter(pk=second.pk)
    rows = list(income_rows(as_of=LATER_ON, by=("project",), within=visible))
    assert [row.key["project"] for row in rows] == [second.engagement.project.code]


def test_weeks_outside_the_asked_ones_are_left_out() -> None:
    estimate = LostIncomeEstimateFactory.make(ends_on=SECOND_MONDAY)
    for monday in (MONDAY, NEXT_MONDAY):
        EstimateWeekFactory.make(estimate=estimate, week_starts_on=monday)
    rows = income_rows(as_of=LATER_ON, by=("week",), only=IncomeFilter(first_week=NEXT_MONDAY))
    assert [row.key["week"] for row in rows] == [NEXT_MONDAY]


def test_an_unknown_grouping_is_refused_by_name() -> None:
    with pytest.raises(UnableToReport, match="“weather” is nothing to group by"):
        income_rows(as_of=LATER_ON, by=("weather",))  # type: ignore[arg-type]


def test_progress_tells_how_many_chunks_are_in() -> None:
    project, _ = firm(people=1)
    pause = paused(project)
    assert progress_of(pause).state == "none"
    estimated(pause)
    assert progress_of(pause) == type(progress_of(pause))("done", 1, 1)


def test_a_what_if_for_a_client_adds_up_its_projects_and_weeks() -> None:
    project, _ = firm(people=4)
    other = ProjectFactory.make(client=project.client)
    both = colleague(other)
    found = exposure(target=project.client, weeks=2, at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    (total,) = found.totals
    assert (found.people, found.starts_on, total.lost.central) == (5, MONDAY, 10 * WEEKLY_PAY)
    assert [week.lost.central for week in total.weeks] == [5 * WEEKLY_PAY, 5 * WEEKLY_PAY]
    by_project = {code: lost.central for code, lost in total.by_project}
    assert by_project == {project.code: 8 * WEEKLY_PAY, other.code: 2 * WEEKLY_PAY}
    assert total.lost.low80 < total.lost.central < total.lost.high80
    assert both.estimates.count() == 0  # nothing was written


def test_who_earns_more_elsewhere_does_not_depend_on_the_client() -> None:
    project, people = firm(people=2)
    elsewhere = colleague(ProjectFactory.make(), weeks=1)
    type(elsewhere).objects.filter(pk=elsewhere.pk).update(contractor=people[0].contractor)
    work_weeks(elsewhere, until=MONDAY - timedelta(days=7), weeks=20, seconds=10 * 3_600)
    found = exposure(target=project, weeks=1, at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert (found.people, found.mostly_dependent) == (2, 1)


def test_a_what_if_without_people_or_weeks_is_refused() -> None:
    project = ProjectFactory.make()
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(UnableToEstimate, match="Nobody is engaged"):
        exposure(target=project, weeks=1, at=at)
    with pytest.raises(UnableToEstimate, match="1 to 52 weeks"):
        exposure(target=project, weeks=0, at=at)


def test_after_the_end_what_was_first_said_is_held_against_what_it_came_to() -> None:
    project, _ = firm(people=3)
    pause = PauseFactory.make(project=project, starts_at=midnight(MONDAY))
    first = estimated(pause, as_of=MONDAY)
    type(first).objects.filter(pk=first.pk).update(asked_at=midnight(MONDAY))
    type(pause).objects.filter(pk=pause.pk).update(
        state="ended", ends_at=midnight(NEXT_MONDAY), closed_at=midnight(NEXT_MONDAY)
    )
    pause.refresh_from_db()
    estimated(pause)
    cases = closed_cases(at=LATER)
    assert [case.actual_minor for case in cases] == [WEEKLY_PAY] * 3
    assert [case.estimated_minor for case in cases] == [WEEKLY_PAY] * 3  # four weeks were said, it lasted one
