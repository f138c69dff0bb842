"""What a pause would cost before there is one, by client or project and never across currencies."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from projects.impact.estimate import estimate_person
from projects.impact.exposure import concentration, dependence, group_losses, suppose_paused
from projects.impact.inputs import PauseSpan, RateSpan
from projects.impact.results import EngagementEstimate
from projects.impact.uncertainty import group_range
from tests.unit.impact.builders import BEGAN, MONDAY, UNTIL, at, engagement, nothing_known, pause, person

CONTEXT = nothing_known()


def estimate(name: str = "p1", **changes: object) -> EngagementEstimate:
    (found,) = estimate_person(person(engagement(pauses=(pause(),)), person=name), CONTEXT, until=UNTIL)
    return replace(found, **changes)  # type: ignore[arg-type]


def test_every_engagement_that_is_hit_is_supposed_to_be_paused_in_its_own_zone() -> None:
    own = pause()
    one = person(engagement(pauses=(own,), time_zone="Asia/Manila"), engagement("e2", client="LYRA"))
    supposed = suppose_paused(one, lambda e: e.client == "ORION", starts_on=MONDAY, ends_on=UNTIL)
    zone = "Asia/Manila"
    assert supposed.engagements[0].pauses == (
        own,
        PauseSpan("what-if", at(MONDAY, 0, zone), at(UNTIL, 0, zone)),
    )
    assert supposed.engagements[0].pauses[1].starts_at.tzinfo == ZoneInfo(zone)
    assert supposed.engagements[1] == one.engagements[1]
    assert (supposed.person, supposed.as_of) == (one.person, one.as_of)


def test_sums_are_of_one_key_and_currency_with_each_person_counted_once() -> None:
    rows = [
        estimate("p1", client="ORION"),
        estimate("p1", client="ORION", engagement="e2"),
        estimate("p2", client="LYRA", currency="EUR"),
        estimate("p3", client="LYRA"),
    ]
    found = group_losses(rows, lambda row: row.client, CONTEXT, kind="client", weeks=4)
    assert [(one.key, one.currency, one.people) for one in found] == [
        ("LYRA", "EUR", 1),
        ("LYRA", "USD", 1),
        ("ORION", "USD", 1),
    ]
    assert found[2].expected_minor == rows[0].expected_minor + rows[1].expected_minor
    assert found[2].lost_minor == rows[0].lost_minor + rows[1].lost_minor


@pytest.mark.parametrize(("kind", "weeks"), [("project", 4), ("client", 1), ("firm", 4), ("firm", 13)])
def test_the_range_of_a_sum_is_peoples_own_luck_and_a_shared_shock(kind: str, weeks: float) -> None:
    rows = [estimate(f"p{n}") for n in range(3)]
    (found,) = group_losses(rows, lambda row: row.project, CONTEXT, kind=kind, weeks=weeks)
    lost = sum(row.lost_minor for row in rows)
    expected = sum(row.expected_minor for row in rows)
    got = group_range(lost, expected, [row.spread_minor for row in rows], CONTEXT.law(kind, weeks))
    assert (found.low80_minor, found.high80_minor, found.low95_minor, found.high95_minor) == (
        round(got.low80),
        round(got.high80),
        round(got.low95),
        round(got.high95),
    )
    assert found.low95_minor < found.low80_minor < found.lost_minor < found.high80_minor < found.high95_minor


def test_fixed_pay_shares_no_shock() -> None:
    salary = RateSpan(BEGAN, "month", 2_200_000_000, "USD")
    one = person(engagement(rates=(salary,), pauses=(pause(),)))
    rows = estimate_person(one, CONTEXT, until=UNTIL)
    (found,) = group_losses(rows, lambda row: row.project, CONTEXT, kind="project", weeks=4)
    assert found.lost_minor == rows[0].lost_minor > 0
    assert found.low95_minor == found.high95_minor == found.lost_minor


def test_most_of_an_income_is_more_than_half_of_it() -> None:
    assert dependence([("ana", "ORION", 50), ("ana", "LYRA", 50)]) == {"LYRA": 0, "ORION": 0}
    assert dependence([("ana", "ORION", 51), ("ana", "LYRA", 49), ("bo", "ORION", 1)]) == {
        "LYRA": 0,
        "ORION": 1,
    }
    twice = [("ana", "ORION", 30), ("ana", "LYRA", 50), ("ana", "ORION", 30)]
    assert dependence(twice) == {"LYRA": 0, "ORION": 1}
    assert list(dependence([("a", "B", 1), ("a", "A", 2)])) == ["A", "B"]


@pytest.mark.parametrize(
    ("amounts", "index"), [([], 0), ([0, 0], 0), ([7], 1), ([5, 5, 5, 5], 0.25), ([30, 10], 0.625)]
)
def test_concentration_is_one_for_one_client_and_a_share_for_equal_ones(
    amounts: list[int], index: float
) -> None:
    assert concentration(iter(amounts)) == pytest.approx(index)


def test_a_what_if_over_no_days_costs_nothing() -> None:
    supposed = suppose_paused(person(engagement()), lambda e: True, starts_on=MONDAY, ends_on=MONDAY)
    assert estimate_person(supposed, CONTEXT, until=UNTIL + timedelta(days=1)) == ()
