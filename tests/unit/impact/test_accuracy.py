"""Past estimates are held against what happened: how far off, on which side, and whether the ranges held."""

import pytest

from projects.impact.accuracy import Accuracy, ClosedCase, accuracy, proportion

CASE = ClosedCase(100, 80, 120, 60, 140, 110)


def closed(estimated: int, actual: int) -> ClosedCase:
    return ClosedCase(estimated, estimated - 10, estimated + 10, estimated - 20, estimated + 20, actual)


def test_errors_are_shares_of_what_was_really_lost() -> None:
    found = accuracy([closed(100, 150), closed(100, 50), closed(100, 100), closed(-30, -100)])
    assert found.cases == 4
    assert found.error == pytest.approx((50 + 50 + 0 + 70) / 400)
    assert found.bias == pytest.approx((-50 + 50 + 0 + 70) / 400)
    assert (found.cover80, found.cover95, found.is_drifting) == (0.25, 0.25, False)


@pytest.mark.parametrize(
    ("actual", "cover80", "cover95"),
    [(90, 1, 1), (110, 1, 1), (89, 0, 1), (111, 0, 1), (80, 0, 1), (120, 0, 1), (79, 0, 0), (121, 0, 0)],
)
def test_a_range_holds_what_lies_on_its_bounds(actual: int, cover80: float, cover95: float) -> None:
    found = accuracy([closed(100, actual)])
    assert (found.cover80, found.cover95) == (cover80, cover95)


def test_of_nothing_and_where_nothing_was_lost_no_share_is_told() -> None:
    assert accuracy([]) == Accuracy(0, None, None, None, None, is_drifting=False)
    nothing = accuracy([closed(5, 0)])
    assert (nothing.cases, nothing.error, nothing.bias, nothing.cover80) == (1, None, None, 1.0)


def cover(inside: int, cases: int = 500) -> list[ClosedCase]:
    return [closed(100, 100)] * inside + [closed(100, 500)] * (cases - inside)


@pytest.mark.parametrize(
    ("inside", "is_drifting"), [(359, True), (360, False), (400, False), (440, False), (441, True)]
)
def test_the_alarm_rings_outside_its_band(inside: int, is_drifting: bool) -> None:
    assert accuracy(cover(inside)).is_drifting is is_drifting


def test_the_alarm_looks_at_the_last_five_hundred_cases_and_the_shares_at_all() -> None:
    found = accuracy([*cover(0, 300), *cover(400)])
    assert (found.is_drifting, found.cases, found.cover80) == (False, 800, 0.5)
    assert accuracy([*cover(400), *cover(0, 300)]).is_drifting
    assert not accuracy(cover(0, 499)).is_drifting


def test_what_was_said_of_another_length_is_taken_for_the_days_it_really_lasted() -> None:
    assert proportion(CASE, said_days=28, real_days=14) == ClosedCase(50, 40, 60, 30, 70, 110)
    assert proportion(CASE, said_days=3, real_days=4) == ClosedCase(133, 107, 160, 80, 187, 110)
    assert proportion(CASE, said_days=1, real_days=0) == ClosedCase(0, 0, 0, 0, 0, 110)


@pytest.mark.parametrize(("said", "real"), [(14, 14), (0, 14), (-1, 14)])
def test_a_case_of_the_same_length_or_of_none_stays_as_it_is(said: int, real: int) -> None:
    assert proportion(CASE, said_days=said, real_days=real) is CASE
