"""What is odd about a row is refused, skipped or told, and always counted."""

from datetime import date

import pytest

from projects.imports.errors import UnableToUseMapping
from projects.imports.mapping import from_json, to_json
from projects.imports.rows import ColumnMapping, DayMonthOrder, PeriodRows
from tests.unit.imports.reading import read_text

HEAD = "User,Email,Client,Project,Start date,Start time,End date,End time,Duration\n"
LINE = "Ana,a@b.co,Orion,Chordus,2026-03-02,{0},2026-03-02,{1},{2}\n"
HARVEST = "Date,Client,Project,Task,Notes,Hours,First Name,Last Name\n"


def toggl(*lines: str) -> str:
    return HEAD + "".join(lines)


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (LINE.format("09:00:00", "10:00:00", "-01:00:00"), "negative", "duration"),
        (LINE.format("09:00:00", "10:00:00", "01:75:00"), "bad_duration", "duration"),
        (LINE.format("09:00:00", "10:00:00", "soon"), "bad_duration", "duration"),
        (LINE.format("25:00:00", "10:00:00", "01:00:00"), "bad_time", "time"),
        (LINE.format("09:00:00", "05:00:00", ""), "ends_before_start", "end"),
        (LINE.format("09:00:00", "", ""), "no_duration", "duration"),
        (LINE.format("09:00:00", "10:00:00", "30:00:00"), "more_than_a_day", "duration"),
        ("Ana,a@b.co,Orion,Chordus,2026-02-30,09:00,2026-02-30,10:00,1:00\n", "bad_date", "date"),
        ("Ana,a@b.co,Orion,Chordus,0026-02-03,09:00,0026-02-03,10:00,1:00\n", "date_out_of_range", "date"),
        ("Ana,a@b.co,Orion,Chordus,,09:00,,10:00,1:00\n", "no_date", "date"),
        ("Ana,a@b.co,Orion,Chordus,2026-01-01,09:00,2027-01-01,09:00,8760:00:00\n", "too_long", "duration"),
        (",,Orion,Chordus,2026-03-02,09:00,2026-03-02,10:00,1:00\n", "no_person", "person"),
        ("Ana,not an email,Orion,Chordus,2026-03-02,09:00,2026-03-02,10:00,1:00\n", "bad_email", "email"),
        ("Ana,a@b.co,Orion,Chordus,2026-03-02,09:00,2026-03-02,10:00,1:00,x,y\n", "too_many_cells", ""),
        ('Ana,"a"@b.co,Orion,Chordus,2026-03-02,09:00,2026-03-02,10:00,1:00\n', "bad_quotes", ""),
        (f"{'n' * 600},a@b.co,O,C,2026-03-02,09:00,2026-03-02,10:00,1:00\n", "too_long", "name"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_with_line_and_reason(line: str, code: str, field: str) -> None:
    found = read_text(
        toggl(LINE.format("08:00", "09:00", "1:00"), line, LINE.format("12:00", "13:00", "1:00"))
    )
    assert [(error.line, error.code, error.field) for error in found.errors] == [(3, code, field)]
    assert found.errors[0].message.endswith((".", "?"))
    assert len(found.errors[0].raw) <= 300
    assert found.totals.entries == 2


def test_blank_lines_zero_rows_and_total_rows_are_counted_apart() -> None:
    found = read_text(
        toggl(
            LINE.format("08:00", "09:00", "1:00"),
            "\n",
            ",,,,,,,,\n",
            LINE.format("09:00", "09:00", "0:00"),
            "Total,,,,,,,,1:00\n",
        )
    )
    totals = found.totals
    assert (totals.records, totals.entries, totals.zeros, totals.total_rows, totals.blank_lines) == (
        3,
        1,
        1,
        1,
        2,
    )
    assert totals.errors == 0


def test_two_equal_entries_both_count_and_are_told_of() -> None:
    line = LINE.format("08:00", "09:00", "1:00")
    found = read_text(toggl(line, line, line))
    assert found.totals.seconds == 3 * 3600
    assert len({row.content_hash for row in found.rows}) == 3
    assert (found.totals.duplicates, [warning.line for warning in found.warnings]) == (2, [3, 4])


def test_the_same_entries_in_another_order_and_with_other_columns_keep_their_hashes() -> None:
    lines = [LINE.format(f"{hour:02d}:00:00", f"{hour + 1:02d}:00:00", "01:00:00") for hour in (8, 9, 9, 11)]
    first = read_text(toggl(*lines))
    text = "Email,Client,Project,Start date,Start time,Duration,Tags\n" + "".join(
        f"A@B.co,Orion,chordus,2026-03-02,{hour}:00,1:00,x\n" for hour in (11, 9, 8, 9)
    )
    assert {row.content_hash for row in read_text(text).rows} == {row.content_hash for row in first.rows}


def test_equal_half_hours_of_different_tasks_are_no_duplicates_but_keep_apart() -> None:
    found = read_text(
        HARVEST + "2026-03-02,O,C,a,,0.5,Ana,Sá\n2026-03-02,O,C,b,,0.5,Ana,Sá\n2026-03-02,O,C,b,,0.5,Ana,Sá\n"
    )
    assert len({row.content_hash for row in found.rows}) == 3
    assert [warning.line for warning in found.warnings] == [4]


def test_entries_that_lie_over_each_other_are_told_of_and_touching_ones_are_not() -> None:
    found = read_text(
        toggl(
            LINE.format("08:00", "10:00", "2:00"),
            LINE.format("10:00", "11:00", "1:00"),
            LINE.format("09:30", "10:30", "1:00"),
        )
    )
    assert [(warning.line, warning.code) for warning in found.warnings] == [(4, "overlap")]
    assert found.totals.overlaps == 1


@pytest.mark.parametrize(
    ("duration", "code"), [("1:00", "time_shift"), ("3:00", "time_shift"), ("0:10", "duration_disagrees")]
)
def test_a_duration_that_contradicts_its_clock_times_is_taken_and_told_of(duration: str, code: str) -> None:
    found = read_text(toggl(LINE.format("09:00", "11:00", duration)))
    assert [warning.code for warning in found.warnings] == [code]
    assert found.totals.entries == 1


@pytest.mark.parametrize(
    ("duration", "parts"), [("4:00", [3600, 10_800]), ("6:00", [3600, 18_000]), ("5:00", [3600, 14_400])]
)
def test_the_night_of_a_clock_change_is_split_at_midnight_without_losing_an_hour(
    duration: str, parts: list[int]
) -> None:
    found = read_text(toggl(f"Ana,a@b.co,O,C,2026-03-28,23:00:00,2026-03-29,04:00:00,{duration}\n"))
    assert found.seconds == parts


def test_an_entry_ending_at_midnight_leaves_the_next_day_nothing() -> None:
    found = read_text(toggl("Ana,a@b.co,O,C,2026-03-28,23:00:00,2026-03-29,00:00:00,1:00:00\n"))
    assert [(row.worked_on, row.seconds, row.is_split) for row in found.rows] == [
        (date(2026, 3, 28), 3600, True)
    ]
    assert found.totals.split_entries == 1


def test_whoever_brings_a_file_without_people_or_projects_says_whose_it_is() -> None:
    text = "Start date,Start time,End date,End time,Duration\n2026-03-02,9:00,2026-03-02,10:00,1:00\n"
    (row,) = read_text(text, as_email="Ana@b.co", project_code="CHO").rows
    assert (row.person_email, row.project_code) == ("ana@b.co", "CHO")


def test_pieces_are_counted_even_where_no_time_is() -> None:
    mapping = ColumnMapping({"Day": "worked_on", "Who": "person_email", "Pieces": "tasks"})
    found = read_text(
        "Day,Who,Pieces\n2026-03-02,a@b.co,40\n2026-03-03,a@b.co,0\n2026-03-04,a@b.co,1.5\n", mapping=mapping
    )
    assert [(row.tasks, row.seconds) for row in found.rows] == [(40, 0)]
    assert (found.totals.tasks, found.errors[0].code) == (40, "bad_tasks")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:30", 5400),
        ("1.5", 5400),
        ("1,5", 5400),
        ("1h 30m", 5400),
        ("90m", 5400),
        ("PT1H30M", 5400),
        ("0.0002", 1),
        ("24", 86_400),
    ],
)
def test_durations_are_read_in_every_form(text: str, seconds: int) -> None:
    mapping = ColumnMapping({"d": "worked_on", "who": "person_email", "t": "duration"})
    assert read_text(f'd;who;t\n2026-03-02;a@b.co;"{text}"\n', mapping=mapping).seconds == [seconds]


@pytest.mark.parametrize(
    "text",
    [
        "Mar 2, 2026",
        "2 Mar 2026",
        "Monday, March 2, 2026",
        "20260302",
        "2026/03/02",
        "02.03.26",
        "02.03.2026",
    ],
)
def test_dates_are_read_in_every_unmistakable_form(text: str) -> None:
    mapping = ColumnMapping({"d": "worked_on", "who": "person_email", "t": "hours"})
    assert read_text(f"d;who;t\n{text};a@b.co;1\n", mapping=mapping).rows[0].worked_on == date(2026, 3, 2)


def test_a_saved_mapping_comes_back_as_it_was() -> None:
    mapping = ColumnMapping(
        {"Día": "worked_on", "Horas": "hours"}, "Nómina", DayMonthOrder.DMY, PeriodRows.EVEN, -1, True
    )
    assert from_json(to_json(mapping)) == mapping


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"Tag": "worked_on"}, "no column for the hours"),
        ({"Std": "hours"}, "no column for the date"),
        ({"Tag": "worked_on", "Nix": "hours"}, "which the file lacks"),
        ({"Tag": "worked_on", "Std": "wages"}, "does not exist"),
        ({"Tag": "hours", "Std": "hours"}, "two columns"),
    ],
)
def test_a_mapping_that_cannot_make_an_entry_is_refused(columns: dict[str, str], why: str) -> None:
    with pytest.raises(UnableToUseMapping, match=why):
        read_text("Tag;Std\n2026-03-02;1\n", mapping=ColumnMapping(columns))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"columns": {}}',
        '{"columns": {"a": "b"}}',
        '{"columns": {"a": "hours"}, "period_shift_days": 9}',
        '{"columns": {"a": "hours"}, "day_month_order": "no"}',
    ],
)
def test_a_mapping_that_is_not_one_is_refused(text: str) -> None:
    with pytest.raises(UnableToUseMapping):
        from_json(text)
