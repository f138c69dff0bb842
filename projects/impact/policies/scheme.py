"""Policies of pay schemes over whole claims: limits, guaranteed shares, two states in one period."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from projects.impact.policies.calendars import Span, days_in_month, span
from projects.impact.policies.job_retention import (
    GRANT_SHARE,
    PeriodPay,
    read_claim,
    settle_claim,
    total_grant,
)
from projects.impact.policies.rounding import exact, half_up, up
from projects.impact.policies.rules import lost_hours_share, monthly_cap, replaced

Inputs = Mapping[str, Any]
Answers = dict[str, Any]
CLOSED_SHARE = Fraction(6667, 10_000)
REDUCED_SHARE = Fraction(6167, 10_000)
TWO_STATES_MONTHLY = 3125
TWO_STATES_DAILY = Fraction(10274, 100)
"""3,125 x 12 / 365, to the penny."""


def claim(inputs: Inputs) -> Answers:
    """Reference pay, limits and grant of every pay period, and their sum."""
    periods = settle_claim(read_claim(inputs))
    return {"grant": total_grant(periods), "per_period": [_period(period) for period in periods]}


def _period(pay: PeriodPay) -> Answers:
    out: Answers = {
        "pay_period": [pay.period.first.isoformat(), pay.period.last.isoformat()],
        "paused": [pay.paused.first.isoformat(), pay.paused.last.isoformat()],
        "days_in_period": pay.period.days,
        "days_paused": pay.paused.days,
        "basis": pay.basis,
        "reference_pay": pay.reference_pay,
        "cap": pay.cap,
        "grant": pay.grant,
    }
    if pay.usual is not None and pay.worked is not None:
        out |= {
            "usual_hours": half_up(pay.usual),
            "worked_hours": half_up(pay.worked),
            "lost_hours": half_up(max(pay.usual - pay.worked, Fraction(0))),
        }
    return out


def limit_over_months(inputs: Inputs) -> Answers:
    """A monthly limit split at the month end, each day's limit rounded up."""
    period, monthly = span(inputs["period"]), exact(inputs["monthly_cap"])
    months = list(period.by_month())
    cap = monthly_cap(period, monthly)
    return {
        "days": [days for days, _ in months],
        "daily_max": [up(monthly / length) for _, length in months],
        "cap": cap,
        "grant": replaced(exact(inputs["period_pay"]), GRANT_SHARE, cap),
    }


def whole_periods(inputs: Inputs) -> Answers:
    """80 % of each whole period, added."""
    return {"grant": replaced(exact(inputs["period_pay"]), GRANT_SHARE) * int(inputs["periods"])}


def share_under_limit(inputs: Inputs) -> Answers:
    """80 % of reference pay, at most the limit of the pay frequency."""
    return {"grant": replaced(exact(inputs["reference_pay"]), GRANT_SHARE, exact(inputs["cap"]))}


def weeks_under_limit(inputs: Inputs) -> Answers:
    """80 % of each week's reference pay, at most the limit scaled by its lost hours, added."""
    limit = exact(inputs["weekly_cap"])
    total = Decimal(0)
    for week in inputs["weeks"]:
        cap = lost_hours_share(limit, exact(week["usual"]), exact(week["worked"]))
        total += replaced(exact(week["reference_pay"]), GRANT_SHARE, cap)
    return {"grant": total}


def two_states(inputs: Inputs) -> Answers:
    """Reduced hours and a closure in one pay period, each by its own calendar days; closure wins where they
    meet.

    Reference pay counts up to 3,125 a calendar month, 102.74 a day in any other period (inferred from
    the official figures, the rule's text does not say so). In the reduced days
    the pay of worked hours is rounded to the penny and what remains is lost.
    """
    period, stated = span(inputs["pay_period"]), span(inputs["claim"])
    closed = span(inputs["closed"]).within(period).within(stated)
    reduced = span(inputs["reduced_hours"]).within(period).within(stated)
    open_days = reduced.days - reduced.within(closed).days
    daily = _limited_day(exact(inputs["reference_pay"]), period)
    usual, worked = exact(inputs["usual_hours"]), exact(inputs["worked_hours"])
    due = daily * open_days
    lost = due - Fraction(half_up(due * min(worked, usual) / usual))
    return {"grant": half_up(lost * REDUCED_SHARE) + half_up(daily * closed.days * CLOSED_SHARE)}


def _limited_day(reference: Fraction, period: Span) -> Fraction:
    """Reference pay of a calendar day under the scheme's limit."""
    is_month = period.first.day == 1 and period.days == days_in_month(period.first)
    limit = Fraction(TWO_STATES_MONTHLY) / period.days if is_month else TWO_STATES_DAILY
    return min(reference / period.days, limit)
