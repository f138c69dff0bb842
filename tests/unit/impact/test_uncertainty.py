"""How sure a number is: the law of groups, the quantiles of people, and the range of a stretch of any length."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from projects.impact.context import FirmContext, HorizonContext
from projects.impact.ranges import stretch_factors
from projects.impact.uncertainty import (
    INDEPENDENT,
    GroupSpread,
    ScoreQuantiles,
    firm_prior,
    fit_group_spread,
    group_range,
    group_sums,
    scale,
    score_quantiles,
    uncalibrated,
)
from projects.impact.usual import Usual
from tests.unit.impact.builders import MONDAY

NEAR, FAR = NormalDist().inv_cdf(0.9), NormalDist().inv_cdf(0.975)


def test_nothing_known_means_the_normal_law_for_everybody() -> None:
    found = uncalibrated()
    assert (found.edges, found.capacity, found.scores) == ((), 80.0, 0)
    for rate, tenure in ((0.0, 0.0), (40.0, 9.0), (99.0, 99.0)):
        assert found.of_one(rate, tenure) == pytest.approx([-NEAR, NEAR, -FAR, FAR])
    assert uncalibrated(50.0).capacity == 50


def test_quantiles_are_those_of_the_step_of_the_rate_and_the_class_of_the_tenure() -> None:
    levels = np.arange(2 * 3 * 4, dtype=np.float64).reshape(2, 3, 4)
    found = ScoreQuantiles((20.0,), levels, 50.0, 1_000)
    people = ((19.9, 7.9, 0), (19.9, 8.0, 4), (19.9, 26.0, 8), (20.0, 7.9, 12), (40.0, 30.0, 20))
    for rate, tenure, first in people:
        assert found.of_one(rate, tenure) == [first, first + 1, first + 2, first + 3]
        array = found.of(np.asarray([rate], np.float32), np.asarray([tenure], np.float32))
        assert array.tolist() == [[first, first + 1, first + 2, first + 3]]


def test_a_spread_is_never_under_a_quarter_of_an_hour() -> None:
    nothing = np.zeros(1, np.float32)
    assert scale(nothing, nothing, nothing, 4).tolist() == [0.25]
    assert scale(np.ones(1, np.float32), nothing, nothing, 4)[0] == pytest.approx(0.3)


def scores(count: int = 4_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(4)
    rates = chance.uniform(5, 45, count).astype(np.float32)
    tenures = chance.uniform(0, 60, count).astype(np.float32)
    spread = np.where(tenures < 8, 2.0, 1.0) * (1 + rates / 45)
    return (chance.normal(0, 1, count) * spread).astype(np.float32), rates, tenures


def test_people_of_a_like_rate_and_tenure_count_most() -> None:
    found = score_quantiles(*scores(), capacity=50.0)
    assert (len(found.edges), found.levels.shape, found.scores, found.capacity) == (
        11,
        (12, 3, 4),
        4_000,
        50.0,
    )
    assert list(found.edges) == sorted(found.edges)
    assert found.edges[5] == pytest.approx(25, abs=1)
    low, high = found.of_one(7.0, 40.0), found.of_one(43.0, 40.0)
    new = found.of_one(7.0, 2.0)
    assert low[3] < high[3]
    assert new[3] > low[3]
    for levels in (low, high, new):
        assert levels[2] < levels[0] < 0 < levels[1] < levels[3]


def test_the_quantiles_of_a_firm_stay_what_they_are() -> None:
    found = score_quantiles(*scores(), capacity=50.0)
    assert found.levels[0, 1].round(3).tolist() == [-1.713, 1.845, -2.574, 2.644]
    assert found.levels[6, 2].round(3).tolist() == [-2.268, 2.244, -3.572, 3.919]


def test_an_even_sample_stands_for_very_many_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.impact.uncertainty.MOST_SCORES", 1_000)
    found = score_quantiles(*scores(), capacity=50.0)
    whole = scores()
    assert found.scores == 1_000
    assert found.of_one(25.0, 40.0)[1] == pytest.approx(np.quantile(whole[0][whole[2] >= 26], 0.9), rel=0.25)
    monkeypatch.setattr("projects.impact.uncertainty.MOST_SCORES", 4_000)
    assert score_quantiles(*scores(), capacity=50.0).scores == 4_000


def groups(count: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(9)
    expected = chance.uniform(500, 5_000, count)
    squares = expected * chance.uniform(5, 15, count)
    shock = chance.normal(0, 0.1, count)
    return expected, expected * (1 + shock) + chance.normal(0, 1, count) * np.sqrt(squares), squares


def test_the_law_of_past_groups_is_fitted_to_what_they_show() -> None:
    law = fit_group_spread(*groups())
    assert (round(law.own, 3), round(law.shared, 5), round(law.near, 3), round(law.far, 3)) == (
        0.693,
        0.01489,
        1.345,
        1.83,
    )
    assert law.groups == 40


def test_one_firm_has_the_multiples_of_students_law() -> None:
    law = fit_group_spread(*groups(), freedom=4.0)
    assert (round(law.near, 3), round(law.far, 3)) == (1.533, 2.776)
    assert law.own == fit_group_spread(*groups()).own


def test_under_ten_groups_nothing_is_fitted() -> None:
    assert fit_group_spread(*(column[:9] for column in groups())) is INDEPENDENT  # type: ignore[call-arg]
    assert fit_group_spread(*(column[:10] for column in groups())).groups == 10  # type: ignore[call-arg]
    assert (INDEPENDENT.own, INDEPENDENT.shared, INDEPENDENT.groups) == (1.0, 0.04, 0)
    assert (INDEPENDENT.near, INDEPENDENT.far) == pytest.approx((NEAR, FAR))


def test_a_whole_firm_without_a_past_has_as_many_looks_as_a_year_holds_such_stretches() -> None:
    found = {weeks: firm_prior(weeks) for weeks in (0.5, 1, 13, 26, 52)}
    assert found[0.5] == found[1]
    assert (round(found[1].near, 3), round(found[1].far, 3)) == (1.298, 2.007)
    assert (round(found[13].near, 3), round(found[13].far, 3)) == (1.533, 2.776)
    assert (round(found[26].near, 3), round(found[26].far, 3)) == (1.886, 4.303)
    assert found[52] == found[26]
    assert (found[1].own, found[1].shared, found[1].groups) == (1.0, 0.04, 0)


def test_the_range_of_a_sum_is_own_luck_and_shared_shock_around_its_centre() -> None:
    got = group_range(500.0, 100.0, [30.0, 40.0], GroupSpread(2.0, 0.25, 1.0, 2.0, 99))
    deviation = (2 * 2_500 + 0.25 * 10_000) ** 0.5
    assert (got.central, got.low80, got.high80) == pytest.approx((500, 500 - deviation, 500 + deviation))
    assert (got.low95, got.high95) == pytest.approx((500 - 2 * deviation, 500 + 2 * deviation))


def test_groups_are_of_five_people_or_more_among_those_that_count() -> None:
    label = np.asarray([0] * 5 + [1] * 4 + [2] * 6 + [-1] * 9, np.int32)
    case = np.ones(24, np.bool_)
    case[9] = False
    names, (ones, places) = group_sums(label, case, np.ones(24, np.float32), np.arange(24, dtype=np.float32))
    assert (names.tolist(), ones.tolist(), places.tolist()) == ([0, 2], [5, 5], [10, 60])
    nobody, sums = group_sums(label, np.zeros(24, np.bool_), np.ones(24, np.float32))
    assert (len(nobody), [len(column) for column in sums]) == (0, [0])


def context(*sizes: tuple[int, float], capacity: float = 50.0) -> FirmContext:
    """A firm whose quantiles at each length are minus and plus a size, twice that for 95 %."""
    horizons = tuple(
        HorizonContext(
            weeks,
            (1.0,),
            ScoreQuantiles((), np.tile([-size, size, -2 * size, 2 * size], (1, 3, 1)), capacity, 1_000),
            INDEPENDENT,
            INDEPENDENT,
        )
        for weeks, size in sizes
    )
    return replace(FirmContext.empty(MONDAY), horizons=horizons)


CALM = Usual(rate=20.0, variance=0.0, idle=0, tenure=99.0)


def factors(
    hours: float, weeks: float, usual: Usual = CALM, *, capacity: float = 500.0, is_cold: bool = False
) -> list[float]:
    found, spread = stretch_factors(
        context((1, 1.0), (2, 2.0), capacity=capacity), usual, hours, weeks, is_cold=is_cold
    )
    return [round(value, 6) for value in (*found, spread)]


def test_the_range_of_a_stretch_is_its_spread_times_the_quantiles_of_its_length() -> None:
    assert factors(20, 1) == [0.7, 1.3, 0.4, 1.6, 0.3]
    assert factors(40, 2) == [0.4, 1.6, 0.0, 2.2, 0.3]


def test_between_two_lengths_the_quantiles_lie_between_and_beyond_them_they_are_the_nearest() -> None:
    assert factors(30, 1.5) == [0.55, 1.45, 0.1, 1.9, 0.3]
    assert factors(22, 1.25)[:2] == [0.625, 1.375]
    assert factors(10, 0.5)[:2] == [0.7, 1.3]
    assert factors(100, 5)[:2] == [0.4, 1.6]


def test_own_luck_and_being_new_widen_the_spread() -> None:
    lucky = Usual(rate=20.0, variance=9.0, idle=0, tenure=1.0)
    assert factors(20, 1, lucky)[4] == pytest.approx((2 * 9 + 36) ** 0.5 / 20, abs=1e-6)
    assert factors(20, 1, is_cold=True)[4] == pytest.approx((0.09 + 0.25) ** 0.5, abs=1e-6)
    assert factors(0.5, 1)[4] == 0.5


def test_nobody_works_more_than_the_firms_capacity_or_less_than_nothing() -> None:
    assert factors(20, 1, capacity=22) == [0.7, 1.1, 0.4, 1.1, 0.3]
    assert factors(20, 1, capacity=10) == [0.7, 1.0, 0.4, 1.0, 0.3]
    assert factors(40, 2, capacity=22)[1] == 1.1
    assert factors(1, 0.05, capacity=14)[1] == 1.3


def test_without_expected_hours_there_is_nothing_to_multiply() -> None:
    assert factors(0, 1) == factors(-1, 1) == [1, 1, 1, 1, 0]


def test_a_bound_on_the_wrong_side_of_the_estimate_is_drawn_to_it() -> None:
    tilted = context((1, 1.0))
    levels = np.tile([0.5, 2.0, 0.8, 1.0], (1, 3, 1))
    horizon = replace(tilted.horizons[0], quantiles=replace(tilted.horizons[0].quantiles, levels=levels))
    found, _ = stretch_factors(replace(tilted, horizons=(horizon,)), CALM, 20.0, 1, is_cold=False)
    assert found == pytest.approx((1.0, 1.6, 1.0, 1.6))
