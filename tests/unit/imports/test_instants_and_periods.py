"""Instants, periods of several days and weekly sheets are dated by what their file and its reader know."""

# ruff: noqa: DTZ001 - local clock times have no zone
from datetime import date, datetime

import pytest

from projects.imports.errors import UnableToReadFile
from projects.imports.rows import ColumnMapping, DayMonthOrder, PeriodRows
from tests.unit.imports.reading import Reading, mapped, read_text, told

PLAIN = {"d": "worked_on", "t": "hours"}


def instants(*lines: str, **options: object) -> Reading:
    mapping = ColumnMapping({"a": "started_at", "b": "ended_at", "t": "duration"})
    return read_text("\n".join(["a;b;t", *lines]), mapping=mapping, as_email="a@b.co", **options)


def test_an_instant_is_read_with_and_without_a_zone() -> None:
    found = instants(
        "2026-03-02T09:00:00;2026-03-02 10:00;",
        "2026-03-03T09:00:00.750+02:00;2026-03-03T08:00:00.750Z;",
        "2026-03-04 9:00;;1:00",
        "04.03.2026, 14:00;04.03.2026 15:00;",
        "05.03.2026;;1:00",
    )
    assert [(row.started_at, row.seconds) for row in found.rows] == [
        (datetime(2026, 3, 2, 9), 3600),
        (datetime(2026, 3, 3, 9), 3600),
        (datetime(2026, 3, 4, 9), 3600),
        (datetime(2026, 3, 4, 14), 3600),
        (datetime(2026, 3, 5), 3600),
    ]
    assert [(row.line, row.ended_at) for row in found.rows][1] == (3, datetime(2026, 3, 3, 8))


@pytest.mark.parametrize(
    ("line", "code", "field", "message"),
    [
        (" ;2026-03-02 10:00;1:00", "no_date", "start", "The start is missing."),
        ("2026-03-02 9:00;;", "no_duration", "duration", "The duration is missing."),
        (
            "2026-03-02T09:00Z;2026-03-02T10:00;",
            "bad_time",
            "end",
            "Start and end must both have a zone or both have none.",
        ),
        (
            "2026-03-02T09:00Z;2026-03-02T08:00Z;1:00",
            "ends_before_start",
            "end",
            "It ends (2026-03-02 08:00:00+00:00) before it starts (2026-03-02 09:00:00+00:00).",
        ),
        ("soon;;1:00", "bad_date", "start", "'soon' is not a date."),
        ("2026-03-02 25:00;;1:00", "bad_time", "start", "'25:00' is not a time of day."),
        ("1989-03-02T09:00Z;;1:00", "date_out_of_range", "start", "1989-03-02 is not between 1990 and 2100."),
    ],
)
def test_an_instant_that_cannot_be_is_refused(line: str, code: str, field: str, message: str) -> None:
    assert told(instants(line)) == [(2, code, field, message)]


def test_instants_in_utc_are_dated_in_the_zone_of_the_person_or_told_of() -> None:
    line = "2026-03-02T23:30:00Z;2026-03-03T00:15:00Z;"
    found = instants(line)
    assert [(row.worked_on.day, row.seconds) for row in found.rows] == [(2, 1800), (3, 900)]
    assert [(warning.code, warning.message) for warning in found.warnings] == [
        ("no_zone", "Its times are in UTC and no time zone was given: its date is the date in UTC.")
    ]
    (row,) = instants(line, time_zone="Europe/Berlin").rows
    assert (row.started_at, row.ended_at) == (datetime(2026, 3, 3, 0, 30), datetime(2026, 3, 3, 1, 15))
    (row,) = instants(line, time_zone="Europe/Berlin", zones_by_email={"A@B.co": "Asia/Tokyo"}).rows
    assert row.started_at == datetime(2026, 3, 3, 8, 30)
    assert instants(line, zones_by_email={"x@b.co": "Asia/Tokyo"}).totals.warnings == {"no_zone": 1}


def test_instants_of_another_zone_keep_the_clock_they_were_written_by() -> None:
    found = instants("2026-03-02T23:30:00+09:00;2026-03-02T23:45:00+09:00;", time_zone="Europe/Berlin")
    assert found.rows[0].started_at == datetime(2026, 3, 2, 23, 30)
    assert not instants("2026-03-02T23:30:00+09:00;2026-03-02T23:45:00+09:00;").warnings


def test_the_length_of_two_instants_is_the_time_between_them_or_what_is_stated() -> None:
    line = "2026-10-24T22:00:00Z;2026-10-25T03:00:00Z;"
    assert sum(instants(line, time_zone="Europe/Berlin").seconds) == 5 * 3600
    found = instants(line + "4:30", time_zone="Europe/Berlin")
    assert sum(found.seconds) == 16_200


def test_an_unknown_zone_is_named() -> None:
    for options in ({"time_zone": "Mars/Olympus"}, {"zones_by_email": {"a@b.co": "Mars/Olympus"}}):
        with pytest.raises(UnableToReadFile) as refused:
            instants("2026-03-02T23:30:00Z;;1:00", **options)
        assert str(refused.value) == (
            "There is no time zone called 'Mars/Olympus': use a name such as Europe/Lisbon."
        )


PERIOD = {"a": "worked_on", "b": "period_end", "t": "hours"}


def test_a_row_of_one_day_is_no_period() -> None:
    found = mapped(PERIOD, "2026-03-02;2026-03-02;8")
    assert [(row.worked_on.day, row.seconds) for row in found.rows] == [(2, 28_800)]


def test_a_row_of_several_days_is_spread_only_as_its_mapping_says() -> None:
    line = "2026-03-01;2026-03-07;35"
    assert told(mapped(PERIOD, line, "2026-03-01;2026-03-07;")) == [
        (
            2,
            "covers_many_days",
            "period_end",
            "The row covers 2026-03-01 to 2026-03-07: bring a daily export, or say in the mapping how to spread it.",
        ),
        (3, "no_duration", "duration", "The duration is missing."),
    ]
    even = mapped(PERIOD, line, period_rows=PeriodRows.EVEN)
    assert [(row.worked_on.day, row.seconds) for row in even.rows] == [(day, 18_000) for day in range(1, 8)]
    weekdays = mapped(PERIOD, line, period_rows=PeriodRows.WEEKDAYS)
    assert [(row.worked_on.day, row.seconds) for row in weekdays.rows] == [
        (day, 25_200) for day in range(2, 7)
    ]
    shifted = mapped(PERIOD, line, period_rows=PeriodRows.EVEN, period_shift_days=1)
    assert [row.worked_on.day for row in shifted.rows] == list(range(2, 9))
    assert even.totals.entries == 1


def test_dates_inside_sentences_are_read_where_the_mapping_says_so() -> None:
    found = mapped(PLAIN, "Services on May 1, 2020;8", "No day;8", date_inside_text=True)
    assert [row.worked_on for row in found.rows] == [date(2020, 5, 1)]
    assert told(found) == [(3, "no_date", "date", "There is no single date in 'No day'.")]


def test_a_mapping_may_say_how_dates_are_ordered_and_the_caller_may_say_otherwise() -> None:
    mapping = ColumnMapping(PLAIN, day_month_order=DayMonthOrder.MDY)
    text = "d;t\n03/04/2026;1\n"
    assert read_text(text, mapping=mapping, as_email="a@b.co").rows[0].worked_on == date(2026, 3, 4)
    found = read_text(text, mapping=mapping, as_email="a@b.co", day_month_order=DayMonthOrder.DMY)
    assert found.rows[0].worked_on == date(2026, 4, 3)


def test_the_dates_of_a_mapped_column_settle_their_order_whatever_its_name() -> None:
    found = mapped(PLAIN, "03/04/2026;1", "13/04/2026;1")
    assert [row.worked_on for row in found.rows] == [date(2026, 4, 3), date(2026, 4, 13)]
    assert found.detection.day_month_order is DayMonthOrder.DMY


def test_start_and_end_without_a_length_run_by_the_clocks_of_the_person() -> None:
    mapping = ColumnMapping(
        {"d": "worked_on", "a": "start_time", "b": "end_time", "e": "person_email", "t": "duration"}
    )
    text = "d;a;b;e;t\n2026-03-29;01:00;04:00;ana@b.co;\n2026-03-29;01:00;04:00;bo@b.co;\n"
    found = read_text(text, mapping=mapping, zones_by_email={"ANA@b.co": "Europe/Berlin"})
    assert found.seconds == [2 * 3600, 3 * 3600]


HUBSTAFF = "Member,Email,2026-03-02,2026-03-03,Total worked\n"


def test_a_weekly_sheet_gives_an_entry_for_each_filled_day_and_refuses_a_day_alone() -> None:
    found = read_text(
        HUBSTAFF
        + "Ana,a@b.co,1:00,0:00,1:00\n\nBo,b@b.co, , ,\nCem,c@b.co,soon,2,2:00\nTotal,,1:00,2:00,3:00\n"
        + 'Dov,d@b.co,1:00,1:00,2:00,x\nEve,"e"x,1:00,1:00,2:00\n'
    )
    assert [(row.line, row.worked_on.day, row.seconds) for row in found.rows][:2] == [
        (2, 2, 3600),
        (5, 3, 7200),
    ]
    assert found.rows[0].source_format == "hubstaff"
    assert told(found)[0] == (5, "bad_duration", "duration", "'soon' is not a duration.")
    assert [(error.line, error.code) for error in found.errors[1:]] == [
        (7, "too_many_cells"),
        (7, "too_many_cells"),
        (8, "bad_quotes"),
        (8, "bad_quotes"),
    ]
    assert (found.totals.zeros, found.totals.blank_lines) == (1, 1)
    totals = found.totals
    assert totals.records == totals.entries + totals.errors + totals.zeros + totals.total_rows


def test_the_same_length_on_two_days_of_a_weekly_sheet_is_no_duplicate() -> None:
    found = read_text(HUBSTAFF + "Ana,a@b.co,1:00,1:00,2:00\nAna,a@b.co,1:00,,1:00\n")
    assert [row.worked_on.day for row in found.rows] == [2, 3, 2]
    assert not found.warnings
    assert len({row.content_hash for row in found.rows}) == 3


def test_a_row_of_a_weekly_sheet_that_is_there_twice_is_told_for_each_of_its_days() -> None:
    line = "Ana,a@b.co,1:00,2:00,3:00\n"
    found = read_text(HUBSTAFF + line + line)
    assert [(warning.line, warning.code) for warning in found.warnings] == [(3, "duplicate")] * 2
    assert [warning.raw[-10:] for warning in found.warnings] == ["2026-03-02", "2026-03-03"]
