"""What somebody wishes decides where and when they hear, and never keeps them from hearing that work stops."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.messages import Channel
from notifications.preferences import (
    PERSONAL_CHANNELS,
    Category,
    Preferences,
    QuietHours,
    Way,
    next_time,
    not_before,
    ways_for,
)

ZONES = ("UTC", "Asia/Manila", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu")
EMAIL, DM = Channel.EMAIL, Channel.SLACK_DM
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
times = st.times()


@given(at=instants, starts=times, ends=times, zone=st.sampled_from(ZONES))
def test_quiet_hours_always_end_within_a_day_and_a_changed_clock(
    at: datetime, starts: time, ends: time, zone: str
) -> None:
    quiet = QuietHours(starts, ends)

    until = quiet.ends_after(at, zone)

    if until is not None:
        assert 0 < (until - at).total_seconds() <= 26 * 3600
        assert quiet.ends_after(until, zone) is None or starts == ends or _is_in_a_gap(ends, until, zone)


def _is_in_a_gap(ends: time, until: datetime, zone: str) -> bool:
    """A clock that leaves out the very end of the quiet shows another time there."""
    return until.astimezone(ZoneInfo(zone)).time() != ends


@pytest.mark.parametrize(
    ("zone", "hour", "until"),
    [
        ("Asia/Manila", 15, datetime(2026, 3, 3, 22, tzinfo=UTC)),  # 23:00 there
        ("Asia/Manila", 6, None),  # 14:00 there
        ("America/New_York", 2, datetime(2026, 3, 3, 11, tzinfo=UTC)),  # 21:00 the day before
    ],
)
def test_a_night_of_quiet_is_the_persons_own_night(zone: str, hour: int, until: datetime | None) -> None:
    night = QuietHours(time(21), time(6))

    assert night.ends_after(datetime(2026, 3, 3, hour, tzinfo=UTC), zone) == until


def test_critical_news_passes_quiet_hours_and_an_update_waits_for_the_morning() -> None:
    wishes = Preferences(quiet_hours=QuietHours(time(21), time(6)))
    at = datetime(2026, 3, 3, 23, tzinfo=UTC)

    assert not_before(Category.CRITICAL, wishes, at=at, time_zone="UTC") == at
    assert not_before(Category.UPDATE, wishes, at=at, time_zone="UTC") == datetime(2026, 3, 4, 6, tzinfo=UTC)


@given(st.fixed_dictionaries({channel: st.sampled_from(Way) for channel in PERSONAL_CHANNELS}))
def test_critical_news_comes_at_once_on_some_channel_whatever_was_muted(ways: dict[Channel, Way]) -> None:
    wishes = Preferences(ways={(Category.CRITICAL, channel): way for channel, way in ways.items()})

    for reachable in ([EMAIL], [DM], [EMAIL, DM]):
        assert Way.ALWAYS in ways_for(Category.CRITICAL, reachable, wishes).values()


@pytest.mark.parametrize(
    ("email", "dm", "expected"),
    [
        (Way.NEVER, Way.NEVER, {EMAIL: Way.NEVER, DM: Way.NEVER}),
        (Way.IF_NEEDED, Way.NEVER, {EMAIL: Way.ALWAYS, DM: Way.NEVER}),
        (Way.IF_NEEDED, Way.ALWAYS, {EMAIL: Way.IF_NEEDED, DM: Way.ALWAYS}),
    ],
)
def test_an_update_can_be_muted_everywhere_but_is_never_only_needed(
    email: Way, dm: Way, expected: dict[Channel, Way]
) -> None:
    wishes = Preferences(ways={(Category.UPDATE, EMAIL): email, (Category.UPDATE, DM): dm})

    assert ways_for(Category.UPDATE, [EMAIL, DM], wishes) == expected


def test_a_time_that_the_clock_leaves_out_comes_an_hour_later() -> None:
    before = datetime(2026, 3, 8, 6, tzinfo=UTC)  # 01:00 in New York; 02:30 does not exist that night

    assert next_time(time(2, 30), after=before, time_zone="America/New_York") == datetime(
        2026, 3, 8, 7, 30, tzinfo=UTC
    )
