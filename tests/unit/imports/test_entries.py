"""Each record of a file of hours is whose, where and when it says, and everything odd about it is told in a sentence."""

# ruff: noqa: DTZ001 - local clock times have no zone
from datetime import date, datetime

import pytest

from projects.imports import hours as hours_room
from projects.imports.errors import UnableToReadFile
from projects.imports.moments import Memo
from tests.unit.imports.reading import Reading, mapped, read_text, told

HEAD = "User,Email,Client,Project,Start date,Start time,End date,End time,Duration\n"
LINE = "Ana,a@b.co,Orion,Chordus,2026-03-02,{0},2026-03-02,{1},{2}\n"
PLAIN = {"d": "worked_on", "t": "hours"}


def toggl(*lines: str, **options: object) -> Reading:
    return read_text(HEAD + "".join(lines), **options)


def test_an_entry_says_all_its_file_says_of_it() -> None:
    (row,) = toggl(LINE.format("09:00:05", "10:30:05", "1:30:00")).rows
    assert (row.line, row.person_email, row.person_name, row.person_external_id) == (2, "a@b.co", "Ana", "")
    assert (row.project_name, row.project_code, row.client_name) == ("Chordus", "", "Orion")
    assert (row.worked_on, row.seconds, row.tasks) == (date(2026, 3, 2), 5400, None)
    assert row.started_at == datetime(2026, 3, 2, 9, 0, 5)
    assert row.ended_at == datetime(2026, 3, 2, 10, 30, 5)
    assert (row.billable, row.source_format, row.entry_id, row.is_split) == (None, "toggl", "", False)


def test_a_hash_stays_what_it_was_from_one_release_to_the_next() -> None:
    (clocked,) = toggl(LINE.format("09:00", "10:00", "1:00")).rows
    assert clocked.content_hash == "198826dbba23dbcd1ad75ce9a29bc1e118180593818e651525675bc9c1d12cc3"
    first, again = mapped(PLAIN, "2026-03-02;1", "2026-03-02;1").rows
    assert first.content_hash == "95eeba0c3751747322f447af2902c7ef269cda0a572f560b13bb1037ed9300cf"
    assert again.content_hash == "57e9f90f52b74f305cd83e4cf8c83e93b8d14283998e7afb438804522247e6c4"


def test_names_are_tidied_and_the_email_is_in_lower_case() -> None:
    (row,) = mapped(
        {
            "d": "worked_on",
            "t": "hours",
            "e": "person_email",
            "n": "person_name",
            "x": "person_external_id",
            "p": "project_name",
            "c": "project_code",
            "k": "client_name",
            "i": "entry_id",
        },
        "2026-03-02;1; ANA@B.co ; Ana\tSá ; E7 ; Chor\x0bdus ; CHO ; Orion ; 77 ",
    ).rows
    assert (row.person_email, row.person_name, row.person_external_id) == ("ana@b.co", "Ana Sá", "E7")
    assert (row.project_name, row.project_code, row.client_name, row.entry_id) == (
        "Chor dus",
        "CHO",
        "Orion",
        "77",
    )


def test_the_owner_and_the_project_named_by_the_caller_fill_what_is_blank_only() -> None:
    columns = {**PLAIN, "n": "person_name", "p": "project_name", "c": "project_code"}
    found = mapped(
        columns, "2026-03-02;1;;;", "2026-03-02;2;Ana;;", "2026-03-02;3;;Chordus;", "2026-03-02;4;;;CHO"
    )
    assert [(row.person_email, row.person_name) for row in found.rows] == [
        ("owner@b.co", ""),
        ("", "Ana"),
        ("owner@b.co", ""),
        ("owner@b.co", ""),
    ]
    assert [(row.project_name, row.project_code) for row in found.rows] == [
        ("", "OWN"),
        ("", "OWN"),
        ("Chordus", ""),
        ("", "CHO"),
    ]


def test_first_and_last_name_make_a_name_where_there_is_no_whole_one() -> None:
    columns = {**PLAIN, "n": "person_name", "f": "first_name", "l": "last_name"}
    found = mapped(columns, "2026-03-02;1;;Ana;Sá", "2026-03-02;1;;;Sá", "2026-03-02;1;Ana S.;Ana;Sá")
    assert [row.person_name for row in found.rows] == ["Ana Sá", "Sá", "Ana S."]


def test_who_is_the_same_is_told_by_email_or_else_by_id_and_name() -> None:
    columns = {**PLAIN, "e": "person_email", "n": "person_name", "x": "person_external_id"}

    def hashes(*people: str) -> set[str]:
        return {mapped(columns, f"2026-03-02;1;{one}").rows[0].content_hash for one in people}

    assert len(hashes("a@b.co;Ana;E1", "A@b.co;Eva;E2")) == 1
    assert len(hashes(";Ana;E1", ";ANA;E1")) == 1
    assert len(hashes(";Ana;E1", ";Ana;E2", ";Eva;E1", ";;E1", ";Ana;")) == 5


def test_what_makes_an_entry_another_one_changes_its_hash() -> None:
    columns = {
        "d": "worked_on", "t": "hours", "k": "tasks", "p": "project_name", "c": "project_code", "o": "client_name",
    }  # fmt: skip

    def hashes(*lines: str) -> set[str]:
        return {mapped(columns, one).rows[0].content_hash for one in lines}

    assert len(hashes("2026-03-02;1;;P;C;O", "2026-03-02;1;;p;X;o")) == 1
    lines = (
        "2026-03-02;1;;P;;O", "2026-03-03;1;;P;;O", "2026-03-02;2;;P;;O", "2026-03-02;1;1;P;;O", "2026-03-02;1;;Q;;O",
        "2026-03-02;1;;P;;N", "2026-03-02;1;;;R;O",
    )  # fmt: skip
    assert len(hashes(*lines)) == len(lines)


@pytest.mark.parametrize(
    ("line", "code", "field", "message"),
    [
        (LINE.format("09:00", "10:00", "soon"), "bad_duration", "duration", "'soon' is not a duration."),
        (LINE.format("noon", "10:00", "1:00"), "bad_time", "time", "'noon' is not a time of day."),
        (
            ",,Orion,Chordus,2026-03-02,9:00,2026-03-02,10:00,1:00\n",
            "no_person",
            "person",
            "The row does not say whose hours these are.",
        ),
        (
            f"Ana,{'x' * 70},O,C,2026-03-02,9:00,2026-03-02,10:00,1:00\n",
            "bad_email",
            "email",
            f"{'x' * 60!r} is not an email address.",
        ),
        (
            f"{'n' * 501},a@b.co,O,C,2026-03-02,9:00,2026-03-02,10:00,1:00\n",
            "too_long",
            "name",
            f"{'n' * 40!r}... has over 500 characters, too many for a name.",
        ),
        (
            "Ana,a@b.co,O,C,2026-03-02,9:00,2026-03-02,10:00,1:00,x,y\n",
            "too_many_cells",
            "",
            "The row has 11 cells under 9 columns: is a quote missing?",
        ),
        (
            'Ana,"a"@b.co,O,C,2026-03-02,9:00,2026-03-02,10:00,1:00\n',
            "bad_quotes",
            "",
            "The row cannot be cut into columns: ',' expected after '\"'.",
        ),
    ],
)
def test_a_row_that_makes_no_entry_is_refused_in_one_sentence(
    line: str, code: str, field: str, message: str
) -> None:
    assert told(toggl(line)) == [(2, code, field, message)]


def test_a_refused_row_is_shown_without_its_blank_end_and_cut_short() -> None:
    found = toggl("Ana,a@b.co,O,C,x,,,,\n", f"Ana,a@b.co,O,{'c' * 400},x,9:00,,,\n")
    assert found.errors[0].raw == "Ana,a@b.co,O,C,x"
    assert len(found.errors[1].raw) == 300


def test_a_name_of_five_hundred_characters_is_a_name() -> None:
    assert (
        len(toggl(f"{'n' * 500},a@b.co,O,C,2026-03-02,9:00,2026-03-02,10:00,1:00\n").rows[0].person_name)
        == 500
    )


@pytest.mark.parametrize(
    ("lines", "code", "message"),
    [
        (
            [LINE.format("09:00", "10:00", "1:00")] * 2,
            "duplicate",
            "The same person, project, day, start and length stand in the file before: both are counted.",
        ),
        (
            [LINE.format("09:00", "10:00", "1:00"), LINE.format("09:30", "10:30", "1:00")],
            "overlap",
            "It lies over another entry of the same person: both are counted.",
        ),
        (
            [LINE.format("09:00", "10:00", "0:10")],
            "duration_disagrees",
            "Its duration differs from its start and end: the duration is taken.",
        ),
        (
            [LINE.format("09:00", "12:00", "2:00")],
            "time_shift",
            "Its duration differs by an hour or half from its start and end, as when clocks change: "
            "the duration is taken.",
        ),
        (
            ["Ana,a@b.co,O,C,2026-03-02,9:00,2026-03-03,10:00,25:00\n"],
            "very_long",
            "It lasts over 24 hours and was split by day: was a timer forgotten?",
        ),
    ],
)
def test_what_is_odd_about_an_entry_is_told_in_one_sentence(
    lines: list[str], code: str, message: str
) -> None:
    found = toggl(*lines)
    (warning,) = found.warnings
    assert (warning.code, warning.field, warning.message) == (code, "", message)
    assert warning.line == 1 + len(lines)
    assert warning.raw == lines[-1].strip()
    assert found.totals.warnings == {code: 1}
    assert (found.totals.duplicates, found.totals.overlaps) == (code == "duplicate", code == "overlap")


def test_warnings_of_one_kind_are_told_a_thousand_times_and_counted_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hours_room, "MAX_WARNINGS", 3)
    found = toggl(*[LINE.format("09:00", "10:00", "1:00")] * 5, LINE.format("11:00", "12:00", "0:10"))
    assert [warning.line for warning in found.warnings] == [3, 4, 5, 7]
    assert found.totals.warnings == {"duplicate": 4, "duration_disagrees": 1}


def test_an_entry_that_lies_over_two_others_is_told_once_and_a_duplicate_not_as_an_overlap_too() -> None:
    found = toggl(
        LINE.format("09:00", "10:00", "1:00"),
        LINE.format("11:00", "12:00", "1:00"),
        LINE.format("09:30", "11:30", "2:00"),
        LINE.format("09:00", "10:00", "1:00"),
        "Bo,bo@b.co,Orion,Chordus,2026-03-02,09:00,2026-03-02,10:00,1:00\n",
    )
    assert [(warning.line, warning.code) for warning in found.warnings] == [(4, "overlap"), (5, "duplicate")]


def test_an_entry_over_midnight_that_lies_over_others_on_both_days_is_told_once() -> None:
    found = toggl(
        LINE.format("23:00", "23:30", "0:30"),
        "Ana,a@b.co,O,C,2026-03-03,01:00,2026-03-03,01:30,0:30\n",
        "Ana,a@b.co,O,C,2026-03-02,22:00,2026-03-03,02:00,4:00\n",
    )
    assert [(warning.line, warning.code) for warning in found.warnings] == [(4, "overlap")]
    assert [(row.line, row.is_split) for row in found.rows] == [(2, False), (3, False), (4, True), (4, True)]
    assert (found.totals.entries, found.totals.rows, found.totals.split_entries) == (3, 4, 1)


def test_an_entry_over_midnight_that_is_said_twice_is_told_once() -> None:
    line = "Ana,a@b.co,O,C,2026-03-02,22:00,2026-03-03,02:00,4:00\n"
    found = toggl(line, line)
    assert [(warning.line, warning.code) for warning in found.warnings] == [(3, "duplicate")]
    assert len({row.content_hash for row in found.rows}) == 4


def test_pieces_are_counted_on_the_first_day_of_an_entry_only() -> None:
    columns = {"a": "started_at", "b": "ended_at", "k": "tasks"}
    found = mapped(columns, "2026-03-02 22:00;2026-03-03 02:00;40", "2026-03-04 9:00;2026-03-04 10:00;")
    assert [(row.seconds, row.tasks) for row in found.rows] == [(7200, 40), (7200, 0), (3600, None)]
    assert found.totals.tasks == 40


def test_pieces_are_whole_numbers_up_to_a_million() -> None:
    columns = {"d": "worked_on", "k": "tasks"}
    counts = ("1000000", "1000001", "-1", "1.5", "x", "0", "2", "0")
    found = mapped(columns, *(f"2026-03-02;{count}" for count in counts))
    assert [row.tasks for row in found.rows] == [1_000_000, 2]
    assert (found.totals.tasks, found.totals.zeros) == (1_000_002, 2)
    message = "{!r} is not a count of tasks from 0 to 1,000,000."
    assert told(found) == [
        (3, "bad_tasks", "tasks", message.format("1000001")),
        (4, "bad_tasks", "tasks", message.format("-1")),
        (5, "bad_tasks", "tasks", message.format("1.5")),
        (6, "bad_number", "tasks", "'x' is not a number."),
    ]


def test_totals_tell_the_first_and_the_last_day_and_what_was_counted() -> None:
    found = toggl(
        LINE.format("09:00", "10:00", "1:00").replace("-03-02", "-03-05"),
        LINE.format("09:00", "10:00", "1:00"),
        LINE.format("10:00", "11:00", "1:00"),
        LINE.format("09:00", "10:00", "1:00").replace("-03-02", "-03-09"),
        LINE.format("09:00", "10:00", "1:00").replace("-03-02", "-03-04"),
    )
    assert (found.totals.first_on, found.totals.last_on) == (date(2026, 3, 2), date(2026, 3, 9))
    assert (found.totals.records, found.totals.entries, found.totals.rows) == (5, 5, 5)
    assert found.totals.seconds == 5 * 3600


@pytest.mark.parametrize(
    "line",
    [
        "Total,,,,,,,,1:00\n",
        ",,,TOTAL:,,,,,1:00\n",
        "Total hours,,,,,,,,1:00\n",
        "a,b,Grand total of March,,,,,,1:00\n",
        "Summe März,,,,,,,,1:00\n",
        "Somme,,,,,,,,1:00\n",
    ],
)
def test_a_row_of_sums_is_no_error(line: str) -> None:
    totals = toggl(line).totals
    assert (totals.total_rows, totals.errors, totals.records) == (1, 0, 1)


@pytest.mark.parametrize(
    "line", ["a,b,c,Total,,,,,1:00\n", "Totally,,,,,,,,1:00\n", "Total,a@b.co,O,C,x,,,,1:00\n"]
)
def test_a_sum_is_told_by_its_first_words_only(line: str) -> None:
    totals = toggl(line).totals
    assert totals.total_rows == (not line.startswith(("a", "Totally")))


def test_short_rows_are_filled_up_and_blank_cells_behind_the_last_column_cut_off() -> None:
    columns = {**PLAIN, "p": "project_name"}
    found = mapped(columns, "2026-03-02;1", "2026-03-02;2;P; ;", "2026-03-02;3;P;x", " ; ;", ";;;;;")
    assert [row.seconds for row in found.rows] == [3600, 7200]
    assert [error.code for error in found.errors] == ["too_many_cells"]
    assert (found.totals.blank_lines, found.totals.records) == (2, 3)


def test_a_row_of_over_two_thousand_columns_is_refused_with_its_line() -> None:
    assert len(mapped(PLAIN, "2026-03-02;1" + ";" * 1_998).rows) == 1
    with pytest.raises(UnableToReadFile) as refused:
        mapped(PLAIN, "2026-03-02;1", "2026-03-02;1" + ";" * 1_999)
    assert str(refused.value) == "Line 3 has 2,001 columns; at most 2,000 are read."


def test_breaks_are_told_by_their_kind_in_any_spelling() -> None:
    columns = {**PLAIN, "k": "kind"}
    found = mapped(
        columns, "2026-03-02;1; BREAK ", "2026-03-02;1;Pausa", "2026-03-02;1;Regular", "2026-03-02;1;"
    )
    assert (found.totals.breaks, found.totals.entries, found.totals.records) == (2, 2, 4)


@pytest.mark.parametrize(
    ("word", "billable"),
    [
        ("Yes", True),
        (" ja ", True),
        ("1", True),
        ("TRUE", True),
        ("No", False),
        ("0", False),
        ("non", False),
        ("?", None),
    ],
)
def test_billable_is_read_in_many_words(word: str, billable: bool | None) -> None:
    assert mapped({**PLAIN, "b": "billable"}, f"2026-03-02;1;{word}").rows[0].billable is billable


def test_an_entry_whose_length_and_clock_agree_is_taken_as_it_is() -> None:
    found = toggl(LINE.format("09:00", "10:00", "1:02"), LINE.format("11:00", "12:00", "0:58"))
    assert (found.seconds, found.warnings) == ([3720, 3480], [])
    found = toggl(LINE.format("09:00", "10:00", "1:03"), LINE.format("11:00", "12:00", "0:57"))
    assert [warning.code for warning in found.warnings] == ["duration_disagrees"] * 2
    found = toggl("Ana,a@b.co,O,C,2026-03-02,00:00,2026-03-02,24:00,24:00\n")
    assert [(row.seconds, row.ended_at) for row in found.rows] == [(86_400, datetime(2026, 3, 3))]


def test_an_entry_without_a_start_is_of_its_date_for_its_length() -> None:
    (row,) = toggl("Ana,a@b.co,O,C,2026-03-02,,2026-03-02,10:00,1:00\n").rows
    assert (row.seconds, row.started_at, row.ended_at) == (3600, None, None)


def test_an_entry_without_an_end_date_may_run_over_nights_as_long_as_it_says() -> None:
    columns = {"d": "worked_on", "a": "start_time", "b": "end_time", "t": "duration"}

    def days(line: str) -> list[tuple[int, int]]:
        return [(row.worked_on.day, row.seconds // 60) for row in mapped(columns, line).rows]

    assert days("2026-03-02;22:00;02:00;") == [(2, 120), (3, 120)]
    assert days("2026-03-02;22:00;02:00;28:00") == [(2, 120), (3, 1440), (4, 120)]
    assert days("2026-03-02;09:00;10:00;25:00") == [(2, 900), (3, 600)]
    assert days("2026-03-02;09:00;10:00;49:00") == [(2, 900), (3, 1440), (4, 600)]
    assert days("2026-03-02;09:00;10:00;11:00") == [(2, 660)]
    assert days("2026-03-02;09:00;09:00;24:00") == [(2, 900), (3, 540)]


def test_an_end_date_is_taken_as_it_stands() -> None:
    found = toggl(
        "Ana,a@b.co,O,C,2026-03-02,22:00,2026-03-03,02:00,\n", "Ana,a@b.co,O,C,2026-03-05,9:00, ,10:00,\n"
    )
    assert [(row.worked_on.day, row.seconds) for row in found.rows] == [(2, 7200), (3, 7200), (5, 3600)]


def test_people_and_places_beyond_what_is_remembered_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Memo, "LIMIT", 2)
    columns = {**PLAIN, "e": "person_email", "p": "project_name"}
    found = mapped(columns, *(f"2026-03-0{at};1;p{at % 4}@b.co;P{at % 4}" for at in range(1, 9)))
    assert [(row.person_email, row.project_name) for row in found.rows] == [
        (f"p{at % 4}@b.co", f"P{at % 4}") for at in range(1, 9)
    ]
