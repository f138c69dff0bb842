"""An entry falls on the local dates it was worked on, for as long as it says, or it is refused in plain words."""

# ruff: noqa: DTZ001 - local clock times have no zone
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from projects.imports.moments import Memo, Moment, Part, check_length, clocked, dated, elapsed, spread
from projects.imports.values import Fault

DAY = date(2026, 3, 2)
HOUR = 3600


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute)


def days(moment: Moment) -> list[tuple[int, int]]:
    return [(part.day.day, part.seconds) for part in moment.parts]


def refusal(start: datetime, end: datetime | None, seconds: int | None) -> tuple[str, str, str]:
    with pytest.raises(Fault) as refused:
        clocked(start, end, seconds, None)
    return refused.value.code, refused.value.field, refused.value.message


def test_an_entry_with_start_and_length_ends_when_it_is_over() -> None:
    moment = clocked(at(9, 30), None, 5400, None)
    assert moment == Moment((Part(DAY, 5400, 9 * HOUR + 30 * 60, at(9, 30), at(11)),), ())


def test_the_seconds_of_its_start_are_kept() -> None:
    start = datetime(2026, 3, 2, 9, 30, 15)
    assert clocked(start, None, 60, None).parts[0].clock == 9 * HOUR + 30 * 60 + 15


@pytest.mark.parametrize(
    ("off", "warnings"), [(0, ()), (120, ()), (-120, ()), (121, ("duration_disagrees",))]
)
def test_two_minutes_between_length_and_clock_are_rounding_and_more_is_told(
    off: int, warnings: tuple[str, ...]
) -> None:
    moment = clocked(at(9), at(10), HOUR + off, None)
    assert (moment.parts[0].seconds, moment.warnings) == (HOUR + off, warnings)


@pytest.mark.parametrize(
    ("off", "code"),
    [
        (3600, "time_shift"),
        (3720, "time_shift"),
        (3721, "duration_disagrees"),
        (3480, "time_shift"),
        (3479, "duration_disagrees"),
        (1800, "time_shift"),
        (1920, "time_shift"),
        (1921, "duration_disagrees"),
        (1680, "time_shift"),
        (1679, "duration_disagrees"),
    ],
)
def test_a_difference_of_an_hour_or_half_is_told_as_a_change_of_clocks(off: int, code: str) -> None:
    assert clocked(at(9), at(12), 3 * HOUR - off, None).warnings == (code,)
    assert clocked(at(9), at(12), 3 * HOUR + off, None).warnings == (code,)


def test_clocks_put_back_may_make_an_entry_end_before_its_start() -> None:
    moment = clocked(at(2, 50), at(2, 10), 20 * 60, None)
    assert (days(moment), moment.warnings) == ([(2, 1200)], ("time_shift",))


def test_an_end_up_to_two_hours_before_is_told_and_an_earlier_one_refused() -> None:
    assert clocked(at(11), at(10), HOUR + 120, None).warnings == ("duration_disagrees",)
    assert refusal(at(11), at(10), HOUR + 121) == (
        "ends_before_start",
        "end",
        "It ends (2026-03-02 10:00:00) before it starts (2026-03-02 11:00:00).",
    )


def test_an_end_alone_before_the_start_is_refused() -> None:
    assert refusal(at(11), at(10, 59), None) == (
        "ends_before_start",
        "end",
        "It ends (2026-03-02 10:59:00) before it starts (2026-03-02 11:00:00).",
    )
    assert days(clocked(at(11), at(11), None, None)) == [(2, 0)]


def test_without_an_end_and_a_length_nothing_can_be_counted() -> None:
    assert refusal(at(11), None, None) == ("no_duration", "duration", "The duration is missing.")
    with pytest.raises(Fault) as refused:
        dated(DAY, None)
    assert (refused.value.code, refused.value.field) == ("no_duration", "duration")
    assert refused.value.message == "The duration is missing."


def test_a_negative_length_is_refused() -> None:
    told = ("negative", "duration", "The duration is negative: correct the entry it takes back instead.")
    assert refusal(at(11), None, -1) == told
    with pytest.raises(Fault) as refused:
        dated(DAY, -1)
    assert (refused.value.code, refused.value.field, refused.value.message) == told


def test_a_date_alone_holds_up_to_a_day_of_25_hours() -> None:
    assert dated(DAY, 90_000) == Moment((Part(DAY, 90_000, -1, None, None),), ())
    assert dated(DAY, 0).parts[0].seconds == 0
    with pytest.raises(Fault) as refused:
        dated(DAY, 90_001)
    assert (refused.value.code, refused.value.field) == ("more_than_a_day", "duration")
    assert refused.value.message == "It lasts 25.00 h, which no single entry does."


def test_a_timer_may_run_for_a_month_and_is_told_from_a_day_on() -> None:
    assert clocked(at(0), None, 86_400, None).warnings == ()
    assert clocked(at(0), None, 86_401, None).warnings == ("very_long",)
    assert sum(seconds for _, seconds in days(clocked(at(0), None, 31 * 86_400, None))) == 31 * 86_400
    code, field, message = refusal(at(0), None, 31 * 86_400 + 36)
    assert (code, field) == ("too_long", "duration")
    assert message == "It lasts 744.01 h, which no single entry does."


def test_more_than_a_day_between_two_times_of_one_day_is_refused() -> None:
    assert clocked(at(9), at(10), 90_000, None).warnings == ("duration_disagrees", "very_long")
    assert refusal(at(9), at(10), 90_036) == (
        "more_than_a_day",
        "duration",
        "It lasts 25.01 h between two times of one day.",
    )
    assert refusal(at(9), at(0, day=3), 90_036)[0] == "more_than_a_day"


def test_an_entry_up_to_midnight_is_of_one_day() -> None:
    moment = clocked(at(22), at(0, day=3), None, None)
    assert moment.parts == (Part(DAY, 2 * HOUR, 22 * HOUR, at(22), at(0, day=3)),)


def test_an_entry_over_midnights_is_cut_at_each() -> None:
    moment = clocked(at(22, 15), at(1, 30, day=4), None, None)
    assert moment.parts == (
        Part(DAY, 6300, 22 * HOUR + 15 * 60, at(22, 15), at(0, day=3)),
        Part(date(2026, 3, 3), 86_400, 0, at(0, day=3), at(0, day=4)),
        Part(date(2026, 3, 4), 5400, 0, at(0, day=4), at(1, 30, day=4)),
    )
    assert moment.warnings == ("very_long",)


def test_what_the_length_leaves_over_falls_on_the_last_day() -> None:
    assert days(clocked(at(22), at(2, day=3), 5 * HOUR, None)) == [(2, 2 * HOUR), (3, 3 * HOUR)]
    assert days(clocked(at(22), at(2, day=3), 2 * HOUR + 1, None)) == [(2, 2 * HOUR), (3, 1)]


def test_a_length_that_leaves_the_last_day_nothing_is_shared_by_the_clock() -> None:
    assert days(clocked(at(22), at(2, day=3), 2 * HOUR, None)) == [(2, HOUR), (3, HOUR)]
    assert days(clocked(at(22), at(2, day=3), 1001, None)) == [(2, 501), (3, 500)]
    assert days(clocked(at(22), at(2, day=3), 1, None)) == [(2, 1)]


def test_a_length_far_beyond_its_start_and_end_is_refused() -> None:
    code, field, message = refusal(at(22), at(2, day=3), 60 * HOUR)
    assert (code, field) == ("more_than_a_day", "duration")
    assert message == "It lasts 60.00 h, longer than its start and end."


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Berlin", 3), ("Asia/Tokyo", 4), (None, 4)])
def test_time_is_measured_by_the_clocks_of_a_zone(zone: str | None, hours: int) -> None:
    start, end = datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 3)
    assert elapsed(start, end, ZoneInfo(zone) if zone else None) == hours * HOUR
    assert clocked(start, end, None, ZoneInfo(zone) if zone else None).parts[-1].seconds == (hours - 1) * HOUR


def test_time_over_several_days_counts_each() -> None:
    assert elapsed(at(9), at(10, day=4), None) == 2 * 86_400 + HOUR
    assert elapsed(at(10), at(9), None) == -HOUR


def test_a_period_is_spread_evenly_with_the_remainder_on_its_first_days() -> None:
    moment = spread(DAY, date(2026, 3, 4), 3602, weekdays_only=False)
    assert days(moment) == [(2, 1201), (3, 1201), (4, 1200)]
    assert moment.parts[0] == Part(DAY, 1201, -1, None, None)
    assert moment.warnings == ()


def test_a_period_of_weekdays_leaves_the_weekend_free_unless_it_is_nothing_else() -> None:
    week = spread(DAY, date(2026, 3, 8), 50_000, weekdays_only=True)
    assert days(week) == [(day, 10_000) for day in range(2, 7)]
    assert days(spread(date(2026, 3, 7), date(2026, 3, 8), 10, weekdays_only=True)) == [(7, 5), (8, 5)]


def test_a_period_with_less_than_a_second_a_day_fills_its_first_days_only() -> None:
    assert days(spread(DAY, date(2026, 3, 8), 2, weekdays_only=False)) == [(2, 1), (3, 1)]
    assert days(spread(DAY, date(2026, 3, 8), 0, weekdays_only=False)) == [(2, 0)]


@pytest.mark.parametrize("last", [date(2026, 3, 1), date(2026, 4, 3)])
def test_a_period_that_ends_before_it_begins_or_lasts_over_32_days_is_refused(last: date) -> None:
    with pytest.raises(Fault) as refused:
        spread(DAY, last, 60, weekdays_only=False)
    assert (refused.value.code, refused.value.field) == ("bad_period", "period_end")
    assert refused.value.message == f"The period 2026-03-02 to {last} is not 1 to 32 days long."


def test_a_period_holds_32_days_of_25_hours_at_most() -> None:
    full = spread(DAY, DAY + timedelta(days=31), 32 * 90_000, weekdays_only=False)
    assert {part.seconds for part in full.parts} == {90_000}
    with pytest.raises(Fault, match="no single entry"):
        spread(DAY, DAY + timedelta(days=31), 32 * 90_000 + 1, weekdays_only=False)


@pytest.mark.parametrize(("most", "code"), [(90_000, "more_than_a_day"), (90_001, "too_long")])
def test_what_is_too_long_is_told_by_the_limit_it_breaks(most: int, code: str) -> None:
    check_length(most, most)
    check_length(0, most)
    with pytest.raises(Fault) as refused:
        check_length(most + 1, most)
    assert refused.value.code == code


def test_a_text_is_read_once_and_a_fault_is_given_the_field_it_was_found_in() -> None:
    asked: list[str] = []

    def read(text: str) -> int:
        asked.append(text)
        if text == "bad":
            raise Fault("bad", "Bad.")
        if text == "own":
            raise Fault("bad", "Bad.", "own field")
        return len(text)

    memo = Memo(read, "duration")
    assert [memo["four"], memo["four"]] == [4, 4]
    assert asked == ["four"]
    for text, field in (("bad", "duration"), ("own", "own field")):
        with pytest.raises(Fault) as refused:
            memo[text]
        assert refused.value.field == field


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Memo, "LIMIT", 2)
    memo = Memo(len, "field")
    for text in ("a", "b", "c"):
        assert memo[text] == 1
    assert set(memo) == {"c"}
