"""Makes hours, imports of hours and leave, and whole weeks of regular work at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

import factory

from projects.models import Engagement, HoursEntry, HoursImport, Leave
from tests.factories.base import NOW, TODAY, RowFactory
from tests.factories.people import ContractorFactory
from tests.factories.work import EngagementFactory

HOUR = 3_600


class HoursImportFactory(RowFactory[HoursImport]):
    """A file that was taken in whole."""

    class Meta:
        model = HoursImport

    file_name = "hours.csv"
    file_hash = factory.Sequence(lambda n: sha256(f"file {n}".encode()).hexdigest())
    format = "generic"
    started_at = NOW
    finished_at = NOW


class HoursEntryFactory(RowFactory[HoursEntry]):
    """Eight hours on one day, typed in by hand."""

    class Meta:
        model = HoursEntry

    engagement = factory.SubFactory(EngagementFactory)
    worked_on = TODAY - timedelta(days=3)
    seconds = 8 * HOUR
    source = "manual"
    content_hash = factory.Sequence(lambda n: sha256(f"entry {n}".encode()).hexdigest())
    recorded_at = NOW


class LeaveFactory(RowFactory[Leave]):
    """A week of leave."""

    class Meta:
        model = Leave

    contractor = factory.SubFactory(ContractorFactory)
    kind = Leave.Kind.LEAVE
    starts_on = TODAY - timedelta(days=28)
    ends_on = TODAY - timedelta(days=21)


def work_weeks(
    engagement: Engagement,
    *,
    until: date = TODAY,
    weeks: int = 13,
    seconds: int = 8 * HOUR,
    weekdays: Sequence[int] = (0, 1, 2, 3, 4),
    tasks: int | None = None,
) -> int:
    """Record the same working week `weeks` times, up to the day before `until`; return how many entries."""
    days = [until - timedelta(days=back) for back in range(7 * weeks, 0, -1)]
    entries = [
        HoursEntry(
            engagement=engagement,
            worked_on=day,
            seconds=seconds,
            tasks=tasks,
            source="manual",
            content_hash=sha256(f"{engagement.pk} {day}".encode()).hexdigest(),
            recorded_at=NOW,
        )
        for day in days
        if day.weekday() in weekdays
    ]
    return len(HoursEntry.objects.bulk_create(entries))
