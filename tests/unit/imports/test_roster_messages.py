"""Whoever brings a roster reads in one sentence what is wrong with a row, and with which other row it disagrees."""

import io
from datetime import date
from decimal import Decimal

import pytest

from projects.imports import roster as roster_room
from projects.imports.errors import UnableToReadFile, UnableToTellDateOrder
from projects.imports.roster import read_roster
from projects.imports.rows import DayMonthOrder, RateBasis, ReadOptions, RosterFile

COLUMNS = (
    "email,name,slack_user_id,country,region,locale,time_zone,external_id,project,starts_on,ends_on,rate_basis,"
    "rate_amount,currency,rate_from,weekly_hours,weekday_pattern,max_weekly_hours"
)
ROW = {"email": "ana@b.co", "project": "CHO", "starts_on": "2026-01-01", "ends_on": "2026-07-01"}
RATE = {"rate_basis": "hour", "rate_amount": "21.50", "currency": "EUR"}


def roster(*rows: dict[str, str]) -> RosterFile:
    lines = [",".join(row.get(name, "") for name in COLUMNS.split(",")) for row in rows]
    return read_roster(io.BytesIO("\n".join([COLUMNS, *lines]).encode()))


def refusal(**cells: str) -> tuple[str, str, str]:
    (error,) = roster({**ROW, **RATE, **cells}).errors
    return error.field, error.code, error.message


@pytest.mark.parametrize(
    ("cells", "field", "code", "message"),
    [
        ({"email": ""}, "email", "no_email", "The email is missing."),
        ({"email": "x" * 70}, "email", "bad_email", f"{'x' * 60!r} is not an email address."),
        (
            {"country": "Portugal"},
            "country",
            "bad_country",
            "'Portugal' is not a country: write its two letters, such as PT.",
        ),
        ({"region": "r" * 61}, "region", "bad_region", "The region has over 60 characters."),
        ({"locale": "qq-QQ"}, "locale", "bad_locale", "'qq-QQ' is not a language: write en or pt-BR."),
        (
            {"time_zone": "Lisbon"},
            "time_zone",
            "bad_time_zone",
            "'Lisbon' is not a time zone: write Europe/Lisbon.",
        ),
        (
            {"slack_user_id": "@ana"},
            "slack_user_id",
            "bad_slack_user_id",
            "'@ana' is not a Slack member id such as U012AB3CD.",
        ),
        (
            {"currency": "EURO"},
            "currency",
            "bad_currency",
            "'EURO' is not a currency: write three letters, such as EUR.",
        ),
        ({"currency": ""}, "currency", "incomplete_rate", "The rate lacks its currency."),
        ({"rate_basis": ""}, "rate_basis", "incomplete_rate", "The rate lacks its rate_basis."),
        ({"rate_amount": ""}, "rate_amount", "incomplete_rate", "The rate lacks its rate_amount."),
        (
            {"rate_basis": "fortnight"},
            "rate_basis",
            "bad_rate_basis",
            "'fortnight' is not hour, day, week, month or task.",
        ),
        (
            {"rate_amount": "0"},
            "rate_amount",
            "bad_rate_amount",
            "A rate is above 0 and has at most six decimals.",
        ),
        (
            {"rate_amount": "1000000000.01"},
            "rate_amount",
            "bad_rate_amount",
            "A rate is above 0 and has at most six decimals.",
        ),
        ({"rate_amount": "much"}, "rate_amount", "bad_number", "'much' is not a number."),
        ({"weekly_hours": "many"}, "weekly_hours", "bad_number", "'many' is not a number."),
        (
            {"weekly_hours": "168.5"},
            "weekly_hours",
            "bad_weekly_hours",
            "'168.5' is not more than 0 and up to 168 hours.",
        ),
        (
            {"max_weekly_hours": "0"},
            "max_weekly_hours",
            "bad_max_weekly_hours",
            "'0' is not more than 0 and up to 168 hours.",
        ),
        (
            {"weekday_pattern": "8 8 8 8 8 0"},
            "weekday_pattern",
            "bad_weekday_pattern",
            "A pattern is seven numbers of 0 to 24, Monday first, such as 8 8 8 8 8 0 0.",
        ),
        (
            {"weekday_pattern": "0 0 0 0 0 0 0"},
            "weekday_pattern",
            "bad_weekday_pattern",
            "A pattern is seven numbers of 0 to 24, Monday first, such as 8 8 8 8 8 0 0.",
        ),
        ({"weekday_pattern": "a b"}, "weekday_pattern", "bad_number", "'a' is not a number."),
        ({"starts_on": ""}, "starts_on", "no_date", "The engagement has no first day (starts_on)."),
        ({"ends_on": "x"}, "ends_on", "bad_date", "'x' is not a date."),
        (
            {"project": ""},
            "project",
            "no_project",
            "The row has dates or a rate, but no project they belong to.",
        ),
        (
            {"ends_on": "2026-01-01"},
            "ends_on",
            "ends_before_start",
            "It ends (2026-01-01) on or before the day it starts (2026-01-01).",
        ),
        (
            {"rate_from": "2026-07-01"},
            "rate_from",
            "rate_after_end",
            "The rate starts (2026-07-01) after the engagement ended.",
        ),
        (
            {"rate_basis": "", "rate_amount": "", "rate_from": "2026-02-01"},
            "rate_amount",
            "incomplete_rate",
            "There is a date for a rate (rate_from), but no rate.",
        ),
        (
            {"name": "n" * 501},
            "name",
            "too_long",
            f"{'n' * 40!r}... has over 500 characters, too many for a name.",
        ),
    ],
)
def test_a_cell_that_cannot_be_true_is_refused_in_one_sentence(
    cells: dict[str, str], field: str, code: str, message: str
) -> None:
    assert refusal(**cells) == (field, code, message)


@pytest.mark.parametrize(
    "cells",
    [
        {"rate_amount": "0.000001"},
        {"rate_amount": "1000000000"},
        {"rate_basis": "hourly"},
        {"rate_basis": "Per Hour"},
        {"region": "r" * 60},
        {"slack_user_id": "W12345"},
        {"slack_user_id": "T012AB/U012AB3CD"},
        {"weekly_hours": "168"},
        {"weekly_hours": '"37,125"'},
        {"weekly_hours": "0.5"},
        {"max_weekly_hours": "168"},
        {"weekday_pattern": "24 | 0;0/0 0 0 0"},
        {"rate_from": "2026-06-30"},
        {"starts_on": "2026-06-30"},
        {"name": "n" * 500},
        {"rate_basis": "", "rate_amount": ""},
    ],
)
def test_a_cell_at_its_limit_is_taken(cells: dict[str, str]) -> None:
    found = roster({**ROW, **RATE, **cells})
    assert (len(found.rows), found.errors) == (1, ())


@pytest.mark.parametrize(
    ("written", "read"),
    [("pt_BR", "pt-BR"), ("EN", "en"), ("zh-hant", "zh-Hant"), ("de-at", "de-AT"), ("", "")],
)
def test_a_language_is_kept_as_it_is_usually_written(written: str, read: str) -> None:
    assert roster({**ROW, "locale": written}).rows[0].locale == read


def test_every_cell_lands_where_it_belongs() -> None:
    (row,) = roster(
        {
            **ROW,
            **RATE,
            "currency": "eur",
            "rate_from": "2026-02-01",
            "weekly_hours": "37.5",
            "max_weekly_hours": "45",
            "country": "pt",
            "name": " Ana\tSá ",
        }
    ).rows
    assert (row.name, row.country, row.currency, row.rate_basis) == ("Ana Sá", "PT", "EUR", RateBasis.HOUR)
    assert (row.starts_on, row.ends_on, row.rate_from) == (
        date(2026, 1, 1),
        date(2026, 7, 1),
        date(2026, 2, 1),
    )
    assert (row.weekly_hours, row.max_weekly_hours, row.weekday_pattern) == (
        Decimal("37.5"),
        Decimal(45),
        None,
    )
    assert row.line == 2


def test_a_rate_without_a_date_counts_from_the_first_day_and_no_rate_from_none() -> None:
    with_rate, without = roster({**ROW, **RATE}, {**ROW, "email": "bo@b.co"}).rows
    assert (with_rate.rate_from, without.rate_from, without.rate_basis) == (date(2026, 1, 1), None, None)


def test_only_an_email_and_a_project_with_its_first_day_are_needed() -> None:
    found = roster(
        {"email": "a@b.co", "name": "Ana"}, {"email": "b@b.co", "project": "C", "starts_on": "2026-01-01"}
    )
    assert [(row.project, row.ends_on) for row in found.rows] == [("", None), ("C", None)]


def text(data: str, **options: DayMonthOrder) -> RosterFile:
    return read_roster(io.BytesIO(data.encode()), options=ReadOptions(**options))  # type: ignore[arg-type]


def test_errors_come_in_the_order_of_their_lines_and_blank_rows_are_left_out() -> None:
    found = text(
        "Contractors of March\n\nemail,name,country\na@b.co,Ana,PT\n\n , ,\na@b.co,Eva,PT\nnobody,X,PT\n"
        'b@b.co,Bo,PT,,\nc@b.co,Cem,TR,more\nd@b.co\ne@b.co,"E"x,PT\n'
    )
    assert [(error.line, error.code, error.field) for error in found.errors] == [
        (7, "different_facts", "name"),
        (8, "bad_email", "email"),
        (10, "too_many_cells", ""),
        (12, "bad_quotes", ""),
    ]
    assert found.errors[2].message == "The row has 4 cells under 3 columns."
    assert found.errors[2].raw == "c@b.co,Cem,TR,more"
    assert found.errors[3].message == "The row cannot be cut into columns: ',' expected after '\"'."
    assert [row.line for row in found.rows] == [4, 9, 11]
    assert found.header == ("email", "name", "country")
    assert found.day_month_order is DayMonthOrder.YMD


def test_a_row_is_shown_without_its_blank_end_and_cut_at_three_hundred_characters() -> None:
    found = text(f"email,name,country\nnobody,{'n' * 400},\nnobody,x,\n")
    assert [len(found.errors[0].raw), found.errors[1].raw] == [300, "nobody,x"]


def test_two_long_rows_that_disagree_are_shown_cut_short() -> None:
    found = text(f"email,name,region\na@b.co,{'n' * 450},\na@b.co,{'m' * 450},\n")
    first, second = found.errors[0].raw.split(" | ")
    assert (len(first), len(second)) == (len("line 3: ") + 140, len("line 2: ") + 120)


def test_the_callers_order_of_dates_wins_and_an_unknown_one_is_asked_for() -> None:
    data = "email,project,starts_on,ends_on\na@b.co,CHO,03/04/2026,05/06/2026\n"
    with pytest.raises(UnableToTellDateOrder) as refused:
        text(data)
    assert refused.value.examples == ("03/04/2026", "05/06/2026")
    assert str(refused.value) == (
        "Dates such as 03/04/2026, 05/06/2026 read both day first and month first: say which it is (dmy or mdy)."
    )
    assert text(data, day_month_order=DayMonthOrder.MDY).rows[0].starts_on == date(2026, 3, 4)
    found = read_roster(
        io.BytesIO(data.encode()),
        day_month_order=DayMonthOrder.DMY,
        options=ReadOptions(day_month_order=DayMonthOrder.MDY),
    )
    assert (found.rows[0].starts_on, found.day_month_order) == (date(2026, 4, 3), DayMonthOrder.DMY)


@pytest.mark.parametrize("name", ["ends_on", "rate_from"])
def test_any_date_of_the_roster_may_settle_the_order(name: str) -> None:
    head = "email,project,starts_on,ends_on,rate_basis,rate_amount,currency,rate_from\n"
    ends, rate = {"ends_on": ("30/06/2026", "05/04/2026"), "rate_from": ("01/07/2026", "30/04/2026")}[name]
    assert text(f"{head}a@b.co,CHO,03/04/2026,{ends},hour,2,EUR,{rate}\n").rows[0].starts_on == date(
        2026, 4, 3
    )


def test_a_table_that_is_no_roster_is_told_what_one_needs() -> None:
    with pytest.raises(UnableToReadFile) as refused:
        text("name,country\nAna,PT\n")
    assert str(refused.value) == (
        "The roster has no column email. Its columns can be " + COLUMNS.replace(",", ", ") + "."
    )
    with pytest.raises(UnableToReadFile) as refused:
        text("email,shoe size,,hat\na@b.co,39,,7\n")
    assert str(refused.value) == "A roster needs more than an email; unknown columns: shoe size, hat."
    with pytest.raises(UnableToReadFile, match="no column email"):
        text("Report,March\n" * 20 + "email,name\na@b.co,Ana\n")


def test_a_roster_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_room, "MAX_ROSTER_ROWS", 3)
    lines = ["a@b.co,Ana", "nobody,X", "c@b.co,Cem"]
    assert len(text("\n".join(["email,name", *lines])).rows) == 2
    with pytest.raises(UnableToReadFile) as refused:
        text("\n".join(["email,name", *lines, "d@b.co,Dov"]))
    assert str(refused.value) == "The roster has over 3 rows: split it."
