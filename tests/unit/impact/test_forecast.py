"""The walk through a firm's weeks: what is usual, who is active, what was kept up, and what a group may come to."""

import numpy as np
import pytest

from projects.impact.baseline import Means, compute_baseline
from projects.impact.forecast import Forecast
from projects.impact.panel import PanelWeeks, ahead
from projects.impact.retention import expected_hours, positions, retention
from projects.impact.uncertainty import INDEPENDENT
from tests.unit.impact.test_engine import firm


def panel(
    *columns: list[float], start: list[int] | None = None, project: list[int] | None = None
) -> PanelWeeks:
    people = len(columns)
    return PanelWeeks(
        np.asarray(columns, np.float32).T,
        np.asarray(start or [0] * people, np.int32),
        np.asarray(project or [0] * people, np.int32),
    )


def test_who_has_no_hours_for_four_weeks_is_active_no_more() -> None:
    base = compute_baseline(panel([10, 0, 0, 0, 0, 5]))
    assert base.active[:, 0].tolist() == [False, True, True, True, True, False, True]
    assert base.idle[:, 0].tolist() == [2, 0, 1, 2, 2, 2, 0]
    assert base.tenure[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert (base.row(4), compute_baseline(panel([10, 0]), first=2).row(2)) == (4, 0)


def test_weeks_before_somebody_began_are_no_history() -> None:
    base = compute_baseline(panel([0, 0, 10], [10, 10, 10], start=[2, 0]))
    assert base.tenure[:, 0].tolist() == [0, 0, 0, 1]
    assert base.active[:, 0].tolist() == [False, False, False, True]


def test_a_steady_week_is_the_usual_week_and_has_no_variance_of_its_own() -> None:
    base = compute_baseline(panel([30] * 60, [10] * 60))
    assert base.rate[-1] == pytest.approx([30, 10], rel=0.01)
    assert (base.variance[-1] < 0.01).all()


def test_a_new_habit_is_learnt_within_weeks() -> None:
    base = compute_baseline(panel([40] * 30 + [10] * 12))
    rates = base.rate[30:, 0].tolist()
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(10, abs=2)
    assert rates[2] < 38


def test_the_walk_gives_the_numbers_that_its_method_was_published_with() -> None:
    base = compute_baseline(firm(3, 40, 30))
    assert base.rate[-1, :5].tolist() == pytest.approx([52.07, 31.34, 20.39, 11.6, 16.0], abs=0.006)
    assert base.variance[-1, :5].tolist() == pytest.approx([746.0, 287.8, 169.0, 43.9, 107.7], abs=0.06)
    assert base.means.firm[-1].round(3) == 25.93
    assert base.means.project[-1].round(3).tolist() == [24.224, 27.57, 27.04, 25.932, 25.942, 25.257]
    assert base.means.variance_ratio[-1].round(3) == 9.283


def test_a_project_of_few_people_leans_on_the_firms_mean() -> None:
    hours = [[20.0] * 30] * 20 + [[40.0] * 30]
    base = compute_baseline(panel(*hours, project=[0] * 20 + [1]))
    mean = base.means.firm[-1]
    assert mean == pytest.approx((20 * 20 + 40) / 21)
    assert base.means.project[-1].tolist() == pytest.approx([(400 + 5 * mean) / 25, (40 + 5 * mean) / 6])
    assert base.means.at(30, np.asarray([0, 1, -1, 7], np.int32)).tolist() == pytest.approx(
        [(400 + 5 * mean) / 25, (40 + 5 * mean) / 6, mean, mean]
    )


def test_a_firm_without_anybody_active_has_no_mean() -> None:
    means = compute_baseline(panel([0.0] * 5, project=[-1])).means
    assert (means.firm.tolist(), means.project.shape, means.variance_ratio.tolist()) == (
        [0] * 6,
        (6, 0),
        [0] * 6,
    )


def test_means_of_elsewhere_stand_in_for_colleagues() -> None:
    means = Means(np.full(2, 25.0), np.full((2, 1), 35.0), np.full(2, 2.0))
    base = compute_baseline(panel([0.0], start=[1]), means=means)
    assert base.rate[-1].tolist() == [35]
    assert base.variance[-1].tolist() == [2 * 0.5]
    assert base.means is means


def test_part_of_a_week_that_does_not_count_is_brought_up_to_the_whole() -> None:
    whole = panel([30.0] * 20)
    share = np.ones((20, 1), np.float32)
    share[10:] = 0.5
    hours = whole.hours.copy()
    hours[10:] = 15
    base = compute_baseline(PanelWeeks(hours, whole.start, whole.project, share))
    assert base.rate[-1] == pytest.approx([30], rel=0.01)
    assert base.tenure[-1].tolist() == [15]


def test_idle_weeks_count_where_half_of_them_could_have_been_worked() -> None:
    share = np.asarray([[1.0], [0.5], [0.49], [1.0]], np.float32)
    base = compute_baseline(
        PanelWeeks(
            np.asarray([[8.0], [0], [0], [0]], np.float32),
            np.zeros(1, np.int32),
            np.zeros(1, np.int32),
            share,
        )
    )
    assert base.idle[:, 0].tolist() == [2, 0, 1, 1, 2]


def test_retention_starts_from_other_work_and_is_overruled_by_a_firms_own_past() -> None:
    some = firm(4, 40, 60)
    base = compute_baseline(some)
    where = positions(base)
    phi = retention(ahead(some, 4, 0, 41), base, where, 4)
    assert phi.shape == (41, 9)
    assert phi[0].tolist() == [1] * 9
    assert phi[4].tolist() == pytest.approx([0.92] * 3 + [0.84] * 3 + [0.60] * 3)
    assert phi[40].round(3).tolist() == [0.993, 0.955, 0.966, 0.987, 0.982, 0.963, 0.712, 0.665, 0.655]
    mu = expected_hours(base, where, phi, 4, 40, 41)
    assert mu[0, 7] == pytest.approx(4 * base.rate[40, 7] * phi[40, where.label[40, 7]])


def test_scores_ranges_and_groups_stay_what_they_are() -> None:
    forecast = Forecast(firm(6, 60, 80))
    outlook = forecast.outlook(4, 60)
    assert outlook.expected[:3].tolist() == pytest.approx([149.3, 32.1, 56.5], abs=0.06)
    assert outlook.bounds[0].round(0).tolist() == [89.0, 211.0, 58.0, 239.0]
    law = forecast.group_law("project", 4, 60)
    assert (round(law.own, 2), round(law.shared, 4), law.groups) == (0.54, 0.0062, 265)
    members = np.arange(20)
    got = forecast.group_outlook(outlook, members, 4, 60)
    assert got.central == pytest.approx(float(outlook.expected[:20].sum()))
    assert 0 <= got.low95 < got.low80 < got.central < got.high80 < got.high95
    assert got.high80 - got.central == pytest.approx(
        law.near * (law.own * (outlook.spread[:20] ** 2).sum() + law.shared * got.central**2) ** 0.5, rel=1e-5
    )


def test_before_there_are_groups_people_are_independent_with_a_fifth_of_shared_shock() -> None:
    forecast = Forecast(firm(6, 20, 80))
    assert forecast.group_law("project", 4, 7) is INDEPENDENT
    assert forecast.group_law("project", 4, 14).groups >= 10
    assert forecast.group_law("firm", 13, 16) is INDEPENDENT


def test_capacity_is_what_almost_nobody_exceeded_in_the_two_years_before() -> None:
    forecast = Forecast(panel([90.0] + [40.0] * 110))
    assert forecast.capacity(50) == pytest.approx(90, abs=3)
    assert forecast.capacity(106) == 40
    assert forecast.capacity(0) == 80
    assert Forecast(panel([0.0] * 5)).capacity(5) == 80


def test_what_was_judged_of_a_length_can_be_let_go_and_is_found_again() -> None:
    forecast = Forecast(firm(6, 40, 80))
    before = forecast.outlook(2, 40).bounds
    forecast.forget(2)
    forecast.forget(99)
    assert np.array_equal(forecast.outlook(2, 40).bounds, before)
