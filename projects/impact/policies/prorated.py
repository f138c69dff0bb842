"""Proration policies: calendar days, working days, hours and rates of a stated pay."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from projects.impact.policies.calendars import span
from projects.impact.policies.rounding import down, exact, half_up
from projects.impact.policies.rules import lost_hours_share, replaced, share_of_period

Inputs = Mapping[str, Any]
Answers = dict[str, Any]


def calendar_days_of_period(inputs: Inputs) -> Answers:
    """Fixed pay over a part of its period; with a daily limit also the guaranteed share."""
    pay, period, paused = exact(inputs["period_pay"]), span(inputs["period"]), span(inputs["paused"])
    inside = paused.within(period)
    lost = share_of_period(pay, period.days, inside.days)
    out: Answers = {"lost_pay": lost, "pay_kept": half_up(pay) - lost}
    if "daily_max" in inputs:
        cap = half_up(exact(inputs["daily_max"]) * inside.days)
        out |= {"cap": cap, "grant": replaced(lost, exact(inputs.get("replacement_rate", 1)), cap)}
    return out


def part_of_amount(inputs: Inputs) -> Answers:
    """Divide, multiply, round once."""
    amount = exact(inputs["amount"])
    return {"result": share_of_period(amount, int(inputs["whole_days"]), int(inputs["part_days"]))}


def rounded(inputs: Inputs) -> Answers:
    """Half up to pence."""
    return {"results": [half_up(exact(value)) for value in inputs["values"]]}


def week_by_days_and_hours(inputs: Inputs) -> Answers:
    """A weekly commitment: pay / 7 x days, then x lost hours / usual hours, rounded once."""
    pay = exact(inputs["weekly_pay"]) * int(inputs["paused_days"]) / 7
    return {"lost_pay": lost_hours_share(pay, *hours_of(inputs))}


def hours_of(inputs: Inputs) -> tuple[Fraction | None, Fraction | None]:
    """Usual and worked hours, where stated."""
    usual, worked = inputs.get("usual_hours"), inputs.get("worked_hours")
    return (None if usual is None else exact(usual), None if worked is None else exact(worked))


def usual_hours(inputs: Inputs) -> Answers:
    """Contracted hours / days of the pattern x calendar days, nearest whole hour."""
    exact_hours = exact(inputs["hours_per_week"]) / int(inputs["pattern_days"]) * int(inputs["calendar_days"])
    return {"unrounded": half_up(exact_hours), "usual_hours": half_up(exact_hours, 0)}


def usual_hours_by_rounded_day(inputs: Inputs) -> Answers:
    """The same with the day's hours rounded to two places first."""
    daily = half_up(exact(inputs["hours_per_week"]) / int(inputs["pattern_days"]))
    hours = daily * int(inputs["calendar_days"])
    return {"daily_hours": daily, "unrounded": hours, "usual_hours": half_up(hours, 0)}


def rate_rise(inputs: Inputs) -> Answers:
    """The same hours under the rate of the reference date and under the rate in force."""
    hours, share = exact(inputs["hours"]), exact(inputs["replacement_rate"])
    before, after = exact(inputs["rate_before"]) * hours, exact(inputs["rate_from_2020_04_01"]) * hours
    return {
        "reference_week": half_up(before),
        "claim": half_up(before * share),
        "week_at_new_rate": half_up(after),
        "contractual_80": half_up(after * share),
    }


def pattern_day(inputs: Inputs) -> Answers:
    """A week's pay over the days of its pattern, cut off at four places."""
    return {"daily_rate": down(exact(inputs["weekly_rate"]) / int(inputs["pattern_days"]), 4)}


def month_day(inputs: Inputs) -> Answers:
    """One day of monthly pay: over calendar days, or over the days that are not days off."""
    days = int(inputs["calendar_days"]) - int(inputs.get("days_off", 0))
    return {"one_day": half_up(exact(inputs["monthly_wage"]) / days, 1)}


def working_days_of_month(inputs: Inputs) -> Answers:
    """Monthly pay over working days; the lost part is the whole minus what is paid, so both add up."""
    gross, days = exact(inputs["monthly_gross"]), int(inputs["working_days"])
    paid = share_of_period(gross, days, int(inputs["days_worked"]))
    return {"daily": half_up(gross / days), "paid": paid, "lost": half_up(gross) - paid}


def month_by_hours(inputs: Inputs) -> Answers:
    """Monthly pay x 3 / 13 / weekly hours x hours lost, cut off at the cent."""
    gross = exact(inputs["monthly_gross"])
    lost = gross * 3 / 13 / exact(inputs["weekly_hours"]) * exact(inputs["hours_lost"])
    return {"lost_pay": down(lost), "paid": half_up(gross) - down(lost), "exact": half_up(lost, 4)}


def loss_percent(inputs: Inputs) -> Answers:
    """What share of the pay was lost, in percent."""
    target, actual = exact(inputs["target"]), exact(inputs["actual"])
    return {"loss_percent": half_up((target - actual) / target * 100)}


def full_time_equivalents(inputs: Inputs) -> Answers:
    """Hours lost a week over a full week of 48 or 40 hours."""
    lost = exact(inputs["weekly_hours_lost"])
    return {"fte_48": half_up(lost / 48), "fte_40": half_up(lost / 40)}


def redeployed(inputs: Inputs) -> Answers:
    """What the same hours lose at a lower rate."""
    old, new = exact(inputs["old_rate"]), exact(inputs["new_rate"])
    return {
        "rate_difference": half_up(old - new),
        "percent": half_up((old - new) / old * 100),
        "weekly_loss": half_up((old - new) * exact(inputs["hours"])),
    }
