"""Which days a pause covers and how much of each, which are no history, and which nobody works."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from projects.impact.inputs import MaskedSpan, PauseSpan
from projects.impact.workdays import (
    Covered,
    CoveredDays,
    covered_days,
    end_local_day,
    first_local_day,
    local_bounds,
    masked_ordinals,
    person_holidays,
    runs_of,
    unsubmitted_spans,
)
from tests.unit.impact.builders import at, engagement, pause, person

MONDAY = date(2026, 3, 2)
UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
UNTIL = MONDAY + timedelta(days=30)


def shares(
    *pauses: PauseSpan, zone: str = "UTC", workday: tuple[time, time] | None = None
) -> dict[int, tuple[float, float, str]]:
    """Days of March that are covered: the paused share of each, what remains of it, by which pause."""
    found = covered_days(tuple(pauses), ZoneInfo(zone), UNTIL, workday)
    return {
        date.fromordinal(day).day: (round(one.share, 6), round(one.remaining, 6), one.pause.pause)
        for day, one in found.items()
    }


def spell(starts: datetime, ends: datetime | None, name: str = "1", remaining_bp: int = 0) -> PauseSpan:
    return PauseSpan(name, starts, ends, "reduced" if remaining_bp else "full", remaining_bp)


def test_whole_days_are_covered_up_to_the_end_and_not_on_it() -> None:
    assert shares(spell(at(MONDAY), at(MONDAY + 3 * DAY))) == dict.fromkeys((2, 3, 4), (1.0, 0.0, "1"))


def test_an_open_pause_covers_every_day_up_to_where_pricing_ends() -> None:
    found = covered_days((spell(at(MONDAY), None),), UTC, MONDAY + 4 * DAY, None)
    assert found.days == [MONDAY.toordinal() + n for n in range(4)]
    assert found[found.days[-1]].share == 1


def test_a_day_is_covered_for_the_hours_it_is_paused() -> None:
    found = shares(spell(at(MONDAY, 18), at(MONDAY + 2 * DAY, 6)))
    assert found == {2: (0.25, 0.0, "1"), 3: (1.0, 0.0, "1"), 4: (0.25, 0.0, "1")}
    assert shares(spell(at(MONDAY, 6), at(MONDAY, 12))) == {2: (0.25, 0.0, "1")}


def test_hours_outside_the_working_window_do_not_count() -> None:
    office = (time(9), time(17))
    assert shares(spell(at(MONDAY, 15), at(MONDAY + DAY, 9)), workday=office) == {2: (0.25, 0.0, "1")}
    assert shares(spell(at(MONDAY, 17), at(MONDAY + DAY, 9)), workday=office) == {}
    night = (time(22), time(6))
    assert shares(spell(at(MONDAY, 0), at(MONDAY + DAY, 2)), workday=night) == {2: (0.5, 0.0, "1")}


def test_a_window_over_midnight_ends_on_the_next_day() -> None:
    assert local_bounds(MONDAY, UTC, (time(22), time(6))) == (at(MONDAY, 22), at(MONDAY + DAY, 6))
    assert local_bounds(MONDAY, UTC, (time(9), time(17))) == (at(MONDAY, 9), at(MONDAY, 17))
    assert local_bounds(MONDAY, UTC, (time(9), time(9))) == (at(MONDAY, 9), at(MONDAY + DAY, 9))
    assert local_bounds(MONDAY, UTC, None) == (at(MONDAY), at(MONDAY + DAY))


def test_where_pauses_overlap_the_fuller_counts_then_the_earlier_then_the_first_by_key() -> None:
    long, short = (
        spell(at(MONDAY), at(MONDAY + 4 * DAY), "b", 5_000),
        spell(at(MONDAY + DAY), at(MONDAY + 3 * DAY), "c"),
    )
    assert {day: name for day, (_, _, name) in shares(long, short).items()} == {
        2: "b",
        3: "c",
        4: "c",
        5: "b",
    }
    earlier = spell(at(MONDAY - DAY), at(MONDAY + 3 * DAY), "z")
    later = spell(at(MONDAY), at(MONDAY + 5 * DAY), "a")
    assert {day: name for day, (_, _, name) in shares(later, earlier).items() if day in (2, 3, 4, 5)} == {
        2: "z", 3: "z", 4: "z", 5: "a",
    }  # fmt: skip
    same = (spell(at(MONDAY), at(MONDAY + 5 * DAY), "2"), spell(at(MONDAY), at(MONDAY + 5 * DAY), "1"))
    assert {name for _, _, name in shares(*same).values()} == {"1"}


def test_a_day_of_two_pauses_counts_each_hour_once() -> None:
    half = spell(at(MONDAY), at(MONDAY + DAY), "half", 5_000)
    full = spell(at(MONDAY, 6), at(MONDAY, 12), "full")
    assert shares(half, full) == {2: (1.0, 0.375, "full")}
    apart = (spell(at(MONDAY, 0), at(MONDAY, 6), "a"), spell(at(MONDAY, 18), at(MONDAY + DAY), "b"))
    assert shares(*apart) == {2: (0.5, 0.0, "a")}


def test_a_pause_of_no_length_covers_nothing() -> None:
    assert shares(spell(at(MONDAY, 9), at(MONDAY, 9))) == {}
    assert shares(spell(at(MONDAY, 9), at(MONDAY, 8))) == {}


def test_days_are_those_of_the_local_clock_also_where_it_changes() -> None:
    manila = shares(spell(at(MONDAY, 18), at(MONDAY + DAY, 16)), zone="Asia/Manila")
    assert manila == {3: (round(22 / 24, 6), 0.0, "1")}
    berlin = shares(
        spell(datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin")), at(date(2026, 3, 29), 22)),
        zone="Europe/Berlin",
    )
    assert berlin == {29: (round(12 / 23, 6), 0.0, "1")}


def test_the_first_and_the_last_local_day_of_a_pause_are_told() -> None:
    one = spell(at(MONDAY, 20), at(MONDAY + 2 * DAY, 16))
    manila = ZoneInfo("Asia/Manila")
    assert (first_local_day(one, manila), first_local_day(one, UTC)) == (MONDAY + DAY, MONDAY)
    assert end_local_day(one, manila, UNTIL) == MONDAY + 3 * DAY
    assert end_local_day(one, UTC, UNTIL) == MONDAY + 3 * DAY
    assert end_local_day(one, UTC, MONDAY + DAY) == MONDAY + DAY
    assert end_local_day(spell(at(MONDAY), at(MONDAY + 2 * DAY)), UTC, UNTIL) == MONDAY + 2 * DAY
    assert end_local_day(spell(at(MONDAY), None), UTC, UNTIL) == UNTIL


def test_days_between_two_are_kept_and_all_of_them_are_the_same_days() -> None:
    found = covered_days((pause(MONDAY, MONDAY + 5 * DAY),), UTC, UNTIL, None)
    first = MONDAY.toordinal()
    assert found.between(first, first + 5) is found
    assert found.between(first + 1, first + 3).days == [first + 1, first + 2]
    assert found.between(first, first + 4).days == [first, first + 1, first + 2, first + 3]
    assert found.between(first + 1, first + 9).days[0] == first + 1
    assert CoveredDays().between(1, 2) == {}
    assert found.weekdays.tolist() == [0, 1, 2, 3, 4]


def test_days_are_parted_by_week_and_pause() -> None:
    a, b = Covered(1.0, 0.0, pause(name="a")), Covered(1.0, 0.0, pause(name="b"))
    first = MONDAY.toordinal()
    days = [first + 5, first + 6, first + 7, first + 8]
    parts = [(run.monday - first, run.pause, run.first, run.last) for run in runs_of(days, [a, a, a, b])]
    assert parts == [(0, "a", 0, 2), (7, "a", 2, 3), (7, "b", 3, 4)]
    assert runs_of([], []) == ()


def test_masked_days_are_half_open_and_of_the_kinds_asked_for() -> None:
    spans = [
        MaskedSpan(MONDAY, MONDAY + 2 * DAY, "leave"),
        MaskedSpan(MONDAY + 5 * DAY, MONDAY + 6 * DAY, "pause"),
    ]
    first = MONDAY.toordinal()
    assert masked_ordinals(spans) == {first, first + 1, first + 5}
    assert masked_ordinals(spans, ("leave", "sickness")) == {first, first + 1}
    assert masked_ordinals(spans, ()) == set()


def test_holidays_of_a_person_are_those_of_their_country_and_their_own() -> None:
    new_year, christmas = date(2026, 1, 1), date(2027, 12, 25)
    known = person_holidays(person(country="US"), date(2026, 6, 1), date(2027, 6, 1))
    assert {new_year.toordinal(), christmas.toordinal()} <= known
    assert person_holidays(person(), new_year, christmas) == frozenset()
    own = person(country="US", extra_holidays=(MONDAY,), worked_holidays=(new_year,))
    found = person_holidays(own, date(2026, 6, 1), date(2027, 6, 1))
    assert found == known - {new_year.toordinal()} | {MONDAY.toordinal()}
    assert person_holidays(person(worked_holidays=(new_year,)), new_year, new_year) == frozenset()
    bavaria = person_holidays(person(country="DE", region="BY"), MONDAY, MONDAY)
    assert date(2026, 1, 6).toordinal() in bavaria - person_holidays(person(country="DE"), MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("submitted", "ends", "span"),
    [
        (MONDAY - 8 * DAY, None, [(-7, 0)]),
        (MONDAY - 29 * DAY, None, [(-28, 0)]),
        (MONDAY - 60 * DAY, None, [(-28, 0)]),
        (MONDAY - 2 * DAY, None, [(-1, 0)]),
        (MONDAY - DAY, None, []),
        (None, None, []),
        (MONDAY - 8 * DAY, MONDAY - 3 * DAY, [(-7, -3)]),
        (MONDAY - 8 * DAY, MONDAY - 7 * DAY, []),
        (MONDAY - 8 * DAY, MONDAY + 3 * DAY, [(-7, 0)]),
    ],
)
def test_weeks_whose_sheets_are_not_in_are_missing_for_four_weeks(
    submitted: date | None, ends: date | None, span: list[tuple[int, int]]
) -> None:
    one = person(engagement(last_submitted_on=submitted, ends_on=ends))
    first = MONDAY.toordinal()
    assert [(a - first, b - first) for a, b in unsubmitted_spans(one, first)] == span


def test_an_engagement_that_never_handed_in_a_sheet_misses_none_and_every_other_its_own() -> None:
    new = engagement(starts_on=MONDAY - DAY, last_submitted_on=MONDAY - 2 * DAY)
    late = engagement("e2", last_submitted_on=MONDAY - 4 * DAY)
    begun = engagement("e3", starts_on=MONDAY - 2 * DAY, last_submitted_on=MONDAY - 2 * DAY)
    first = MONDAY.toordinal()
    assert unsubmitted_spans(person(new, late, begun), first) == [(first - 3, first), (first - 1, first)]
