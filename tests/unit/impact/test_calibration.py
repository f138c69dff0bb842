"""How a firm's past errors become ranges: newcomers apart from old hands, long stretches beside short ones."""

import numpy as np
import pytest

from projects.impact.context import FirmContext, build_context
from projects.impact.forecast import Forecast
from projects.impact.panel import HORIZONS, Doubles, PanelWeeks
from projects.impact.ranges import stretch_factors
from projects.impact.uncertainty import ScoreQuantiles, lean_on_shorter, own_luck, scale, score_quantiles
from projects.impact.usual import Usual
from tests.unit.impact.builders import MONDAY

PEOPLE = 300


def levels(size: float) -> Doubles:
    """Quantiles of one step of the rate, the same for whoever is new and whoever is not."""
    return np.tile([-size, size, -2 * size, 2 * size], (1, 3, 1))


def quantiles(size: float, *, scores: int = 1_000) -> ScoreQuantiles:
    """Quantiles at minus and plus `size`, twice that for 95 %."""
    return ScoreQuantiles((), levels(size), 50.0, scores)


def firm(weeks: int) -> PanelWeeks:
    """People of a steady pace each who all began with week 0."""
    chance = np.random.default_rng(11)
    pace = chance.uniform(10, 40, PEOPLE)
    hours = pace * chance.uniform(0.8, 1.2, (weeks, PEOPLE))
    project = chance.integers(0, 6, PEOPLE).astype(np.int32)
    return PanelWeeks(hours.astype(np.float32), np.zeros(PEOPLE, np.int32), project)


def width80(found: ScoreQuantiles) -> float:
    """Mean width of the 80 % range, in spreads."""
    return float((found.levels[..., 1] - found.levels[..., 0]).mean())


def test_a_usual_week_known_from_few_weeks_makes_own_luck_count_more() -> None:
    assert own_luck(4, 0.0) == 4 * 6
    assert own_luck(4, 4.0) == 4 * 2
    assert own_luck(4, 1e9) == pytest.approx(4)


def test_a_newcomer_has_a_wider_spread_than_an_old_hand_of_the_same_hours() -> None:
    hours, variance = np.full(2, 80, np.float32), np.full(2, 50, np.float32)
    new, known = scale(hours, variance, np.asarray([1, 99], np.float32), 4)
    assert new == pytest.approx((4 * 3.5 * 50 + 24**2) ** 0.5)
    assert known == pytest.approx((4 * 1.05 * 50 + 24**2) ** 0.5)


def test_one_person_and_the_whole_firm_are_measured_with_one_spread() -> None:
    usual = Usual(rate=20.0, variance=50.0, idle=0, tenure=9.0)
    _, share = stretch_factors(FirmContext.empty(MONDAY), usual, 80.0, 4, is_cold=False)
    arrays = (np.full(1, value, np.float32) for value in (80, 50, 9))
    assert 80 * share == pytest.approx(float(scale(*arrays, 4)[0]))


def test_bounds_are_read_a_hair_further_out_than_they_are_called() -> None:
    scores = np.linspace(0, 1, 5_001, dtype=np.float32)
    alike = np.full(len(scores), 30, np.float32)
    found = score_quantiles(scores, alike, alike, capacity=50.0)
    assert found.of_one(30.0, 30.0) == pytest.approx([0.095, 0.905, 0.0235, 0.9765], abs=1e-3)


def test_many_looks_at_a_length_overrule_what_a_shorter_one_says() -> None:
    found = lean_on_shorter(quantiles(1.0), quantiles(5.0), looks=1e9, longer=2)
    assert found is not None
    assert found.levels == pytest.approx(levels(1.0))


def test_one_and_a_half_looks_weigh_as_much_as_the_shorter_length() -> None:
    found = lean_on_shorter(quantiles(1.0), quantiles(3.0, scores=9), looks=1.5, longer=1)
    assert found is not None
    assert found.levels == pytest.approx(levels(2.0))
    assert found.scores == 1_000


def test_a_length_without_a_past_takes_a_shorter_ones_quantiles_a_little_widened() -> None:
    found = lean_on_shorter(None, quantiles(1.0, scores=9), looks=0, longer=16)
    assert found is not None
    assert found.levels == pytest.approx(levels(16**0.15))
    assert found.scores == 9


def test_the_shortest_length_leans_on_nothing() -> None:
    own = quantiles(1.0)
    assert lean_on_shorter(own, None, looks=3, longer=1) is own
    assert lean_on_shorter(None, None, looks=0, longer=1) is None


def test_every_length_is_calibrated_as_soon_as_one_week_is() -> None:
    context = build_context(firm(5), as_of=MONDAY, projects=[f"P{label}" for label in range(6)])
    assert [horizon.weeks for horizon in context.horizons] == list(HORIZONS)
    assert len({horizon.quantiles.scores for horizon in context.horizons}) == 1
    widths = [width80(horizon.quantiles) for horizon in context.horizons]
    assert widths == sorted(widths)


def test_a_firms_first_weeks_are_forgotten_once_there_are_later_ones() -> None:
    forecast = Forecast(firm(40))
    assert forecast.quantiles(1, 6).scores == len(range(2, 6)) * PEOPLE
    assert forecast.quantiles(1, 8).scores == len(range(6, 8)) * PEOPLE


def test_a_firm_of_a_hundred_scores_or_fewer_knows_nothing_yet() -> None:
    few = Forecast(firm(8).take(slice(0, 20)))
    assert few.quantiles(1, 7).scores == 100
    assert few.quantiles(1, 6).scores == 0


def test_what_is_kept_for_one_length_does_not_depend_on_which_was_asked_first() -> None:
    panel = firm(30)
    upwards, downwards = Forecast(panel), Forecast(panel)
    ascending = {weeks: upwards.quantiles(weeks, 30).levels for weeks in HORIZONS}
    for weeks in reversed(HORIZONS):
        assert np.array_equal(downwards.quantiles(weeks, 30).levels, ascending[weeks])
