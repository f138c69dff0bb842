"""The arithmetic of pay rules: calendars with both ends included, and each rounding where the rule says."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from projects.impact.policies.averages import week_of_window
from projects.impact.policies.benefits import by_missed_days, with_disregard
from projects.impact.policies.calendars import (
    Span,
    days_in_month,
    pay_periods,
    span,
    working_days,
    years_back,
)
from projects.impact.policies.catalogue import POLICIES, UNSUPPORTED, policy_for
from projects.impact.policies.prorated import calendar_days_of_period, month_day
from projects.impact.policies.rounding import down, exact, half_up, up
from projects.impact.policies.rules import (
    daily_average,
    guarantee,
    lost_hours_share,
    monthly_cap,
    replaced,
    share_of_period,
    stitched,
)
from projects.impact.policies.scheme import limit_over_months, two_states


def days(first: str, last: str) -> Span:
    return span((first, last))


def test_a_span_counts_both_its_ends() -> None:
    one = days("2026-03-02", "2026-03-02")
    assert (one.days, days("2026-03-02", "2026-03-08").days, days("2026-03-02", "2026-03-01").days) == (
        1,
        7,
        0,
    )
    assert days("2026-03-05", "2026-03-01").days == 0
    assert one.moved(30) == days("2026-04-01", "2026-04-01")
    assert days("2026-03-02", "2026-03-08").moved(-7) == days("2026-02-23", "2026-03-01")


def test_two_spans_share_the_days_in_both() -> None:
    march = days("2026-03-01", "2026-03-31")
    assert march.within(days("2026-03-10", "2026-04-10")) == days("2026-03-10", "2026-03-31")
    assert march.within(days("2026-02-10", "2026-03-10")) == days("2026-03-01", "2026-03-10")
    assert march.within(days("2026-04-01", "2026-04-10")).days == 0


def test_a_span_is_parted_by_month() -> None:
    assert list(days("2024-01-30", "2024-03-01").by_month()) == [(2, 31), (29, 29), (1, 31)]
    assert list(days("2026-12-31", "2027-01-01").by_month()) == [(1, 31), (1, 31)]
    assert list(days("2026-03-02", "2026-03-01").by_month()) == []


def test_months_pay_periods_and_anniversaries_follow_the_calendar() -> None:
    assert [days_in_month(date(year, 2, 10)) for year in (2024, 2026)] == [29, 28]
    dates = [date(2026, 3, 31), date(2026, 1, 31), date(2026, 2, 28)]
    assert pay_periods(dates) == [days("2026-02-01", "2026-02-28"), days("2026-03-01", "2026-03-31")]
    assert pay_periods(dates[:1]) == []
    assert years_back(date(2026, 3, 2), 2) == date(2024, 3, 2)
    assert [years_back(date(2024, 2, 29), years) for years in (1, 4)] == [
        date(2023, 2, 28),
        date(2020, 2, 29),
    ]


def test_working_days_follow_the_pattern() -> None:
    assert working_days(days("2026-03-02", "2026-03-08")) == 5
    assert working_days(days("2026-03-01", "2026-03-02")) == 1
    assert working_days(days("2026-03-02", "2026-03-08"), (0, 0, 0, 0, 0, 8, 1)) == 2
    with pytest.raises(ValueError, match="unpack"):
        span(["2026-03-02"])


def test_each_way_of_rounding_holds_below_zero_and_at_any_place() -> None:
    values = [Fraction(-5, 1000), Fraction(-4, 1000), Fraction(4, 1000), Fraction(5, 1000)]
    assert [half_up(value) for value in values] == [Decimal("-0.01"), 0, 0, Decimal("0.01")]
    assert [up(value) for value in values] == [0, 0, Decimal("0.01"), Decimal("0.01")]
    assert [down(value) for value in values] == [0, 0, 0, 0]
    assert (half_up(Fraction(5, 2), 0), up(Fraction(5, 2), 0), down(Fraction(5, 2), 0)) == (3, 3, 2)
    assert (down(Fraction(-12345, 1000)), up(Fraction(-12345, 1000))) == (
        Decimal("-12.34"),
        Decimal("-12.34"),
    )
    assert str(half_up(7)) == "7.00"
    assert down(Fraction(1, 3), 4) == Decimal("0.3333")
    assert half_up(Decimal("2.675")) == Decimal("2.68")


@pytest.mark.parametrize("value", [True, None, "a lot", ""])
def test_what_is_no_figure_is_refused(value: object) -> None:
    assert exact(15.86) == Fraction(1586, 100)
    with pytest.raises(ValueError, match=r"figure|Fraction"):
        exact(value)


def test_a_share_of_a_period_is_rounded_once() -> None:
    assert share_of_period(100, 3, 2) == Decimal("66.67")
    assert share_of_period(100, 1, 1) == 100
    with pytest.raises(ValueError, match=r"^a period has at least one day$"):
        share_of_period(100, 0, 2)


def test_an_average_day_leaves_leave_out_of_pay_and_days() -> None:
    assert daily_average(100, 3) == Decimal("33.33")
    assert daily_average(100, 3, 10, 1) == 45
    with pytest.raises(ValueError, match=r"^the whole window is leave$"):
        daily_average(100, 3, 10, 3)


def test_lost_hours_are_never_under_nothing() -> None:
    assert lost_hours_share(100, 40, 10) == 75
    assert lost_hours_share(100, 40, 50) == 0
    assert [lost_hours_share(100, usual, 10) for usual in (None, 0)] == [100, 100]
    assert lost_hours_share(100, 40, None) == 100
    assert stitched([700, 350], [2, 5], 7) == 450


def test_limits_and_guarantees_are_rounded_as_their_rules_say() -> None:
    assert monthly_cap(days("2020-03-15", "2020-04-15"), 2500) == 17 * Decimal("80.65") + 15 * Decimal(
        "83.34"
    )
    assert (replaced(100, Fraction(4, 5)), replaced(100, Fraction(4, 5), 70)) == (80, 70)
    assert replaced(Decimal("100.01"), Fraction(4, 5), 90) == Decimal("80.01")
    assert guarantee(7, Decimal("24.20"), 5) == 121
    assert guarantee(2, Decimal("24.20"), 5) == Decimal("48.40")
    assert (guarantee(2, 30, 5, 20), guarantee(2, 30, 5, 40)) == (40, 60)


def test_a_window_that_is_not_in_weeks_is_refused() -> None:
    assert week_of_window({"pay": 100, "window": "1 week"}) == {"average_week": 100}
    with pytest.raises(ValueError, match=r"^window '8 months' is not in weeks$"):
        week_of_window({"pay": 100, "window": "8 months"})


def test_a_daily_limit_without_a_share_guarantees_all_of_what_is_lost() -> None:
    march = {
        "period_pay": "3100",
        "period": ["2026-03-01", "2026-03-31"],
        "paused": ["2026-03-30", "2026-04-30"],
    }
    assert calendar_days_of_period(march) == {"lost_pay": 200, "pay_kept": 2900}
    assert calendar_days_of_period({**march, "daily_max": "90.005"}) == {
        "lost_pay": 200,
        "pay_kept": 2900,
        "cap": Decimal("180.01"),
        "grant": Decimal("180.01"),
    }
    assert calendar_days_of_period({**march, "daily_max": "500"})["grant"] == 200


def test_days_off_are_taken_from_the_days_of_a_month() -> None:
    assert month_day({"monthly_wage": 300, "calendar_days": 30}) == {"one_day": 10}
    assert month_day({"monthly_wage": 300, "calendar_days": 30, "days_off": 10}) == {"one_day": 15}


@pytest.mark.parametrize(
    ("worked", "wages", "benefit"), [(0, 0, 250), (5, 500, 0), (6, 600, 0), (3, 300, 100)]
)
def test_no_benefit_is_paid_for_more_than_the_days_of_a_week(worked: int, wages: int, benefit: int) -> None:
    stated = {"average_weekly_pay": 500, "weekly_benefit_amount": 250, "days_worked": worked}
    assert by_missed_days(stated) == {"wages": wages, "benefit": benefit}


@pytest.mark.parametrize(
    ("wages", "disregard", "deducted", "benefit"),
    [(0, 25, 0, 200), (20, 25, 0, 200), (100, 25, 75, 125), (120, 30, 90, 110), (400, 100, 300, 0)],
)
def test_wages_are_deducted_beyond_the_disregard(
    wages: int, disregard: int, deducted: int, benefit: int
) -> None:
    answer = with_disregard({"wages": wages, "weekly_benefit_amount": 200})
    assert answer == {"disregard": disregard, "deducted": deducted, "benefit": benefit}


def test_a_limit_over_a_month_end_holds_only_where_pay_reaches_it() -> None:
    stated = {"period": ["2020-03-15", "2020-04-15"], "monthly_cap": "2500", "period_pay": "1000"}
    assert limit_over_months(stated)["grant"] == 800


def test_a_closure_wins_where_it_meets_reduced_hours_and_pay_has_its_limit() -> None:
    stated = {
        "reference_pay": "3000",
        "pay_period": ["2020-11-01", "2020-11-30"],
        "claim": ["2020-11-01", "2020-11-30"],
        "reduced_hours": ["2020-11-01", "2020-11-10"],
        "closed": ["2020-11-06", "2020-11-15"],
        "usual_hours": "40",
        "worked_hours": "10",
    }
    assert two_states(stated)["grant"] == Decimal("231.26") + Decimal("666.70")
    assert two_states({**stated, "worked_hours": "50"})["grant"] == Decimal("666.70")
    assert two_states({**stated, "reference_pay": "6000"})["grant"] == Decimal("240.90") + Decimal("694.48")
    shifted = {**stated, "pay_period": ["2020-11-01", "2020-11-29"], "reference_pay": "6000"}
    assert two_states(shifted)["grant"] == Decimal("237.60") + Decimal("684.97")
    assert two_states({**stated, "claim": ["2020-11-01", "2020-11-05"]})["grant"] == Decimal("231.26")


def test_every_policy_has_a_name_of_its_own_and_says_how_it_rounds() -> None:
    assert len({policy.name for policy in POLICIES}) == len(POLICIES)
    assert all(policy.rounding for policy in POLICIES)
    assert not any(policy_for(dict.fromkeys(inputs, 1), "") for inputs in UNSUPPORTED)


def test_a_policy_speaks_only_about_inputs_it_knows_and_the_more_exact_rule_wins() -> None:
    pattern = {"calendar_days": 1, "hours_per_week": 1, "pattern_days": 1}
    plain, exactly = policy_for(pattern, "nearest"), policy_for(pattern, "Daily hours ROUNDED TO 5.71 first")
    assert plain is not None
    assert exactly is not None
    assert (plain.name, exactly.name) == (
        "usual hours of a pattern",
        "usual hours of a pattern, day rounded first",
    )
    assert policy_for({**pattern, "moon": 1}, "") is None
    assert policy_for({"calendar_days": 1}, "") is None
    share = {"reduction": 1, "weekly_benefit_amount": 1}
    assert policy_for(share, "rounds down") is None
    found = policy_for(share, "rounds UP")
    assert found is not None
    assert found.name == "work-share benefit, in the worker's favour"
