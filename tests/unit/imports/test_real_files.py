"""The real timesheets and the format fixtures give the totals their README states."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from projects.imports.errors import UnableToTellFormat
from projects.imports.hours import open_hours
from projects.imports.rows import ColumnMapping, PeriodRows, ReadOptions, SourceFormat
from tests.shared_data import shared_path
from tests.unit.imports.reading import Reading

SHEETS = "data/timesheets"


def read(name: str, mapping: ColumnMapping | None = None) -> Reading:
    path: Path = shared_path(f"{SHEETS}/{name}")
    # Some of the files are one person's own and name nobody.
    return Reading(open_hours(path, options=ReadOptions(mapping=mapping, as_email="owner@people.example")))


def test_the_toggl_file_gives_1358_entries_none_refused_two_ending_on_the_next_date() -> None:
    found = read("toggl_detailed_2021-09_2022-10.csv")
    assert found.detection.format is SourceFormat.TOGGL
    assert (found.totals.records, found.totals.entries, found.totals.errors) == (1358, 1358, 0)
    assert found.totals.split_entries == 2
    assert found.totals.overlaps == 0
    assert round(found.totals.seconds / 3600, 1) == 1828.6
    assert len({row.content_hash for row in found.rows}) == len(found.rows)


def test_the_clockify_file_gives_22_days_and_599548_seconds() -> None:
    found = read("clockify_detailed_2022-09.csv")
    assert found.detection.format is SourceFormat.CLOCKIFY
    assert found.detection.day_month_order == "dmy"
    assert (found.totals.records, found.totals.errors) == (250, 0)
    assert found.totals.seconds == sum(found.seconds) == 599_548
    assert len({row.worked_on for row in found.rows}) == 22
    assert round(Decimal(found.totals.seconds) / 3600, 4) == Decimal("166.5411")


def test_the_clockify_parts_add_up_to_the_durations_and_never_leave_their_day() -> None:
    for row in read("clockify_detailed_2022-09.csv").rows:
        assert row.started_at is not None
        assert row.ended_at is not None
        assert row.started_at.date() == row.worked_on
        assert row.ended_at.date() == row.worked_on or row.ended_at.time().isoformat() == "00:00:00"
        assert abs((row.ended_at - row.started_at).total_seconds() - row.seconds) <= 120


@pytest.mark.parametrize(
    ("name", "kind", "seconds"),
    [
        ("toggl-sample.csv", "toggl", 1_865_220),  # 518.1167 h
        ("harvest-sample.csv", "harvest", 1_865_952),  # 518.32 h
    ],
)
def test_one_month_in_two_formats_gives_each_its_own_total(name: str, kind: str, seconds: int) -> None:
    found = read(f"format-fixtures/{name}")
    assert found.detection.format == kind
    assert (found.totals.entries, found.totals.errors, found.totals.seconds) == (250, 0, seconds)


def test_kimai_1_counts_seconds_and_spreads_210_hours_over_nine_days() -> None:
    found = read("format-fixtures/kimai-1.x-sample.csv")
    assert found.detection.format is SourceFormat.KIMAI1
    assert found.totals.seconds == 1680 + 180 + 756_000 + 72_000 + 7_200
    long = [row for row in found.rows if row.line == 4]
    assert [row.seconds for row in long] == [86_400] * 8 + [64_800]
    assert long[-1].worked_on == date(2022, 4, 7)
    assert "very_long" in found.totals.warnings


JUSTWORKS = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Work Email": "person_email",
    "Start Date": "worked_on",
    "End Date": "period_end",
    "Regular Hours": "hours",
}


def test_weekly_rows_are_refused_until_somebody_says_how_to_spread_them() -> None:
    found = read("format-fixtures/justworks-sample.csv", ColumnMapping(JUSTWORKS))
    assert (found.totals.entries, found.totals.errors) == (0, 25)
    assert {error.code for error in found.errors} == {"covers_many_days"}
    assert "daily export" in found.errors[0].message


def test_weeks_labelled_sunday_but_summed_from_monday_agree_only_when_shifted_a_day() -> None:
    weekly: Counter[tuple[str, date]] = Counter()
    for row in read("format-fixtures/toggl-sample.csv").rows:
        weekly[(row.person_email, row.worked_on - timedelta(days=row.worked_on.weekday()))] += row.seconds

    def agreeing(shift: int) -> int:
        mapping = ColumnMapping(JUSTWORKS, period_rows=PeriodRows.EVEN, period_shift_days=shift)
        spread = read("format-fixtures/justworks-sample.csv", mapping)
        assert spread.totals.errors == 0
        totals: Counter[tuple[str, date]] = Counter()
        for row in spread.rows:
            totals[(row.person_email, row.worked_on - timedelta(days=row.worked_on.weekday()))] += row.seconds
        return sum(abs(totals[key] - seconds) <= 360 for key, seconds in weekly.items())

    assert len(weekly) == 25
    assert agreeing(1) == 25
    assert agreeing(0) <= 4


def test_the_justworks_rows_sum_to_518_4_hours_however_they_are_spread() -> None:
    mapping = ColumnMapping(JUSTWORKS, period_rows=PeriodRows.WEEKDAYS)
    assert read("format-fixtures/justworks-sample.csv", mapping).totals.seconds == round(518.4 * 3600)


def test_the_public_servants_timesheet_is_mapped_by_its_daily_total() -> None:
    mapping = ColumnMapping({"date": "worked_on", "daily_total": "duration"})
    found = read("bls_timesheet_2014-2019.csv", mapping)
    assert (found.totals.records, found.totals.errors) == (1462, 0)
    assert found.totals.entries + found.totals.zeros == 1462
    assert all(0 < seconds <= 86_400 for seconds in found.seconds)


def test_the_consultancys_task_hours_are_mapped_and_every_row_is_accounted_for() -> None:
    mapping = ColumnMapping(
        {
            "project": "project_code",
            "developer": "person_external_id",
            "developer_hours_actual": "hours",
            "started_on": "worked_on",
        }
    )
    totals = read("sip_task_hours_2004-2014.csv", mapping).totals
    assert totals.records == 12_299
    assert totals.entries + totals.errors + totals.zeros == 12_299
    assert set(totals.warnings) <= {"duplicate"}


def test_invoice_lines_are_read_by_the_date_inside_their_text() -> None:
    mapping = ColumnMapping(
        {"DESCRIPTION": "worked_on", "HOURS": "hours", "ID": "entry_id"}, date_inside_text=True
    )
    found = read("timedoctor_invoice_worklog_2020-05.csv", mapping)
    assert (found.totals.entries, found.totals.seconds) == (19, round(159.36 * 3600))
    assert found.rows[0].worked_on == date(2020, 5, 1)


def test_the_contractors_own_invoice_agrees_with_the_clockify_days_to_its_rounding() -> None:
    mapping = ColumnMapping({"End Date": "worked_on", "Duration (decimal)": "hours"}, date_inside_text=True)
    lines = read("clockify_invoice_worklog_2022-09.csv", mapping)
    assert lines.totals.entries == 22
    assert abs(lines.totals.seconds - 599_548) <= 250 * 18


def test_invoice_lines_without_a_mapping_are_not_guessed_at() -> None:
    with pytest.raises(UnableToTellFormat, match="columns"):
        read("timedoctor_invoice_worklog_2020-05.csv")
