"""A roster is read with its dates and rates, and what cannot be true of it is refused with both lines shown."""

import io
from datetime import date
from decimal import Decimal

import pytest

from projects.imports.errors import UnableToReadFile, UnableToTellDateOrder
from projects.imports.roster import read_roster
from projects.imports.rows import DayMonthOrder, RateBasis, RosterFile
from tests.unit.imports.reading import xlsx_of

HEAD = (
    "email,name,slack_user_id,country,region,locale,time_zone,external_id,project,starts_on,ends_on,"
    "rate_basis,rate_amount,currency,rate_from,weekly_hours,weekday_pattern\n"
)
ANA = "Ana@B.co,Ana Sá,U012AB3CD,pt,Lisboa,pt-PT,Europe/Lisbon,E7,CHORDUS,{},{},hour,{},EUR,{},40,8 8 8 8 8 0 0\n"


def roster(text: str, order: DayMonthOrder | None = None) -> RosterFile:
    return read_roster(io.BytesIO(text.encode()), day_month_order=order)


def test_a_full_row_is_read_as_it_stands() -> None:
    (row,) = roster(HEAD + ANA.format("2026-01-01", "2026-07-01", "21.50", "")).rows
    assert (row.email, row.name, row.slack_user_id, row.country) == ("ana@b.co", "Ana Sá", "U012AB3CD", "PT")
    assert (row.locale, row.time_zone, row.external_id, row.region) == (
        "pt-PT",
        "Europe/Lisbon",
        "E7",
        "Lisboa",
    )
    assert (row.project, row.starts_on, row.ends_on) == ("CHORDUS", date(2026, 1, 1), date(2026, 7, 1))
    assert (row.rate_basis, row.rate_amount, row.currency) == (RateBasis.HOUR, Decimal("21.50"), "EUR")
    assert row.rate_from == date(2026, 1, 1)
    assert row.weekly_hours == 40
    assert [int(hours) for hours in row.weekday_pattern or ()] == [8, 8, 8, 8, 8, 0, 0]


def test_a_cap_on_billed_hours_is_read_and_refused_beyond_a_week() -> None:
    head = HEAD.replace("\n", ",max_weekly_hours\n")
    ana = ANA.format("2026-01-01", "", "21", "").rstrip("\n")
    (row,) = roster(f"{head}{ana},45.5\n").rows
    assert row.max_weekly_hours == Decimal("45.5")
    (error,) = roster(f"{head}{ana},169\n").errors
    assert (error.code, error.field) == ("bad_max_weekly_hours", "max_weekly_hours")


def test_a_contractor_alone_needs_an_email_and_one_fact() -> None:
    found = roster("email,name\na@b.co,Ana\n")
    assert (found.rows[0].name, found.rows[0].project, found.errors) == ("Ana", "", ())


def test_two_rates_of_one_engagement_are_two_rows_with_dates() -> None:
    found = roster(
        HEAD
        + ANA.format("2026-01-01", "", "21", "2026-01-01")
        + ANA.format("2026-01-01", "", "16", "2026-03-01")
    )
    assert [row.rate_amount for row in found.rows] == [21, 16]
    assert not found.errors


def test_engagements_that_follow_each_other_are_fine_and_overlapping_ones_are_refused_with_both_lines() -> (
    None
):
    first = ANA.format("2026-01-01", "2026-04-01", "21", "")
    assert not roster(HEAD + first + ANA.format("2026-04-01", "", "21", "")).errors
    found = roster(HEAD + first + ANA.format("2026-03-31", "", "21", ""))
    (error,) = found.errors
    assert (error.line, error.code) == (3, "overlap")
    assert "line 2" in error.message
    assert "line 3:" in error.raw
    assert "line 2:" in error.raw
    assert [row.line for row in found.rows] == [2]


def test_one_engagement_with_two_rates_from_the_same_day_is_refused_with_both() -> None:
    found = roster(HEAD + ANA.format("2026-01-01", "", "21", "") + ANA.format("2026-01-01", "", "16", ""))
    assert [(error.line, error.code) for error in found.errors] == [(3, "different_facts")]
    assert "16 EUR per hour here, 21 EUR per hour there" in found.errors[0].message


def test_a_person_with_two_names_is_refused_with_both_lines() -> None:
    found = roster("email,name,country\na@b.co,Ana,PT\nA@b.co,Eva,PT\nc@b.co,Cem,TR\n")
    assert [(error.line, error.field, error.code) for error in found.errors] == [
        (3, "name", "different_facts")
    ]
    assert "line 2 (Ana)" in found.errors[0].message
    assert [row.email for row in found.rows] == ["a@b.co", "c@b.co"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"email": ""}, "email", "no_email"),
        ({"email": "nobody"}, "email", "bad_email"),
        ({"country": "XX"}, "country", "bad_country"),
        ({"country": "Portugal"}, "country", "bad_country"),
        ({"locale": "qq-QQ"}, "locale", "bad_locale"),
        ({"locale": "x" * 50}, "locale", "bad_locale"),
        ({"time_zone": "Lisbon"}, "time_zone", "bad_time_zone"),
        ({"slack_user_id": "@ana"}, "slack_user_id", "bad_slack_user_id"),
        ({"currency": "EURO"}, "currency", "bad_currency"),
        ({"currency": ""}, "currency", "incomplete_rate"),
        ({"rate_basis": "fortnight"}, "rate_basis", "bad_rate_basis"),
        ({"rate_amount": "0"}, "rate_amount", "bad_rate_amount"),
        ({"rate_amount": "-5"}, "rate_amount", "bad_rate_amount"),
        ({"rate_amount": "0.0000001"}, "rate_amount", "bad_rate_amount"),
        ({"rate_amount": '"1,250"'}, "rate_amount", "ambiguous_number"),
        ({"rate_amount": "much"}, "rate_amount", "bad_number"),
        ({"project": ""}, "project", "no_project"),
        ({"starts_on": ""}, "starts_on", "no_date"),
        ({"starts_on": "2026-02-30"}, "starts_on", "bad_date"),
        ({"ends_on": "2026-01-01"}, "ends_on", "ends_before_start"),
        ({"rate_from": "2026-07-01"}, "rate_from", "rate_after_end"),
        ({"weekly_hours": "200"}, "weekly_hours", "bad_weekly_hours"),
        ({"weekday_pattern": "8 8 8"}, "weekday_pattern", "bad_weekday_pattern"),
        ({"weekday_pattern": "25 0 0 0 0 0 0"}, "weekday_pattern", "bad_weekday_pattern"),
    ],
)
def test_each_impossible_cell_gets_one_message_with_its_line_and_column(
    change: dict[str, str], field: str, code: str
) -> None:
    names = HEAD.strip().split(",")
    cells = dict(zip(names, ANA.format("2026-01-01", "2026-07-01", "21", "").strip().split(","), strict=True))
    found = roster(HEAD + ",".join({**cells, **change}[name] for name in names))
    assert [(error.line, error.field, error.code) for error in found.errors] == [(2, field, code)]
    assert not found.rows


def test_a_roster_in_german_dates_and_semicolons_is_read() -> None:
    text = "E-Mail;Name;Project;Start date;Rate basis;Rate;Currency\na@b.co;Ana;CHO;01.02.2026;monthly;3200,50;eur\n"
    (row,) = roster(text).rows
    assert (row.starts_on, row.rate_basis, row.rate_amount) == (
        date(2026, 2, 1),
        RateBasis.MONTH,
        Decimal("3200.50"),
    )


def test_ambiguous_dates_are_asked_about_and_read_once_told() -> None:
    text = "email,project,starts_on\na@b.co,CHO,03/04/2026\n"
    with pytest.raises(UnableToTellDateOrder, match="03/04/2026"):
        roster(text)
    assert roster(text, DayMonthOrder.MDY).rows[0].starts_on == date(2026, 3, 4)


def test_a_spreadsheet_roster_says_the_same() -> None:
    sheet = xlsx_of(
        [
            ["email", "project", "starts_on", "rate_basis", "rate_amount", "currency"],
            ["a@b.co", "CHO", date(2026, 3, 4), "task", 0.004, "USD"],
        ]
    )
    (row,) = read_roster(io.BytesIO(sheet)).rows
    assert (row.starts_on, row.rate_amount) == (date(2026, 3, 4), Decimal("0.0040"))


@pytest.mark.parametrize("text", ["name,country\nAna,PT\n", "email,shoe size\na@b.co,39\n"])
def test_a_table_that_is_no_roster_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadFile, match="email"):
        roster(text)
