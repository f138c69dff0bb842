"""Replaced income: guarantee and standby pay, work-share benefits, residual income."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from projects.impact.policies.rounding import down, exact, half_up, up
from projects.impact.policies.rules import guarantee

Inputs = Mapping[str, Any]
Answers = dict[str, Any]
MOST_GUARANTEE_DAYS = 5
WORK_WEEK_DAYS = 5
DISREGARD_SHARE = Fraction(1, 4)
DISREGARD_FLOOR = 25
BASE_PAY_SHARE = Fraction(125, 10_000)


def guarantee_days(inputs: Inputs) -> Answers:
    """A daily limit for at most five workless days in three months (ERA 1996 s.30-31)."""
    limit = exact(inputs["daily_limit"])
    return {"max_payable": guarantee(int(inputs["days"]), limit, MOST_GUARANTEE_DAYS)}


def work_share_down(inputs: Inputs) -> Answers:
    """Share of the weekly benefit by the reduction, rounded down to the whole unit."""
    usual, reduction = exact(inputs["usual_hours"]), exact(inputs["reduction"])
    return {
        "lost_hours": half_up(usual * reduction),
        "worked_hours": half_up(usual * (1 - reduction)),
        "benefit": down(exact(inputs["weekly_benefit_amount"]) * reduction, 0),
    }


def work_share_up(inputs: Inputs) -> Answers:
    """The reduction to the nearest full percent, the benefit rounded up to the whole unit."""
    percent = half_up(exact(inputs["reduction"]) * 100, 0)
    return {"benefit": up(exact(inputs["weekly_benefit_amount"]) * Fraction(percent) / 100, 0)}


def from_base_pay(inputs: Inputs) -> Answers:
    """1.25 % of base-year pay, less what is still earned."""
    rate = exact(inputs["rate"])
    benefit = rate * exact(inputs["base_weeks"]) * exact(inputs["base_hours"]) * BASE_PAY_SHARE
    wages = rate * exact(inputs["hours_now"])
    return {
        "weekly_benefit_amount": half_up(benefit),
        "wages": half_up(wages),
        "benefit": half_up(max(benefit - wages, Fraction(0))),
    }


def by_missed_days(inputs: Inputs) -> Answers:
    """A fifth of the weekly benefit for each day not worked."""
    worked = int(inputs["days_worked"])
    missed = max(WORK_WEEK_DAYS - worked, 0)
    return {
        "wages": half_up(exact(inputs["average_weekly_pay"]) * worked / WORK_WEEK_DAYS),
        "benefit": half_up(exact(inputs["weekly_benefit_amount"]) * missed / WORK_WEEK_DAYS),
    }


def with_disregard(inputs: Inputs) -> Answers:
    """The weekly benefit less wages, of which 25 or a quarter, whichever is more, is not counted."""
    wages = exact(inputs["wages"])
    disregard = max(Fraction(DISREGARD_FLOOR), wages * DISREGARD_SHARE)
    deducted = max(wages - disregard, Fraction(0))
    benefit = max(exact(inputs["weekly_benefit_amount"]) - deducted, Fraction(0))
    return {"disregard": half_up(disregard), "deducted": half_up(deducted), "benefit": half_up(benefit)}


def in_thirds(inputs: Inputs) -> Answers:
    """Worked hours paid in full; state and employer each bear a third of the rest, cut off at the penny."""
    pay, usual = exact(inputs["monthly_pay"]), exact(inputs["usual_weekly_hours"])
    worked = pay * exact(inputs["worked_weekly_hours"]) / usual
    lost = pay - worked
    borne = 2 * down(lost / 3)
    return {
        "worked_pay": half_up(worked),
        "lost_pay": half_up(lost),
        "replaced": borne,
        "uncovered": half_up(lost) - borne,
        "percent_of_normal": half_up((worked + Fraction(borne)) / pay * 100, 1),
    }
