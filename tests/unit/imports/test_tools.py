"""Every variant of every tool's export that is known to occur is read for what it says."""

# ruff: noqa: DTZ001 - local clock times have no zone, and exports have long lines
from datetime import date, datetime

import pytest

from projects.imports.errors import UnableToTellDateOrder, UnableToTellFormat, UnableToTellYear
from projects.imports.rows import DayMonthOrder, SourceFormat
from tests.unit.imports.reading import read_bytes, read_text, xlsx_of

TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags"
ENTRY = (
    "Ana,ANA@example.com,Orion,Chordus,,label images,Yes,2026-03-02,09:00:00,2026-03-02,10:30:00,01:30:00,a"
)


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(("head", "tail"), [("", ""), (",Amount (EUR)", ",10.00"), (",Amount ()", ",")])
@pytest.mark.parametrize("quote", ["", '"'])
def test_toggl_is_read_with_and_without_bom_amount_and_quotes(
    bom: str, head: str, tail: str, quote: str
) -> None:
    lines = [TOGGL + head, ENTRY + tail]
    text = "\r\n".join(",".join(f"{quote}{cell}{quote}" for cell in line.split(",")) for line in lines)
    found = read_text(bom + text)
    (row,) = found.rows
    assert found.detection.format is SourceFormat.TOGGL
    assert found.detection.confidence > 0.9
    assert (row.person_email, row.person_name, row.project_name, row.client_name) == (
        "ana@example.com",
        "Ana",
        "Chordus",
        "Orion",
    )
    assert (row.worked_on, row.seconds, row.billable) == (date(2026, 3, 2), 5400, True)
    assert row.started_at == datetime(2026, 3, 2, 9)


CLOCKIFY_OLD = (
    '"Project","Client","Description","Task","User","Group","Email","Tags","Billable","Start Date","Start Time",'
    '"End Date","End Time","Duration (h)","Duration (decimal)","Billable Rate (USD)","Billable Amount (USD)"'
)
CLOCKIFY_NEW = (
    '"Project","Client","Description","Activity","User","Group","Email","Tags","Type","Billable","Invoiced","Invoice ID",'
    '"Start Date","Start Time","End Date","End Time","Duration (h)","Duration (decimal)","Billable Amount (EUR)",'
    '"Date of creation","Deal ID"'
)


@pytest.mark.parametrize(
    ("day", "start", "end", "order"),
    [
        ("09/22/2026", "10:23:52 AM", "01:23:52 PM", "mdy"),
        ("09/22/2026", "10:23 AM", "1:23 PM", "mdy"),
        ("22/09/2026", "10:23:52", "13:23:52", "dmy"),
        ("22.09.2026", "10:23", "13:23", "dmy"),
        ("2026-09-22", "10:23", "13:23", "ymd"),
    ],
)
def test_clockify_is_read_in_every_date_and_time_setting(day: str, start: str, end: str, order: str) -> None:
    line = f'"P","C","d","t","Ana","","a@b.co","","Yes","{day}","{start}","{day}","{end}","03:00:00","3.00","1","3"'
    found = read_text(f"{CLOCKIFY_OLD}\n{line}\n")
    assert found.detection.day_month_order == order
    assert (found.rows[0].worked_on, found.rows[0].seconds) == (date(2026, 9, 22), 10_800)
    assert not found.warnings


def test_clockify_breaks_are_counted_and_are_no_work() -> None:
    line = '"P","C","d","t","Ana","","a@b.co","","{}","Yes","No","","22/09/2026","{}","22/09/2026","{}","1:00","1","9","x","y"'
    text = "\n".join(
        [CLOCKIFY_NEW, line.format("Regular", "9:00", "10:00"), line.format("Break", "10:00", "11:00")]
    )
    found = read_text(text)
    assert found.detection.format is SourceFormat.CLOCKIFY
    assert (found.totals.entries, found.totals.breaks, found.seconds) == (1, 1, [3600])


def test_clockify_without_durations_is_read_by_start_and_end() -> None:
    text = (
        "Project,User,Email,Start Date,Start Time,End Date,End Time\n"
        "P,Ana,a@b.co,22/09/2026,23:00,23/09/2026,01:30"
    )
    found = read_text(text)
    assert [(row.worked_on.day, row.seconds) for row in found.rows] == [(22, 3600), (23, 5400)]
    assert found.totals.split_entries == 1


def test_a_file_whose_every_date_reads_two_ways_is_asked_about_and_read_once_told() -> None:
    line = (
        '"P","C","d","t","Ana","","a@b.co","","Yes","03/04/2026","9:00","03/04/2026","10:00","1:00","1","",""'
    )
    text = f"{CLOCKIFY_OLD}\n{line}\n"
    with pytest.raises(UnableToTellDateOrder, match="03/04/2026") as refused:
        read_text(text)
    assert refused.value.examples == ("03/04/2026",)
    assert read_text(text, day_month_order=DayMonthOrder.DMY).rows[0].worked_on == date(2026, 4, 3)
    assert read_text(text, day_month_order=DayMonthOrder.MDY).rows[0].worked_on == date(2026, 3, 4)


def test_one_telling_date_at_the_end_of_the_file_settles_its_order() -> None:
    line = '"P","C","d","t","Ana","","a@b.co","","Yes","{0}","9:00","{0}","10:00","1:00","1","",""\n'
    text = CLOCKIFY_OLD + "\n" + line.format("03/04/2026") * 500 + line.format("03/14/2026")
    assert read_text(text).rows[0].worked_on == date(2026, 3, 4)


HARVEST = (
    "Date{s}Client{s}Project{s}Project Code{s}Task{s}Notes{s}Hours{s}Hours Rounded{s}Billable?{s}Invoiced?{s}First Name{s}"
    "Last Name{s}Employee Id{s}Roles{s}Billable Rate{s}Currency"
)


@pytest.mark.parametrize(
    ("mark", "day", "hours", "seconds"),
    [
        (",", "2026-01-26", "2.5", 9000),
        (",", "26.01.2026", '"2,5"', 9000),
        (";", "26.01.2026", "20,0", 72_000),
        (",", "26/01/2026", '"0,33"', 1188),
        (",", "01/26/2026", "1:30", 5400),
    ],
)
def test_harvest_hours_and_dates_are_read_in_the_accounts_locale(
    mark: str, day: str, hours: str, seconds: int
) -> None:
    cells = [
        day,
        "Orion",
        "Chordus",
        "CHO",
        "Label",
        "n",
        hours,
        hours,
        "Yes",
        "No",
        "Ana",
        "Sá",
        "E7",
        "",
        "",
        "Euro - EUR",
    ]
    found = read_text(HARVEST.format(s=mark) + "\n" + mark.join(cells))
    (row,) = found.rows
    assert found.detection.format is SourceFormat.HARVEST
    assert (row.person_name, row.person_external_id, row.project_code) == ("Ana Sá", "E7", "CHO")
    assert (row.worked_on, row.seconds) == (date(2026, 1, 26), seconds)


KIMAI = {
    "en": "Date,From,To,Duration,Currency,Price,Name,User,E-mail,Customer,Project,Activity,Description,Billable,Project number",
    "de": "Datum,Von,Bis,Dauer,Währung,Preis,Name,Benutzer,E-Mail,Kunde,Projekt,Tätigkeit,Beschreibung,Abrechenbar,Projektnummer",
    "fr": "Date,De,À,Durée,Devise,Prix,Nom,Utilisateur,E-mail,Client,Projet,Activité,Description,Facturable,Numéro de projet",
    "es": "Fecha,Desde,Hasta,Duración,Moneda,Precio,Nombre,Usuario,Correo electrónico,Cliente,Proyecto,Actividad,"
    "Descripción,Facturable,Número de proyecto",
}


@pytest.mark.parametrize("language", KIMAI)
@pytest.mark.parametrize("duration", ["1:30", "1.50", "01:30:00"])
def test_kimai_is_read_in_four_languages_and_three_kinds_of_duration(language: str, duration: str) -> None:
    line = f"2026-06-16,12:00,13:30,{duration},EUR,10,Ana,ana,a@b.co,Orion,Chordus,Label,x,1,CHO"
    found = read_text(f"{KIMAI[language]}\n{line}")
    (row,) = found.rows
    assert found.detection.format is SourceFormat.KIMAI
    assert (row.person_name, row.person_external_id, row.person_email) == ("Ana", "ana", "a@b.co")
    assert (row.client_name, row.project_name, row.project_code) == ("Orion", "Chordus", "CHO")
    assert (row.seconds, row.billable, row.started_at) == (5400, True, datetime(2026, 6, 16, 12))


def test_a_kimai_entry_that_ends_before_its_start_time_ended_the_next_day() -> None:
    found = read_text(f"{KIMAI['en']}\n2026-06-16,22:00,02:00,4:00,EUR,10,Ana,ana,a@b.co,O,C,L,x,1,CHO")
    assert [(row.worked_on.day, row.seconds) for row in found.rows] == [(16, 7200), (17, 7200)]


HUBSTAFF = (
    "Organization,Time Zone,Member,Email,Job title,Job type,Employee ID,Tax info,Location,Time zone,Date added,"
    "{},Total worked,Activity,Spent total,Currency"
)
ISO_DAYS = ",".join(f"2026-03-{day}" for day in range(22, 29))
NAMED_DAYS = "Sun 3/22,Mon 3/23,Tue 3/24,Wed 3/25,Thu 3/26,Fri 3/27,Sat 3/28"
MEMBER = "Firm,UTC,Ana,a@b.co,,,E7,,,Europe/Lisbon,2025-01-01,,8:30:00,0:00:00,,7:15:30,,0:45:00,16:30:30,50%,0,USD"


@pytest.mark.parametrize(("days", "year"), [(ISO_DAYS, None), (NAMED_DAYS, 2026)])
def test_hubstaff_weeks_give_an_entry_for_every_day_worked(days: str, year: int | None) -> None:
    found = read_text(f"{HUBSTAFF.format(days)}\n{MEMBER}", year=year)
    assert found.detection.format is SourceFormat.HUBSTAFF
    assert [(row.worked_on, row.seconds) for row in found.rows] == [
        (date(2026, 3, 23), 30_600),
        (date(2026, 3, 26), 26_130),
        (date(2026, 3, 28), 2_700),
    ]
    assert (found.totals.records, found.totals.zeros) == (4, 1)
    assert found.rows[0].person_external_id == "E7"


def test_hubstaff_days_without_a_year_are_asked_about_and_must_fit_their_weekday() -> None:
    with pytest.raises(UnableToTellYear, match="name no year"):
        read_text(f"{HUBSTAFF.format(NAMED_DAYS)}\n{MEMBER}")
    with pytest.raises(UnableToTellYear, match="not a Sun in 2025"):
        read_text(f"{HUBSTAFF.format(NAMED_DAYS)}\n{MEMBER}", year=2025)


def test_the_solidtime_report_is_read_in_local_time() -> None:
    text = (
        "Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags\n"
        "x,,Chordus,Orion,Ana,2026-03-02 09:00:00,2026-03-02 10:00:00,01:00:00,1.00,Yes,"
    )
    found = read_text(text)
    assert found.detection.format is SourceFormat.SOLIDTIME
    assert (found.seconds, found.rows[0].started_at) == ([3600], datetime(2026, 3, 2, 9))


SOLIDTIME = "description,billable,client,project,tags,start,end,task,user_name,user_email\n"


def test_the_solidtime_generic_file_is_dated_in_the_zone_of_each_person() -> None:
    line = "x,true,Orion,Chordus,,2026-03-02T23:30:00Z,2026-03-03T00:15:00Z,,Ana,a@b.co"
    assert [row.worked_on.day for row in read_text(SOLIDTIME + line).rows] == [2, 3]
    assert "no_zone" in read_text(SOLIDTIME + line).totals.warnings
    tokyo = read_text(SOLIDTIME + line, time_zone="UTC", zones_by_email={"a@b.co": "Asia/Tokyo"})
    assert [(row.worked_on.day, row.seconds) for row in tokyo.rows] == [(3, 2700)]
    assert not tokyo.warnings


def test_an_instant_over_the_night_of_the_clock_change_counts_the_hours_really_worked() -> None:
    line = "x,true,Orion,Chordus,,2026-03-28T23:00:00Z,2026-03-29T03:00:00Z,,Ana,a@b.co"
    found = read_text(SOLIDTIME + line, time_zone="Europe/Berlin")
    assert [(row.worked_on.day, row.seconds) for row in found.rows] == [(29, 14_400)]


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 3), ("2026-10-24", 5), ("2026-06-01", 4)])
def test_start_and_end_alone_are_measured_by_the_clocks_of_the_zone(night: str, hours: int) -> None:
    day = date.fromisoformat(night)
    text = f"Project,User,Email,Start Date,Start Time,End Date,End Time\nP,Ana,a@b.co,{night},23:00,{day.replace(day=day.day + 1)},03:00"
    assert sum(read_text(text, time_zone="Europe/Berlin").seconds) == hours * 3600
    assert sum(read_text(text).seconds) == 4 * 3600


def test_noko_minutes_win_over_rounded_hours() -> None:
    text = "Date,Person,Teams,Email,Group/Client,Project,Minutes,Hours\n2026-03-02,Ana,,a@b.co,Orion,Chordus,50,0.83"
    found = read_text(text)
    assert found.detection.format is SourceFormat.NOKO
    assert (found.seconds, found.rows[0].client_name) == ([3000], "Orion")


def test_tick_entries_keep_their_own_id() -> None:
    text = "Id,Client,Project ID,Project,Task,Date,User,Hours,Rate,Total,Email\n77,Orion,5,Chordus,t,2026-03-02,Ana,1.5,1,1,a@b.co"
    found = read_text(text)
    assert found.detection.format is SourceFormat.TICK
    assert (found.rows[0].entry_id, found.rows[0].project_code, found.seconds) == ("77", "5", [5400])


def test_a_table_no_tool_wrote_is_offered_a_guess_and_never_read_by_it() -> None:
    text = b"Day,Contractor,Project,Hours\n2026-03-02,Ana,Chordus,2\n"
    with pytest.raises(UnableToTellFormat) as refused:
        read_bytes(text)
    assert refused.value.header == ("Day", "Contractor", "Project", "Hours")


def test_xlsx_and_csv_of_the_same_entries_give_the_same_hashes() -> None:
    header = TOGGL.split(",")
    cells = ENTRY.split(",")
    typed = [
        *cells[:7],
        datetime(2026, 3, 2),
        datetime(2026, 3, 2, 9).time(),
        datetime(2026, 3, 2),
        datetime(2026, 3, 2, 10, 30).time(),
        datetime(2026, 3, 2, 1, 30) - datetime(2026, 3, 2),
        "a",
    ]
    sheet = read_bytes(xlsx_of([["Detailed report"], [], header, typed]))
    text = read_text(f"{TOGGL}\n{ENTRY}")
    assert (sheet.detection.container, sheet.detection.sheet) == ("xlsx", "Export")
    assert [row.content_hash for row in sheet.rows] == [row.content_hash for row in text.rows]
    assert sheet.rows[0].line == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_alone(encoding: str, mark: str) -> None:
    text = f"{TOGGL}\n{ENTRY.replace('Ana', 'Zoë Muñoz')}\n".replace(",", mark)
    found = read_bytes(text.encode(encoding))
    assert (found.rows[0].person_name, found.detection.delimiter) == ("Zoë Muñoz", mark)


def test_a_date_written_by_another_custom_than_the_rest_is_refused_with_its_line() -> None:
    line = "P,Ana,a@b.co,{0},9:00,{0},10:00"
    head = "Project,User,Email,Start Date,Start Time,End Date,End Time"
    found = read_text("\n".join([head, line.format("22/09/2026"), line.format("09/23/2026")]))
    assert [(error.line, error.code, error.field) for error in found.errors] == [(3, "bad_date", "date")]


def test_detection_says_why() -> None:
    detection = read_text(f"{TOGGL}\n{ENTRY}").detection
    assert "Start date" in detection.reasons[0]
    assert detection.candidates[0] == (SourceFormat.TOGGL, detection.confidence)
