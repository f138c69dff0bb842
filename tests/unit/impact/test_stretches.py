"""Paused days that follow one another share one counterfactual; an earlier stretch is no history for a later one."""

from datetime import date, timedelta

from projects.impact.inputs import MaskedSpan, PersonInputs
from projects.impact.stretches import Stretch, stretches
from tests.unit.impact.builders import MONDAY, engagement, pause, person

DAY = timedelta(days=1)
UNTIL = MONDAY + 60 * DAY
FIRST = MONDAY.toordinal()


def spans(one: PersonInputs, until: date = UNTIL) -> list[tuple[int, int]]:
    return [(found.origin - FIRST, found.end - FIRST) for found in stretches(one, until)]


def day(number: int) -> date:
    return MONDAY + number * DAY


def test_pauses_that_touch_or_overlap_on_any_engagement_are_one_stretch() -> None:
    first = engagement(pauses=(pause(day(0), day(7)), pause(day(7), day(9), name="2")))
    second = engagement("e2", pauses=(pause(day(8), day(20)),))
    assert spans(person(first, second, engagement("e3"))) == [(0, 20)]
    (found,) = stretches(person(first, second, engagement("e3")), UNTIL)
    assert [len(days) for days in found.covered] == [9, 12, 0]
    assert found.weeks == 20 / 7
    assert found.masked == frozenset()


def test_a_day_of_work_between_two_pauses_parts_them_and_the_first_is_masked_for_the_second() -> None:
    one = person(engagement(pauses=(pause(day(0), day(3)), pause(day(4), day(6), name="2"))))
    assert spans(one) == [(0, 3), (4, 6)]
    first, second = stretches(one, UNTIL)
    assert (first.masked, second.masked) == (frozenset(), frozenset({FIRST, FIRST + 1, FIRST + 2}))
    assert [found.covered[0].days for found in (first, second)] == [
        [FIRST, FIRST + 1, FIRST + 2],
        [FIRST + 4, FIRST + 5],
    ]


def test_three_pauses_apart_are_three_stretches_each_masking_those_before_it() -> None:
    apart = tuple(pause(day(10 * n), day(10 * n + 2), name=str(n)) for n in range(3))
    found = stretches(person(engagement(pauses=apart)), UNTIL)
    assert [len(one.masked) for one in found] == [0, 2, 4]


def test_what_lies_between_two_pauses_joins_them_where_it_is_a_pause_itself() -> None:
    apart = (pause(day(0), day(3)), pause(day(6), day(9), name="2"))

    def joined(kind: str, first: int = 3, end: int = 6) -> list[tuple[int, int]]:
        between = MaskedSpan(day(first), day(end), kind, "e1")  # type: ignore[arg-type]
        return spans(person(engagement(pauses=apart), masked=[between]))

    assert joined("pause") == [(0, 9)]
    assert joined("leave") == [(0, 3), (6, 9)]
    assert joined("pause", 4) == [(0, 3), (6, 9)]
    assert joined("pause", -5, 20) == [(0, 9)]


def test_leave_and_earlier_pauses_are_masked_from_the_first_stretch_on() -> None:
    away = MaskedSpan(day(-10), day(-8), "leave")
    (found,) = stretches(person(engagement(pauses=(pause(day(0), day(3)),)), masked=[away]), UNTIL)
    assert found.masked == {FIRST - 10, FIRST - 9}


def test_a_pause_counts_within_the_term_and_up_to_where_pricing_ends() -> None:
    open_pause = (pause(day(-5), None),)
    assert spans(person(engagement(pauses=open_pause, starts_on=day(-2))), day(4)) == [(-2, 4)]
    assert spans(person(engagement(pauses=open_pause, ends_on=day(2)))) == [(-5, 2)]
    assert spans(person(engagement(pauses=open_pause, ends_on=day(99))), day(4)) == [(-5, 4)]
    assert stretches(person(engagement(pauses=open_pause, ends_on=day(-5))), UNTIL) == []
    assert stretches(person(engagement()), UNTIL) == []


def test_a_week_is_a_length_of_one() -> None:
    assert Stretch(FIRST, FIRST + 7, (), frozenset()).weeks == 1
