"""The engine over arrays: the same numbers for one person as for a firm, honest ranges, nothing from the
future."""

from datetime import date, timedelta

import numpy as np
import pytest

from projects.impact.baseline import compute_baseline
from projects.impact.bulk import calibrate_and_judge
from projects.impact.context import FirmContext, build_context
from projects.impact.estimate import estimate_person
from projects.impact.evidence import peer_evidence
from projects.impact.expected import peer_ratio
from projects.impact.fingerprint import fingerprint_person
from projects.impact.forecast import Forecast
from projects.impact.inputs import History
from projects.impact.panel import PanelWeeks
from projects.impact.uncertainty import fit_group_spread, group_range
from projects.impact.usual import settle
from projects.impact.weeks import Asked, read_weeks
from tests.unit.impact.builders import MONDAY, UNTIL, engagement, nothing_known, pause, person

WEEKS, PEOPLE = 104, 300


def firm(seed: int = 1, weeks: int = WEEKS, people: int = PEOPLE) -> PanelWeeks:
    """Contractors with their own pace who sometimes stay away."""
    random = np.random.default_rng(seed)
    pace = random.gamma(6, 5, people)
    hours = random.gamma(8, 1 / 8, (weeks, people)) * pace * (random.random((weeks, people)) < 0.85)
    start = random.integers(0, weeks // 2, people).astype(np.int32)
    hours[np.arange(weeks)[:, None] < start] = 0
    hours[start, np.arange(people)] = pace
    return PanelWeeks(hours.astype(np.float32), start, random.integers(0, 6, people).astype(np.int32))


def test_one_person_gets_the_rate_that_the_whole_firm_walk_gives() -> None:
    panel = firm()
    context = build_context(panel, as_of=MONDAY, projects=[f"P{i}" for i in range(6)])
    whole = compute_baseline(panel, first=WEEKS)
    first = MONDAY - timedelta(weeks=WEEKS)
    for one in (0, 17, 250):
        rows = [
            (first + timedelta(weeks=week), round(float(panel.hours[week, one]) * 3600), 0)
            for week in range(WEEKS)
            if panel.hours[week, one] > 0
        ]
        worker = engagement(
            project=f"P{panel.project[one]}",
            history=History.from_days(rows),
            starts_on=first,
            pauses=(pause(),),
        )
        read = read_weeks([Asked(person(worker), MONDAY.toordinal())], context)
        (usual,) = settle(read, context)
        assert usual.rate == pytest.approx(float(whole.rate[0, one]), rel=1e-3)
        assert usual.variance == pytest.approx(float(whole.variance[0, one]), rel=1e-3)


def test_weeks_after_the_origin_do_not_move_what_was_expected_at_it() -> None:
    panel = firm()
    changed = panel.hours.copy()
    changed[80:] *= 3
    later = PanelWeeks(changed, panel.start, panel.project)
    before, after = (Forecast(one).outlook(4, 80) for one in (panel, later))
    assert np.array_equal(before.expected, after.expected)
    assert np.array_equal(before.bounds, after.bounds)


def test_ranges_cover_what_they_promise_on_new_people() -> None:
    panel = firm(2, people=600)
    forecast = Forecast(panel)
    inside80, inside95, cases = 0, 0, 0
    for origin in range(80, WEEKS - 4, 4):
        outlook = forecast.outlook(4, origin)
        actual = panel.hours[origin : origin + 4].sum(0)
        active = forecast.base.active[origin]
        low80, high80, low95, high95 = outlook.bounds[active].T
        inside80 += int(((low80 <= actual[active]) & (actual[active] <= high80)).sum())
        inside95 += int(((low95 <= actual[active]) & (actual[active] <= high95)).sum())
        cases += int(active.sum())
    assert 0.77 <= inside80 / cases <= 0.84
    assert 0.93 <= inside95 / cases <= 0.97


def test_missing_weeks_are_not_zero_weeks() -> None:
    panel = firm()
    silent = panel.hours.copy()
    silent[-3:] = 0
    share = np.ones_like(silent)
    share[-3:] = 0
    masked = compute_baseline(PanelWeeks(silent, panel.start, panel.project, share), first=WEEKS)
    zeros = compute_baseline(PanelWeeks(silent, panel.start, panel.project), first=WEEKS)
    known = compute_baseline(panel, first=WEEKS - 3)
    assert masked.rate[0].mean() == pytest.approx(known.rate[0].mean(), rel=0.02)
    assert zeros.rate[0].mean() < 0.6 * known.rate[0].mean()


def test_peers_who_stopped_too_lower_everybodys_expectation() -> None:
    panel = firm()
    hours = panel.hours.copy()
    hours[-4:, panel.project != 0] *= 0.5
    shocked = PanelWeeks(hours, panel.start, panel.project)
    plain = Forecast(shocked).outlook(4, WEEKS - 4)
    checked = Forecast(shocked, with_peers=True).outlook(4, WEEKS - 4)
    paused = panel.project == 0
    assert checked.expected[paused].sum() < 0.75 * plain.expected[paused].sum()


def test_evidence_of_peers_says_what_the_weeks_since_have_shown() -> None:
    panel = firm()
    before = PanelWeeks(panel.hours[:100], panel.start, panel.project)
    context = build_context(before, as_of=MONDAY, projects=[f"P{i}" for i in range(6)])
    paused = panel.project == 0
    calm = peer_evidence(before, panel.hours[100:], context, left_out=paused, origin=MONDAY)
    slow = peer_evidence(
        before,
        (panel.hours[100:] * np.float32(0.5)).astype(np.float32),
        context,
        left_out=paused,
        origin=MONDAY,
    )
    nobody = peer_evidence(before, panel.hours[100:], context, left_out=paused | ~paused, origin=MONDAY)
    assert calm.actual_hours / calm.expected_hours == pytest.approx(1, abs=0.05)
    assert slow.actual_hours == pytest.approx(calm.actual_hours / 2, rel=1e-4)
    assert calm.through == MONDAY + timedelta(weeks=4)
    assert peer_ratio(nobody) == 1


def test_bulk_and_one_by_one_agree_on_a_calibrated_length() -> None:
    panel = firm()
    context, chunks = calibrate_and_judge(panel, as_of=MONDAY, weeks=4)
    (chunk,) = chunks
    whole = Forecast(panel).outlook(4, WEEKS)
    active = compute_baseline(panel, first=WEEKS).active[0]
    assert np.allclose(chunk.expected[active], whole.expected[active], rtol=1e-3)
    assert np.allclose(chunk.bounds[active], whole.bounds[active], rtol=1e-3, atol=0.01)
    assert len(context.horizons[0].phi) == 9


def test_a_context_survives_being_kept_as_json() -> None:
    context = build_context(firm(), as_of=MONDAY, projects=[f"P{i}" for i in range(6)])
    again = FirmContext.from_dict(context.to_dict())
    one = person(engagement(project="P2", pauses=(pause(),)))
    before = estimate_person(one, context, until=UNTIL)[0]
    after = estimate_person(one, again, until=UNTIL)[0]
    assert before == after
    assert context.is_calibrated
    assert not before.is_provisional


def test_a_range_of_a_calibrated_firm_is_narrower_than_one_of_a_new_firm() -> None:
    context = build_context(firm(), as_of=MONDAY, projects=[f"P{i}" for i in range(6)])
    one = person(engagement(pauses=(pause(),)))
    known = estimate_person(one, context, until=UNTIL)[0]
    assert known.low80_minor > 0
    assert known.high95_minor >= known.high80_minor


def test_a_group_shares_its_shock_and_people_do_not() -> None:
    random = np.random.default_rng(3)
    expected = random.uniform(500, 5000, 4000)
    squares = expected * 10
    shock = random.normal(0, 0.1, 4000)
    actual = expected * (1 + shock) + random.normal(0, 1, 4000) * np.sqrt(squares)
    law = fit_group_spread(expected, actual, squares)
    assert law.own == pytest.approx(1, abs=0.5)
    assert law.shared == pytest.approx(0.01, rel=0.4)
    got = group_range(1000.0, 1000.0, [10.0] * 100, law)
    assert got.low95 < got.low80 < 1000 < got.high80 < got.high95


def test_a_fingerprint_changes_with_any_input_and_with_nothing_else() -> None:
    one = person(engagement(pauses=(pause(),)))
    again = person(engagement(pauses=(pause(),)))
    moved = person(engagement(pauses=(pause(ends_on=date(2025, 9, 30)),)))
    assert fingerprint_person(one, until=UNTIL) == fingerprint_person(again, until=UNTIL)
    assert fingerprint_person(one, until=UNTIL) != fingerprint_person(moved, until=UNTIL)
    assert fingerprint_person(one, until=UNTIL) != fingerprint_person(one, until=UNTIL, context="other")


def test_without_a_firms_past_an_estimate_is_provisional() -> None:
    one = person(engagement(pauses=(pause(),)))
    estimate = estimate_person(one, nothing_known(), until=UNTIL)[0]
    assert estimate.is_provisional
    assert "no_calibration" in estimate.reasons
