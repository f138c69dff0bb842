"""A firm's calibration: what is kept of it comes back as it was, and speaks for every length, project and person."""

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from projects.impact import bulk
from projects.impact import context as context_room
from projects.impact.baseline import Means, compute_baseline
from projects.impact.bulk import calibrate_and_judge, outlooks
from projects.impact.context import NO_EDGES, OFFICE_WEEK, FirmContext, build_context
from projects.impact.evidence import peer_evidence
from projects.impact.expected import peer_ratio, retained_days
from projects.impact.forecast import Forecast
from projects.impact.inputs import PeerEvidence
from projects.impact.panel import HORIZONS, PanelWeeks
from projects.impact.peers import peer_factors, pooled_factor
from projects.impact.retention import position_of
from projects.impact.uncertainty import INDEPENDENT, firm_prior
from tests.unit.impact.builders import MONDAY
from tests.unit.impact.test_engine import firm

WEEKS, PEOPLE = 60, 120
PROJECTS = [f"P{label}" for label in range(6)]


def small(weeks: int = WEEKS, people: int = PEOPLE) -> PanelWeeks:
    return firm(5, weeks, people)


@pytest.fixture
def known() -> FirmContext:
    return build_context(small(), as_of=MONDAY, projects=PROJECTS)


def test_nothing_known_is_a_firm_without_people_that_changes_nothing() -> None:
    empty = FirmContext.empty(MONDAY)
    assert (empty.as_of, empty.people, empty.projects, empty.is_calibrated) == (MONDAY, 0, {}, False)
    assert [horizon.weeks for horizon in empty.horizons] == list(HORIZONS)
    assert {horizon.phi for horizon in empty.horizons} == {(1.0, 1.0, 1.0)}
    assert [horizon.firm for horizon in empty.horizons] == [firm_prior(weeks) for weeks in HORIZONS]
    assert (empty.weekday_shares, sum(OFFICE_WEEK)) == (OFFICE_WEEK, 1)


def test_the_nearest_length_speaks_for_every_other() -> None:
    empty = FirmContext.empty(MONDAY)
    assert [empty.horizon_of(weeks).weeks for weeks in (0.1, 1.4, 1.6, 3.1, 6.1, 11, 99)] == [
        1,
        1,
        2,
        4,
        8,
        13,
        13,
    ]
    other = replace(INDEPENDENT, own=7.0)
    told = replace(empty, horizons=tuple(replace(h, firm=other) for h in empty.horizons))
    assert told.law("firm", 4) is other
    assert told.law("project", 4) is told.law("client", 4) is INDEPENDENT


@pytest.mark.parametrize(("scores", "is_calibrated"), [(499, False), (500, True)])
def test_five_hundred_scores_are_enough(scores: int, is_calibrated: bool) -> None:
    empty = FirmContext.empty(MONDAY)
    first = replace(empty.horizons[0], quantiles=replace(empty.horizons[0].quantiles, scores=scores))
    assert replace(empty, horizons=(first, *empty.horizons[1:])).is_calibrated is is_calibrated


def test_means_are_those_of_the_projects_asked_for_and_the_firms_where_there_is_none() -> None:
    means = Means(
        np.asarray([1.0, 2.0, 3.0]),
        np.asarray([[4.0, 7.0], [5.0, 8.0], [6.0, 9.0]]),
        np.asarray([0.1, 0.2, 0.3]),
    )
    context = replace(FirmContext.empty(MONDAY), projects={"A": 0, "B": 1}, means=means)
    found = context.means_for(("B", "X", "A"), 1)
    assert (found.firm.tolist(), found.variance_ratio.tolist()) == ([2, 3], [0.2, 0.3])
    assert found.project.tolist() == [[8, 2, 5], [9, 3, 6]]
    longer = context.means_for((), 4)
    assert (longer.firm.tolist(), longer.project.shape) == ([1, 1, 1, 2, 3], (5, 0))


def test_a_calibration_is_kept_as_json_and_comes_back_as_it_was(known: FirmContext) -> None:
    kept = json.loads(json.dumps(known.to_dict()))
    again = FirmContext.from_dict(kept)
    assert again.to_dict() == known.to_dict()
    assert (again.as_of, again.people, again.projects) == (
        MONDAY,
        PEOPLE,
        {name: n for n, name in enumerate(PROJECTS)},
    )
    assert (again.weekday_shares, again.rate_edges) == (known.weekday_shares, known.rate_edges)
    assert again.means.project == pytest.approx(known.means.project)
    few = known.to_dict(("P1", "P4"))
    assert list(few["projects"]) == ["P1", "P4"]
    assert FirmContext.from_dict(few).means.project[:, 1] == pytest.approx(known.means.project[:, 4])
    assert FirmContext.from_dict(known.to_dict(())).means.project.shape == (WEEKS + 1, 0)


def test_a_calibration_from_before_newcomers_were_parted_speaks_for_everybody_alike(
    known: FirmContext,
) -> None:
    kept = known.to_dict()
    for horizon in kept["horizons"]:
        horizon["levels"] = [[-1.0, 1.0, -2.0, 2.0]] * 12
    del kept["rate_edges"]
    old = FirmContext.from_dict(kept)
    assert old.horizons[0].quantiles.levels.shape == (12, 3, 4)
    assert old.horizons[0].quantiles.of_one(20.0, 1.0) == old.horizons[0].quantiles.of_one(20.0, 99.0)
    assert old.rate_edges == ()


def test_a_calibration_is_what_the_firms_walk_says_at_its_last_week(known: FirmContext) -> None:
    forecast = Forecast(small())
    for horizon in known.horizons:
        weeks = horizon.weeks
        assert horizon.phi == pytest.approx(forecast.phi(weeks)[WEEKS].tolist())
        assert horizon.quantiles.levels == pytest.approx(forecast.quantiles(weeks, WEEKS).levels, abs=1e-6)
        assert horizon.project == forecast.group_law("project", weeks, WEEKS)
        assert horizon.firm == forecast.group_law("firm", weeks, WEEKS)
        assert horizon.quantiles.capacity == forecast.capacity(WEEKS)
    assert known.rate_edges == pytest.approx(forecast.where.edges[WEEKS].tolist())
    assert known.means.firm == pytest.approx(np.round(forecast.base.means.firm, 5))
    assert len(known.means.firm) == WEEKS + 1


def test_a_project_nobody_worked_on_has_the_firms_mean() -> None:
    context = build_context(
        small(30, 40),
        as_of=MONDAY,
        projects=[*PROJECTS, "NEW", "NEWER"],
        weekday_shares=(1, 0, 0, 0, 0, 0, 0),
    )
    assert context.projects["NEWER"] == 7
    assert context.means.project.shape == (31, 8)
    assert context.means.project[:, 7].tolist() == context.means.firm.tolist()
    assert context.weekday_shares == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_a_firm_of_ten_people_cannot_tell_terciles_and_of_eleven_it_can() -> None:
    began = PanelWeeks(
        np.full((12, 11), 20, np.float32) + np.arange(11, dtype=np.float32),
        np.zeros(11, np.int32),
        np.zeros(11, np.int32),
    )
    ten = build_context(began.take(slice(0, 10)), as_of=MONDAY, projects=["P0"])
    assert (ten.rate_edges, ten.people) == (NO_EDGES, 10)
    eleven = build_context(began, as_of=MONDAY, projects=["P0"])
    assert eleven.rate_edges == pytest.approx((23.3, 26.7), abs=0.3)


def test_an_even_sample_stands_for_a_very_large_firm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context_room, "MOST_CALIBRATING", 40)
    found = build_context(small(30, 80), as_of=MONDAY, projects=PROJECTS)
    chosen = small(30, 80).take(np.linspace(0, 79, 40).astype(np.intp))
    monkeypatch.undo()
    expected = build_context(chosen, as_of=MONDAY, projects=PROJECTS)
    assert (found.people, expected.people) == (80, 40)
    assert found.horizons[0].phi == expected.horizons[0].phi
    assert found.means.firm.tolist() == expected.means.firm.tolist()


def test_very_many_people_are_judged_in_chunks_with_the_very_numbers_of_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, (whole,) = calibrate_and_judge(small(), as_of=MONDAY, weeks=4)
    assert list(context.projects) == [str(label) for label in range(6)]
    monkeypatch.setattr(bulk, "CHUNK", 50)
    parts = list(outlooks(small(), context, weeks=4))
    assert [part.first for part in parts] == [0, 50, 100]
    for name in ("expected", "spread", "bounds"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert joined == pytest.approx(getattr(whole, name))
    assert (whole.bounds >= 0).all()
    assert (whole.bounds <= context.horizons[2].quantiles.capacity * 4).all()
    assert (whole.bounds[:, 2] <= whole.bounds[:, 0]).all()
    assert (whole.bounds[:, 1] <= whole.bounds[:, 3]).all()


def test_people_without_a_project_make_a_firm_without_projects() -> None:
    nobody = PanelWeeks(np.full((8, 20), 30, np.float32), np.zeros(20, np.int32), np.full(20, -1, np.int32))
    context, _ = calibrate_and_judge(nobody, as_of=MONDAY, weeks=1)
    assert (context.projects, context.means.project.shape) == ({}, (9, 0))


def test_peers_are_the_people_of_all_other_projects() -> None:
    expected = np.asarray([10, 20, 30, 40, 50], np.float32)
    actual = np.asarray([5, 20, 45, 40, np.nan], np.float32)
    active = np.asarray([True, True, True, False, True])
    project = np.asarray([0, 0, 1, 1, -1], np.int32)
    pad = 30 * 20
    found = peer_factors(expected, actual, active, project)
    assert found[:2] == pytest.approx((45 + pad) / (30 + pad))
    assert found[2:4] == pytest.approx((25 + pad) / (30 + pad))
    assert found[4] == pytest.approx((70 + pad) / (60 + pad))
    assert peer_factors(expected, actual, ~active & active, project).tolist() == [1] * 5
    assert pooled_factor(45, 30, 20) == pytest.approx((45 + pad) / (30 + pad))
    assert pooled_factor(0, 0, 0) == 1
    evidence = PeerEvidence(3, 45, 30, 20, MONDAY)
    assert peer_ratio(evidence) == pooled_factor(45, 30, 20)


def test_evidence_counts_active_people_that_are_not_left_out(known: FirmContext) -> None:
    panel = small()
    worked = np.full((2, PEOPLE), 10, np.float32)
    left_out = np.arange(PEOPLE) < 100
    found = peer_evidence(panel, worked, known, left_out=left_out, origin=MONDAY)
    base = compute_baseline(panel, first=WEEKS, means=known.means)
    active = base.active[0]
    assert found.people == int((active & ~left_out).sum()) > 0
    assert found.actual_hours == 20 * found.people
    assert found.through == MONDAY + timedelta(weeks=2)
    expected = [
        base.rate[0, one]
        * retained_days(
            known, position_of(int(base.idle[0, one]), float(base.rate[0, one]), known.rate_edges), 14
        ).sum()
        / 7
        for one in range(PEOPLE)
    ]
    assert found.expected_hours == pytest.approx(
        sum(expected[one] for one in range(100, PEOPLE) if active[one]), rel=1e-5
    )
    assert found.mean_expected_hours == pytest.approx(
        np.mean([expected[one] for one in range(PEOPLE) if active[one]]), rel=1e-5
    )


def test_evidence_of_a_firm_without_anybody_active_is_none(known: FirmContext) -> None:
    silent = PanelWeeks(np.zeros((WEEKS, 3), np.float32), np.zeros(3, np.int32), np.zeros(3, np.int32))
    found = peer_evidence(
        silent, np.ones((1, 3), np.float32), known, left_out=np.zeros(3, np.bool_), origin=MONDAY
    )
    assert (found.people, found.actual_hours, found.mean_expected_hours) == (0, 0, 0)


@pytest.mark.parametrize(("people", "marks"), [(2, 3), (3, 2)])
def test_evidence_whose_shapes_differ_is_refused(known: FirmContext, people: int, marks: int) -> None:
    panel = small().take(slice(0, 3))
    with pytest.raises(
        ValueError, match=rf"^3 people, but hours of \(1, {people}\) and marks of \({marks},\)$"
    ):
        peer_evidence(
            panel,
            np.ones((1, people), np.float32),
            known,
            left_out=np.zeros(marks, np.bool_),
            origin=date(2026, 1, 5),
        )


def test_retention_of_days_adds_up_to_that_of_each_calibrated_length(known: FirmContext) -> None:
    for position in (0, 4, 8):
        retained = retained_days(known, position, 13 * 7)
        for horizon in known.horizons:
            reached = max(h.weeks * h.phi[position] for h in known.horizons if h.weeks <= horizon.weeks)
            assert retained[: horizon.weeks * 7].sum() / 7 == pytest.approx(reached)
    beyond = retained_days(known, 0, 200)
    assert beyond[91:].std() == pytest.approx(0, abs=1e-9)
    assert beyond[91] == pytest.approx(beyond[90])


@pytest.mark.parametrize(
    ("idle", "rate", "edges", "position"),
    [(0, 5, (10, 20), 0), (0, 10, (10, 20), 1), (0, 25, (10, 20), 2), (2, 25, (10, 20), 8), (1, 25, (), 1)],
)
def test_a_position_is_told_by_weeks_idle_and_the_tercile_of_the_rate(
    idle: int, rate: float, edges: tuple[float, ...], position: int
) -> None:
    assert position_of(idle, rate, edges) == position
