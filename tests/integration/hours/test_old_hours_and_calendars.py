"""Old hours become totals without moving a sum; calendars as they were edited feed the estimate."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import Sum

from projects.domain.errors import NotAllowed, UnableToEngage, UnableToImport
from projects.models import Compaction, Engagement, HoursEntry, HoursImport
from projects.operations.calendars import say_calendar_day, set_working_week
from projects.operations.compaction import compact_by_policy, compact_hours
from projects.operations.hours import HoursIntake, IntakeOptions, take_in_hours
from projects.operations.hours_undo import undo_hours_import
from projects.queries.histories import histories_of
from tests.factories import (
    ContractorFactory,
    EngagementFactory,
    HoursEntryFactory,
    ProjectFactory,
    UserFactory,
)
from tests.factories.base import NOW
from tests.integration.estimates.world import MONDAY, WEEKLY_PAY, colleague, estimated, paused, row_of
from tests.integration.imports.test_hours import HEADER

pytestmark = pytest.mark.django_db
OLD = date(2020, 3, 2)


def took_in(tmp_path: Path, *clocks: tuple[int, int]) -> HoursIntake:
    """Ana's entries on one day, each from an hour for some hours."""
    path = tmp_path / "hours.csv"
    rows = (
        f"Ana,ana@people.example,,CHORDUS,,,Yes,{OLD},{start:02}:00:00,{OLD},{start + hours:02}:00:00,"
        f"{hours:02}:00:00,\n"
        for start, hours in clocks
    )
    path.write_text(HEADER + "".join(rows))
    return take_in_hours(file=path, options=IntakeOptions(), by=None, at=NOW)


def anas() -> Engagement:
    ana = ContractorFactory.make(email="ana@people.example")
    project = ProjectFactory.make(code="CHORDUS")
    return EngagementFactory.make(contractor=ana, project=project, starts_on=date(2019, 1, 1))  # type: ignore[no-any-return]


def sum_as_of(day: datetime) -> int:
    """What a report as of a day adds up."""
    known = HoursEntry.objects.filter(recorded_at__lt=day)
    return int(known.aggregate(all=Sum("seconds"))["all"] or 0)


def test_old_entries_become_one_total_a_day_and_no_sum_moves(tmp_path: Path) -> None:
    engagement = anas()
    intake = took_in(tmp_path, (8, 2), (11, 3))
    for at in (NOW + timedelta(days=3), NOW + timedelta(days=3, hours=1)):
        HoursEntryFactory.make(engagement=engagement, worked_on=OLD, seconds=600, recorded_at=at, tasks=2)
    young = HoursEntryFactory.make(engagement=engagement)
    days = [NOW + timedelta(days=after) for after in (1, 4)]
    before = [sum_as_of(day) for day in days]
    history = histories_of([engagement.pk], since=OLD, before=MONDAY)[engagement.pk].seconds.tolist()

    run = compact_hours(before_on=date(2021, 1, 1), at=NOW)

    assert run is not None
    assert (run.entries_before, run.entries_after) == (4, 2)
    assert [sum_as_of(day) for day in days] == before
    assert histories_of([engagement.pk], since=OLD, before=MONDAY)[engagement.pk].seconds.tolist() == history
    assert HoursEntry.objects.filter(pk=young.pk).exists()
    assert compact_hours(before_on=date(2021, 1, 1), at=NOW) is None
    # The day is closed: its file adds nothing again, and its import can no longer be undone.
    again = took_in(tmp_path, (8, 2), (11, 3))
    assert (again.added, again.closed) == (0, 2)
    with pytest.raises(UnableToImport, match="kept as totals"):
        undo_hours_import(run=HoursImport.objects.get(pk=intake.import_id), by=None, at=NOW)


def test_the_policy_says_how_old(settings: object) -> None:
    engagement = anas()
    for seconds in (60, 120):
        HoursEntryFactory.make(engagement=engagement, worked_on=OLD, seconds=seconds)
    settings.HOURS_RAW_MONTHS = 0  # type: ignore[attr-defined]
    assert compact_by_policy(at=datetime(2026, 3, 5, tzinfo=UTC)) is None
    settings.HOURS_RAW_MONTHS = 36  # type: ignore[attr-defined]
    assert compact_by_policy(at=datetime(2026, 3, 5, tzinfo=UTC)) is not None
    assert Compaction.objects.get().before_on == date(2023, 3, 1)


def test_a_holiday_that_was_added_is_no_loss_and_one_that_is_worked_is() -> None:
    person = colleague(ProjectFactory.make())
    pause = paused(person.project)
    assert row_of(estimated(pause), person).lost_minor == 2 * WEEKLY_PAY
    facts = {
        "country": "XX",
        "region": "",
        "day": MONDAY + timedelta(days=1),
        "name": "Day of rest",
        "at": NOW,
    }
    say_calendar_day(**facts, is_holiday=True, by=None)  # type: ignore[arg-type]
    lost = row_of(estimated(pause), person).lost_minor
    assert lost == 2 * WEEKLY_PAY - WEEKLY_PAY // 5
    say_calendar_day(**facts, is_holiday=False, by=None)  # type: ignore[arg-type]
    assert row_of(estimated(pause), person).lost_minor == 2 * WEEKLY_PAY


def test_only_operations_edit_calendars_and_a_week_has_seven_days() -> None:
    week = {"country": "AE", "region": "", "starts_on": MONDAY, "at": NOW}
    with pytest.raises(NotAllowed):
        set_working_week(**week, weekday_seconds=[8 * 3600] * 7, by=UserFactory.make())  # type: ignore[arg-type]
    for wrong in ([8 * 3600] * 6, [0] * 7, [90_000] * 7):
        with pytest.raises(UnableToEngage, match="seven days"):
            set_working_week(**week, weekday_seconds=wrong, by=None)  # type: ignore[arg-type]
    with pytest.raises(UnableToEngage, match="country code"):
        set_working_week(**{**week, "country": "Emirates"}, weekday_seconds=[3600] * 7, by=None)  # type: ignore[arg-type]
