"""The arithmetic that pay policies are built from; each rule says where it rounds."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from projects.impact.policies.calendars import Span
from projects.impact.policies.rounding import Number, half_up, up


def share_of_period(pay: Number, whole_days: int, part_days: int) -> Decimal:
    """Calendar- or working-day proration: divide, multiply, round half up once. Raises ValueError for no
    days."""
    if whole_days <= 0:
        raise ValueError("a period has at least one day")
    return half_up(Fraction(pay) * part_days / whole_days)


def daily_average(pay: Number, days: int, leave_pay: Number = 0, leave_days: int = 0) -> Decimal:
    """Reference pay of one day over a look-back window, leave and earlier pauses taken out of both sides;
    rounded half up before it is multiplied (HMRC). Raises ValueError when no day is left."""
    if days <= leave_days:
        raise ValueError("the whole window is leave")
    return half_up((Fraction(pay) - Fraction(leave_pay)) / (days - leave_days))


def lost_hours_share(amount: Number, usual: Number | None, worked: Number | None) -> Decimal:
    """Reduced hours: amount x (usual - worked) / usual, never under 0, rounded half up; all of it without
    hours."""
    if usual is None or worked is None or not usual:
        return half_up(amount)
    lost = max(Fraction(usual) - Fraction(worked), Fraction(0))
    return half_up(Fraction(amount) / Fraction(usual) * lost)


def stitched(pays: Sequence[Number], days: Sequence[int], period_days: int) -> Decimal:
    """Same days last year out of two pay periods: each part rounded half up, then added."""
    parts = (share_of_period(pay, period_days, taken) for pay, taken in zip(pays, days, strict=True))
    return sum(parts, Decimal(0))


def monthly_cap(paused: Span, monthly: Number) -> Decimal:
    """A monthly limit over paused days: per month, days x (limit / days in the month, rounded UP to the
    penny)."""
    parts = (days * up(Fraction(monthly) / length) for days, length in paused.by_month())
    return sum(parts, Decimal(0))


def replaced(reference: Number, share: Number, cap: Number | None = None) -> Decimal:
    """A guaranteed share of reference pay under a limit, rounded half up."""
    amount = Fraction(reference) * Fraction(share)
    return half_up(amount if cap is None else min(amount, Fraction(cap)))


def guarantee(days: int, daily_limit: Number, most_days: int, expected_day: Number | None = None) -> Decimal:
    """Standby pay: the day's expected pay up to a daily limit, for at most so many workless days."""
    daily = (
        Fraction(daily_limit) if expected_day is None else min(Fraction(daily_limit), Fraction(expected_day))
    )
    return half_up(daily * min(days, most_days))
