"""Hours logged inside a pause: before its notice, after it, or under a day that had not come."""

from datetime import UTC, date, datetime, timedelta

import pytest

from projects.domain.paused_hours import Finding, Stop
from projects.domain.periods import Days

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FAR = date(2026, 3, 31)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
HOUR = timedelta(hours=1)


def stop(
    *,
    starts_at: datetime = NOON,
    ends_at: datetime | None = None,
    told: datetime | None = NOON,
    zone: str = "UTC",
) -> Stop:
    return Stop(starts_at, ends_at, told, zone)


@pytest.mark.parametrize(
    ("pause", "whole", "touched"),
    [
        (stop(), Days(TUESDAY, date(2026, 4, 1)), Days(MONDAY, date(2026, 4, 1))),
        (
            stop(starts_at=datetime(2026, 3, 2, tzinfo=UTC)),
            Days(MONDAY, date(2026, 4, 1)),
            Days(MONDAY, date(2026, 4, 1)),
        ),
        (
            stop(ends_at=datetime(2026, 3, 5, 9, tzinfo=UTC)),
            Days(TUESDAY, date(2026, 3, 5)),
            Days(MONDAY, date(2026, 3, 6)),
        ),
        # 16:00 UTC is midnight in Manila: the pause begins with Tuesday there.
        (
            stop(starts_at=datetime(2026, 3, 2, 16, tzinfo=UTC), zone="Asia/Manila"),
            Days(TUESDAY, date(2026, 4, 1)),
            Days(TUESDAY, date(2026, 4, 1)),
        ),
        (
            stop(ends_at=datetime(2026, 5, 1, tzinfo=UTC)),
            Days(TUESDAY, date(2026, 4, 1)),
            Days(MONDAY, date(2026, 4, 1)),
        ),
    ],
)
def test_a_pause_covers_whole_local_days_and_touches_those_it_begins_and_ends_in(
    pause: Stop, whole: Days, touched: Days
) -> None:
    assert pause.whole_days(through=FAR) == whole
    assert pause.touched_days(through=FAR) == touched


@pytest.mark.parametrize(
    ("pause", "worked_on", "started_at", "recorded_at", "finding"),
    [
        (stop(), MONDAY, None, NOON, Finding.BEFORE_NOTICE),
        (stop(), TUESDAY, None, NOON + 24 * HOUR, Finding.AFTER_NOTICE),
        (stop(), TUESDAY, None, NOON, Finding.WRONGLY_DATED),
        (stop(), MONDAY, NOON - HOUR, NOON + HOUR, Finding.BEFORE_NOTICE),
        (stop(), MONDAY, NOON, NOON + HOUR, Finding.AFTER_NOTICE),
        (stop(told=None), TUESDAY, NOON + 20 * HOUR, NOON + 24 * HOUR, Finding.BEFORE_NOTICE),
        # In Manila Tuesday has begun by then, and the notice is of Monday evening there.
        (stop(zone="Asia/Manila"), TUESDAY, None, NOON + 5 * HOUR, Finding.AFTER_NOTICE),
    ],
)
def test_an_entry_stands_by_its_hour_else_by_its_day_against_the_notice(
    pause: Stop, worked_on: date, started_at: datetime | None, recorded_at: datetime, finding: Finding
) -> None:
    assert pause.finding(worked_on=worked_on, started_at=started_at, recorded_at=recorded_at) is finding


def test_findings_are_named_as_the_record_names_them() -> None:
    assert [finding.value for finding in Finding] == ["before_notice", "after_notice", "wrongly_dated"]
