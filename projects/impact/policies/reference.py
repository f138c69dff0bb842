"""Reference pay of an engagement under a named policy: what a rule says is owed, never what is
predicted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from projects.domain.errors import UnableToEstimate
from projects.impact.inputs import FULL_BP, EngagementInputs
from projects.impact.pay import OFFICE_PATTERN, UNIT, Pace, Terms, pay_of_seconds, scale_of
from projects.impact.policies.calendars import DAY, Span, days_in_month, working_days, years_back
from projects.impact.policies.rounding import half_up
from projects.impact.policies.rules import daily_average, monthly_cap

WINDOW = timedelta(days=364)
PAID_WEEKS = 52
PAID_WEEKS_LOOK_BACK = 104


@dataclass(frozen=True, slots=True)
class ReferenceTerms:
    """Which policy, the share of reference pay it guarantees (basis points), and its monthly limit in minor
    units."""

    policy: str
    share_bp: int = FULL_BP
    monthly_cap_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ReferencePay:
    """The answer in minor units: reference pay of the paused days, the limit on them, and what is
    guaranteed."""

    policy: str
    rounding: str
    currency: str
    days: int
    reference_minor: int
    cap_minor: int | None
    guaranteed_minor: int


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    engagement: EngagementInputs
    paused: Span
    left_out: frozenset[int]
    pace: Pace

    def pay_on(self, ordinals: Mapping[int, int]) -> Fraction:
        """Pay in minor units of days (ordinal -> seconds) at the rates then in force."""
        terms = Terms(self.engagement.rates)
        grains = sum(pay_of_seconds(terms.on(day), seconds, self.pace) for day, seconds in ordinals.items())
        return Fraction(grains, UNIT)

    def worked(self, window: Span) -> dict[int, int]:
        """Seconds by day of the window, days left out apart."""
        history = self.engagement.history
        first, last = window.first.toordinal(), window.last.toordinal()
        return {
            int(day): int(seconds)
            for day, seconds in zip(history.ordinals, history.seconds, strict=True)
            if first <= day <= last and int(day) not in self.left_out
        }

    def kept_days(self, window: Span) -> int:
        """Calendar days of the window, days left out apart."""
        first, last = window.first.toordinal(), window.last.toordinal()
        return window.days - sum(first <= day <= last for day in self.left_out)


def _average(case: _Case) -> Decimal:
    """Pay of the year before over its calendar days, rounded a day, times the paused days."""
    end = case.paused.first - DAY
    window = Span(max(case.engagement.starts_on, end - WINDOW), end)
    days = case.kept_days(window)
    if days <= 0:
        return Decimal(0)
    return daily_average(case.pay_on(case.worked(window)) / 100, days) * 100 * case.paused.days


def _last_year(case: _Case) -> Decimal:
    """The higher of the average and the pay of the same calendar days a year back."""
    then = Span(years_back(case.paused.first, 1), years_back(case.paused.last, 1))
    return max(_average(case), half_up(case.pay_on(case.worked(then)), 0))


def _paid_weeks(case: _Case) -> Decimal:
    """The mean of the last 52 paid weeks, looking back at most 104, times the weeks paused."""
    first = case.paused.first.toordinal()
    paid = []
    for back in range(1, PAID_WEEKS_LOOK_BACK + 1):
        week = Span(date.fromordinal(first - 7 * back), date.fromordinal(first - 7 * back + 6))
        pay = case.pay_on(case.worked(week))
        if pay > 0:
            paid.append(pay)
        if len(paid) == PAID_WEEKS:
            break
    if not paid:
        return Decimal(0)
    return half_up(sum(paid, Fraction(0)) / len(paid) * case.paused.days / 7, 0)


def _prorated(case: _Case, *, by_working_days: bool) -> Decimal:
    """Fixed pay of each week or month by its calendar or working days, rounded once."""
    terms = Terms(case.engagement.rates)
    total = Fraction(0)
    for number in range(case.paused.days):
        day = case.paused.first + timedelta(days=number)
        rate = terms.on(day.toordinal())
        if rate.basis not in {"week", "month"}:
            raise UnableToEstimate(
                "this policy prorates pay by the week or month; the rate is by the " + rate.basis
            )
        monday = day - timedelta(days=day.weekday())
        month = Span(day.replace(day=1), day.replace(day=days_in_month(day)))
        whole = Span(monday, monday + timedelta(days=6)) if rate.basis == "week" else month
        pattern = (
            rate.weekday_seconds if rate.weekday_seconds and sum(rate.weekday_seconds) else OFFICE_PATTERN
        )
        days = working_days(whole, pattern) if by_working_days else whole.days
        counts = bool(pattern[day.weekday()]) if by_working_days else True
        if counts:
            total += Fraction(rate.amount_millionths * scale_of(rate.currency), 1_000_000 * days)
    return half_up(total, 0)


_RULES: Mapping[str, tuple[str, Callable[[_Case], Decimal]]] = {
    "average": ("the day half up to the hundredth before multiplying", _average),
    "same-period-last-year": ("the higher of two, each half up", _last_year),
    "paid-weeks": ("half up once", _paid_weeks),
    "calendar-days": ("half up once", lambda case: _prorated(case, by_working_days=False)),
    "working-days": ("half up once", lambda case: _prorated(case, by_working_days=True)),
}
REFERENCE_POLICIES = tuple(_RULES)
"""Names that a run may carry."""


def reference_pay(
    engagement: EngagementInputs,
    terms: ReferenceTerms,
    *,
    starts_on: date,
    ends_on: date,
    left_out: frozenset[int] = frozenset(),
) -> ReferencePay:
    """Reference pay of [starts_on, ends_on) under a named policy; `left_out` (ordinals) are leave and
    earlier pauses, taken out of the look-back on both sides.

    Raises UnableToEstimate for an unknown policy, an engagement without a rate, or a rate that the policy
    cannot take.
    """
    if terms.policy not in _RULES:
        raise UnableToEstimate(f"policy not supported: {terms.policy}")
    if not engagement.rates:
        raise UnableToEstimate(f"engagement {engagement.engagement} has no rate", field="rate")
    rounding, rule = _RULES[terms.policy]
    paused = Span(starts_on, ends_on - DAY)
    tasks, seconds = int(engagement.history.tasks.sum()), int(engagement.history.seconds.sum())
    reference = rule(_Case(engagement, paused, left_out, Pace(tasks=tasks, task_seconds=seconds)))
    cap = (
        None
        if terms.monthly_cap_minor is None
        else monthly_cap(paused, Fraction(terms.monthly_cap_minor, 100)) * 100
    )
    share = Fraction(reference) * terms.share_bp / FULL_BP
    return ReferencePay(
        terms.policy,
        rounding,
        Terms(engagement.rates).on(starts_on.toordinal()).currency,
        paused.days,
        int(half_up(reference, 0)),
        None if cap is None else int(half_up(cap, 0)),
        int(half_up(share if cap is None else min(share, Fraction(cap)), 0)),
    )
