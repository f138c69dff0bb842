"""Works out when one entry happened and how long it lasted, and cuts it at every local midnight."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from projects.imports.limits import MAX_ENTRY_SECONDS
from projects.imports.values import Fault

DAY = 86_400
LONGEST_DAY = 90_000
# Exports round to the minute or to a hundredth of an hour (36 s); more than this is a disagreement.
TOLERANCE = 120
ONE_DAY = timedelta(days=1)
Value = TypeVar("Value")


class Part(NamedTuple):
    """What an entry did on one local date: `clock` is its start in seconds of that day, -1 where unknown."""

    day: date
    seconds: int
    clock: int
    started_at: datetime | None
    ended_at: datetime | None


class Moment(NamedTuple):
    """An entry's parts, and the warning codes it earned."""

    parts: tuple[Part, ...]
    warnings: tuple[str, ...]


class Memo(dict[str, Value]):
    """Remembers what a cell's text means, because a file repeats a few thousand texts a million times."""

    # Every second of a day fits.
    LIMIT = 100_000

    def __init__(self, read: Callable[[str], Value], field: str) -> None:
        super().__init__()
        self._read, self._field = read, field

    def __missing__(self, text: str) -> Value:
        """Read a text once; a fault is given the field it was found in."""
        try:
            value = self._read(text)
        except Fault as fault:
            fault.field = fault.field or self._field
            raise
        if len(self) >= self.LIMIT:
            self.clear()
        self[text] = value
        return value


def elapsed(start: datetime, end: datetime, zone: ZoneInfo | None) -> int:
    """Return the seconds from start to end by the clocks of a zone, or by a wall clock that never changes."""
    if zone is None:
        span = end - start
        return span.days * DAY + span.seconds
    return round(end.replace(tzinfo=zone).timestamp() - start.replace(tzinfo=zone).timestamp())


def clocked(start: datetime, end: datetime | None, seconds: int | None, zone: ZoneInfo | None) -> Moment:
    """Make the parts of an entry with a known start; raise Fault when its facts cannot all be true.

    A stated duration wins over start and end: on the night the clocks change it is the duration that was worked.
    """
    warnings: tuple[str, ...] = ()
    if end is None:
        if seconds is None:
            raise Fault("no_duration", "The duration is missing.", "duration")
        end = start + timedelta(seconds=seconds) if 0 <= seconds <= MAX_ENTRY_SECONDS else start
    elif seconds is None:
        seconds = elapsed(start, end, zone)
        if seconds < 0:
            raise Fault("ends_before_start", f"It ends ({end}) before it starts ({start}).", "end")
    else:
        apart = (end - start).days * DAY + (end - start).seconds
        off = abs(apart - seconds)
        if off > TOLERANCE:
            if apart < 0 and off > 2 * 3600 + TOLERANCE:
                raise Fault("ends_before_start", f"It ends ({end}) before it starts ({start}).", "end")
            is_shift = min(abs(off - 3600), abs(off - 1800)) <= TOLERANCE
            warnings = ("time_shift",) if is_shift else ("duration_disagrees",)
    check_length(seconds, MAX_ENTRY_SECONDS)
    if seconds > DAY:
        warnings += ("very_long",)
    if seconds == 0 or end <= start or start.date() == end.date() or end == _midnight_after(start):
        if seconds > LONGEST_DAY:
            raise Fault(
                "more_than_a_day",
                f"It lasts {seconds / 3600:.2f} h between two times of one day.",
                "duration",
            )
        clock = start.hour * 3600 + start.minute * 60 + start.second
        return Moment((Part(start.date(), seconds, clock, start, end),), warnings)
    return Moment(_cut(start, end, seconds), warnings)


def check_length(seconds: int, most: int) -> None:
    """Raise Fault when a duration is negative or longer than anybody works without a break in the record."""
    if seconds < 0:
        raise Fault(
            "negative", "The duration is negative: correct the entry it takes back instead.", "duration"
        )
    if seconds > most:
        raise Fault(
            "more_than_a_day" if most <= LONGEST_DAY else "too_long",
            f"It lasts {seconds / 3600:,.2f} h, which no single entry does.",
            "duration",
        )


def dated(day: date, seconds: int | None) -> Moment:
    """Make the one part of an entry that says only its date."""
    if seconds is None:
        raise Fault("no_duration", "The duration is missing.", "duration")
    check_length(seconds, LONGEST_DAY)
    return Moment((Part(day, seconds, -1, None, None),), ())


def spread(first: date, last: date, seconds: int, *, weekdays_only: bool) -> Moment:
    """Spread a period's seconds evenly over its days, remainders on the earliest; `last` is included."""
    days = [first + ONE_DAY * at for at in range((last - first).days + 1)] if (last - first).days < 32 else []
    if weekdays_only:
        days = [day for day in days if day.weekday() < 5] or days
    if not days:
        raise Fault("bad_period", f"The period {first} to {last} is not 1 to 32 days long.", "period_end")
    check_length(seconds, LONGEST_DAY * len(days))
    share, rest = divmod(seconds, len(days))
    parts = [Part(day, share + (at < rest), -1, None, None) for at, day in enumerate(days)]
    return Moment(tuple(part for part in parts if part.seconds) or tuple(parts[:1]), ())


def _midnight_after(start: datetime) -> datetime:
    return datetime(start.year, start.month, start.day) + ONE_DAY  # noqa: DTZ001 - local by definition


def _cut(start: datetime, end: datetime, seconds: int) -> tuple[Part, ...]:
    """Cut at midnights by the wall clock; what a clock change or a deducted pause leaves over falls on the last day.

    Where that would leave the last day nothing, all days are scaled alike.
    """
    pieces: list[tuple[datetime, datetime]] = []
    at = start
    while (midnight := _midnight_after(at)) < end:
        pieces.append((at, midnight))
        at = midnight
    pieces.append((at, end))
    walls = [elapsed(one, other, None) for one, other in pieces]
    spent = sum(walls[:-1])
    if 0 < seconds - spent <= LONGEST_DAY:
        shares = [*walls[:-1], seconds - spent]
    else:
        whole = sum(walls)
        shares = [wall * seconds // whole for wall in walls]
        shares[0] += seconds - sum(shares)
    if max(shares) > LONGEST_DAY:
        raise Fault(
            "more_than_a_day", f"It lasts {seconds / 3600:.2f} h, longer than its start and end.", "duration"
        )
    return tuple(
        Part(one.date(), share, one.hour * 3600 + one.minute * 60 + one.second, one, other)
        for (one, other), share in zip(pieces, shares, strict=True)
        if share > 0
    )
