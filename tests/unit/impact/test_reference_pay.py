"""Reference pay under a named policy: a second number, beside the expected one."""

from datetime import date

import pytest

from projects.domain.errors import UnableToEstimate
from projects.impact.inputs import EngagementInputs, RateSpan
from projects.impact.policies.reference import REFERENCE_POLICIES, ReferencePay, ReferenceTerms, reference_pay
from tests.unit.impact.builders import BEGAN, engagement, steady


def in_march(one: EngagementInputs, policy: str, left_out: frozenset[int] = frozenset()) -> ReferencePay:
    """One working week paused."""
    first, end = date(2026, 3, 2), date(2026, 3, 7)
    return reference_pay(one, ReferenceTerms(policy), starts_on=first, ends_on=end, left_out=left_out)


def monthly(amount: int = 3100) -> RateSpan:
    return RateSpan(BEGAN, "month", amount * 1_000_000, "EUR")


def test_calendar_and_working_days_differ_and_say_which_was_used() -> None:
    one = engagement(rates=(monthly(),))
    calendar = in_march(one, "calendar-days")
    working = in_march(one, "working-days")
    assert (calendar.policy, calendar.reference_minor) == ("calendar-days", 5 * 10_000)
    assert (working.policy, working.reference_minor) == ("working-days", round(310_000 / 22 * 5))


def test_an_average_leaves_leave_out_of_both_sides() -> None:
    history = steady(date(2025, 3, 3), date(2026, 2, 2))
    one = engagement(history=history, starts_on=date(2025, 3, 3))
    away = frozenset(range(date(2026, 2, 2).toordinal(), date(2026, 3, 2).toordinal()))
    plain = in_march(one, "average")
    fair = in_march(one, "average", away)
    assert plain.reference_minor < fair.reference_minor
    assert fair.reference_minor == pytest.approx(5 * 8 * 2000 * 5 / 7, rel=0.01)


def test_the_higher_of_average_and_the_same_days_last_year_counts() -> None:
    one = engagement(history=steady(date(2025, 3, 2), date(2025, 3, 7)), starts_on=date(2025, 1, 1))
    seasonal = in_march(one, "same-period-last-year")
    assert seasonal.reference_minor == 4 * 8 * 2000


def test_paid_weeks_skip_the_weeks_without_pay() -> None:
    one = engagement(history=steady(date(2025, 1, 6), date(2025, 9, 1)))
    paid = reference_pay(
        one, ReferenceTerms("paid-weeks"), starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 9)
    )
    assert paid.reference_minor == 40 * 2000


def test_a_guarantee_is_a_share_under_a_limit() -> None:
    one = engagement(rates=(monthly(),))
    terms = ReferenceTerms("calendar-days", share_bp=8000, monthly_cap_minor=200_000)
    got = reference_pay(one, terms, starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 1))
    assert got.reference_minor == 310_000
    assert got.cap_minor == 31 * 6452
    assert got.guaranteed_minor == 31 * 6452


def test_a_policy_that_cannot_take_the_rate_says_so() -> None:
    with pytest.raises(UnableToEstimate, match="by the hour"):
        in_march(engagement(), "calendar-days")
    with pytest.raises(UnableToEstimate, match="policy not supported: by-the-moon"):
        in_march(engagement(), "by-the-moon")
    assert "average" in REFERENCE_POLICIES
