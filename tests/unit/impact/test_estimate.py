"""What a contractor and finance notice about an estimate."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from projects.domain.errors import UnableToEstimate
from projects.domain.workdays import public_holidays
from projects.impact.estimate import estimate_people, estimate_person
from projects.impact.inputs import (
    EngagementInputs,
    FxRate,
    MaskedSpan,
    PeerEvidence,
    Ramp,
    RateSpan,
    StandbyTerms,
)
from projects.impact.results import EngagementEstimate
from tests.unit.impact.builders import (
    BEGAN,
    HOUR,
    MONDAY,
    UNTIL,
    at,
    engagement,
    hourly,
    nothing_known,
    pause,
    person,
    steady,
    worked,
)

WEEK = timedelta(weeks=1)
FOUR_WEEKS_AT_40_HOURS = 4 * 40 * 2000


def only(*engagements: EngagementInputs, until: date = UNTIL, **more: object) -> EngagementEstimate:
    """The one estimate of a person with these engagements."""
    (estimate,) = estimate_person(person(*engagements, **more), nothing_known(), until=until)  # type: ignore[arg-type]
    return estimate


def test_a_steady_week_is_expected_to_go_on() -> None:
    estimate = only(engagement(pauses=(pause(),)))
    assert estimate.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS, rel=0.001)
    assert estimate.lost_minor == estimate.expected_minor
    assert estimate.currency == "USD"


def test_the_range_holds_the_number() -> None:
    estimate = only(engagement(pauses=(pause(),)))
    assert estimate.low95_minor <= estimate.low80_minor < estimate.lost_minor
    assert estimate.lost_minor < estimate.high80_minor <= estimate.high95_minor


def test_nobody_paused_means_no_estimate() -> None:
    assert estimate_person(person(engagement()), nothing_known(), until=UNTIL) == ()


def test_an_open_pause_is_cut_where_pricing_ends() -> None:
    two = only(engagement(pauses=(pause(ends_on=None),)), until=MONDAY + 2 * WEEK)
    assert two.ends_on == MONDAY + 2 * WEEK
    assert two.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS / 2, rel=0.001)


def test_a_rate_change_inside_the_pause_splits_at_its_day() -> None:
    raised = (hourly(20), hourly(30, starts_on=MONDAY + 2 * WEEK))
    estimate = only(engagement(rates=raised, pauses=(pause(),)))
    first, second = (line for line in estimate.lines if line.kind == "usual")
    assert dict(first.params)["through"] == (MONDAY + 2 * WEEK - timedelta(days=1)).isoformat()
    assert second.minor == pytest.approx(1.5 * first.minor, abs=1)


def test_public_holidays_are_not_expected_and_have_their_line() -> None:
    thanksgiving = date(2025, 11, 24)
    off = public_holidays("US", "", 2024) | public_holidays("US", "", 2025)
    history = steady(last=thanksgiving, off=off)
    usual = engagement(history=history, pauses=(pause(thanksgiving, thanksgiving + WEEK),))
    estimate = only(usual, country="US", until=thanksgiving + WEEK)
    assert estimate.expected_minor == pytest.approx(32 * 2000, rel=0.01)
    (line,) = (line for line in estimate.lines if line.kind == "holidays")
    assert line.minor == pytest.approx(-8 * 2000, rel=0.01)


def test_leave_inside_the_pause_costs_nothing() -> None:
    leave = MaskedSpan(MONDAY, MONDAY + WEEK, "leave")
    estimate = only(engagement(pauses=(pause(),)), masked=[leave])
    assert estimate.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS * 3 / 4, rel=0.001)


def test_an_earlier_pause_does_not_make_the_second_cheaper() -> None:
    gap = MONDAY - 8 * WEEK
    before = steady(last=gap)
    earlier = MaskedSpan(gap, MONDAY, "pause", "e1")
    masked = only(engagement(history=before, pauses=(pause(),)), masked=[earlier])
    unmasked = only(engagement(history=before, pauses=(pause(),)))
    assert masked.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS, rel=0.001)
    assert unmasked.expected_minor < masked.expected_minor / 2


def test_unsubmitted_recent_weeks_are_missing_not_zero() -> None:
    late = engagement(
        history=steady(last=MONDAY - WEEK),
        pauses=(pause(),),
        last_submitted_on=MONDAY - WEEK - timedelta(days=3),
    )
    estimate = only(late)
    assert estimate.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS, rel=0.001)
    assert "missing_timesheets" in estimate.reasons


def test_work_before_the_notice_stays_payable_and_later_work_is_noted() -> None:
    told = pause(notice=at(MONDAY, 15))
    entries = (worked(MONDAY, 4, ended_at=at(MONDAY, 13)), worked(MONDAY + timedelta(days=2), 8))
    estimate = only(engagement(pauses=(told,), earned=entries), as_of=MONDAY + WEEK)
    assert estimate.earned_minor == 4 * 2000
    assert "worked_after_notice" in estimate.reasons
    assert any(line.label == "impact.line.note.worked_after_notice" for line in estimate.lines)


def test_a_reduced_pause_leaves_its_share_to_be_worked() -> None:
    estimate = only(engagement(pauses=(pause(remaining_bp=2500),)))
    assert estimate.lost_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS * 3 / 4, rel=0.001)


def test_a_fuller_pause_wins_where_two_overlap_and_no_day_counts_twice() -> None:
    both = (pause(name="part", remaining_bp=5000), pause(MONDAY + 2 * WEEK, name="whole"))
    estimate = only(engagement(pauses=both))
    assert estimate.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS, rel=0.001)
    assert estimate.lost_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS * 3 / 4, rel=0.001)
    assert {share.pause: share.days for share in estimate.pauses} == {"part": 14, "whole": 14}
    assert sum(share.lost_minor for share in estimate.pauses) == estimate.lost_minor


def test_standby_pays_a_share_and_a_daily_amount_up_to_its_days() -> None:
    terms = StandbyTerms(share_bp=1000, daily_minor=500, max_days=5)
    estimate = only(engagement(pauses=(pause(standby=terms),)))
    assert estimate.standby_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS / 10 + 5 * 500, rel=0.001)


def test_extra_work_elsewhere_is_recovered_but_the_usual_work_there_is_not() -> None:
    other = engagement("e2", project="HARP", client="LYRA", history=steady(hours=2))
    days = [MONDAY + timedelta(days=n) for n in range(5)]
    paused = engagement(history=steady(hours=6), pauses=(pause(ends_on=MONDAY + WEEK),))
    as_usual = only(paused, _with(other, days, 2), as_of=MONDAY + WEEK)
    more = only(paused, _with(other, days, 5), as_of=MONDAY + WEEK)
    assert as_usual.recovered_minor == pytest.approx(0, abs=100)
    assert more.recovered_minor == pytest.approx(5 * 3 * 2000, rel=0.01)


def _with(base: EngagementInputs, days: list[date], hours: float) -> EngagementInputs:
    return replace(base, earned=tuple(worked(day, hours) for day in days))


def test_all_pay_of_a_redeployment_counts_and_another_currency_needs_a_dated_rate() -> None:
    moved = engagement(
        "e2",
        starts_on=MONDAY,
        history=steady(MONDAY, MONDAY),
        rates=(hourly(16, "EUR", MONDAY),),
        earned=(worked(MONDAY, 5),),
        is_redeployment=True,
    )
    paused = engagement(pauses=(pause(),))
    shown = only(paused, moved, as_of=MONDAY + WEEK)
    assert shown.recovered_minor == 0
    assert "other_currency" in shown.reasons
    converted = only(paused, moved, as_of=MONDAY + WEEK, fx=(FxRate(BEGAN, "EUR", "USD", 11_000_000_000),))
    assert converted.recovered_minor == 5 * 1760
    said = next(line for line in converted.lines if line.label == "impact.line.note.converted")
    assert dict(said.params) == {
        "currency": "EUR", "minor": 8_000, "base": "EUR", "quote": "USD", "rate": "1.1", "day": BEGAN.isoformat(),
    }  # fmt: skip
    other_way = only(paused, moved, as_of=MONDAY + WEEK, fx=(FxRate(BEGAN, "USD", "EUR", 8_000_000_000),))
    assert other_way.recovered_minor == 10_000


def test_standby_a_day_is_paid_for_days_of_work_up_to_its_limit_in_the_currency_of_the_pay() -> None:
    a_day = StandbyTerms(daily_minor=1_000, max_days=7)
    assert only(engagement(pauses=(pause(standby=a_day),))).standby_minor == 7_000
    raised = engagement(pauses=(pause(standby=a_day),), rates=(hourly(), hourly(24, "EUR", MONDAY + WEEK)))
    by_currency = {one.currency: one for one in estimate_person(person(raised), nothing_known(), until=UNTIL)}
    assert (by_currency["USD"].standby_minor, by_currency["EUR"].standby_minor) == (5_000, 2_000)
    abroad = engagement(pauses=(pause(standby=replace(a_day, currency="EUR")),))
    assert only(abroad).standby_minor == 0
    assert only(abroad, fx=(FxRate(BEGAN, "EUR", "USD", 11_000_000_000),)).standby_minor == 7_700


def test_nobody_is_expected_to_bill_more_than_the_contract_lets_them() -> None:
    capped = only(engagement(pauses=(pause(),), rates=(hourly(max_weekly_seconds=30 * HOUR),)))
    assert capped.expected_minor == 4 * 30 * 2_000
    assert sum(line.minor for line in capped.lines if line.kind == "contract") == -4 * 10 * 2_000


def test_peers_who_worked_less_lower_the_expectation() -> None:
    peers = PeerEvidence(200, 6_000.0, 8_000.0, 40.0, UNTIL)
    plain = only(engagement(pauses=(pause(),)))
    checked = only(engagement(pauses=(pause(),)), peers=peers)
    assert checked.expected_minor == pytest.approx(plain.expected_minor * 7200 / 9200, rel=0.001)
    assert any(line.kind == "peers" and line.minor < 0 for line in checked.lines)


def test_nothing_is_expected_after_the_contract_ends() -> None:
    ending = engagement(ends_on=MONDAY + WEEK, pauses=(pause(),))
    assert only(ending).expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS / 4, rel=0.001)


def test_a_cap_and_a_planned_ramp_change_the_week() -> None:
    capped = only(engagement(rates=(hourly(max_weekly_seconds=20 * 3600),), pauses=(pause(),)))
    ramp = Ramp(MONDAY, MONDAY + 4 * WEEK, 10 * 3600)
    planned = only(engagement(ramps=(ramp,), pauses=(pause(),)))
    assert capped.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS / 2, rel=0.001)
    assert planned.expected_minor == pytest.approx(FOUR_WEEKS_AT_40_HOURS / 4, rel=0.001)


def test_somebody_new_is_priced_by_contract_and_marked_provisional() -> None:
    new = engagement(
        starts_on=MONDAY - WEEK,
        history=steady(MONDAY, MONDAY),
        rates=(hourly(weekly_seconds=30 * 3600),),
        pauses=(pause(),),
    )
    estimate = only(new)
    assert estimate.is_provisional
    assert "no_history" in estimate.reasons
    assert estimate.expected_minor == pytest.approx(4 * 30 * 2000, rel=0.001)


@pytest.mark.parametrize(
    ("basis", "amount", "minor"),
    [
        ("day", 160, 20 * 16_000),
        ("week", 800, 4 * 80_000),
        ("month", 2200, 20 * 10_000),
        ("task", 5, 160 * 4 * 500),
    ],
)
def test_every_pay_basis_is_priced(basis: str, amount: int, minor: int) -> None:
    rate = RateSpan(BEGAN, basis, amount * 1_000_000, "USD", 40 * 3600)  # type: ignore[arg-type]
    history = steady()
    tasks = type(history).from_columns(
        history.ordinals.tolist(), history.seconds.tolist(), [32] * len(history.ordinals)
    )
    estimate = only(engagement(rates=(rate,), history=tasks, pauses=(pause(),)))
    assert estimate.expected_minor == pytest.approx(minor, rel=0.001)


def test_a_yen_has_no_cents_and_a_thousandth_of_a_cent_still_adds_up() -> None:
    yen = only(engagement(rates=(hourly(1500, "JPY"),), pauses=(pause(),)))
    assert yen.expected_minor == pytest.approx(4 * 40 * 1500, rel=0.001)


def test_a_pause_that_begins_in_the_afternoon_leaves_the_morning() -> None:
    afternoon = pause().__class__("1", at(MONDAY, 18), at(MONDAY + timedelta(days=1)))
    estimate = only(engagement(pauses=(afternoon,)))
    assert estimate.expected_minor == pytest.approx(8 * 2000 / 4, rel=0.01)


def test_a_day_without_end_of_summer_time_has_its_own_hours() -> None:
    sunday = date(2025, 10, 26)
    history = steady(last=sunday, weekdays=range(7))
    zone = "Europe/Berlin"
    evening = pause().__class__("1", at(sunday, 12, zone), at(sunday + timedelta(days=1), 0, zone))
    long_day = only(
        engagement(history=history, time_zone=zone, pauses=(evening,)), until=sunday + timedelta(days=1)
    )
    assert long_day.expected_minor == pytest.approx(8 * 2000 * 12 / 25, rel=0.02)


def test_a_paused_engagement_without_a_rate_is_refused_by_name() -> None:
    with pytest.raises(UnableToEstimate, match="engagement e1 has no rate"):
        only(engagement(rates=(), pauses=(pause(),)))


def test_many_people_at_once_get_the_very_numbers_of_each_alone() -> None:
    people = [
        person(engagement(history=steady(hours=hours), pauses=(pause(),)), person=f"p{hours}")
        for hours in (3, 5, 8)
    ]
    context = nothing_known()
    together = estimate_people(people, context, until=UNTIL)
    assert [one[0].person for one in together] == ["p3", "p5", "p8"]
    assert [one[0].expected_minor for one in together] == sorted(one[0].expected_minor for one in together)


def test_somebody_who_works_on_public_holidays_is_expected_to_work_on_the_next() -> None:
    thanksgiving = date(2025, 11, 24)
    usual = engagement(history=steady(last=thanksgiving), pauses=(pause(thanksgiving, thanksgiving + WEEK),))
    estimate = only(usual, country="US", until=thanksgiving + WEEK)
    assert estimate.expected_minor == pytest.approx(40 * 2000, rel=0.01)
