"""A corrected export replaces what it corrects; an import is undone as a whole; what nothing matches waits."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from projects.domain.errors import NotAllowed, UnableToImport
from projects.imports.rows import ReadOptions
from projects.models import Engagement, HoursEntry, HoursImport, ReplacedHours, UnmatchedHours
from projects.operations.hours import HoursIntake, IntakeOptions, take_in_hours
from projects.operations.hours_undo import undo_hours_import
from projects.operations.paused_hours import decide_paused_hours
from projects.operations.unmatched import drop_unmatched, match_again, remember_alias
from tests.factories import ContractorFactory, EngagementFactory, PauseFactory, ProjectFactory, UserFactory
from tests.factories.base import NOW
from tests.integration.imports.test_hours import HEADER

pytestmark = pytest.mark.django_db
HARVEST = "Date,Client,Project,Hours,First Name,Last Name,Email\n"


@pytest.fixture
def engagement() -> Engagement:
    """Ana in Manila on CHORDUS."""
    ana = ContractorFactory.make(name="Ana Reyes", email="ana@people.example", time_zone="Asia/Manila")
    return EngagementFactory.make(contractor=ana, project=ProjectFactory.make(code="CHORDUS"))  # type: ignore[no-any-return]


def clocked(
    day: int, start: int, hours: int, who: str = "ana@people.example", project: str = "CHORDUS"
) -> str:
    """A row of a tool that knows clock times."""
    on = f"2026-02-{day:02}"
    return (
        f"Ana,{who},,{project},,,Yes,{on},{start:02}:00:00,{on},{start + hours:02}:00:00,{hours:02}:00:00,\n"
    )


def dated(day: int, hours: int) -> str:
    """A row of a tool that knows days alone."""
    return f"2026-02-{day:02},,CHORDUS,{hours},Ana,Reyes,ana@people.example\n"


def take_in(tmp_path: Path, *rows: str, header: str = HEADER, **options: object) -> HoursIntake:
    """Bring a file of these rows."""
    path = tmp_path / "hours.csv"
    path.write_text(header + "".join(rows))
    taken = IntakeOptions(**options)  # type: ignore[arg-type]
    return take_in_hours(file=path, options=taken, by=None, at=NOW)


def hours_by_day() -> dict[int, int]:
    """What the record holds."""
    found: dict[int, int] = {}
    for day, seconds in HoursEntry.objects.values_list("worked_on", "seconds"):
        found[day.day] = found.get(day.day, 0) + seconds // 3600
    return found


@pytest.mark.parametrize(
    ("first", "second", "header", "replaced", "after"),
    [
        ((clocked(2, 9, 4), clocked(2, 14, 3)), (clocked(2, 9, 4), clocked(2, 15, 2)), HEADER, 1, {2: 6}),
        ((clocked(2, 9, 4),), (clocked(2, 9, 8),), HEADER, 1, {2: 8}),
        ((dated(2, 4), dated(3, 4)), (dated(2, 4), dated(3, 6)), HARVEST, 1, {2: 4, 3: 6}),
        (
            (clocked(2, 9, 4),),
            (clocked(2, 14, 3),),
            HEADER,
            0,
            {2: 7},
        ),  # the other half of a file that was split
        ((clocked(2, 9, 4),), (clocked(3, 9, 4),), HEADER, 0, {2: 4, 3: 4}),
    ],
    ids=["another start", "another length", "dates alone", "a part that adds", "another day"],
)
def test_a_corrected_export_replaces_what_it_corrects_and_says_so(
    engagement: Engagement,
    tmp_path: Path,
    first: tuple[str, ...],
    second: tuple[str, ...],
    header: str,
    replaced: int,
    after: dict[int, int],
) -> None:
    before = take_in(tmp_path, *first, header=header)
    checked = take_in(tmp_path, *second, header=header, is_dry_run=True)
    again = take_in(tmp_path, *second, header=header)
    assert (checked.added, checked.replaced) == (again.added, again.replaced) == (1, replaced)
    assert hours_by_day() == after
    assert take_in(tmp_path, *second, header=header).added == 0
    undo_hours_import(run=HoursImport.objects.get(pk=again.import_id), by=None, at=NOW)
    assert sum(hours_by_day().values()) * 3600 == before.seconds
    assert not ReplacedHours.objects.exists()


def test_entries_left_out_of_a_corrected_export_stay_where_it_is_asked_for(
    engagement: Engagement, tmp_path: Path
) -> None:
    take_in(tmp_path, clocked(2, 9, 4))
    assert take_in(tmp_path, clocked(2, 9, 8), corrects=False).replaced == 0
    assert hours_by_day() == {2: 12}


def test_a_dry_run_tells_each_persons_week_before_and_after(engagement: Engagement, tmp_path: Path) -> None:
    take_in(tmp_path, clocked(2, 9, 4), clocked(9, 9, 2))
    checked = take_in(tmp_path, clocked(2, 9, 8), clocked(3, 9, 1), is_dry_run=True)
    (week,) = checked.weeks
    assert (week["contractor"], week["project"], week["week_starts_on"]) == (
        "Ana Reyes",
        "CHORDUS",
        "2026-02-02",
    )
    assert [week[name] // 3600 for name in ("in_file", "before", "replaced", "after")] == [9, 4, 4, 9]


def test_the_instant_of_an_entry_is_that_of_the_clock_where_the_person_lives(
    engagement: Engagement, tmp_path: Path
) -> None:
    take_in(tmp_path, clocked(2, 9, 4))
    assert HoursEntry.objects.get().started_at == datetime(2026, 2, 2, 1, tzinfo=UTC)


def test_an_import_is_undone_once_and_by_those_who_may_alone(engagement: Engagement, tmp_path: Path) -> None:
    intake = take_in(tmp_path, clocked(2, 9, 4), clocked(3, 9, 4, who="nobody@people.example"))
    run = HoursImport.objects.get(pk=intake.import_id)
    with pytest.raises(NotAllowed):
        undo_hours_import(run=run, by=UserFactory.make(), at=NOW)
    call_command("undo_import", str(run.pk))
    assert (hours_by_day(), UnmatchedHours.objects.count()) == ({}, 0)
    with pytest.raises(CommandError, match="undone already"):
        call_command("undo_import", str(run.pk))
    with pytest.raises(CommandError, match="no import 0"):
        call_command("undo_import", "0")


def test_rows_nothing_matches_wait_until_somebody_says_what_they_mean(
    engagement: Engagement, tmp_path: Path
) -> None:
    rows = (clocked(2, 9, 4, who="ana@old.example"), clocked(3, 9, 4, project="Old name"), clocked(4, 9, 4))
    intake = take_in(tmp_path, *rows)
    assert (intake.added, intake.unmatched, UnmatchedHours.objects.count()) == (1, 2, 2)
    assert take_in(tmp_path, *rows).unmatched == 2
    assert UnmatchedHours.objects.count() == 2  # brought again, they wait once
    found = remember_alias(words=" Ana@Old.example ", contractor=engagement.contractor, by=None, at=NOW)
    assert (found.added, found.still_waiting) == (1, 0)
    remember_alias(words="Old name", project=engagement.project, by=None, at=NOW)
    assert hours_by_day() == {2: 4, 3: 4, 4: 4}
    assert set(HoursEntry.objects.values_list("taken_in_by", flat=True)) == {intake.import_id}
    # From now on the words are known.
    assert take_in(tmp_path, clocked(5, 9, 4, who="ana@old.example", project="old NAME")).added == 1


def test_rows_wait_for_the_roster_and_are_put_aside_with_a_reason(tmp_path: Path) -> None:
    take_in(tmp_path, clocked(2, 9, 4), clocked(2, 9, 4, who="stranger@people.example"))
    ana = ContractorFactory.make(email="ana@people.example")
    assert match_again(UnmatchedHours.objects.all(), by=None, at=NOW).added == 0
    EngagementFactory.make(
        contractor=ana, project=ProjectFactory.make(code="CHORDUS"), starts_on=date(2026, 1, 1)
    )
    assert match_again(UnmatchedHours.objects.all(), by=None, at=NOW).added == 1
    with pytest.raises(UnableToImport, match="Say why"):
        drop_unmatched(UnmatchedHours.objects.all(), reason="", by=None, at=NOW)
    assert drop_unmatched(UnmatchedHours.objects.all(), reason="A subcontractor.", by=None, at=NOW) == 1


def test_hours_that_a_lead_has_decided_on_are_not_replaced(engagement: Engagement, tmp_path: Path) -> None:
    pause = PauseFactory.make(
        project=engagement.project,
        starts_at=datetime(2026, 2, 1, tzinfo=UTC),
        notice_sent_at=NOW - timedelta(90),
    )
    take_in(tmp_path, clocked(2, 9, 4))
    entry = HoursEntry.objects.get()
    decide_paused_hours(
        pause=pause, entry_ids=[entry.pk], verdict="payable", reason="Agreed.", by=None, at=NOW
    )
    assert take_in(tmp_path, clocked(2, 9, 8)).replaced == 0
    assert HoursEntry.objects.filter(pk=entry.pk).exists()


def test_the_same_entry_in_two_encodings_is_one(engagement: Engagement, tmp_path: Path) -> None:
    assert take_in(tmp_path, clocked(2, 9, 4)).added == 1
    path = tmp_path / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + clocked(2, 9, 4)).replace("\n", "\r\n").encode())
    again = take_in_hours(file=path, options=IntakeOptions(reading=ReadOptions()), by=None, at=NOW)
    assert (again.added, again.known) == (0, 1)
