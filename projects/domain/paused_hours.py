"""How hours that were logged inside a pause stand: worked before its notice, after it, or under a wrong day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from projects.domain.periods import Days, local_day


class Finding(StrEnum):
    """What the dates of an entry say of it."""

    BEFORE_NOTICE = "before_notice"
    AFTER_NOTICE = "after_notice"
    WRONGLY_DATED = "wrongly_dated"


@dataclass(frozen=True, slots=True)
class Stop:
    """A full pause as the clock of one project reads it: the half-open `[starts_at, ends_at)` and its notice."""

    starts_at: datetime
    ends_at: datetime | None
    notice_sent_at: datetime | None
    time_zone: str

    def whole_days(self, *, through: date) -> Days:
        """Local days that lie inside the pause from midnight to midnight, none after `through`."""
        zone = ZoneInfo(self.time_zone)
        starts_at = self.starts_at.astimezone(zone)
        first = starts_at.date()
        if starts_at > datetime(first.year, first.month, first.day, tzinfo=zone):
            first += timedelta(days=1)
        last = through + timedelta(days=1)
        return Days(first, min(last, local_day(self.ends_at, self.time_zone)) if self.ends_at else last)

    def touched_days(self, *, through: date) -> Days:
        """Local days of which any instant may lie inside the pause, none after `through`."""
        last = through + timedelta(days=1)
        if self.ends_at is not None:
            last = min(last, local_day(self.ends_at, self.time_zone) + timedelta(days=1))
        return Days(local_day(self.starts_at, self.time_zone), last)

    def finding(self, *, worked_on: date, started_at: datetime | None, recorded_at: datetime) -> Finding:
        """How an entry inside the pause stands; where its hour is not known, the day of the notice counts as before.

        While nobody was told yet, all work counts as done before the notice.
        """
        if worked_on > local_day(recorded_at, self.time_zone):
            return Finding.WRONGLY_DATED
        if self.notice_sent_at is None:
            return Finding.BEFORE_NOTICE
        if started_at is not None:
            is_before = started_at < self.notice_sent_at
        else:
            is_before = worked_on <= local_day(self.notice_sent_at, self.time_zone)
        return Finding.BEFORE_NOTICE if is_before else Finding.AFTER_NOTICE
