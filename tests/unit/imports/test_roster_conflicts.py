"""Rows of a roster that contradict each other are refused with both lines, and rows that agree are taken."""

import pytest

from projects.imports.rows import RowError
from tests.unit.imports.test_roster_messages import RATE, ROW, roster


def conflict(*rows: dict[str, str]) -> RowError:
    (error,) = roster(*rows).errors
    return error


def test_another_name_for_one_person_is_shown_with_both_lines() -> None:
    error = conflict({**ROW, "name": "Ana"}, {**ROW, "name": "Eva", "project": "X"})
    assert (error.line, error.field, error.code) == (3, "name", "different_facts")
    assert error.message == "ana@b.co has another name here (Eva) than on line 2 (Ana)."
    assert error.raw == (
        "line 3: ana@b.co,Eva,,,,,,,X,2026-01-01,2026-07-01 | line 2: ana@b.co,Ana,,,,,,,CHO,2026-01-01,2026-07-01"
    )


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("slack_user_id", "U012AB3CD", "U012AB3CE"),
        ("country", "PT", "ES"),
        ("region", "North", "South"),
        ("locale", "en", "pt"),
        ("time_zone", "Europe/Lisbon", "Europe/Madrid"),
        ("external_id", "E1", "E2"),
    ],
)
def test_what_is_a_persons_own_is_the_same_on_every_line_or_left_blank(
    field: str, one: str, other: str
) -> None:
    first, second = {**ROW, field: one}, {**ROW, "project": "X"}
    assert not roster(first, second).errors
    assert not roster(second, first).errors
    assert conflict(first, {**second, field: other}).field == field


def test_a_person_alone_stands_on_one_line() -> None:
    error = conflict({"email": "a@b.co", "name": "Ana"}, {"email": "A@b.co", "name": "Ana"})
    assert (error.line, error.field, error.code) == (3, "email", "duplicate")
    assert error.message == "a@b.co is on line 2 already."


def test_the_same_rate_twice_is_a_duplicate() -> None:
    error = conflict({**ROW, **RATE}, {**ROW, **RATE, "project": "cho"})
    assert (error.line, error.field, error.code) == (3, "email", "duplicate")
    assert error.message == "ana@b.co on cho from 2026-01-01 is on line 2 already."


@pytest.mark.parametrize(
    "change",
    [
        {"rate_basis": "day"},
        {"rate_amount": "22"},
        {"currency": "USD"},
        {"weekly_hours": "40"},
        {"weekday_pattern": "8 8 8 8 8 0 0"},
    ],
)
def test_another_rate_from_the_same_day_is_no_duplicate(change: dict[str, str]) -> None:
    error = conflict({**ROW, **RATE}, {**ROW, **RATE, **change})
    assert (error.field, error.code) == ("email", "different_facts")
    assert error.message.startswith("ana@b.co on CHO has another rate from 2026-01-01 on line 2: ")


def test_both_rates_are_shown_where_they_disagree() -> None:
    day = {**RATE, "rate_basis": "day", "rate_amount": "170"}
    assert conflict({**ROW, **RATE}, {**ROW, **day}).message == (
        "ana@b.co on CHO has another rate from 2026-01-01 on line 2: 170 EUR per day here, 21.50 EUR per hour there."
    )
    found = conflict({**ROW, "weekly_hours": "20"}, {**ROW, "weekly_hours": "40"})
    assert found.message.endswith("None on line 2: none here, none there.")


def test_terms_of_one_person_on_one_project_do_not_overlap() -> None:
    error = conflict(ROW, {**ROW, "starts_on": "2026-06-30", "ends_on": ""})
    assert (error.line, error.field, error.code) == (3, "starts_on", "overlap")
    assert error.message == (
        "ana@b.co on CHO runs 2026-06-30 to open here and 2026-01-01 to 2026-07-01 on line 2: these overlap."
    )
    assert (
        conflict({**ROW, "ends_on": ""}, {**ROW, "starts_on": "2027-01-01", "ends_on": ""}).code == "overlap"
    )
    assert (
        conflict({**ROW, "ends_on": ""}, {**ROW, "starts_on": "2025-01-01", "ends_on": "2026-01-02"}).code
        == "overlap"
    )


def test_terms_may_touch_in_either_order_and_other_people_and_projects_are_no_matter() -> None:
    later = {**ROW, "starts_on": "2026-07-01", "ends_on": ""}
    assert not roster(ROW, later).errors
    assert not roster(later, ROW).errors
    assert not roster(ROW, {**ROW, "email": "bo@b.co"}, {**ROW, "project": "X"}).errors


def test_a_third_row_is_held_against_every_row_before_it() -> None:
    later = {**ROW, "starts_on": "2026-07-01", "ends_on": "2026-09-01"}
    error = conflict(ROW, later, {**ROW, "starts_on": "2026-06-01", "ends_on": "2026-07-01"})
    assert (error.line, "on line 2:" in error.message) == (4, True)
    error = conflict(later, ROW, {**ROW, "starts_on": "2026-08-01", "ends_on": ""})
    assert (error.line, "on line 2:" in error.message) == (4, True)


def test_a_row_that_contradicts_two_others_is_told_once() -> None:
    rate = {**ROW, **RATE, "rate_from": "2026-02-01"}
    errors = roster({**ROW, **RATE}, rate, {**ROW, "starts_on": "2026-01-02"}).errors
    assert [(error.line, error.code) for error in errors] == [(4, "overlap")]
