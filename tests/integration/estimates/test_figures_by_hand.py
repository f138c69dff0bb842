"""Estimates agree with figures reckoned on paper."""

from datetime import date, timedelta

import pytest

from projects.models import ExchangeRate, Rate
from projects.models.estimates import RunState
from projects.models.work import PayBasis
from tests.factories import (
    ClientPauseFactory,
    EngagementFactory,
    HoursEntryFactory,
    LeaveFactory,
    PauseExclusionFactory,
    PauseFactory,
    ProjectFactory,
    RateFactory,
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
HOUR = 3_600


def test_two_weeks_without_work_cost_two_weeks_of_usual_pay() -> None:
    project, people = firm()
    run = estimated(paused(project))
    assert run.state == RunState.DONE
    assert run.estimates.count() == 5
    row = row_of(run, people[0])
    assert (row.expected_seconds, row.lost_minor, row.currency) == (80 * HOUR, 2 * WEEKLY_PAY, "USD")
    assert (row.starts_on, row.ends_on) == (MONDAY, SECOND_MONDAY)
    assert row.weekly_expected_minor == WEEKLY_PAY
    assert list(row.weeks.values_list("week_starts_on", "lost_minor")) == [
        (MONDAY, WEEKLY_PAY),
        (NEXT_MONDAY, WEEKLY_PAY),
    ]


def test_a_new_rate_inside_the_pause_counts_from_its_day() -> None:
    project, people = firm()
    RateFactory.make(engagement=people[0], starts_on=date(2026, 3, 11), amount_millionths=25_000_000)
    row = row_of(estimated(paused(project)), people[0])
    # seven working days at 20.00 and three at 25.00, eight hours each
    assert row.lost_minor == 7 * 8 * 2_000 + 3 * 8 * 2_500


def test_leave_before_the_pause_does_not_make_a_usual_week_smaller() -> None:
    project, people = firm()
    people[0].hours.filter(worked_on__gte=MONDAY - timedelta(days=14)).delete()
    LeaveFactory.make(contractor=people[0].contractor, starts_on=MONDAY - timedelta(days=14), ends_on=MONDAY)
    assert row_of(estimated(paused(project)), people[0]).lost_minor == 2 * WEEKLY_PAY


def test_leave_planned_inside_the_pause_is_no_loss() -> None:
    project, people = firm()
    LeaveFactory.make(contractor=people[0].contractor, starts_on=NEXT_MONDAY, ends_on=SECOND_MONDAY)
    assert row_of(estimated(paused(project)), people[0]).lost_minor == WEEKLY_PAY


def test_an_earlier_pause_does_not_make_the_next_one_cheaper() -> None:
    project, people = firm()
    for person in people:
        person.hours.filter(worked_on__gte=MONDAY - timedelta(days=21)).delete()
    paused(project, MONDAY - timedelta(days=21), MONDAY - timedelta(days=7))
    for person in people:
        for day in range(7, 2, -1):
            HoursEntryFactory.make(engagement=person, worked_on=MONDAY - timedelta(days=day))
    assert row_of(estimated(paused(project)), people[0]).lost_minor == 2 * WEEKLY_PAY


def test_a_client_pause_over_a_project_pause_counts_each_day_once() -> None:
    project, people = firm()
    first = paused(project, MONDAY, SECOND_MONDAY)
    second = ClientPauseFactory.make(
        client=project.client,
        starts_at=midnight(NEXT_MONDAY),
        ends_at=midnight(SECOND_MONDAY + timedelta(days=7)),
        state="ended",
    )
    one, other = (row_of(estimated(pause), people[0]) for pause in (first, second))
    assert one.lost_minor == 2 * WEEKLY_PAY  # it began first, so the shared week is its own
    assert (other.starts_on, other.lost_minor) == (SECOND_MONDAY, WEEKLY_PAY)


def test_a_full_pause_takes_shared_days_over_from_a_reduced_one() -> None:
    project, people = firm()
    reduced = paused(project, kind="reduced", remaining_share_bp=5_000)
    full = ClientPauseFactory.make(
        client=project.client, starts_at=midnight(NEXT_MONDAY), ends_at=midnight(SECOND_MONDAY), state="ended"
    )
    for day in range(5):
        HoursEntryFactory.make(engagement=people[0], worked_on=MONDAY + timedelta(days=day), seconds=4 * HOUR)
    assert row_of(estimated(reduced), people[0]).lost_minor == WEEKLY_PAY // 2
    assert row_of(estimated(full), people[0]).lost_minor == WEEKLY_PAY


def test_hours_worked_before_the_notice_are_subtracted() -> None:
    project, people = firm()
    pause = paused(project, notice_sent_at=midnight(MONDAY) + timedelta(hours=9))
    HoursEntryFactory.make(engagement=people[0], worked_on=MONDAY, seconds=3 * HOUR)
    row = row_of(estimated(pause), people[0])
    assert (row.earned_minor, row.lost_minor) == (3 * 2_000, 2 * WEEKLY_PAY - 3 * 2_000)


def test_extra_work_on_another_project_is_subtracted_as_recovered() -> None:
    project, people = firm()
    other = EngagementFactory.make(contractor=people[0].contractor, starts_on=NEXT_MONDAY)
    RateFactory.make(engagement=other, amount_millionths=30_000_000)
    HoursEntryFactory.make(engagement=other, worked_on=NEXT_MONDAY, seconds=2 * HOUR)
    for person in people:  # sheets are in: what is missing was not worked
        HoursEntryFactory.make(engagement=person, worked_on=LATER_ON, seconds=HOUR)
    row = row_of(estimated(paused(project)), people[0])
    assert (row.recovered_minor, row.lost_minor) == (2 * 3_000, 2 * WEEKLY_PAY - 2 * 3_000)


def test_standby_pay_is_subtracted() -> None:
    project, people = firm()
    row = row_of(estimated(paused(project, standby_share_bp=2_500)), people[0])
    assert (row.standby_minor, row.lost_minor) == (WEEKLY_PAY // 2, 2 * WEEKLY_PAY - WEEKLY_PAY // 2)


def test_standby_pay_a_day_is_subtracted_for_as_many_days_as_agreed() -> None:
    project, people = firm()
    a_day = {"standby_daily_minor": 2_500, "standby_currency": "USD", "standby_max_days": 7}
    row = row_of(estimated(paused(project, **a_day)), people[0])
    assert (row.standby_minor, row.lost_minor) == (7 * 2_500, 2 * WEEKLY_PAY - 7 * 2_500)


def test_no_more_is_expected_than_the_contract_lets_be_billed() -> None:
    project, people = firm()
    Rate.objects.filter(engagement=people[0]).update(max_weekly_seconds=30 * HOUR)
    row = row_of(estimated(paused(project)), people[0])
    assert row.lost_minor == 2 * 30 * 2_000
    assert [line["minor"] for line in row.lines if line["kind"] == "contract"] == [-2 * 10 * 2_000]


def test_reference_pay_by_the_clients_policy_stands_beside_what_is_expected() -> None:
    project, people = firm()
    fixed = colleague(project, rate=False)
    RateFactory.make(engagement=fixed, basis=PayBasis.MONTH, amount_millionths=3_100_000_000)
    client = project.client
    client.pay_policy, client.guaranteed_share_bp = "calendar-days", 8_000
    client.monthly_cap_minor, client.monthly_cap_currency = 155_000, "USD"
    client.save()
    run = estimated(paused(project))
    row = row_of(run, fixed)
    assert (run.policy, row.reference_minor, row.guaranteed_minor) == (
        "calendar-days",
        14 * 10_000,
        14 * 5_000,
    )
    assert row.expected_minor == round(310_000 / 22 * 10)  # a second number: by working days
    assert row_of(run, people[0]).reference_minor is None  # the policy has no answer for pay by the hour


def test_another_policy_is_another_input_and_the_old_run_keeps_its_own() -> None:
    project, people = firm()
    pause = paused(project)
    first = estimated(pause)
    whole = row_of(first, people[0])
    a_day = 5_699  # 26 paid weeks over the 365 days before, cents rounded a day
    assert (whole.reference_minor, whole.guaranteed_minor) == (14 * a_day, 14 * a_day)
    assert row_of(estimated(pause), people[0]).reference_minor == whole.reference_minor  # carried over
    project.client.__class__.objects.update(pay_policy="paid-weeks", guaranteed_share_bp=5_000)
    second = row_of(estimated(pause), people[0])
    assert (second.reference_minor, second.guaranteed_minor) == (2 * WEEKLY_PAY, WEEKLY_PAY)
    assert row_of(first, people[0]).reference_minor == whole.reference_minor


def test_pay_in_another_currency_is_subtracted_at_the_rate_of_its_week_which_is_shown() -> None:
    project, people = firm()
    other = EngagementFactory.make(contractor=people[0].contractor, starts_on=NEXT_MONDAY)
    RateFactory.make(engagement=other, amount_millionths=30_000_000, currency="EUR")
    HoursEntryFactory.make(engagement=other, worked_on=NEXT_MONDAY, seconds=2 * HOUR)
    for person in people:
        HoursEntryFactory.make(engagement=person, worked_on=LATER_ON, seconds=HOUR)
    for on, rate_e10 in ((MONDAY, 10_000_000_000), (NEXT_MONDAY, 12_500_000_000)):
        ExchangeRate.objects.create(
            source="EUR", target="USD", on=on, rate_e10=rate_e10, origin="uploaded", recorded_at=LATER
        )
    row = row_of(estimated(paused(project)), people[0])
    assert row.recovered_minor == 2 * 3_750
    (note,) = [line for line in row.lines if line["label"] == "impact.line.note.converted"]
    assert note["params"] == {
        "currency": "EUR", "minor": 6_000, "base": "EUR", "quote": "USD", "rate": "1.25", "day": "2026-03-09",
    }  # fmt: skip


def test_each_currency_has_its_own_sum() -> None:
    project, people = firm()
    Rate.objects.filter(engagement=people[0]).update(currency="JPY", amount_millionths=1_500_000_000)
    run = estimated(paused(project))
    assert row_of(run, people[0], "JPY").lost_minor == 80 * 1_500  # yen have no minor unit
    assert row_of(run, people[1]).lost_minor == 2 * WEEKLY_PAY


def test_a_month_of_fixed_pay_is_lost_by_its_working_days() -> None:
    project, people = firm()
    Rate.objects.filter(engagement=people[0]).update(basis=PayBasis.MONTH, amount_millionths=2_200_000_000)
    row = row_of(estimated(paused(project)), people[0])
    assert row.lost_minor == 10 * 10_000  # March 2026 has 22 working days, ten of them are paused


def test_a_reduced_pause_costs_the_share_that_stops() -> None:
    project, people = firm()
    pause = paused(project, kind="reduced", remaining_share_bp=2_500, state="in_effect", closed_at=None)
    row = row_of(estimated(pause, as_of=MONDAY - timedelta(days=1)), people[0])
    assert row.lost_minor == 2 * WEEKLY_PAY * 3 // 4


def test_a_client_pause_covers_a_project_that_was_added_later() -> None:
    project, _ = firm()
    pause = ClientPauseFactory.make(
        client=project.client, starts_at=midnight(MONDAY), ends_at=midnight(SECOND_MONDAY), state="ended"
    )
    later = colleague(ProjectFactory.make(client=project.client))
    assert row_of(estimated(pause), later).lost_minor == 2 * WEEKLY_PAY


def test_a_person_spared_by_the_pause_loses_nothing() -> None:
    project, people = firm()
    pause = paused(project)
    PauseExclusionFactory.make(pause=pause, contractor=people[0].contractor)
    run = estimated(pause)
    assert run.estimates.count() == 4
    assert not run.estimates.filter(engagement=people[0]).exists()


def test_an_engagement_that_ends_inside_the_pause_loses_only_its_days() -> None:
    project, people = firm()
    type(people[0]).objects.filter(pk=people[0].pk).update(ends_on=date(2026, 3, 5))
    assert row_of(estimated(paused(project)), people[0]).lost_minor == 3 * WEEKLY_PAY // 5


def test_work_without_a_rate_is_left_out_and_the_others_are_estimated() -> None:
    project, people = firm()
    colleague(project, rate=False)
    assert estimated(paused(project)).estimates.count() == len(people)


def test_a_pause_day_is_a_day_where_the_project_is() -> None:
    project, people = firm(time_zone="Asia/Manila")
    # 16:00 UTC on Sunday is midnight in Manila: Monday to Friday are paused there, and nothing else
    pause = PauseFactory.make(
        project=project,
        starts_at=midnight(MONDAY) - timedelta(hours=8),
        ends_at=midnight(MONDAY) + timedelta(days=4, hours=16),
        state="ended",
    )
    row = row_of(estimated(pause), people[0])
    assert (row.starts_on, row.ends_on, row.lost_minor) == (MONDAY, MONDAY + timedelta(days=5), WEEKLY_PAY)


def test_an_open_pause_without_a_word_on_its_end_is_reckoned_four_weeks_ahead() -> None:
    project, people = firm()
    pause = PauseFactory.make(project=project, starts_at=midnight(MONDAY))
    run = estimated(pause, as_of=MONDAY)
    assert row_of(run, people[0]).lost_minor == 4 * WEEKLY_PAY
    assert run.context["horizons"][str(project.pk)] == {"until": "2026-03-30", "why": "four_weeks"}


def test_an_open_pause_is_reckoned_until_work_is_expected_to_go_on() -> None:
    project, people = firm(planned_end_on=date(2026, 12, 31))
    pause = PauseFactory.make(
        project=project,
        starts_at=midnight(MONDAY),
        expected_resume="date",
        expected_resume_from=NEXT_MONDAY,
    )
    run = estimated(pause, as_of=MONDAY)
    assert row_of(run, people[0]).lost_minor == WEEKLY_PAY
    assert run.context["horizons"][str(project.pk)]["why"] == "expected_resume"


def test_hours_of_short_days_are_no_loss_when_they_are_usual() -> None:
    project, _ = firm()
    part_time = EngagementFactory.make(project=project, contractor__country="XX")
    RateFactory.make(engagement=part_time)
    work_weeks(part_time, until=MONDAY, weeks=26, seconds=2 * HOUR)
    row = row_of(estimated(paused(project)), part_time)
    assert 0.9 * WEEKLY_PAY / 2 <= row.lost_minor <= 1.15 * WEEKLY_PAY / 2


def test_colleagues_elsewhere_who_worked_half_their_hours_make_the_loss_smaller() -> None:
    project, people = firm(people=5)
    _, others = firm(people=5)
    for other in others:
        work_weeks(other, until=SECOND_MONDAY, weeks=2, seconds=4 * HOUR)
    run = estimated(paused(project))
    assert run.context["peers"] == {"XX": [5, 200.0, 400.0, 80.0, SECOND_MONDAY.isoformat()]}
    # thirty imagined people who worked as expected hold the ratio back: (200 + 30 x 80) / (400 + 30 x 80) = 13 / 14
    assert row_of(run, people[0]).lost_minor == pytest.approx(2 * WEEKLY_PAY * 13 / 14, abs=2)


def test_colleagues_whose_sheets_are_not_in_say_nothing() -> None:
    project, people = firm(people=5)
    _, others = firm(people=5)
    for other in others:
        work_weeks(other, until=NEXT_MONDAY, weeks=1, seconds=4 * HOUR)  # the second week is missing
    run = estimated(paused(project))
    assert run.context["peers"] == {}
    assert row_of(run, people[0]).lost_minor == 2 * WEEKLY_PAY
