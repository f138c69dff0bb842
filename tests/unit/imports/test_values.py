"""Dates, clock times, durations and numbers are read as their writers meant them, or refused in plain words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.imports.rows import DayMonthOrder
from projects.imports.values import (
    Fault,
    date_inside,
    order_of,
    read_amount,
    read_clock,
    read_date,
    read_small_number,
    read_span,
)

DMY, MDY, YMD, AMBIGUOUS = DayMonthOrder.DMY, DayMonthOrder.MDY, DayMonthOrder.YMD, DayMonthOrder.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-03-02", YMD),
        (" 2026/3/2 ", YMD),
        ("20260302", YMD),
        ("2026-03-02 09:00", YMD),
        ("13/02/2026", DMY),
        ("02/13/2026", MDY),
        ("12/12/2026", AMBIGUOUS),
        ("03-04-26", AMBIGUOUS),
        ("03.04.2026", DMY),
        ("Mar 2, 2026", None),
        ("soon", None),
    ],
)
def test_one_date_proves_the_order_of_its_file_or_nothing(text: str, order: DayMonthOrder | None) -> None:
    assert order_of(text) is order


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2026", DMY, date(2026, 4, 3)),
        ("03/04/2026", MDY, date(2026, 3, 4)),
        ("03.04.2026", MDY, date(2026, 4, 3)),
        ("03.04.26", YMD, date(2026, 4, 3)),
        ("3-4-26", DMY, date(2026, 4, 3)),
        ("2026.3.4", DMY, date(2026, 3, 4)),
        ("20260304", MDY, date(2026, 3, 4)),
        ("Sept. 5, 2026", DMY, date(2026, 9, 5)),
        ("Wed, December 9 2026", DMY, date(2026, 12, 9)),
        ("9-jan-2026", DMY, date(2026, 1, 9)),
        ("Fri 9 January 2026", DMY, date(2026, 1, 9)),
        ("1990-01-01", YMD, date(1990, 1, 1)),
        ("2100-12-31", YMD, date(2100, 12, 31)),
    ],
)
def test_a_date_is_read_by_the_order_of_its_file(text: str, order: DayMonthOrder, day: date) -> None:
    assert read_date(f" {text} ", order) == day


@pytest.mark.parametrize(
    ("text", "order", "code", "message"),
    [
        (" ", DMY, "no_date", "The date is missing."),
        ("31/02/2026", DMY, "bad_date", "'31/02/2026' is not a date of the calendar (read as dmy)."),
        ("1989-12-31", YMD, "date_out_of_range", "1989-12-31 is not between 1990 and 2100."),
        ("2101-01-01", YMD, "date_out_of_range", "2101-01-01 is not between 1990 and 2100."),
        (
            "03/04/2026",
            YMD,
            "bad_date",
            "'03/04/2026' does not say which part is the day, unlike the dates above it.",
        ),
        ("Maz 2, 2026", DMY, "bad_date", "'Maz 2, 2026' is not a date."),
        ("2 Maz 2026", DMY, "bad_date", "'2 Maz 2026' is not a date."),
        ("2026-03/02", YMD, "bad_date", "'2026-03/02' is not a date."),
        ("x" * 60, YMD, "bad_date", f"'{'x' * 40}' is not a date."),
    ],
)
def test_what_is_no_date_is_refused_in_plain_words(
    text: str, order: DayMonthOrder, code: str, message: str
) -> None:
    with pytest.raises(Fault) as refused:
        read_date(text, order)
    assert (refused.value.code, refused.value.message, refused.value.field) == (code, message, "")
    assert str(refused.value) == message


def test_the_one_date_inside_a_sentence_is_read() -> None:
    assert date_inside("Services on May 1, 2020 (8 h)", DMY) == date(2020, 5, 1)
    assert date_inside("done 2020-05-01.", DMY) == date(2020, 5, 1)


@pytest.mark.parametrize("text", ["nothing", "2020-05-01 to 2020-05-02", "y" * 80])
def test_a_sentence_without_a_single_date_is_refused(text: str) -> None:
    with pytest.raises(Fault) as refused:
        date_inside(text, DMY)
    assert refused.value.code == "no_date"
    assert refused.value.message == f"There is no single date in {text[:60]!r}."


@pytest.mark.parametrize(
    ("text", "hours", "minutes", "seconds"),
    [
        ("0:00", 0, 0, 0),
        ("9:05", 9, 5, 0),
        (" 23:59:59 ", 23, 59, 59),
        ("24:00", 24, 0, 0),
        ("10:00:30.500", 10, 0, 30),
        ("12:30 AM", 0, 30, 0),
        ("12:30 pm", 12, 30, 0),
        ("1:00 PM", 13, 0, 0),
        ("11:59:59 p.m.", 23, 59, 59),
        ("1:00a", 1, 0, 0),
    ],
)
def test_a_time_of_day_is_read_on_either_clock(text: str, hours: int, minutes: int, seconds: int) -> None:
    assert read_clock(text) == timedelta(hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("24:00:01", "a time of day"),
        ("9:60", "a time of day"),
        ("9:00:60", "a time of day"),
        ("noon", "a time of day"),
        ("0:30 AM", "a time of a 12-hour clock"),
        ("13:00 PM", "a time of a 12-hour clock"),
        ("9:00 " + "x" * 50, "a time of day"),
    ],
)
def test_what_is_no_time_of_day_is_refused(text: str, what: str) -> None:
    with pytest.raises(Fault) as refused:
        read_clock(text)
    assert refused.value.code == "bad_time"
    assert refused.value.message == f"{text[:40]!r} is not {what}."


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("1:30", 3600, 5400),
        (" 1:30:05 ", 1, 5405),
        ("1:30:05.9", 3600, 5405),
        ("-0:59:59", 3600, -3599),
        ("1:59", 60, 7140),
        ("2h", 3600, 7200),
        ("1h 30min 20sec", 3600, 5420),
        ("45M", 3600, 2700),
        ("20 s", 3600, 20),
        ("-1h 1m 1s", 3600, -3661),
        ("PT1H", 3600, 3600),
        ("PT2M3.5S", 3600, 123),
        ("-PT1H", 3600, -3600),
        ("90", 60, 5400),
        ("90", 1, 90),
        ("-1.5", 3600, -5400),
        ("0,5", 60, 30),
        ("0.5", 1, 1),
        ("1.4", 1, 1),
    ],
)
def test_a_duration_is_read_in_every_form(text: str, unit: int, seconds: int) -> None:
    assert read_span(text, unit) == seconds


@pytest.mark.parametrize("text", ["1:60", "1:30:60"])
def test_minutes_and_seconds_end_at_59(text: str) -> None:
    with pytest.raises(Fault) as refused:
        read_span(text, 1)
    assert refused.value.code == "bad_duration"
    assert refused.value.message == f"{text!r} is not a duration: minutes and seconds end at 59."


@pytest.mark.parametrize("text", ["", "-", "h", "PT", "soon", "1 day", "z" * 50])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Fault) as refused:
        read_span(text, 3600)
    assert (refused.value.code, refused.value.message) == (
        "bad_duration",
        f"{text[:40]!r} is not a duration.",
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,250", "1.250"),
        ("1.250", "1.250"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("-.5", "-0.5"),
        ("+,5", "0.5"),
        ("7", "7"),
        ("0" * 39 + "7", "7"),
    ],
)
def test_a_number_is_read_with_either_decimal_mark(text: str, number: str) -> None:
    assert read_small_number(f" {text} ") == Decimal(number)


@pytest.mark.parametrize("text", ["", "1e5", "NaN", "--1", "٣", "0" * 41])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Fault) as refused:
        read_small_number(text)
    assert (refused.value.code, refused.value.message) == ("bad_number", f"{text[:40]!r} is not a number.")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1250", "1250"), ("1,25", "1.25"), ("1.250", "1.250"), ("0,125", "0.125"), ("1,2345", "1.2345")],
)
def test_money_is_read_where_it_can_mean_one_thing_only(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,250", "-12,345", "123,456"])
def test_money_that_reads_two_ways_is_refused(text: str) -> None:
    with pytest.raises(Fault) as refused:
        read_amount(f" {text} ")
    assert refused.value.code == "ambiguous_number"
    assert refused.value.message == f"{text!r} reads two ways: write it without a thousands separator."
