"""What is said of a pause's remaining length, of past accuracy and of exposure before any pause."""

from datetime import date, timedelta

import numpy as np
import pytest

from projects.impact.accuracy import ClosedCase, accuracy
from projects.impact.estimate import estimate_person
from projects.impact.exposure import concentration, dependence, group_losses, suppose_paused
from projects.impact.remaining import PastPause, resume_chances, scenario_ends
from tests.unit.impact.builders import MONDAY, UNTIL, engagement, nothing_known, person


def past(count: int, still_open: int = 0, reason: str = "budget") -> list[PastPause]:
    random = np.random.default_rng(5)
    first = date(2020, 1, 1)
    days = random.exponential(28, count + still_open)
    return [
        PastPause(float(length), number < count, reason, "ORION", first + timedelta(days=number))
        for number, length in enumerate(days)
    ]


def test_before_two_hundred_completed_pauses_only_scenarios_are_offered() -> None:
    assert resume_chances(past(199), reason="budget", client="ORION", days_so_far=3) == ()
    assert scenario_ends(MONDAY, MONDAY - timedelta(days=3))[13] == MONDAY + timedelta(weeks=13)


def test_the_curve_is_close_to_the_truth_and_says_whose_past_it_is() -> None:
    chances = resume_chances(past(400, 40), reason="budget", client="ORION", days_so_far=14)
    by_weeks = {chance.weeks: chance for chance in chances}
    truth = 1 - np.exp(-28 / 28)
    assert by_weeks[4].chance == pytest.approx(truth, abs=0.1)
    assert by_weeks[4].low <= by_weeks[4].chance <= by_weeks[4].high
    assert by_weeks[4].scope == "reason and client"
    assert by_weeks[4].honesty is not None
    assert by_weeks[4].honesty < 0.2
    wider = resume_chances(past(400), reason="legal_hold", client="LYRA", days_so_far=0)
    assert wider[0].scope == "all"


def test_chances_grow_with_time() -> None:
    chances = resume_chances(past(300), reason="budget", client="ORION", days_so_far=0)
    assert [c.chance for c in chances] == sorted(c.chance for c in chances)


def closed(inside: bool) -> ClosedCase:
    return ClosedCase(100, 80, 120, 60, 140, 100 if inside else 150)


def test_the_alarm_rings_when_cover_drifts_and_not_before_500_cases() -> None:
    honest = [closed(number % 5 > 0) for number in range(500)]
    drifting = [closed(number % 2 > 0) for number in range(500)]
    assert not accuracy(honest).is_drifting
    assert accuracy(drifting).is_drifting
    assert not accuracy(drifting[:499]).is_drifting
    assert accuracy(honest).cover80 == pytest.approx(0.8)
    assert accuracy([]).error is None


def test_what_if_sums_people_of_one_currency_with_a_range() -> None:
    people = [person(engagement(f"e{n}"), person=f"p{n}") for n in range(20)]
    supposed = [
        suppose_paused(one, lambda e: e.client == "ORION", starts_on=MONDAY, ends_on=UNTIL) for one in people
    ]
    rows = [row for one in supposed for row in estimate_person(one, nothing_known(), until=UNTIL)]
    (total,) = group_losses(rows, lambda row: row.client, nothing_known(), kind="client", weeks=4)
    assert total.lost_minor == sum(row.lost_minor for row in rows)
    assert total.people == 20
    assert total.low95_minor < total.low80_minor < total.lost_minor < total.high80_minor < total.high95_minor


def test_dependence_counts_people_for_whom_a_client_is_most_of_their_income() -> None:
    rows = [("ana", "ORION", 900), ("ana", "LYRA", 100), ("ben", "ORION", 100), ("ben", "LYRA", 900)]
    assert dependence(rows) == {"LYRA": 0.5, "ORION": 0.5}
    assert concentration([100]) == 1
    assert concentration([50, 50]) == 0.5
    assert concentration([]) == 0
