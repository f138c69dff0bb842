"""Days become weeks that end at the origin: what counts as history, whose hours they are, what they pay by."""

from datetime import date, timedelta

import numpy as np
import pytest

from projects.domain.workdays import public_holidays
from projects.impact.context import OFFICE_WEEK, FirmContext
from projects.impact.inputs import EngagementInputs, History, PersonInputs
from projects.impact.pay import Pace
from projects.impact.usual import settle
from projects.impact.weeks import Asked, Weeks, read_weeks
from tests.unit.impact.builders import BEGAN, HOUR, MONDAY, engagement, hourly, nothing_known, person, steady

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
ORIGIN = MONDAY.toordinal()


def weeks_of(
    one: PersonInputs,
    masked: frozenset[int] = frozenset(),
    origin: int = ORIGIN,
    context: FirmContext | None = None,
) -> Weeks:
    (found,) = read_weeks([Asked(one, origin, masked)], context or nothing_known())
    return found


def rows(*days: tuple[int, float], tasks: int = 0) -> History:
    """Hours on days counted back from the origin: 1 is the day before it."""
    return History.from_days((MONDAY - back * DAY, round(hours * HOUR), tasks) for back, hours in days)


def test_the_last_week_ends_the_day_before_the_origin() -> None:
    found = weeks_of(person(engagement(history=rows((1, 2), (7, 3), (8, 5), (728, 7), (729, 9)))))
    assert (found.origin, len(found.hours)) == (ORIGIN, 104)
    assert (found.hours[-1], found.hours[-2], found.hours[0]) == (5, 5, 7)
    assert found.hours.sum() == 17
    assert (found.start, found.is_missing_sheets, found.works_holidays) == (0, False, False)


def test_nothing_worked_is_no_history() -> None:
    found = weeks_of(person(engagement(history=History.empty())))
    assert (found.start, found.hours.sum(), found.available.min()) == (104, 0, 1)
    (part,) = found.parts
    assert (part.share, part.cold_hours, part.pace) == (0, 0, Pace())
    assert part.profile == pytest.approx(OFFICE_WEEK)


def test_the_days_of_the_first_week_before_somebody_began_do_not_count() -> None:
    found = weeks_of(person(engagement(history=rows((5, 8), (4, 8), (3, 8)))))
    assert found.start == 103
    assert found.available[-2] == 1
    assert found.available[-1] == pytest.approx(1 - (20 * 2 * 0.2) / 44, abs=1e-6)
    assert weeks_of(person(engagement(history=rows((7, 8))))).available[-1] == 1


def test_masked_days_are_no_history_and_take_their_share_of_the_week() -> None:
    masked = frozenset({ORIGIN - 7, ORIGIN - 6, ORIGIN - 2, ORIGIN, ORIGIN - 9_999})
    found = weeks_of(person(engagement()), masked)
    assert found.hours[-1] == 24
    assert found.available[-1] == pytest.approx(0.6, abs=0.01)
    assert found.available[-2] == 1


def test_days_whose_sheets_are_not_in_do_not_count() -> None:
    late = engagement(history=steady(last=MONDAY - WEEK), last_submitted_on=MONDAY - WEEK - DAY)
    found = weeks_of(person(late))
    assert (found.is_missing_sheets, found.available[-1], found.available[-2]) == (True, pytest.approx(0), 1)
    assert not weeks_of(person(engagement(last_submitted_on=MONDAY - DAY))).is_missing_sheets


def test_public_holidays_that_were_taken_off_do_not_count_and_those_worked_do() -> None:
    labour_day = date(2025, 9, 1)
    origin = labour_day + WEEK
    off = steady(last=origin, off=public_holidays("US", "", 2024) | public_holidays("US", "", 2025))
    rests = weeks_of(person(engagement(history=off), country="US"), origin=origin.toordinal())
    assert not rests.works_holidays
    assert rests.available[-1] == pytest.approx(0.8, abs=0.01)
    works = weeks_of(person(engagement(history=steady(last=origin)), country="US"), origin=origin.toordinal())
    assert (works.works_holidays, works.available[-1]) == (True, 1)


def test_two_holidays_are_too_few_to_tell_who_works_on_them() -> None:
    began = date(2025, 7, 1)
    origin = (date(2025, 9, 1) + WEEK).toordinal()
    history = steady(began, date(2025, 9, 8))
    assert not weeks_of(person(engagement(history=history), country="US"), origin=origin).works_holidays
    own = person(engagement(history=history), country="US", extra_holidays=(date(2025, 8, 6),))
    assert weeks_of(own, origin=origin).works_holidays


def test_hours_of_late_decide_the_main_project_and_each_part() -> None:
    before = engagement("e1", project="OLD", history=steady(last=MONDAY - 20 * WEEK))
    now = engagement("e2", project="NEW", history=steady(MONDAY - 20 * WEEK, MONDAY, hours=4))
    found = weeks_of(person(before, now))
    assert found.main == "NEW"
    assert found.parts[0].share + found.parts[1].share == pytest.approx(1)
    kept = np.asarray([0.85**back for back in range(104)])
    old = sum(40 * kept[20:52])
    new = sum(20 * kept[:20])
    assert found.parts[0].share == pytest.approx(old / (old + new), rel=1e-3)
    assert [part.cold_hours for part in found.parts] == [None, None]


def test_the_shape_of_a_week_is_that_of_half_a_year_with_twenty_usual_hours() -> None:
    weekend = engagement(history=steady(weekdays=(5, 6), hours=10))
    own = weeks_of(person(weekend)).parts[0].profile
    assert own == pytest.approx([4 / 540] * 5 + [260 / 540] * 2, rel=1e-6)
    earlier = engagement(history=steady(last=MONDAY - 26 * WEEK, weekdays=(5, 6)))
    assert weeks_of(person(earlier)).parts[0].profile == pytest.approx(OFFICE_WEEK)
    pattern = (0, 0, 0, 0, 0, 3 * HOUR, HOUR)
    agreed = engagement(history=History.empty(), rates=(hourly(weekday_seconds=pattern),))
    assert weeks_of(person(agreed)).parts[0].profile == pytest.approx([0, 0, 0, 0, 0, 0.75, 0.25])


def test_the_shape_of_a_week_begins_on_monday_whatever_day_the_origin_is() -> None:
    for days in range(7):
        last = MONDAY + days * DAY
        one = engagement(history=steady(last=last, weekdays=(2,), hours=10))
        profile = weeks_of(person(one), origin=last.toordinal()).parts[0].profile
        assert profile.argmax() == 2


def cold(one: EngagementInputs, context: FirmContext | None = None) -> float | None:
    return weeks_of(person(one), context=context).parts[0].cold_hours


def test_somebody_new_works_the_hours_of_the_contract_in_force() -> None:
    new = {"history": History.empty()}
    assert cold(engagement(rates=(hourly(weekly_seconds=30 * HOUR),), **new)) == 30
    assert cold(engagement(rates=(hourly(weekday_seconds=(HOUR,) * 7),), **new)) == 7
    later = hourly(weekly_seconds=10 * HOUR, starts_on=MONDAY + DAY)
    first = hourly(weekly_seconds=20 * HOUR)
    assert cold(engagement(rates=(first, later), **new)) == 20
    assert cold(engagement(rates=(first, hourly(weekly_seconds=10 * HOUR, starts_on=MONDAY)), **new)) == 10
    assert cold(engagement(rates=(later,), **new)) == 10
    assert cold(engagement(rates=(hourly(),), **new)) == 0
    assert cold(engagement(rates=(), **new)) == 0
    assert cold(engagement()) is None


def test_work_turns_into_days_and_tasks_by_the_last_half_year() -> None:
    history = rows(*((n, 6) for n in range(1, 6)), tasks=3)
    assert weeks_of(person(engagement(history=history))).parts[0].pace == Pace(
        6 * HOUR, 15, 30 * HOUR, round(30 * HOUR / 26)
    )
    few = rows(*((n, 6) for n in range(1, 5)), (183, 9), tasks=2)
    assert weeks_of(person(engagement(history=few))).parts[0].pace == Pace(
        8 * HOUR, 8, 24 * HOUR, round(24 * HOUR / 26)
    )
    idle = History.from_columns([ORIGIN - 1], [0], [9])
    assert weeks_of(person(engagement(history=idle))).parts[0].pace == Pace()


def test_many_people_are_read_in_the_order_asked_each_by_their_own_origin() -> None:
    people = [person(engagement(history=steady(hours=hours))) for hours in (2, 4, 6)]
    asked = [Asked(one, ORIGIN - 7 * n) for n, one in enumerate(people)]
    found = read_weeks(asked, nothing_known())
    assert [(weeks.origin, float(weeks.hours[-1])) for weeks in found] == [
        (ORIGIN, 10),
        (ORIGIN - 7, 20),
        (ORIGIN - 14, 30),
    ]
    assert read_weeks([], nothing_known()) == []


def test_the_usual_week_of_a_steady_person_is_what_they_worked_and_a_new_ones_nothing() -> None:
    people = [person(engagement()), person(engagement(history=History.empty()))]
    read = read_weeks([Asked(one, ORIGIN) for one in people], nothing_known())
    known, new = settle(read, nothing_known())
    assert (known.rate, known.idle, known.tenure) == (pytest.approx(40, rel=1e-3), 0, 52)
    assert known.variance == pytest.approx(120 * 4 / 16.5, rel=0.05)
    assert (new.rate, new.tenure) == (0, 0)
    assert settle([], nothing_known()) == []


@pytest.mark.parametrize(("weeks_away", "idle"), [(0, 0), (1, 1), (2, 2), (9, 2)])
def test_weeks_idle_are_counted_up_to_two(weeks_away: int, idle: int) -> None:
    one = person(engagement(history=steady(BEGAN, MONDAY - weeks_away * WEEK)))
    (usual,) = settle(read_weeks([Asked(one, ORIGIN)], nothing_known()), nothing_known())
    assert usual.idle == idle
