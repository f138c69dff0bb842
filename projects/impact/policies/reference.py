"""Reference pay of an engagement under a named policy: what a rule says is owed, never what is
predicted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from projects.domain.errors import UnableToEstimate
from projects.impact.inputs import FULL_BP, EngagementInputs, RateSpan
from projects.impact.pay import (
    FIXED,
    HOUR,
    OFFICE_PATTERN,
    UNIT,
    Pace,
    Terms,
    fixed_day_pay,
    pay_of_seconds,
    scale_of,
)
from projects.impact.policies.calendars import DAY, Span, days_in_month, working_days, years_back
from projects.impact.policies.rounding import half_up
from projects.impact.policies.rules import monthly_cap

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
    """Days `paused` of an engagement; what came before `origin` is looked back on, `left_out` (ordinals) apart."""

    engagement: EngagementInputs
    paused: Span
    origin: date
    left_out: NDArray[np.int64]
    rates: Sequence[tuple[int, int, RateSpan]]
    """The rates of one currency, each with its days [first, end) as ordinals; the first one reaches back."""

    def worked(self, first: int, end: int) -> slice | NDArray[np.bool_]:
        """Which days of the history lie in [first, end) and are not left out."""
        days = self.engagement.history.ordinals
        inside = slice(int(days.searchsorted(first)), int(days.searchsorted(end)))
        if not len(self.left_out):
            return inside
        chosen = np.zeros(len(days), np.bool_)
        chosen[inside] = ~np.isin(days[inside], self.left_out)
        return chosen

    def pay(self, window: Span) -> Fraction:
        """Pay in minor units of the days of a window, exact."""
        return Fraction(self.grains(window), UNIT)

    def grains(self, window: Span) -> int:
        """Pay in grains of the days of a window, at the rates then in force."""
        history, grains = self.engagement.history, 0
        first, end = window.first.toordinal(), window.last.toordinal() + 1
        for starts, ends, rate in self.rates:
            begins, closes = max(first, starts), min(end, ends)
            if begins >= closes:
                continue
            if rate.basis in FIXED:
                away = set(self.left_out.tolist())
                grains += sum(fixed_day_pay(rate, day) for day in range(begins, closes) if day not in away)
                continue
            chosen = self.worked(begins, closes)
            if rate.basis == "task":
                tasks = int(history.tasks[chosen].sum())
                grains += tasks * rate.amount_millionths * scale_of(rate.currency) * HOUR
            else:
                seconds = int(history.seconds[chosen].sum(dtype=np.int64))
                grains += pay_of_seconds(rate, seconds, Pace())
        return grains

    def kept_days(self, window: Span) -> int:
        """Calendar days of the window on which this currency was paid, days left out apart."""
        first, end = window.first.toordinal(), window.last.toordinal() + 1
        days = 0
        for starts, ends, _ in self.rates:
            begins, closes = max(first, starts), min(end, ends)
            if begins < closes:
                days += closes - begins
                if len(self.left_out):
                    days -= int(((self.left_out >= begins) & (self.left_out < closes)).sum())
        return days


def _in_force(terms: Terms, currency: str) -> Iterator[tuple[int, int, RateSpan]]:
    starts = [span.starts_on.toordinal() for span in terms.rates]
    ends = [*starts[1:], date.max.toordinal()]
    for place, span in enumerate(terms.rates):
        if span.currency == currency:
            yield starts[place] if place else 1, ends[place], span


def _average(case: _Case) -> Decimal:
    """Pay of the year before over its calendar days, rounded a day, times the paused days."""
    end = case.origin - DAY
    window = Span(max(case.engagement.starts_on, end - WINDOW), end)
    days = case.kept_days(window)
    if days <= 0:
        raise UnableToEstimate("there is nothing before the pause to take an average of")
    # as `rules.daily_average` does it, in whole numbers: very many people are asked about
    a_day = (2 * case.grains(window) + UNIT * days) // (2 * UNIT * days)
    return Decimal(a_day * case.paused.days)


def _last_year(case: _Case) -> Decimal:
    """The higher of the average and the pay of the same calendar days a year back."""
    then = Span(years_back(case.paused.first, 1), years_back(case.paused.last, 1))
    return max(_average(case), half_up(case.pay(then), 0))


def _paid_weeks(case: _Case) -> Decimal:
    """The mean of the last 52 paid weeks, looking back at most 104, times the weeks paused."""
    paid: list[Fraction] = []
    for back in range(1, PAID_WEEKS_LOOK_BACK + 1):
        first = case.origin - timedelta(days=7 * back)
        pay = case.pay(Span(first, first + timedelta(days=6)))
        if pay > 0:
            paid.append(pay)
        if len(paid) == PAID_WEEKS:
            break
    if not paid:
        raise UnableToEstimate("there is no paid week before the pause")
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

    Raises UnableToEstimate for an unknown policy, an engagement without a rate, a rate that the policy cannot take,
    or a look-back that holds nothing.
    """
    return reference_of_spans(
        engagement, terms, [(Span(starts_on, ends_on - DAY), FULL_BP)], left_out=left_out
    )


def reference_of_spans(
    engagement: EngagementInputs,
    terms: ReferenceTerms,
    spans: Sequence[tuple[Span, int]],
    *,
    left_out: frozenset[int] = frozenset(),
    currency: str | None = None,
) -> ReferencePay:
    """The same for one or more runs of paused days, in order, each with the share of its work that stops (basis
    points); all look back from the first. `currency` chooses among the rates of an engagement that changed it."""
    if terms.policy not in _RULES:
        raise UnableToEstimate(f"policy not supported: {terms.policy}")
    if not engagement.rates:
        raise UnableToEstimate(f"engagement {engagement.engagement} has no rate", field="rate")
    rounding, rule = _RULES[terms.policy]
    origin = spans[0][0].first
    rates = Terms(engagement.rates)
    paid_in = currency or rates.on(origin.toordinal()).currency
    in_force = list(_in_force(rates, paid_in))
    away = np.fromiter(sorted(left_out), np.int64, len(left_out))
    reference, cap = Decimal(0), Decimal(0)
    for paused, stopped_bp in spans:
        whole = rule(_Case(engagement, paused, origin, away, in_force))
        reference += whole if stopped_bp == FULL_BP else half_up(Fraction(whole) * stopped_bp / FULL_BP, 0)
        if terms.monthly_cap_minor is not None:
            cap += monthly_cap(paused, Fraction(terms.monthly_cap_minor, 100)) * 100
    is_capped = terms.monthly_cap_minor is not None
    guaranteed = int(reference)
    if is_capped or terms.share_bp != FULL_BP:
        share = Fraction(reference) * terms.share_bp / FULL_BP
        guaranteed = int(half_up(min(share, Fraction(cap)) if is_capped else share, 0))
    return ReferencePay(
        terms.policy,
        rounding,
        paid_in,
        sum(paused.days for paused, _ in spans),
        int(reference),
        int(half_up(cap, 0)) if is_capped else None,
        guaranteed,
    )
