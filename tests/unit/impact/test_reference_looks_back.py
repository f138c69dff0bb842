"""Reference pay looks back over the right days at the rates then in force, and says how it was rounded."""

from datetime import date, timedelta

import pytest

from projects.domain.errors import UnableToEstimate
from projects.impact.inputs import EngagementInputs, History, RateSpan
from projects.impact.policies.calendars import Span
from projects.impact.policies.reference import (
    REFERENCE_POLICIES,
    ReferencePay,
    ReferenceTerms,
    reference_of_spans,
    reference_pay,
)
from tests.unit.impact.builders import BEGAN, HOUR, engagement, hourly, steady

FIRST = date(2026, 3, 2)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def answered(
    one: EngagementInputs, policy: str, *, days: int = 7, left_out: frozenset[int] = frozenset(), **terms: int
) -> ReferencePay:
    return reference_pay(
        one, ReferenceTerms(policy, **terms), starts_on=FIRST, ends_on=FIRST + days * DAY, left_out=left_out
    )


def minor(one: EngagementInputs, policy: str, *, days: int = 7) -> int:
    return answered(one, policy, days=days).reference_minor


def fixed(basis: str, amount: int, currency: str = "EUR", **more: object) -> RateSpan:
    return RateSpan(BEGAN, basis, amount * 1_000_000, currency, **more)  # type: ignore[arg-type]


def test_an_average_is_that_of_the_365_days_before() -> None:
    history = History.from_days(
        [(FIRST - 365 * DAY, HOUR, 0), (FIRST - DAY, 2 * HOUR, 0), (FIRST, 9 * HOUR, 0)]
    )
    assert minor(engagement(history=history), "average", days=365) == 365 * round(3 * 2_000 / 365)
    older = History.from_days([(FIRST - 366 * DAY, HOUR, 0), (FIRST - DAY, 2 * HOUR, 0)])
    assert minor(engagement(history=older), "average", days=365) == 365 * round(2 * 2_000 / 365)


def test_an_average_begins_with_the_engagement() -> None:
    one = engagement(history=steady(FIRST - 2 * WEEK, FIRST), starts_on=FIRST - 2 * WEEK)
    assert minor(one, "average") == 7 * round(80 * 2_000 / 14)
    answer = answered(one, "average")
    assert (answer.policy, answer.rounding, answer.currency, answer.days) == (
        "average",
        "the day half up to the hundredth before multiplying",
        "USD",
        7,
    )
    assert (answer.cap_minor, answer.guaranteed_minor) == (None, answer.reference_minor)


def test_days_left_out_count_on_neither_side_of_an_average() -> None:
    one = engagement(history=steady(FIRST - 2 * WEEK, FIRST), starts_on=FIRST - 2 * WEEK)
    away = frozenset(range((FIRST - 3 * DAY).toordinal(), FIRST.toordinal() + 99))
    assert answered(one, "average", left_out=away).reference_minor == 7 * round(72 * 2_000 / 11)


def test_pay_that_is_fixed_or_by_task_or_day_is_averaged_as_it_was_paid() -> None:
    start = FIRST - 4 * WEEK
    paid = {"starts_on": start, "history": steady(start, FIRST)}
    assert minor(engagement(rates=(fixed("week", 700),), **paid), "average") == 7 * 10_000
    tasks = History.from_days([(start, HOUR, 28)])
    assert minor(engagement(rates=(fixed("task", 5),), history=tasks, starts_on=start), "average") == 7 * 500
    assert minor(engagement(rates=(fixed("day", 56),), **paid), "average") == 7 * 20 * 5_600 // 28
    one = engagement(rates=(fixed("week", 700),), **paid)
    away = frozenset({(FIRST - 7 * DAY).toordinal()})
    assert answered(one, "average", left_out=away).reference_minor == 7 * round((280_000 - 14_000) / 27)


def test_a_rate_counts_from_its_day_and_the_first_one_before_it() -> None:
    start = FIRST - 2 * WEEK
    raised = (hourly(10, starts_on=FIRST - 10 * WEEK + DAY), hourly(20, starts_on=FIRST - WEEK))
    one = engagement(history=steady(start, FIRST), starts_on=start, rates=raised)
    assert minor(one, "average") == 7 * round((40 * 1_000 + 40 * 2_000) / 14)
    late = engagement(history=steady(start, FIRST), starts_on=start, rates=(hourly(20, starts_on=FIRST),))
    assert minor(late, "average") == 7 * round(80 * 2_000 / 14)


def test_only_pay_in_the_currency_of_the_paused_days_is_looked_at() -> None:
    start = FIRST - 2 * WEEK
    changed = (hourly(1_000, "JPY"), hourly(20, "USD", FIRST - WEEK))
    one = engagement(history=steady(start, FIRST), starts_on=start, rates=changed)
    assert (answered(one, "average").currency, minor(one, "average")) == ("USD", 7 * round(40 * 2_000 / 7))
    span = [(Span(FIRST, FIRST + 6 * DAY), 10_000)]
    yen = reference_of_spans(one, ReferenceTerms("average"), span, currency="JPY")
    assert (yen.currency, yen.reference_minor) == ("JPY", 7 * round(40_000 / 7))


def test_without_a_day_before_the_pause_there_is_no_average() -> None:
    with pytest.raises(UnableToEstimate, match=r"^there is nothing before the pause to take an average of$"):
        answered(engagement(starts_on=FIRST), "average")
    assert (
        minor(
            engagement(starts_on=FIRST - DAY, history=steady(FIRST - DAY, FIRST, weekdays=range(7))),
            "average",
        )
        == 7 * 16_000
    )


def test_the_same_days_of_last_year_count_where_they_were_better() -> None:
    busy = History.from_days(
        [(date(2025, 3, 2), 100 * HOUR, 0), (date(2025, 3, 8), HOUR, 0), (date(2025, 3, 9), HOUR, 0)]
    )
    assert minor(engagement(history=busy), "same-period-last-year") == 101 * 2_000
    plain = engagement(history=steady(FIRST - 52 * WEEK, FIRST))
    assert minor(plain, "same-period-last-year") == max(minor(plain, "average"), 40 * 2_000)


def test_paid_weeks_are_the_last_fifty_two_within_a_hundred_and_four() -> None:
    def week(back: int) -> date:
        return FIRST - back * WEEK

    one = engagement(
        starts_on=week(200),
        history=History.from_days([(week(104), HOUR, 0), (week(1) + 6 * DAY, 3 * HOUR, 0)]),
    )
    assert minor(one, "paid-weeks") == 2 * 2_000
    assert minor(one, "paid-weeks", days=14) == 4 * 2_000
    older = engagement(
        starts_on=week(200), history=History.from_days([(week(105), HOUR, 0), (week(1), 3 * HOUR, 0)])
    )
    assert minor(older, "paid-weeks") == 3 * 2_000
    many = [(week(back), (HOUR if back <= 52 else 9 * HOUR), 0) for back in range(1, 60)]
    assert minor(engagement(starts_on=week(200), history=History.from_days(many)), "paid-weeks") == 2_000
    with pytest.raises(UnableToEstimate, match=r"^there is no paid week before the pause$"):
        answered(engagement(starts_on=week(200), history=History.empty()), "paid-weeks")


def test_fixed_pay_is_prorated_by_calendar_or_working_days_of_its_week_or_month() -> None:
    month, week = engagement(rates=(fixed("month", 3_100),)), engagement(rates=(fixed("week", 700),))
    assert minor(month, "calendar-days", days=7) == 7 * 10_000
    assert minor(week, "calendar-days", days=7) == 7 * 10_000
    assert minor(month, "working-days", days=7) == round(310_000 * 5 / 22)
    assert minor(week, "working-days", days=3) == 3 * 14_000
    assert minor(month, "calendar-days", days=31) == 30 * 10_000 + round(310_000 / 30)
    pattern = (0, HOUR, 0, 0, 0, 0, 0)
    tuesdays = engagement(rates=(fixed("week", 700, weekday_seconds=pattern),))
    assert [minor(tuesdays, "working-days", days=days) for days in (1, 2, 7)] == [0, 70_000, 70_000]
    none = engagement(rates=(fixed("week", 700, weekday_seconds=(0,) * 7),))
    assert minor(none, "working-days", days=1) == 14_000
    assert answered(month, "working-days").rounding == "half up once"


def test_a_policy_that_prorates_says_which_rate_it_cannot_take() -> None:
    with pytest.raises(UnableToEstimate) as refused:
        answered(engagement(), "calendar-days")
    assert str(refused.value) == "this policy prorates pay by the week or month; the rate is by the hour"


def test_an_unknown_policy_and_an_engagement_without_a_rate_are_named() -> None:
    with pytest.raises(UnableToEstimate, match=r"^policy not supported: by-the-moon$"):
        answered(engagement(), "by-the-moon")
    with pytest.raises(UnableToEstimate, match=r"^engagement e1 has no rate$") as refused:
        answered(engagement(rates=()), "average")
    assert refused.value.field == "rate"
    assert REFERENCE_POLICIES == (
        "average",
        "same-period-last-year",
        "paid-weeks",
        "calendar-days",
        "working-days",
    )


@pytest.mark.parametrize(
    ("terms", "cap", "guaranteed"),
    [
        ({}, None, 70_000),
        ({"share_bp": 8_000}, None, 56_000),
        ({"share_bp": 8_001}, None, 56_007),
        ({"monthly_cap_minor": 155_000}, 35_000, 35_000),
        ({"monthly_cap_minor": 310_001}, 70_007, 70_000),
        ({"share_bp": 5_000, "monthly_cap_minor": 310_000}, 70_000, 35_000),
    ],
)
def test_a_guarantee_is_a_share_and_at_most_the_limit_of_the_days(
    terms: dict[str, int], cap: int | None, guaranteed: int
) -> None:
    answer = answered(engagement(rates=(fixed("month", 3_100),)), "calendar-days", **terms)
    assert (answer.reference_minor, answer.cap_minor, answer.guaranteed_minor) == (70_000, cap, guaranteed)


def test_several_runs_of_days_are_added_each_by_the_share_that_stops() -> None:
    one = engagement(rates=(fixed("month", 3_100),))
    spans = [(Span(FIRST, FIRST + DAY), 10_000), (Span(FIRST + 7 * DAY, FIRST + 7 * DAY), 2_500)]
    answer = reference_of_spans(one, ReferenceTerms("calendar-days", monthly_cap_minor=310_000), spans)
    assert (answer.days, answer.reference_minor, answer.cap_minor) == (3, 20_000 + 2_500, 30_000)
