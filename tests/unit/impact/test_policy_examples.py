"""Each pay policy answers the worked figures of whoever made its rule, every figure of the answer included."""

from typing import Any

import pytest

from projects.impact.policies.catalogue import policy_for

EXAMPLES: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...] = (
    (
        "calendar-day proration",
        "",
        {
            "period_pay": "1500",
            "period": ["2020-03-01", "2020-03-31"],
            "paused": ["2020-03-15", "2020-03-31"],
            "daily_max": "80.65",
            "replacement_rate": "0.8",
        },
        {"lost_pay": "822.58", "pay_kept": "677.42", "cap": "1371.05", "grant": "658.06"},
    ),
    (
        "calendar-day proration",
        "",
        {
            "period_pay": "3500",
            "period": ["2020-03-01", "2020-03-31"],
            "paused": ["2020-03-15", "2020-03-31"],
            "daily_max": "80.65",
            "replacement_rate": "0.8",
        },
        {"lost_pay": "1919.35", "pay_kept": "1580.65", "cap": "1371.05", "grant": "1371.05"},
    ),
    (
        "proration of an amount",
        "",
        {"amount": "3000.155", "whole_days": 30, "part_days": 10},
        {"result": "1000.05"},
    ),
    ("rounding half up", "", {"values": ["1000.5111", "1000.4999"]}, {"results": ["1000.51", "1000.50"]}),
    (
        "limit over a month end",
        "",
        {"period": ["2020-03-15", "2020-04-15"], "monthly_cap": "2500", "period_pay": "5000"},
        {"days": ["17", "15"], "daily_max": ["80.65", "83.34"], "cap": "2621.15", "grant": "2621.15"},
    ),
    ("guaranteed share of whole periods", "", {"period_pay": "2000", "periods": 2}, {"grant": "3200.00"}),
    ("guaranteed share under a limit", "", {"reference_pay": "500", "cap": "576.92"}, {"grant": "400.00"}),
    ("guaranteed share under a limit", "", {"reference_pay": "1000", "cap": "576.92"}, {"grant": "576.92"}),
    (
        "reference pay by average",
        "",
        {"total_pay": "2400.00", "worked_window": ["2019-12-01", "2020-02-29"], "paused_days": [31, 15]},
        {
            "window_days": "91",
            "daily_average": "26.37",
            "daily_average_without_exclusion": "26.37",
            "lost_pay": ["817.47", "395.55"],
        },
    ),
    (
        "reference pay by average",
        "",
        {
            "total_pay": "6500",
            "worked_window": ["2020-08-01", "2020-10-31"],
            "leave_pay": "500",
            "leave_days": 14,
        },
        {"window_days": "92", "daily_average": "76.92", "daily_average_without_exclusion": "70.65"},
    ),
    (
        "weekly pay by calendar days and hours",
        "",
        {"weekly_pay": "700", "paused_days": 5, "usual_hours": None, "worked_hours": None},
        {"lost_pay": "500.00"},
    ),
    (
        "weekly pay by calendar days and hours",
        "",
        {"weekly_pay": "700", "paused_days": 7, "usual_hours": 42, "worked_hours": 24},
        {"lost_pay": "300.00"},
    ),
    (
        "limit by lost hours",
        "",
        {
            "weeks": [
                {"reference_pay": "500", "worked": 15, "usual": 40},
                {"reference_pay": "600", "worked": 10, "usual": 40},
            ],
            "weekly_cap": "576.92",
        },
        {"grant": "793.27"},
    ),
    (
        "reference pay of the same period last year",
        "",
        {"period_days": 7, "last_year_pay": ["700", "350"], "days_taken": [2, 5], "average_pay": "350.00"},
        {"reference_pay": "450.00"},
    ),
    (
        "last year's pay by lost hours",
        "",
        {"stitched_pay": "450.00", "usual_hours": 40, "worked_hours": 16, "average_pay": "240.70"},
        {"reference_pay": "270.00"},
    ),
    (
        "reduced hours and closure in one period",
        "",
        {
            "reference_pay": "2345.67",
            "pay_period": ["2020-10-26", "2020-11-25"],
            "claim": ["2020-11-01", "2020-11-30"],
            "reduced_hours": ["2020-11-05", "2020-11-12"],
            "closed": ["2020-11-17", "2020-11-26"],
            "usual_hours": "320.12",
            "worked_hours": "145.55",
        },
        {"grant": "657.60"},
    ),
    (
        "reduced hours and closure in one period",
        "",
        {
            "reference_pay": "3330.00",
            "pay_period": ["2020-10-29", "2020-11-28"],
            "claim": ["2020-11-01", "2020-11-30"],
            "reduced_hours": ["2020-11-01", "2020-11-15"],
            "closed": ["2020-11-16", "2020-11-28"],
            "usual_hours": "310.55",
            "worked_hours": "134.44",
        },
        {"grant": "1429.42"},
    ),
    (
        "usual hours of a pattern",
        "",
        {"hours_per_week": "37", "pattern_days": 7, "calendar_days": 4},
        {"unrounded": "21.14", "usual_hours": "21"},
    ),
    (
        "usual hours of a pattern",
        "",
        {"hours_per_week": "37", "pattern_days": 7, "calendar_days": 6},
        {"unrounded": "31.71", "usual_hours": "32"},
    ),
    (
        "usual hours of a pattern, day rounded first",
        "rounded to 5.71",
        {"hours_per_week": "40", "pattern_days": 7, "calendar_days": 16},
        {"daily_hours": "5.71", "unrounded": "91.36", "usual_hours": "91"},
    ),
    (
        "lost pay in thirds",
        "",
        {"monthly_pay": "2000", "usual_weekly_hours": 40, "worked_weekly_hours": 20},
        {
            "worked_pay": "1000.00",
            "lost_pay": "1000.00",
            "replaced": "666.66",
            "uncovered": "333.34",
            "percent_of_normal": "83.3",
        },
    ),
    (
        "higher of average and last year",
        "",
        {"average": "250", "same_week_last_year": "260"},
        {"pay": "208.00"},
    ),
    (
        "higher of average and last year",
        "",
        {"average": "250", "same_week_last_year": "240"},
        {"pay": "200.00"},
    ),
    (
        "rate in force by day",
        "",
        {"hours": 40, "rate_before": "8.21", "rate_from_2020_04_01": "8.72", "replacement_rate": "0.8"},
        {
            "reference_week": "328.40",
            "claim": "262.72",
            "week_at_new_rate": "348.80",
            "contractual_80": "279.04",
        },
    ),
    ("average week of eight weeks", "", {"pay": "800", "window": "8 weeks"}, {"average_week": "100.00"}),
    ("average week of months", "", {"pay": "1200", "monthly_payments": 3}, {"average_week": "92.31"}),
    (
        "average week of days",
        "",
        {"pay": "1000", "window_from": "2013-12-21", "window_to": "2013-12-31"},
        {"window_days": "10", "average_week": "700.00"},
    ),
    (
        "working-pattern daily rate",
        "",
        {"weekly_rate": "85.85", "pattern_days": 2},
        {"daily_rate": "42.9250"},
    ),
    ("guarantee pay", "", {"daily_limit": "24.20", "days": 7}, {"max_payable": "121.00"}),
    ("guarantee pay", "", {"daily_limit": "31", "days": 5}, {"max_payable": "155.00"}),
    (
        "work-share benefit",
        "down",
        {"usual_hours": 40, "reduction": "0.20", "weekly_benefit_amount": "488"},
        {"lost_hours": "8.00", "worked_hours": "32.00", "benefit": "97"},
    ),
    (
        "work-share benefit, in the worker's favour",
        "up",
        {"weekly_benefit_amount": "488", "reduction": "0.20"},
        {"benefit": "98"},
    ),
    (
        "residual income from base pay",
        "",
        {"rate": "15", "base_weeks": 52, "base_hours": 40, "hours_now": 24},
        {"weekly_benefit_amount": "390.00", "wages": "360.00", "benefit": "30.00"},
    ),
    (
        "benefit by missed days",
        "",
        {"average_weekly_pay": "500", "weekly_benefit_amount": "250", "days_worked": 4},
        {"wages": "400.00", "benefit": "50.00"},
    ),
    (
        "residual income with a disregard",
        "",
        {"weekly_benefit_amount": "450", "wages": "440"},
        {"disregard": "110.00", "deducted": "330.00", "benefit": "120.00"},
    ),
    (
        "residual income with a disregard",
        "",
        {"weekly_benefit_amount": "200", "wages": "100"},
        {"disregard": "25.00", "deducted": "75.00", "benefit": "125.00"},
    ),
    (
        "average day of four weeks",
        "",
        {"hours_per_day": 8, "rate": "14.00", "days_per_week": 5, "weeks": 4, "vacation_pay": "0"},
        {"day": "112.00", "week": "560.00", "four_weeks": "2240.00", "average_day": "112.00"},
    ),
    (
        "monthly pay by calendar days",
        "",
        {"monthly_wage": "8060.0", "calendar_days": 28},
        {"one_day": "287.9"},
    ),
    (
        "monthly pay by days on",
        "",
        {"monthly_wage": "7020.0", "calendar_days": 28, "days_off": 4},
        {"one_day": "292.5"},
    ),
    (
        "working-day proration",
        "",
        {"monthly_gross": "5000", "working_days": 22, "days_worked": 15},
        {"daily": "227.27", "paid": "3409.09", "lost": "1590.91"},
    ),
    (
        "hourly equivalent of a month",
        "",
        {"monthly_gross": "2650", "weekly_hours": 38, "hours_lost": "15.2"},
        {"lost_pay": "244.61", "paid": "2405.39", "exact": "244.6154"},
    ),
    ("share of pay lost", "", {"target": "4500", "actual": "2215.34"}, {"loss_percent": "50.77"}),
    (
        "full-time equivalents lost",
        "",
        {"weekly_hours_lost": "4800"},
        {"fte_48": "100.00", "fte_40": "120.00"},
    ),
    (
        "redeployment at another rate",
        "",
        {"old_rate": "21.00", "new_rate": "16.00", "hours": 40},
        {"rate_difference": "5.00", "percent": "23.81", "weekly_loss": "200.00"},
    ),
    (
        "average of paid weeks",
        "",
        {"paid_weeks": 52, "each": "300", "unpaid_weeks_inside": 13},
        {"average_week": "300.00", "average_if_zero_weeks_counted": "240.00"},
    ),
)


def words(answer: object) -> object:
    """Figures as they are shown, to the last place."""
    if isinstance(answer, dict):
        return {key: words(value) for key, value in answer.items()}
    return [words(one) for one in answer] if isinstance(answer, list) else str(answer)


@pytest.mark.parametrize(
    ("name", "rule", "inputs", "answer"), EXAMPLES, ids=[f"{at}-{one[0]}" for at, one in enumerate(EXAMPLES)]
)
def test_a_policy_answers_its_worked_example_to_the_last_figure(
    name: str, rule: str, inputs: dict[str, Any], answer: dict[str, Any]
) -> None:
    policy = policy_for(inputs, rule)
    assert policy is not None
    assert (policy.name, words(policy.answer(inputs))) == (name, answer)
