"""Reference pay by average: look-back windows, the same period last year, paid weeks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from projects.impact.policies.calendars import span
from projects.impact.policies.prorated import hours_of
from projects.impact.policies.rounding import exact, half_up
from projects.impact.policies.rules import daily_average, lost_hours_share, replaced, stitched

Inputs = Mapping[str, Any]
Answers = dict[str, Any]
GRANT_SHARE = Fraction(4, 5)


def daily(inputs: Inputs) -> Answers:
    """Average of a calendar day over the window, leave taken out, times the paused days and the lost
    hours."""
    window = span(inputs["worked_window"])
    pay, leave_days = exact(inputs["total_pay"]), int(inputs.get("leave_days") or 0)
    average = daily_average(pay, window.days, exact(inputs.get("leave_pay") or 0), leave_days)
    out: Answers = {
        "window_days": window.days,
        "daily_average": average,
        "daily_average_without_exclusion": daily_average(pay, window.days),
    }
    paused = inputs.get("paused_days")
    if paused is not None:
        hours = hours_of(inputs)
        each = paused if isinstance(paused, list) else [paused]
        lost: list[Decimal] = [lost_hours_share(average * int(days), *hours) for days in each]
        out["lost_pay"] = lost if isinstance(paused, list) else lost[0]
    return out


def same_period_last_year(inputs: Inputs) -> Answers:
    """The higher of the average and the same days last year, put together from the pay periods they fall
    in."""
    pays = [exact(pay) for pay in inputs["last_year_pay"]]
    seasonal = stitched(pays, [int(days) for days in inputs["days_taken"]], int(inputs["period_days"]))
    return {"reference_pay": max(half_up(exact(inputs["average_pay"])), seasonal)}


def last_year_by_hours(inputs: Inputs) -> Answers:
    """Last year's pay for the lost hours, or the average where that is higher."""
    seasonal = lost_hours_share(exact(inputs["stitched_pay"]), *hours_of(inputs))
    return {"reference_pay": max(half_up(exact(inputs["average_pay"])), seasonal)}


def higher_of(inputs: Inputs) -> Answers:
    """80 % of the higher of the average week and the same week last year."""
    reference = max(exact(inputs["average"]), exact(inputs["same_week_last_year"]))
    return {"pay": replaced(reference, GRANT_SHARE)}


def week_of_window(inputs: Inputs) -> Answers:
    """Pay over the weeks of a window written as "8 weeks". Raises ValueError for another unit."""
    count, unit = str(inputs["window"]).split()
    if unit not in {"week", "weeks"}:
        raise ValueError(f"window {inputs['window']!r} is not in weeks")
    return {"average_week": half_up(exact(inputs["pay"]) / int(count))}


def week_of_months(inputs: Inputs) -> Answers:
    """Monthly payments: x 12 / 52."""
    return {"average_week": half_up(exact(inputs["pay"]) / int(inputs["monthly_payments"]) * 12 / 52)}


def week_of_days(inputs: Inputs) -> Answers:
    """Irregular payments: pay over the days between two dates (the last not included) x 7."""
    days = (date.fromisoformat(inputs["window_to"]) - date.fromisoformat(inputs["window_from"])).days
    return {"window_days": days, "average_week": half_up(exact(inputs["pay"]) / days * 7)}


def day_of_four_weeks(inputs: Inputs) -> Answers:
    """Wages and vacation pay of four work weeks over twenty days."""
    day = exact(inputs["hours_per_day"]) * exact(inputs["rate"])
    week = day * int(inputs["days_per_week"])
    total = week * int(inputs["weeks"])
    return {
        "day": half_up(day),
        "week": half_up(week),
        "four_weeks": half_up(total),
        "average_day": half_up((total + exact(inputs["vacation_pay"])) / 20),
    }


def paid_weeks(inputs: Inputs) -> Answers:
    """The mean of paid weeks, beside the mean that counts weeks without pay (the better prediction)."""
    paid, unpaid, each = int(inputs["paid_weeks"]), int(inputs["unpaid_weeks_inside"]), exact(inputs["each"])
    return {
        "average_week": half_up(each),
        "average_if_zero_weeks_counted": half_up(each * paid / (paid + unpaid)),
    }
