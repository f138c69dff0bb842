"""Reference pay of an estimate's days: whole days, the share that stops, and the look-back before the first of them."""

from datetime import timedelta

from projects.impact.estimate import estimate_person
from projects.impact.inputs import EngagementInputs, MaskedSpan, PauseSpan, PersonInputs
from projects.impact.policies.of_estimate import reference_of_estimate
from projects.impact.policies.reference import ReferencePay, ReferenceTerms
from tests.unit.impact.builders import MONDAY, UNTIL, at, engagement, hourly, nothing_known, pause, person

AVERAGE = ReferenceTerms("average", share_bp=8_000, monthly_cap_minor=50_000)
DAY = timedelta(days=1)


def reference(one: PersonInputs, terms: ReferenceTerms = AVERAGE, cap: str = "USD") -> ReferencePay | None:
    (estimate,) = estimate_person(one, nothing_known(), until=UNTIL)
    return reference_of_estimate(estimate, one, terms, cap_currency=cap)


def found(*engagements: EngagementInputs, cap: str = "USD", **more: object) -> ReferencePay:
    got = reference(person(*engagements, **more), cap=cap)  # type: ignore[arg-type]
    assert got is not None
    return got


def test_a_full_pause_counts_its_calendar_days_and_a_reduced_one_the_share_that_stops() -> None:
    full = found(engagement(pauses=(pause(MONDAY, MONDAY + 14 * DAY),)))
    reduced = found(engagement(pauses=(pause(MONDAY, MONDAY + 14 * DAY, remaining_bp=2_500),)))
    assert full.days == reduced.days == 14
    assert reduced.reference_minor == int(full.reference_minor * 0.75 + 0.5)
    assert full.cap_minor == 14 * 1_667
    assert full.guaranteed_minor == min(full.cap_minor, round(full.reference_minor * 0.8))


def test_a_limit_holds_for_its_own_currency_alone() -> None:
    got = found(engagement(pauses=(pause(),)), cap="EUR")
    assert got.cap_minor is None
    assert got.guaranteed_minor == round(got.reference_minor * 0.8)


def test_a_limit_of_no_named_currency_holds_for_none() -> None:
    one = person(engagement(pauses=(pause(),)))
    (estimate,) = estimate_person(one, nothing_known(), until=UNTIL)
    got = reference_of_estimate(estimate, one, AVERAGE)
    assert got is not None
    assert got.cap_minor is None


def test_a_day_counts_where_half_of_it_is_paused_and_the_second_engagement_by_its_own_days() -> None:
    noon = PauseSpan("1", at(MONDAY, 12), at(MONDAY + 2 * DAY, 11))
    other = engagement("e0", pauses=(pause(MONDAY, MONDAY + 9 * DAY),))
    one = person(other, engagement(pauses=(noon,)))
    found = {row.engagement: row for row in estimate_person(one, nothing_known(), until=UNTIL)}
    got = reference_of_estimate(found["e1"], one, AVERAGE, cap_currency="USD")
    assert got is not None
    assert got.days == 2
    evening = PauseSpan("1", at(MONDAY, 13), at(MONDAY + DAY))
    assert reference(person(engagement(pauses=(evening,)))) is None


def test_runs_of_days_with_another_share_that_stops_are_counted_apart() -> None:
    pauses = (
        pause(MONDAY, MONDAY + 4 * DAY, remaining_bp=5_000),
        pause(MONDAY + 4 * DAY, MONDAY + 6 * DAY, name="2"),
        pause(MONDAY + 8 * DAY, MONDAY + 9 * DAY, name="3"),
    )
    whole = found(engagement(pauses=(pause(MONDAY, MONDAY + DAY),)))
    mixed = found(engagement(pauses=pauses))
    assert mixed.days == 7
    assert mixed.reference_minor == 5 * whole.reference_minor
    assert mixed.cap_minor == 7 * 1_667


def test_two_pauses_look_back_from_the_first_and_leave_days_away_out() -> None:
    apart = (pause(MONDAY, MONDAY + 7 * DAY), pause(MONDAY + 14 * DAY, MONDAY + 21 * DAY, name="2"))
    once = found(engagement(pauses=apart[:1]))
    twice = found(engagement(pauses=apart))
    assert twice.reference_minor == 2 * once.reference_minor
    away = MaskedSpan(MONDAY - 30 * DAY, MONDAY - 23 * DAY, "leave")
    assert found(engagement(pauses=apart[:1]), masked=(away,)).reference_minor > 0


def test_pay_in_another_currency_before_is_not_mixed_in() -> None:
    changed = (hourly(1_000, "JPY"), hourly(20, "USD", MONDAY - 28 * DAY))
    got = found(engagement(pauses=(pause(MONDAY, MONDAY + 7 * DAY),), rates=changed))
    assert (got.currency, got.reference_minor) == ("USD", 7 * 11_429)  # a week of 40 hours, rounded a day


def test_where_a_policy_has_no_answer_there_is_none() -> None:
    by_month = ReferenceTerms("calendar-days")
    assert reference(person(engagement(pauses=(pause(),))), by_month) is None
    joined_today = engagement(pauses=(pause(),), starts_on=MONDAY)
    assert reference(person(joined_today)) is None
