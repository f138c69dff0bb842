"""A file is taken for what its columns say, and one whose columns cannot make an entry is told what it lacks."""

import io
from datetime import date

import pytest

from projects.imports.errors import UnableToImport, UnableToTellFormat, UnableToTellYear, UnableToUseMapping
from projects.imports.hours import detect_hours
from projects.imports.rows import ColumnMapping, DayMonthOrder, Detection, ReadOptions, SourceFormat
from tests.unit.imports.reading import read_text

TOGGL = "User,Email,Client,Project,Start date,Start time,End date,End time,Duration\n"
HUBSTAFF = "Member,Email,{},Total worked\n"


def detect(text: str, wanted: SourceFormat | None = None) -> Detection:
    return detect_hours(io.BytesIO(text.encode()), options=ReadOptions(format=wanted))


def refusal(text: str, **options: object) -> UnableToImport:
    with pytest.raises(UnableToImport) as refused:
        read_text(text, **options)
    return refused.value


def test_a_detection_says_all_that_is_known_of_a_file() -> None:
    found = detect(f"Detailed report\n\n{TOGGL}Ana,a@b.co,O,C,13/02/2026,9:00,13/02/2026,10:00,1:00\n")
    assert (found.format, found.confidence) == (SourceFormat.TOGGL, 0.99)
    assert found.reasons == (
        "It has the columns Start date, Start time, Duration, Email, Project, Client.",
        "Its dates are written day first.",
    )
    assert (found.day_month_order, found.header_line) == (DayMonthOrder.DMY, 3)
    assert (found.encoding, found.delimiter, found.container, found.sheet) == ("utf-8", ",", "csv", "")
    assert found.header == tuple(TOGGL.strip().split(","))
    assert found.candidates[0] == (SourceFormat.TOGGL, 0.99)
    assert found.candidates[1][0] is SourceFormat.GENERIC
    assert found.candidates[1][1] == 0.45
    assert [share for _, share in found.candidates] == sorted((s for _, s in found.candidates), reverse=True)
    assert len(found.candidates) == len(SourceFormat)


@pytest.mark.parametrize(
    ("day", "order", "reason"),
    [
        ("02/13/2026", DayMonthOrder.MDY, "Its dates are written month first."),
        ("2026-02-13", DayMonthOrder.YMD, "Its dates are written year first."),
        ("02/03/2026", DayMonthOrder.AMBIGUOUS, "Its dates read both day first and month first."),
        ("02.03.2026", DayMonthOrder.DMY, "Its dates are written day first."),
    ],
)
def test_a_detection_says_how_dates_are_written(day: str, order: DayMonthOrder, reason: str) -> None:
    found = detect(f"{TOGGL}Ana,a@b.co,O,C,{day},9:00,{day},10:00,1:00\n")
    assert (found.day_month_order, found.reasons[-1]) == (order, reason)


def test_a_detection_names_the_other_tool_it_could_be() -> None:
    found = detect("Day,Contractor,Project,Hours\n2026-03-02,Ana,C,2\n")
    assert (found.format, found.confidence) == (SourceFormat.GENERIC, 0.45)
    assert found.suggested == {
        "Day": "worked_on",
        "Contractor": "person_name",
        "Project": "project_name",
        "Hours": "hours",
    }
    assert found.reasons[0] == "It has the columns Contractor, Day, Hours, Project."
    near = detect(
        "Date,User,Project,Client,Hours,Id,Minutes,Person,Email\n2026-03-02,Ana,C,O,2,1,120,Ana,a@b.co\n"
    )
    assert near.format is SourceFormat.NOKO


def test_a_tool_that_somebody_named_is_taken_and_said_so() -> None:
    found = detect("Date,Hours,Shoe size\n2026-03-02,2,39\n", SourceFormat.HARVEST)
    assert (found.format, found.confidence) == (SourceFormat.HARVEST, 1.0)
    assert found.reasons[:2] == ("You said it is harvest.", "It has the columns Hours.")


def test_a_named_tool_whose_columns_are_not_there_is_said_so() -> None:
    found = detect("Tag,Std\n2026-03-02,2\n", SourceFormat.HARVEST)
    assert found.reasons[:2] == ("You said it is harvest.", "Its column names are known in no language.")


def test_a_table_of_unknown_columns_is_refused_with_their_names() -> None:
    refused = refusal("Shoe\nShoe size,Colour  of hat\n39,red\n")
    assert isinstance(refused, UnableToTellFormat)
    assert refused.header == ("Shoe size", "Colour  of hat")
    assert str(refused) == (
        "No known tool wrote this file, and its columns do not say which holds the date and which the hours: "
        "Shoe size, Colour of hat."
    )


def test_of_very_long_names_the_first_three_hundred_characters_are_shown() -> None:
    refused = refusal(f"Shoe size,{'x' * 400}\n39,1\n")
    assert str(refused).endswith(f"the hours: Shoe size, {'x' * 289}.")


def test_a_guessed_table_is_not_read_without_a_mapping() -> None:
    refused = refusal("Day,Contractor,Hours\n2026-03-02,Ana,2\n")
    assert isinstance(refused, UnableToTellFormat)
    assert refused.header == ("Day", "Contractor", "Hours")
    assert str(refused) == (
        "No known tool wrote this file: say what its columns mean. They are 'Day', 'Contractor', 'Hours'."
    )


@pytest.mark.parametrize(
    ("header", "lack"),
    [("Project,Hours", "the date"), ("Date,Project", "a duration"), ("Project,Client", "the date")],
)
def test_a_named_tool_whose_date_or_duration_is_not_there_is_told_what_it_lacks(
    header: str, lack: str
) -> None:
    refused = refusal(f"{header}\nx,y\n", format=SourceFormat.HARVEST)
    one, other = header.split(",")
    assert isinstance(refused, UnableToTellFormat)
    assert refused.header == (one, other)
    assert str(refused) == (
        f"The file does not look like an export of harvest: it lacks {lack}. Its columns are {one!r}, {other!r}."
    )


def test_of_many_columns_the_first_twelve_are_shown() -> None:
    names = [f"c{at}" for at in range(13)]
    shown = ", ".join(map(repr, names[:12]))
    assert str(refusal(",".join(names) + "\n", format=SourceFormat.HARVEST)).endswith(f"{shown} and more.")
    assert str(refusal(",".join(names[:12]) + "\n", format=SourceFormat.HARVEST)).endswith(f"{shown}.")


def test_a_file_without_a_header_is_refused() -> None:
    assert str(refusal("one\ntwo\nthree\n")) == (
        "The file has no header row: its first line has to name at least two columns."
    )


def test_the_header_is_looked_for_in_the_first_twenty_records() -> None:
    line = "Ana,a@b.co,O,C,2026-03-02,9:00,2026-03-02,10:00,1:00\n"
    assert read_text("Report\n" * 19 + TOGGL + line).rows[0].line == 21
    assert isinstance(refusal("Report,March\n" * 20 + TOGGL + line), UnableToTellFormat)


def test_a_column_is_found_by_its_exact_name_before_any_other_spelling() -> None:
    text = "Organization,Time Zone,Member,email,EMAIL,2026-03-02,Total worked\nF,UTC,Ana,a@b.co,b@b.co,1:00,1:00\n"
    assert read_text(text).rows[0].person_email == "a@b.co"
    mapping = ColumnMapping({"DAY": "worked_on", "Hours": "hours", "who": "person_email"})
    text = "day,hours,HOURS,Hours,who\n2026-03-02,1,2,3,a@b.co\n"
    assert read_text(text, mapping=mapping).seconds == [3 * 3600]


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        (
            ColumnMapping({"Tag": "wages"}),
            "The mapping gives 'Tag' the meaning 'wages', which does not exist.",
        ),
        (
            ColumnMapping({"Nix": "hours"}),
            "The mapping names a column 'Nix', which the file lacks: 'Tag', 'Std'.",
        ),
        (
            ColumnMapping({"Tag": "hours", "Std": "hours"}),
            "The mapping gives the meaning 'hours' to two columns.",
        ),
        (
            ColumnMapping({"Std": "hours"}),
            "The mapping has no column for the date (worked_on or started_at).",
        ),
        (
            ColumnMapping({"Tag": "worked_on"}),
            "The mapping has no column for the hours, the tasks, or both start and end.",
        ),
        (
            ColumnMapping({"Tag": "started_at"}),
            "The mapping has no column for the hours, the tasks, or both start and end.",
        ),
        (
            ColumnMapping({"Tag": "worked_on", "Std": "start_time"}),
            "The mapping has no column for the hours, the tasks, or both start and end.",
        ),
        (
            ColumnMapping({"Tag": "worked_on", "Std": "hours"}, period_shift_days=7),
            "A mapping shifts its periods by -6 to 6 days.",
        ),
        (
            ColumnMapping({"Tag": "worked_on", "Std": "hours"}, period_shift_days=-7),
            "A mapping shifts its periods by -6 to 6 days.",
        ),
    ],
)
def test_a_mapping_that_makes_no_entry_is_refused_with_what_is_wrong(
    mapping: ColumnMapping, why: str
) -> None:
    refused = refusal("Tag;Std\n2026-03-02;1\n", mapping=mapping)
    assert isinstance(refused, UnableToUseMapping)
    assert str(refused) == why


@pytest.mark.parametrize("shift", [-6, 6])
def test_a_mapping_may_shift_its_periods_by_six_days(shift: int) -> None:
    mapping = ColumnMapping(
        {"Tag": "worked_on", "Std": "hours"}, day_month_order=DayMonthOrder.DMY, period_shift_days=shift
    )
    found = read_text("Tag;Std\n02/03/2026;1\n", mapping=mapping, as_email="a@b.co")
    assert [(row.worked_on, row.seconds) for row in found.rows] == [(date(2026, 3, 2), 3600)]


def test_start_and_end_make_an_entry_by_clock_or_by_instant() -> None:
    mapping = ColumnMapping({"d": "worked_on", "a": "start_time", "b": "end_time"})
    assert read_text("d;a;b\n2026-03-02;9:00;10:30\n", mapping=mapping, as_email="a@b.co").seconds == [5400]
    mapping = ColumnMapping({"a": "started_at", "b": "ended_at"})
    text = "a;b\n2026-03-02 9:00;2026-03-02 10:30\n"
    assert read_text(text, mapping=mapping, as_email="a@b.co").seconds == [5400]


@pytest.mark.parametrize(
    ("meaning", "seconds"), [("hours", 7200), ("minutes", 120), ("seconds", 2), ("duration", 7200)]
)
def test_a_bare_number_counts_what_its_column_means(meaning: str, seconds: int) -> None:
    mapping = ColumnMapping({"d": "worked_on", "t": meaning})
    assert read_text("d;t\n2026-03-02;2\n", mapping=mapping, as_email="a@b.co").seconds == [seconds]


def test_of_several_durations_the_most_exact_filled_one_counts() -> None:
    mapping = ColumnMapping({"d": "worked_on", "h": "hours", "m": "minutes", "s": "seconds", "x": "duration"})
    text = "d;h;m;s;x\n2026-03-02;1;2;3;0:10\n2026-03-02;1;2;3;\n2026-03-02;1;2; ;\n2026-03-02;1;;;\n"
    assert read_text(text, mapping=mapping, as_email="a@b.co").seconds == [600, 3, 120, 3600]


def test_a_hubstaff_week_over_new_year_ends_in_the_year_after() -> None:
    days = "Mon 12/28,Tue 12/29,Wed 12/30,Thu 12/31,Fri 1/1,Sat 1/2,Sun 1/3"
    text = HUBSTAFF.format(days) + "Ana,a@b.co,1:00,,,1:00,1:00,,1:00,4:00\n"
    assert [row.worked_on for row in read_text(text, year=2026).rows] == [
        date(2026, 12, 28),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 3),
    ]


@pytest.mark.parametrize(
    ("days", "year", "example", "why"),
    [
        (
            "Mon 3/23,Tue 3/24",
            None,
            "Mon 3/23",
            "The day columns, such as 'Mon 3/23', name no year: say which year it is.",
        ),
        ("Mon 3/23,Wed 3/24", 2026, "Wed 3/24", "The day column 'Wed 3/24' is not a Wed in 2026."),
        ("Mon 2/30", 2026, "Mon 2/30", "The day column 'Mon 2/30' is not a day of the calendar."),
        ("2026-02-30", 2026, "2026-02-30", "The day column '2026-02-30' is not a day of the calendar."),
        ("Fri 1/1", 2026, "Fri 1/1", "The day column 'Fri 1/1' is not a Fri in 2026."),
    ],
)
def test_day_columns_that_are_no_days_are_asked_about(
    days: str, year: int | None, example: str, why: str
) -> None:
    refused = refusal(HUBSTAFF.format(days), year=year, format=SourceFormat.HUBSTAFF)
    assert isinstance(refused, UnableToTellYear)
    assert (str(refused), refused.examples) == (why, (example,))


def test_ambiguous_dates_are_shown_five_at_most() -> None:
    lines = "".join(f"Ana,a@b.co,O,C,{day:02d}/03/2026,9:00,,10:00,1:00\n" for day in (1, 1, 2, 3, 4, 5, 6))
    assert str(refusal(TOGGL + lines)) == (
        "Dates such as 01/03/2026, 02/03/2026, 03/03/2026, 04/03/2026, 05/03/2026 read both day first and month "
        "first, and no date of the file settles it: say which it is (dmy or mdy)."
    )


def test_a_telling_date_is_looked_for_past_two_hundred_only_where_some_are_ambiguous() -> None:
    line = "Ana,a@b.co,O,C,{},9:00,,10:00,1:00\n"
    plain, telling = line.format("2026-03-02"), line.format("13/03/2026")
    assert detect(TOGGL + plain * 199 + telling).day_month_order is DayMonthOrder.DMY
    assert detect(TOGGL + plain * 200 + telling).day_month_order is DayMonthOrder.YMD
    mixed = line.format("02/03/2026") + plain * 300 + telling
    assert detect(TOGGL + mixed).day_month_order is DayMonthOrder.DMY


def test_the_end_date_may_settle_the_order_too() -> None:
    line = "Ana,a@b.co,O,C,12/03/2026,23:00,13/03/2026,1:00,2:00\n"
    assert [row.worked_on for row in read_text(TOGGL + line).rows] == [date(2026, 3, 12), date(2026, 3, 13)]
