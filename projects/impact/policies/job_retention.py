"""The UK job retention scheme (HMRC CJRS, November 2020 on): reference pay, hours, limits and grant of a
claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from projects.impact.policies.calendars import DAY, Span, pay_periods, span, years_back
from projects.impact.policies.rounding import exact, half_up
from projects.impact.policies.rules import (
    daily_average,
    lost_hours_share,
    monthly_cap,
    replaced,
    share_of_period,
    stitched,
)

GRANT_SHARE = Fraction(4, 5)
MONTHLY_LIMIT = 2500
LIMITS = {
    "Weekly": Decimal("576.92"),
    "FortNightly": Decimal("1153.84"),
    "FourWeekly": Decimal("2307.68"),
    "Monthly": Decimal(MONTHLY_LIMIT),
}
WINDOW_OPENS = date(2019, 4, 6)
TAX_YEAR_ENDS = date(2020, 4, 5)
LATE_START = date(2020, 3, 20)
UNREPORTED_START = date(2020, 2, 1)
TWO_YEARS_BACK_FROM = date(2021, 3, 1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim states. Pays and hours are exact figures; hours are keyed by the last day of the pay
    period."""

    frequency: str
    is_variable: bool
    period_pay: Fraction | None
    total_pay: Fraction | None
    employment_start: date | None
    first_pause: date
    is_reported_late: bool
    leave_days: int
    leave_pay: Fraction
    paused: Span
    pay_dates: tuple[date, ...]
    usual: Mapping[date, Fraction]
    worked: Mapping[date, Fraction]
    last_year: Mapping[date, Fraction]


@dataclass(frozen=True, slots=True)
class PeriodPay:
    """One pay period of the answer."""

    period: Span
    paused: Span
    reference_pay: Decimal
    cap: Decimal
    grant: Decimal
    usual: Fraction | None
    worked: Fraction | None
    basis: str


def read_claim(inputs: Mapping[str, Any]) -> Claim:
    """A claim from its JSON form. Raises ValueError or KeyError when a figure is missing or unreadable."""
    claim = span(inputs["claim"])
    starts = date.fromisoformat(inputs["pause_start"])
    ends = date.fromisoformat(inputs["pause_end"]) if inputs.get("pause_end") else claim.last
    first_pause = inputs.get("first_pause_date")
    return Claim(
        frequency=_frequency(inputs["frequency"]),
        is_variable=inputs["method"] == "Variable",
        period_pay=_figure(inputs.get("period_pay")),
        total_pay=_figure(inputs.get("total_pay_in_window")),
        employment_start=_day(inputs.get("employment_start")),
        first_pause=date.fromisoformat(first_pause) if first_pause else starts,
        is_reported_late=str(inputs.get("rti_submission") or "").lower() == "no",
        leave_days=int(inputs.get("leave_days") or 0),
        leave_pay=_figure(inputs.get("leave_pay")) or Fraction(0),
        paused=claim.within(Span(starts, ends)),
        pay_dates=tuple(date.fromisoformat(day) for day in inputs["pay_dates"]),
        usual=_by_day(dict(inputs.get("usual_hours") or {})),
        worked=_by_day(dict(inputs.get("worked_hours") or {})),
        last_year=_by_day(dict(inputs.get("last_year_pay") or ())),
    )


def _frequency(name: str) -> str:
    found = next((known for known in LIMITS if known.lower() == name.lower()), None)
    if found is None:
        raise ValueError(f"pay frequency {name!r} is not known")
    return found


def _figure(value: object) -> Fraction | None:
    return None if value is None else exact(value)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _by_day(figures: Mapping[str, object]) -> dict[date, Fraction]:
    return {date.fromisoformat(day): exact(figure) for day, figure in figures.items()}


def settle_claim(claim: Claim) -> list[PeriodPay]:
    """Every pay period that the pause touches, in order. Raises ValueError when pay is not stated."""
    return [
        _settle_period(claim, period, claim.paused.within(period))
        for period in pay_periods(claim.pay_dates)
        if claim.paused.within(period).days
    ]


def total_grant(periods: Sequence[PeriodPay]) -> Decimal:
    """Sum of the periods' grants."""
    return sum((period.grant for period in periods), Decimal(0))


def _settle_period(claim: Claim, period: Span, paused: Span) -> PeriodPay:
    usual, worked = claim.usual.get(period.last), claim.worked.get(period.last)
    basis, full = _reference(claim, period, paused)
    reference = lost_hours_share(full, usual, worked)
    cap = lost_hours_share(_cap(claim.frequency, period, paused), usual, worked)
    grant = replaced(reference, GRANT_SHARE, cap)
    return PeriodPay(period, paused, reference, cap, grant, usual, worked, basis)


def _reference(claim: Claim, period: Span, paused: Span) -> tuple[str, Decimal]:
    if not claim.is_variable:
        if claim.period_pay is None:
            raise ValueError("fixed pay needs period_pay")
        if paused == period:
            return "fixed", half_up(claim.period_pay)
        return "fixed", share_of_period(claim.period_pay, period.days, paused.days)
    average = daily_average(*_window_pay(claim)) * paused.days
    seasonal = _same_days_before(claim, period, paused)
    return ("same period last year", seasonal) if seasonal > average else ("average", average)


def _window_pay(claim: Claim) -> tuple[Fraction, int, Fraction, int]:
    """Pay and days of the look-back window, and the leave in it."""
    if claim.total_pay is None:
        raise ValueError("variable pay needs total_pay_in_window")
    start = max(claim.employment_start or WINDOW_OPENS, WINDOW_OPENS)
    is_unreported = claim.is_reported_late and UNREPORTED_START <= start < LATE_START
    if LATE_START <= start <= TAX_YEAR_ENDS or is_unreported:
        start = TAX_YEAR_ENDS + DAY
    end = claim.first_pause - DAY
    if start <= TAX_YEAR_ENDS:
        end = min(end, TAX_YEAR_ENDS)
    return claim.total_pay, Span(start, end).days, claim.leave_pay, claim.leave_days


def _same_days_before(claim: Claim, period: Span, paused: Span) -> Decimal:
    """Pay of the same calendar days one year back, two for periods that end from March 2021 on; 0 when
    unknown."""
    if not claim.last_year:
        return Decimal(0)
    years = 1 if period.last < TWO_YEARS_BACK_FROM else 2
    if claim.frequency == "Monthly":
        same = years_back(period.last, years)
        pay = next(
            (p for d, p in claim.last_year.items() if (d.year, d.month) == (same.year, same.month)), None
        )
        return Decimal(0) if pay is None else share_of_period(pay, period.days, paused.days)
    then = Span(years_back(paused.first, years), years_back(paused.last, years))
    late = period.moved(-364 * years)
    sources = [source for source in (late, late.moved(-period.days)) if source.last in claim.last_year]
    pays = [claim.last_year[source.last] for source in sources]
    return stitched(pays, [then.within(source).days for source in sources], period.days)


def _cap(frequency: str, period: Span, paused: Span) -> Decimal:
    crosses = frequency == "Monthly" and (period.first.year, period.first.month) != (
        period.last.year,
        period.last.month,
    )
    if paused == period and not crosses:
        return LIMITS[frequency]
    return monthly_cap(paused, MONTHLY_LIMIT)
