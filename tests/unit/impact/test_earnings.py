"""What comes in during a pause counts where it is payable, for its paused hours, and once."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from projects.impact.earnings import is_payable, paused_share, sheets_through, standby_a_day, standby_share
from projects.impact.estimate import estimate_person
from projects.impact.inputs import (
    EarnedEntry,
    EngagementInputs,
    FxRate,
    MaskedSpan,
    PauseSpan,
    StandbyTerms,
)
from projects.impact.pay import UNIT
from projects.impact.results import EngagementEstimate, Line
from projects.impact.workdays import Covered
from tests.unit.impact.builders import (
    BEGAN,
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

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def covered(share: float = 1.0, remaining: float = 0.0, by: PauseSpan | None = None) -> Covered:
    return Covered(share, remaining, by or pause())


TOLD = pause(notice=at(MONDAY, 22))


@pytest.mark.parametrize(
    ("entry", "by", "payable"),
    [
        (worked(MONDAY + 9 * DAY), pause(), True),
        (worked(MONDAY + 9 * DAY), pause(remaining_bp=5_000, notice=at(MONDAY)), True),
        (worked(MONDAY), TOLD, True),
        (worked(MONDAY + DAY), TOLD, False),
        (worked(MONDAY, ended_at=at(MONDAY, 22)), TOLD, True),
        (worked(MONDAY, ended_at=at(MONDAY, 23)), TOLD, False),
        (worked(MONDAY + DAY, is_payable=True), TOLD, True),
        (worked(MONDAY, is_payable=False), pause(), False),
    ],
)
def test_work_is_payable_until_the_notice_unless_a_lead_decided(
    entry: EarnedEntry, by: PauseSpan, payable: bool
) -> None:
    assert is_payable(entry, covered(by=by), UTC) is payable


def test_the_day_of_a_notice_is_the_local_one() -> None:
    entry = worked(MONDAY + DAY)
    assert is_payable(entry, covered(by=TOLD), ZoneInfo("Asia/Manila"))
    assert not is_payable(entry, covered(by=TOLD), UTC)


@pytest.mark.parametrize(
    ("entry", "share", "part"),
    [
        (worked(MONDAY, 8), 1.0, 1.0),
        (worked(MONDAY, 8), 0.25, 0.25),
        (worked(MONDAY, 6), 0.25, 0.0),
        (worked(MONDAY, 4), 0.25, 0.0),
        (worked(MONDAY, 10), 0.25, 0.4),
        (worked(MONDAY, 0), 0.25, 1.0),
        (worked(MONDAY, 8, is_payable=True), 0.25, 1.0),
        (worked(MONDAY, 8, ended_at=at(MONDAY, 18)), 0.25, 0.0),
        (worked(MONDAY, 8, ended_at=at(MONDAY, 19)), 0.25, 0.25),
    ],
)
def test_on_a_day_paused_in_part_only_work_beyond_the_open_hours_belongs_to_the_pause(
    entry: EarnedEntry, share: float, part: float
) -> None:
    by = PauseSpan("1", at(MONDAY, 18), at(MONDAY + DAY))
    assert paused_share(entry, covered(share, by=by), 8 * 3_600.0) == pytest.approx(part)


@pytest.mark.parametrize(("submitted", "through"), [(None, -1), (MONDAY - 3 * DAY, -3), (MONDAY + DAY, -1)])
def test_work_is_known_up_to_the_day_before_the_estimate_or_the_last_sheet(
    submitted: date | None, through: int
) -> None:
    one = engagement(last_submitted_on=submitted)
    assert sheets_through(person(one, as_of=MONDAY), one) == MONDAY.toordinal() + through


def test_standby_is_a_share_of_what_is_lost_of_the_expected_pay() -> None:
    terms = StandbyTerms(share_bp=2_500)
    assert standby_share(covered(by=pause(standby=terms)), 1_003) == 250
    assert standby_share(covered(remaining=0.4, by=pause(standby=terms)), 1_000) == 150


def test_standby_a_day_is_paid_on_days_of_work_up_to_its_limit() -> None:
    by = pause(standby=StandbyTerms(daily_minor=500, max_days=2))
    assert standby_a_day(covered(by=by), -1, 0) == 0
    paid = [standby_a_day(covered(by=by), 1, count) for count in range(4)]
    assert paid == [500 * UNIT, 500 * UNIT, 0, 0]
    assert standby_a_day(covered(by=by), 0, 0) == 0
    assert standby_a_day(covered(0.25, by=by), 1, 0) == 125 * UNIT
    unlimited = pause(standby=StandbyTerms(daily_minor=500))
    assert standby_a_day(covered(by=unlimited), 1, 999) == 500 * UNIT


def only(*engagements: EngagementInputs, **more: object) -> EngagementEstimate:
    (estimate,) = estimate_person(person(*engagements, **more), nothing_known(), until=UNTIL)  # type: ignore[arg-type]
    return estimate


def lines(estimate: EngagementEstimate, label: str) -> list[Line]:
    return [line for line in estimate.lines if line.label == f"impact.line.{label}"]


def test_earned_pay_has_a_line_with_its_hours_and_money() -> None:
    entries = (worked(MONDAY, 4), worked(MONDAY + DAY, 2, minor=7_777))
    estimate = only(engagement(pauses=(pause(),), earned=entries), as_of=MONDAY + WEEK)
    (line,) = lines(estimate, "earned")
    assert (line.kind, line.seconds, line.minor, dict(line.params)) == (
        "earned",
        -6 * 3_600,
        -(4 * 2_000 + 7_777),
        {"currency": "USD"},
    )
    assert estimate.earned_minor == 4 * 2_000 + 7_777
    assert estimate.weeks[0].earned_minor == estimate.earned_minor


def test_work_after_the_notice_is_noted_with_its_day_and_hours() -> None:
    late = worked(MONDAY + 2 * DAY, 3)
    estimate = only(engagement(pauses=(TOLD,), earned=(late,)), as_of=MONDAY + WEEK)
    (line,) = lines(estimate, "note.worked_after_notice")
    assert (line.kind, line.params, line.seconds, line.minor) == (
        "note",
        (("day", (MONDAY + 2 * DAY).isoformat()),),
        3 * 3_600,
        0,
    )
    assert estimate.earned_minor == 0


def test_what_a_reduced_pause_leaves_is_planned_for_days_to_come_and_worked_on_days_past() -> None:
    reduced = pause(remaining_bp=2_500)
    entries = tuple(worked(MONDAY + n * DAY, 1) for n in range(5))
    estimate = only(engagement(pauses=(reduced,), earned=entries), as_of=MONDAY + WEEK)
    (line,) = lines(estimate, "remaining")
    assert estimate.earned_minor == pytest.approx(5 * 2_000 + 3 * 5 * 2 * 2_000, rel=0.001)
    assert line.minor == pytest.approx(-3 * 5 * 2 * 2_000, rel=0.001)
    assert line.seconds == pytest.approx(-3 * 5 * 2 * 3_600, rel=0.001)
    ahead = (*entries, worked(MONDAY + 7 * DAY, 1.5), worked(MONDAY + 8 * DAY, 5))
    estimate = only(engagement(pauses=(reduced,), earned=ahead), as_of=MONDAY + WEEK)
    assert estimate.earned_minor == pytest.approx((5 + 6.5 + 0.5 + 13 * 2) * 2_000, rel=0.001)


def test_standby_in_a_currency_without_a_rate_is_noted_and_not_paid_off() -> None:
    abroad = pause(standby=StandbyTerms(daily_minor=1_000, currency="EUR", max_days=3))
    estimate = only(engagement(pauses=(abroad,)))
    (line,) = lines(estimate, "note.other_currency")
    assert (line.kind, dict(line.params), line.minor) == ("note", {"currency": "EUR", "minor": 3_000}, 0)
    assert lines(estimate, "standby") == []
    known = only(engagement(pauses=(abroad,)), fx=(FxRate(BEGAN, "EUR", "USD", 11_000_000_000),))
    (line,) = lines(known, "standby")
    assert (line.seconds, line.minor, known.standby_minor) == (None, -3_300, 3_300)


def elsewhere(**changes: object) -> EngagementInputs:
    return engagement(
        "e2",
        project="HARP",
        client="LYRA",
        history=steady(MONDAY, MONDAY),
        **{"starts_on": MONDAY, **changes},
    )


def test_hours_agreed_on_new_work_stand_in_for_sheets_that_are_not_in() -> None:
    paused = engagement(pauses=(pause(ends_on=MONDAY + 2 * WEEK),))
    seat = elsewhere(is_redeployment=True, agreed_weekly_seconds=10 * 3_600)
    assert only(paused, seat).recovered_minor == 2 * 10 * 2_000
    odd = {"agreed_weekly_seconds": 3_604, "rates": (hourly(200),), "ends_on": MONDAY + DAY}
    assert only(paused, elsewhere(is_redeployment=True, **odd)).recovered_minor == 4_000
    done = elsewhere(is_redeployment=True, agreed_weekly_seconds=10 * 3_600, earned=(worked(MONDAY, 3),))
    assert only(paused, done, as_of=MONDAY + WEEK).recovered_minor == (3 + 10) * 2_000
    later = elsewhere(is_redeployment=True, agreed_weekly_seconds=10 * 3_600, starts_on=MONDAY + 2 * DAY)
    assert only(paused, later).recovered_minor == (6 + 10) * 2_000
    ending = elsewhere(is_redeployment=True, agreed_weekly_seconds=10 * 3_600, ends_on=MONDAY + WEEK + DAY)
    assert only(paused, ending).recovered_minor == (10 + 2) * 2_000
    pattern = (0, 0, 0, 0, 0, 8 * 3_600, 8 * 3_600)
    weekend = elsewhere(
        is_redeployment=True,
        agreed_weekly_seconds=10 * 3_600,
        rates=(hourly(weekday_seconds=pattern),),
        ends_on=MONDAY + 6 * DAY,
    )
    assert only(paused, weekend).recovered_minor == 5 * 2_000


def test_recovered_pay_has_a_line_and_falls_on_its_week() -> None:
    paused = engagement(pauses=(pause(ends_on=MONDAY + 2 * WEEK),))
    seat = elsewhere(is_redeployment=True, earned=(worked(MONDAY + 8 * DAY, 3),))
    estimate = only(paused, seat, as_of=MONDAY + 2 * WEEK)
    (line,) = lines(estimate, "recovered")
    assert (line.kind, line.seconds, line.minor, dict(line.params)) == (
        "recovered",
        None,
        -6_000,
        {"currency": "USD"},
    )
    assert [week.recovered_minor for week in estimate.weeks] == [0, 6_000]


def test_work_on_days_that_are_not_paused_is_not_recovered() -> None:
    paused = engagement(pauses=(pause(ends_on=MONDAY + WEEK),))
    seat = elsewhere(is_redeployment=True, earned=(worked(MONDAY + 8 * DAY, 3), worked(MONDAY - DAY, 3)))
    assert only(paused, seat, as_of=MONDAY + 2 * WEEK).recovered_minor == 0


def test_recovered_pay_is_shared_by_the_expected_hours_of_what_is_paused() -> None:
    span = (pause(ends_on=MONDAY + WEEK),)
    large = engagement(history=steady(hours=6), pauses=span)
    small = engagement("e3", history=steady(hours=2), pauses=span)
    seat = elsewhere(is_redeployment=True, earned=(worked(MONDAY, 4),))
    one = person(large, small, seat, as_of=MONDAY + WEEK)
    first, second = estimate_person(one, nothing_known(), until=UNTIL)
    assert first.recovered_minor + second.recovered_minor == 4 * 2_000
    assert first.recovered_minor == pytest.approx(3 * 2_000, rel=0.05)


def test_recovered_pay_in_a_currency_without_a_rate_is_noted_once() -> None:
    seat = elsewhere(
        is_redeployment=True, earned=(worked(MONDAY, 4), worked(MONDAY + DAY, 1)), rates=(hourly(10, "EUR"),)
    )
    estimate = only(engagement(pauses=(pause(),)), seat, as_of=MONDAY + WEEK)
    (line,) = lines(estimate, "note.other_currency")
    assert (dict(line.params), line.seconds, line.minor) == ({"currency": "EUR", "minor": 5_000}, None, 0)
    assert (estimate.recovered_minor, lines(estimate, "recovered")) == (0, [])


def test_where_nothing_was_expected_recovered_pay_is_shared_alike() -> None:
    away = (MaskedSpan(MONDAY, UNTIL, "leave"),)
    paused = engagement(pauses=(pause(),))
    seat = elsewhere(is_redeployment=True, earned=(worked(MONDAY, 4),))
    estimate = only(paused, seat, as_of=MONDAY + WEEK, masked=away)
    assert (estimate.expected_minor, estimate.recovered_minor, estimate.lost_minor) == (0, 8_000, -8_000)
