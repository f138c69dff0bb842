"""A claim of the job retention scheme is settled period by period: which pay, which days, which limit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.impact.policies.job_retention import PeriodPay, read_claim, settle_claim, total_grant
from projects.impact.policies.scheme import claim

NOVEMBER = {
    "frequency": "Monthly",
    "method": "Regular",
    "claim": ["2020-11-01", "2020-11-30"],
    "pause_start": "2020-11-01",
    "pay_dates": ["2020-10-31", "2020-11-30"],
    "period_pay": "2400",
}
VARIABLE = {**NOVEMBER, "method": "Variable", "total_pay_in_window": "36600"}


def settled(**changes: Any) -> PeriodPay:
    (period,) = settle_claim(read_claim({**NOVEMBER, **changes}))
    return period


def average_days(**changes: Any) -> Decimal:
    """Days of the window that 36,600 was earned in, as the average of a day tells."""
    period = settled(**{**VARIABLE, **changes})
    assert period.basis == "average"
    return round(36_600 / (period.reference_pay / period.paused.days))


def test_a_whole_month_gives_its_pay_and_the_limit_of_a_month() -> None:
    period = settled(period_pay="3200.005")
    assert (period.basis, period.reference_pay, period.cap) == ("fixed", Decimal("3200.01"), Decimal(2500))
    assert period.grant == Decimal("2500.00")
    assert settled().grant == Decimal("1920.00")


def test_part_of_a_month_gives_its_calendar_days_and_a_limit_a_day_rounded_up() -> None:
    period = settled(pause_start="2020-11-05", pause_end="2020-11-21")
    assert period.paused.days == 17
    assert (period.reference_pay, period.cap) == (Decimal("1360.00"), 17 * Decimal("83.34"))


def test_a_month_that_crosses_a_month_end_has_a_limit_of_both_months() -> None:
    period = settled(
        claim=["2020-10-16", "2020-11-15"], pause_start="2020-10-16", pay_dates=["2020-10-15", "2020-11-15"]
    )
    assert period.cap == 16 * Decimal("80.65") + 15 * Decimal("83.34")
    year = settled(
        claim=["2020-12-16", "2021-01-15"], pause_start="2020-12-16", pay_dates=["2020-12-15", "2021-01-15"]
    )
    assert year.cap == 31 * Decimal("80.65")


@pytest.mark.parametrize(
    ("frequency", "last", "cap"),
    [
        ("weekly", "2020-11-08", "576.92"),
        ("FORTNIGHTLY", "2020-11-15", "1153.84"),
        ("FourWeekly", "2020-11-29", "2307.68"),
    ],
)
def test_a_whole_period_of_another_length_has_its_own_limit(frequency: str, last: str, cap: str) -> None:
    period = settled(
        frequency=frequency,
        claim=["2020-11-02", last],
        pause_start="2020-11-02",
        pay_dates=["2020-11-01", last],
    )
    assert period.cap == Decimal(cap)


def test_lost_hours_scale_pay_and_limit_and_are_shown() -> None:
    hours = {"usual_hours": {"2020-11-30": "160.0"}, "worked_hours": {"2020-11-30": "40.5"}}
    period = settled(**hours)
    assert (period.reference_pay, period.cap, period.grant) == (
        Decimal("1792.50"),
        Decimal("1867.19"),
        Decimal("1434.00"),
    )
    (shown,) = claim({**NOVEMBER, **hours})["per_period"]
    assert shown == {
        "pay_period": ["2020-11-01", "2020-11-30"],
        "paused": ["2020-11-01", "2020-11-30"],
        "days_in_period": 30,
        "days_paused": 30,
        "basis": "fixed",
        "reference_pay": Decimal("1792.50"),
        "cap": Decimal("1867.19"),
        "grant": Decimal("1434.00"),
        "usual_hours": Decimal("160.00"),
        "worked_hours": Decimal("40.50"),
        "lost_hours": Decimal("119.50"),
    }
    (more,) = claim({**NOVEMBER, **hours, "worked_hours": {"2020-11-30": 170}})["per_period"]
    assert (more["lost_hours"], more["grant"]) == (Decimal("0.00"), Decimal("0.00"))
    assert "usual_hours" not in claim(NOVEMBER)["per_period"][0]


def test_a_claim_is_settled_for_every_period_the_pause_touches() -> None:
    dates = ["2020-10-31", "2020-11-07", "2020-11-14", "2020-11-21", "2020-11-28"]
    weeks = {"frequency": "Weekly", "period_pay": "500", "pay_dates": dates[::-1]}
    periods = settle_claim(
        read_claim({**NOVEMBER, **weeks, "pause_start": "2020-11-10", "pause_end": "2020-11-21"})
    )
    assert [(one.period.last.day, one.paused.days, one.grant) for one in periods] == [
        (14, 5, Decimal("285.71")),
        (21, 7, Decimal("400.00")),
    ]
    assert total_grant(periods) == Decimal("685.71")
    assert claim({**NOVEMBER, **weeks, "pause_start": "2020-11-10", "pause_end": "2020-11-21"})[
        "grant"
    ] == Decimal("685.71")
    assert total_grant([]) == 0


def test_the_window_of_an_average_opens_with_the_tax_year_and_ends_before_the_pause() -> None:
    assert average_days() == 366
    assert average_days(first_pause_date="2020-03-01") == 330
    assert average_days(employment_start="2019-01-01") == 366
    assert average_days(employment_start="2020-01-01") == 96
    assert average_days(employment_start="2020-03-19") == 18


@pytest.mark.parametrize("start", ["2020-03-20", "2020-04-05", "2020-04-06"])
def test_who_began_late_is_averaged_from_the_new_tax_year_up_to_the_pause(start: str) -> None:
    assert average_days(employment_start=start, first_pause_date="2020-11-01") == 209
    assert average_days(employment_start="2020-04-07", first_pause_date="2020-11-01") == 208


@pytest.mark.parametrize(
    ("start", "told", "days"),
    [
        ("2020-02-01", "No", 209),
        ("2020-03-19", "no", 209),
        ("2020-01-31", "No", 66),
        ("2020-03-19", "Yes", 18),
        ("2020-02-01", None, 65),
    ],
)
def test_who_was_reported_late_is_averaged_like_somebody_who_began_late(
    start: str, told: str | None, days: int
) -> None:
    found = average_days(employment_start=start, rti_submission=told, first_pause_date="2020-11-01")
    assert found == days


def test_leave_is_taken_out_of_both_sides_of_an_average() -> None:
    period = settled(**VARIABLE, leave_days=16, leave_pay="1600")
    assert period.reference_pay == 30 * Decimal("100.00")
    assert settled(**VARIABLE, leave_days=16).reference_pay == 30 * Decimal("104.57")


def test_the_same_month_of_last_year_counts_where_it_was_better() -> None:
    better = settled(**VARIABLE, last_year_pay=[["2019-11-29", "3600"], ["2019-10-31", "9000"]])
    assert (better.basis, better.reference_pay) == ("same period last year", Decimal("3600.00"))
    assert settled(**VARIABLE, last_year_pay=[["2019-11-30", "3000"]]).basis == "average"
    assert settled(**VARIABLE, last_year_pay=[["2018-11-30", "9000"]]).basis == "average"
    half = settled(**{**VARIABLE, "pause_start": "2020-11-16"}, last_year_pay=[["2019-11-30", "3600"]])
    assert half.reference_pay == Decimal("1800.00")


@pytest.mark.parametrize(("month", "year"), [("2021-02-28", 2020), ("2021-03-31", 2019)])
def test_from_march_2021_the_year_before_the_last_is_looked_at(month: str, year: int) -> None:
    last = date.fromisoformat(month)
    period = {
        "claim": [str(last.replace(day=1)), month],
        "pause_start": str(last.replace(day=1)),
        "pay_dates": [str(date.fromordinal(last.replace(day=1).toordinal() - 1)), month],
        "last_year_pay": [[f"{one}-{last.month:02d}-28", str(one * 10)] for one in (2019, 2020)],
    }
    assert settled(**{**VARIABLE, **period}).reference_pay == year * 10


def test_the_same_days_of_a_week_are_stitched_from_the_two_weeks_they_fall_in() -> None:
    week = {
        "frequency": "Weekly",
        "claim": ["2020-11-02", "2020-11-08"],
        "pause_start": "2020-11-02",
        "pay_dates": ["2020-11-01", "2020-11-08"],
        "total_pay_in_window": "366",
    }
    both = [["2019-11-10", "700"], ["2019-11-03", "350"]]
    found = settled(**{**VARIABLE, **week}, last_year_pay=both)
    assert (found.basis, found.reference_pay) == (
        "same period last year",
        Decimal("500.00") + Decimal("100.00"),
    )
    assert settled(**{**VARIABLE, **week}, last_year_pay=both[:1]).reference_pay == Decimal("500.00")
    assert settled(**{**VARIABLE, **week}, last_year_pay=both[1:]).reference_pay == Decimal("100.00")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"frequency": "Daily"}, "pay frequency 'Daily' is not known"),
        ({"period_pay": None}, "fixed pay needs period_pay"),
        ({"method": "Variable"}, "variable pay needs total_pay_in_window"),
        ({"period_pay": True}, "True is not a figure"),
    ],
)
def test_a_claim_that_cannot_be_settled_says_what_it_lacks(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        settled(**changes)
