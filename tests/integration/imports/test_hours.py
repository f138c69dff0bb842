"""Hours taken in: real exports to the second, nothing twice, bad rows named and good ones kept."""

from datetime import date
from pathlib import Path

import pytest

from projects.domain.errors import UnableToImport
from projects.imports.rows import ReadOptions
from projects.models import Engagement, EstimateRun, HoursEntry, HoursImport
from projects.operations.hours import HoursIntake, IntakeOptions, take_in_hours
from tests.factories import ContractorFactory, EngagementFactory, PauseFactory, ProjectFactory, RateFactory
from tests.factories.base import NOW
from tests.shared_data import shared_path

pytestmark = pytest.mark.django_db
HEADER = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"


@pytest.fixture
def engagement() -> Engagement:
    """Ana on CHORDUS for ever."""
    ana = ContractorFactory.make(name="Ana Reyes", email="ana@people.example")
    engagement = EngagementFactory.make(
        contractor=ana, project=ProjectFactory.make(code="CHORDUS"), starts_on=date(2020, 1, 1)
    )
    RateFactory.make(engagement=engagement, starts_on=date(2020, 1, 1))
    return engagement


def _row(
    *, email: str = "ana@people.example", project: str = "CHORDUS", day: str = "2026-02-16", hours: int = 8
) -> str:
    return f"Ana,{email},,{project},,,Yes,{day},09:00:00,{day},{9 + hours:02}:00:00,{hours:02}:00:00,\n"


def _file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "hours.csv"
    path.write_text(HEADER + "".join(rows))
    return path


def _take_in(path: Path, **options: object) -> HoursIntake:
    facts = {name: options.pop(name) for name in ("as_email", "project_code") if name in options}
    reading = ReadOptions(**facts)  # type: ignore[arg-type]
    taken = IntakeOptions(reading=reading, **options)  # type: ignore[arg-type]
    return take_in_hours(file=path, options=taken, by=None, at=NOW)


def _as_ana(path: Path) -> HoursIntake:
    return _take_in(path, as_email="ana@people.example", project_code="CHORDUS")


def test_the_clockify_export_gives_its_stated_days_and_hours_to_the_second(engagement: Engagement) -> None:
    intake = _as_ana(shared_path("data/timesheets/clockify_detailed_2022-09.csv"))

    assert (intake.days, intake.seconds, intake.as_json()["hours"]) == (22, 599_548, "166.5411")
    assert sum(HoursEntry.objects.values_list("seconds", flat=True)) == 599_548


def test_the_toggl_export_gives_every_row_and_refuses_none(engagement: Engagement) -> None:
    intake = _as_ana(shared_path("data/timesheets/toggl_detailed_2021-09_2022-10.csv"))

    assert (intake.rows, intake.added, intake.rejected, intake.split_entries) == (1_358, 1_358, 0, 2)


def test_a_file_taken_in_again_adds_nothing(engagement: Engagement, tmp_path: Path) -> None:
    path = _file(tmp_path, _row(), _row(day="2026-02-17"))

    assert (_take_in(path).added, _take_in(path).added) == (2, 0)
    assert HoursEntry.objects.count() == 2


def test_two_equal_entries_of_one_file_both_count(engagement: Engagement, tmp_path: Path) -> None:
    assert _take_in(_file(tmp_path, _row(), _row())).added == 2


def test_a_bad_row_is_named_with_its_line_and_the_good_ones_go_in(
    engagement: Engagement, tmp_path: Path
) -> None:
    path = _file(
        tmp_path, _row(), _row(email="nobody@people.example"), _row(project="NOWHERE"), _row(day="2019-01-02")
    )

    intake = _take_in(path)

    assert (intake.added, intake.rejected) == (1, 3)
    assert [error["line"] for error in intake.errors] == [3, 4, 5]
    reasons = [error["reason"] for error in intake.errors]
    assert "“nobody@people.example” is no contractor we know" in reasons[0]
    assert "“NOWHERE” is no project we know" in reasons[1]
    assert "has no engagement on CHORDUS on 2019-01-02" in reasons[2]


def test_a_strict_intake_with_a_bad_row_writes_nothing(engagement: Engagement, tmp_path: Path) -> None:
    intake = _take_in(_file(tmp_path, _row(), _row(project="NOWHERE")), is_strict=True)

    assert (intake.added, intake.rejected) == (0, 1)
    assert not HoursEntry.objects.exists()
    assert not HoursImport.objects.exists()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(engagement: Engagement, tmp_path: Path) -> None:
    assert _take_in(_file(tmp_path, _row()), is_dry_run=True).added == 1
    assert not HoursEntry.objects.exists()


def test_an_entry_keeps_the_rate_that_was_in_force_on_its_day(engagement: Engagement, tmp_path: Path) -> None:
    newer = RateFactory.make(engagement=engagement, starts_on=date(2026, 2, 17))
    _take_in(_file(tmp_path, _row(), _row(day="2026-02-17")))

    rates = dict(HoursEntry.objects.values_list("worked_on", "rate"))
    assert rates[date(2026, 2, 17)] == newer.pk
    assert rates[date(2026, 2, 16)] != newer.pk


def test_hours_of_a_paused_project_ask_for_its_estimate_anew(engagement: Engagement, tmp_path: Path) -> None:
    pause = PauseFactory.make(project=engagement.project)

    _take_in(_file(tmp_path, _row()))

    assert EstimateRun.objects.get(pause=pause).reason == "hours"


def test_a_fallback_that_is_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnableToImport, match=r"no contractor nobody@people\.example"):
        _take_in(_file(tmp_path, _row()), as_email="nobody@people.example")
