"""Work is priced exactly under the terms in force on its day, and rounded half up once."""

from datetime import date
from fractions import Fraction

import pytest

from projects.impact.inputs import Basis, EarnedEntry, FxRate, RateSpan
from projects.impact.pay import (
    UNIT,
    Pace,
    Terms,
    exchanged,
    fixed_day_pay,
    pay_of_entry,
    pay_of_seconds,
    rate_on,
    scale_of,
    to_minor,
)

DAY = date(2026, 3, 2)
HOUR = 3600


def rate(basis: Basis = "hour", amount: int = 20, currency: str = "USD", **terms: object) -> RateSpan:
    return RateSpan(DAY, basis, amount * 1_000_000, currency, **terms)  # type: ignore[arg-type]


def minor(grains: int) -> Fraction:
    return Fraction(grains, UNIT)


@pytest.mark.parametrize(("halves", "whole"), [(0, 0), (1, 1), (2, 1), (3, 2), (-1, 0), (-2, -1), (-3, -1)])
def test_grains_are_rounded_half_up_also_below_zero(halves: int, whole: int) -> None:
    assert to_minor(halves * UNIT // 2) == whole
    assert to_minor(UNIT // 2 - 1) == 0


def test_minor_units_differ_by_currency() -> None:
    assert [scale_of(currency) for currency in ("USD", "JPY", "KWD")] == [100, 1, 1000]


def test_an_hour_a_day_and_a_task_are_paid_by_what_was_done() -> None:
    pace = Pace(day_seconds=6 * HOUR, tasks=10, task_seconds=2 * HOUR)
    assert minor(pay_of_seconds(rate(), HOUR, pace)) == 2_000
    assert minor(pay_of_seconds(rate(currency="JPY"), HOUR, pace)) == 20
    assert minor(pay_of_seconds(rate("day"), 9 * HOUR, pace)) == 3_000
    assert minor(pay_of_seconds(rate("task"), HOUR, pace)) == 5 * 2_000
    assert pay_of_seconds(rate("task"), HOUR, Pace()) == 0


def test_a_week_and_a_month_are_paid_by_the_contracted_week_or_else_the_usual_one() -> None:
    pace = Pace(week_seconds=20 * HOUR)
    pattern = (8 * HOUR, 0, 8 * HOUR, 0, 0, 0, 0)
    assert minor(pay_of_seconds(rate("week", weekly_seconds=40 * HOUR), 10 * HOUR, pace)) == 500
    assert minor(pay_of_seconds(rate("week", weekday_seconds=pattern), 8 * HOUR, pace)) == 1_000
    assert minor(pay_of_seconds(rate("week"), 10 * HOUR, pace)) == 1_000
    assert minor(pay_of_seconds(rate("month", 5_200, weekly_seconds=40 * HOUR), 40 * HOUR, pace)) == 120_000
    assert Pace() == Pace(8 * HOUR, 0, 0, 40 * HOUR)


def test_thirds_of_a_grain_are_rounded_half_up() -> None:
    odd = RateSpan(DAY, "day", 1, "JPY")
    assert pay_of_seconds(odd, 1, Pace(day_seconds=7200)) == 1
    assert pay_of_seconds(odd, 1, Pace(day_seconds=7201)) == 0


def test_a_day_of_fixed_pay_is_its_share_of_the_days_worked_in_its_week_or_month() -> None:
    monday, saturday = DAY.toordinal(), DAY.toordinal() + 5
    assert minor(fixed_day_pay(rate("week", 800), monday)) == 16_000
    assert fixed_day_pay(rate("week", 800), saturday) == 0
    assert minor(fixed_day_pay(rate("month", 2_200), monday)) == 10_000
    pattern = (3, 1, 0, 0, 0, 0, 1)
    assert minor(fixed_day_pay(rate("week", 500, weekday_seconds=pattern), monday)) == 30_000
    assert minor(fixed_day_pay(rate("week", 500, weekday_seconds=pattern), monday + 6)) == 10_000
    assert minor(fixed_day_pay(rate("month", 2_400, weekday_seconds=pattern), monday)) == Fraction(
        240_000 * 3, 25
    )
    assert minor(fixed_day_pay(rate("week", 800, weekday_seconds=(0,) * 7), monday)) == 16_000


@pytest.mark.parametrize(
    ("day", "workdays"), [("2026-02-02", 20), ("2026-12-31", 23), ("2025-12-01", 23), ("2024-02-29", 21)]
)
def test_a_month_has_its_own_number_of_workdays(day: str, workdays: int) -> None:
    ordinal = date.fromisoformat(day).toordinal()
    assert minor(fixed_day_pay(rate("month", workdays * 100), ordinal)) == 10_000


def test_work_done_is_paid_by_its_snapshot_its_tasks_or_its_hours() -> None:
    pace = Pace(tasks=1, task_seconds=HOUR)
    assert pay_of_entry(rate(), EarnedEntry(DAY, HOUR, minor=777), pace) == (777 * UNIT, "USD")
    assert pay_of_entry(rate(), EarnedEntry(DAY, HOUR, minor=7, currency="EUR"), pace) == (7 * UNIT, "EUR")
    assert pay_of_entry(rate(), EarnedEntry(DAY, HOUR, minor=0), pace) == (0, "USD")
    assert pay_of_entry(rate("task"), EarnedEntry(DAY, HOUR, tasks=3), pace) == (3 * 2_000 * UNIT, "USD")
    assert pay_of_entry(rate("task"), EarnedEntry(DAY, 2 * HOUR), pace) == (2 * 2_000 * UNIT, "USD")
    assert pay_of_entry(rate(), EarnedEntry(DAY, HOUR, tasks=3), pace) == (2_000 * UNIT, "USD")


def test_the_terms_of_a_day_are_the_latest_begun_and_before_all_the_first() -> None:
    later = RateSpan(date(2026, 3, 10), "hour", 1, "USD")
    terms = Terms([later, rate()])
    days = [DAY.toordinal() + days for days in (-5, 0, 7, 8, 90)]
    assert [terms.on(day) for day in days] == terms.over(days) == [rate(), rate(), rate(), later, later]
    assert Terms([later]).over(days) == [later] * 5
    with pytest.raises(ValueError, match=r"^an engagement without a rate cannot be priced$"):
        Terms([])


def test_the_latest_rate_of_a_pair_up_to_the_day_counts_either_way_round() -> None:
    first, second, other = (
        FxRate(date(2026, 3, 1), "EUR", "USD", 11_000_000_000),
        FxRate(DAY, "USD", "EUR", 8_000_000_000),
        FxRate(DAY, "EUR", "GBP", 9_000_000_000),
    )
    rates = (second, first, other)
    assert rate_on("EUR", "USD", DAY, rates) == second
    assert rate_on("USD", "EUR", date(2026, 3, 1), rates) == first
    assert rate_on("EUR", "USD", date(2026, 2, 28), rates) is None
    assert rate_on("GBP", "USD", DAY, rates) is None


@pytest.mark.parametrize(
    ("base", "quote", "fx", "expected"),
    [
        ("EUR", "USD", FxRate(DAY, "EUR", "USD", 11_000_000_000), 110),
        ("USD", "EUR", FxRate(DAY, "EUR", "USD", 12_500_000_000), 80),
        ("USD", "JPY", FxRate(DAY, "USD", "JPY", 1_500_000_000_000), 150),
        ("JPY", "USD", FxRate(DAY, "USD", "JPY", 2_000_000_000_000), 50),
    ],
)
def test_money_is_exchanged_at_a_rate_of_its_pair_also_below_zero(
    base: str, quote: str, fx: FxRate, expected: int
) -> None:
    assert exchanged(100 * UNIT, base, quote, fx) == expected * UNIT
    assert exchanged(-100 * UNIT, base, quote, fx) == -expected * UNIT
    assert exchanged(0, base, quote, fx) == 0
