"""What may still come: scenarios of fixed lengths, what is lost by each, and what the past says of a pause's end."""

from datetime import date, timedelta

import pytest

from projects.impact.remaining import PastPause, ResumeChance, lost_by, resume_chances, scenario_ends

MONDAY = date(2026, 3, 2)
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


def test_scenarios_count_from_today_or_from_the_start_of_a_pause_to_come() -> None:
    running = scenario_ends(MONDAY - WEEK, MONDAY)
    assert running == {weeks: MONDAY + weeks * WEEK for weeks in (1, 2, 4, 8, 13)}
    assert scenario_ends(MONDAY, MONDAY - WEEK) == running


def lost(
    weeks: dict[date, int], end: date, *, starts_on: date = MONDAY, until: date = MONDAY + 2 * WEEK
) -> int:
    return lost_by(weeks, starts_on=starts_on, until=until, ends={4: end})[4]


TWO = {MONDAY: 500, MONDAY + WEEK: 1_000}


@pytest.mark.parametrize(
    ("days", "minor"),
    [(0, 0), (1, 100), (5, 500), (6, 500), (7, 500), (8, 700), (14, 1_500), (15, 1_650), (21, 2_250)],
)
def test_a_week_that_is_cut_counts_by_its_weekdays_and_later_ones_by_the_mean(days: int, minor: int) -> None:
    assert lost(TWO, MONDAY + days * DAY) == minor


def test_the_first_and_the_last_week_have_the_days_that_the_estimate_covers() -> None:
    wednesday, friday = MONDAY + 2 * DAY, MONDAY + 11 * DAY
    part = {MONDAY: 300, MONDAY + WEEK: 400}
    assert lost(part, wednesday + DAY, starts_on=wednesday, until=friday) == 100
    assert lost(part, MONDAY + WEEK + DAY, starts_on=wednesday, until=friday) == 400
    assert lost(part, friday + DAY, starts_on=wednesday, until=friday) == 800


def test_later_weeks_are_worth_the_mean_of_the_last_four() -> None:
    six = {MONDAY + n * WEEK: 100 * (n + 1) for n in range(6)}
    until = MONDAY + 6 * WEEK
    assert lost(six, until + WEEK, until=until) == 2_100 + 450
    assert lost({}, until + WEEK, until=until) == 0
    ends = {1: MONDAY + WEEK, 2: MONDAY + 2 * WEEK}
    assert lost_by(TWO, starts_on=MONDAY, until=MONDAY + 2 * WEEK, ends=ends) == {1: 500, 2: 1_500}


def test_nothing_is_lost_by_a_day_before_the_pause_and_a_weekend_alone_has_no_part() -> None:
    assert lost(TWO, MONDAY - WEEK) == 0
    saturday = MONDAY + 5 * DAY
    weekend = lost_by({MONDAY: 90}, starts_on=saturday, until=MONDAY + WEEK, ends={1: saturday + DAY})
    assert weekend == {1: 0}


def past(
    count: int, days: float, *, reason: str = "budget", client: str = "ORION", is_over: bool = True
) -> list[PastPause]:
    return [PastPause(days, is_over, reason, client, MONDAY + n * DAY) for n in range(count)]


def chances(history: list[PastPause], so_far: float = 0) -> tuple[ResumeChance, ...]:
    return resume_chances(history, reason="budget", client="ORION", days_so_far=so_far)


def test_the_narrowest_past_of_two_hundred_completed_pauses_is_used() -> None:
    own = past(200, 10)
    assert chances(own)[0].scope == "reason and client"
    assert chances([*own[:199], *past(1, 10, client="LYRA")])[0].scope == "reason"
    assert chances([*own[:199], *past(1, 10, reason="legal")])[0].scope == "all"
    assert chances([*own[:199], *past(9, 10, is_over=False)]) == ()
    assert chances([*own, *past(50, 10, client="LYRA")])[0].completed == 200


def test_chances_are_shares_of_what_was_still_paused_after_as_many_days() -> None:
    spread = [*past(50, 7), *past(50, 14), *past(50, 28), *past(50, 60)]
    found = {one.weeks: one for one in chances(spread)}
    assert [round(found[weeks].chance, 6) for weeks in (1, 2, 4, 8, 13)] == [0.25, 0.5, 0.75, 0.75, 1.0]
    later = {one.weeks: round(one.chance, 6) for one in chances(spread, so_far=7)}
    assert (later[1], later[2], later[4], later[8]) == (
        round(1 / 3, 6),
        round(1 / 3, 6),
        round(2 / 3, 6),
        1.0,
    )
    assert chances(spread, so_far=60) == ()
    for one in found.values():
        assert 0 <= one.low <= one.chance <= one.high <= 1
        assert one.completed == 200
    assert found[1].low == pytest.approx(0.19, abs=0.02)
    assert found[1].high == pytest.approx(0.31, abs=0.02)


def test_pauses_that_still_run_count_as_lasting_longer() -> None:
    found = chances([*past(200, 7), *past(200, 20, is_over=False)])
    assert [round(one.chance, 6) for one in found] == [0.5] * 5
    assert (found[0].completed, found[0].low < 0.5 < found[0].high) == (200, True)


def test_the_newer_half_of_the_past_says_how_honest_the_older_half_was() -> None:
    steady = [
        PastPause(days, True, "budget", "ORION", MONDAY + n * DAY) for n, days in enumerate([7.0, 60.0] * 100)
    ]
    assert chances(steady)[0].honesty == pytest.approx(0.0)
    drifting = [
        *past(100, 7),
        *(PastPause(20, True, "budget", "ORION", MONDAY + (100 + n) * DAY) for n in range(100)),
    ]
    assert chances(drifting)[0].honesty == pytest.approx(1.0)
    assert chances(drifting[::-1])[0].honesty == pytest.approx(1.0)
    half = [
        *past(100, 7),
        *(
            PastPause(7 + 50 * (n % 4 == 0), True, "budget", "ORION", MONDAY + (100 + n) * DAY)
            for n in range(100)
        ),
    ]
    assert chances(half)[0].honesty == pytest.approx(0.25)
