"""Turns the cells of one record into who, where and when, by the layout of its file."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from projects.imports.errors import UnableToReadFile
from projects.imports.layout import Layout, When
from projects.imports.limits import MAX_TEXT
from projects.imports.moments import DAY, ONE_DAY, TOLERANCE, Memo, Moment, Part, clocked, dated, spread
from projects.imports.rows import DayMonthOrder, Meaning, PeriodRows, ReadOptions
from projects.imports.values import Fault, date_inside, read_clock, read_date, read_small_number, read_span

EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
YES = frozenset({"yes", "true", "1", "y", "x", "ja", "oui", "sí", "si", "sim", "billable", "wahr", "vrai"})
NO = frozenset({"no", "false", "0", "n", "nein", "non", "não", "nee", "non-billable", "falsch", "faux"})
Cells = list[str]


class Person(NamedTuple):
    """Whose entry it is; `key` is what stands for them in a hash."""

    email: str
    name: str
    external_id: str
    key: str


class Place(NamedTuple):
    """Which project's entry it is; `key` is what stands for it in a hash."""

    name: str
    code: str
    client: str
    key: str


class EntryReader:
    """Reads records of one layout; every method raises Fault for what is wrong with the record."""

    def __init__(self, layout: Layout, order: DayMonthOrder, options: ReadOptions) -> None:
        self.layout = layout
        self.options = options
        at = layout.at
        self._person_at = (
            at(Meaning.PERSON_EMAIL),
            at(Meaning.PERSON_NAME),
            at(Meaning.FIRST_NAME),
            at(Meaning.LAST_NAME),
            at(Meaning.PERSON_EXTERNAL_ID),
        )
        self._place_at = (at(Meaning.PROJECT_NAME), at(Meaning.PROJECT_CODE), at(Meaning.CLIENT_NAME))
        self._people: dict[tuple[str, ...], Person] = {}
        self._places: dict[tuple[str, ...], Place] = {}
        inside = layout.mapping is not None and layout.mapping.date_inside_text
        read = date_inside if inside else read_date
        self.dates: Memo[date] = Memo(lambda text: read(text, order), "date")
        self.midnights: Memo[datetime] = Memo(lambda text: _midnight(self.dates[text]), "date")
        self.clocks: Memo[timedelta | None] = Memo(_clock, "time")
        self.stamps: Memo[datetime] = Memo(lambda text: _stamp(text, order), "start")
        self.spans = tuple((index, Memo(_span_reader(unit), "duration")) for index, unit in layout.lengths)
        self.counts: Memo[int] = Memo(_count, "tasks")
        self._zone = zone_of(options.time_zone)
        self._zones = {email.lower(): zone_of(name) for email, name in options.zones_by_email.items()}
        self.moment = self._moment_by()

    def person(self, cells: Cells) -> Person:
        """Tell whose entry it is, by the columns of the file or else by the options."""
        a, b, c, d, e = self._person_at
        raw = (cells[a], cells[b], cells[c], cells[d], cells[e])
        found = self._people.get(raw)
        if found is None:
            if len(self._people) >= Memo.LIMIT:
                self._people.clear()
            found = self._people[raw] = self._read_person(raw)
        return found

    def _read_person(self, raw: tuple[str, ...]) -> Person:
        email, name, first, last, external_id = map(tidy, raw)
        if not name:
            name = f"{first} {last}".strip()
        email = email.lower()
        if email and not EMAIL.fullmatch(email):
            raise Fault("bad_email", f"{email[:60]!r} is not an email address.", "email")
        if not (email or name or external_id):
            if not self.options.as_email:
                raise Fault("no_person", "The row does not say whose hours these are.", "person")
            email = self.options.as_email.lower()
        return Person(email, name, external_id, email or f"{external_id}\x1e{name.casefold()}")

    def place(self, cells: Cells) -> Place:
        """Tell which project's entry it is."""
        a, b, c = self._place_at
        raw = (cells[a], cells[b], cells[c])
        found = self._places.get(raw)
        if found is None:
            if len(self._places) >= Memo.LIMIT:
                self._places.clear()
            name, code, client = map(tidy, raw)
            if not (name or code):
                code = self.options.project_code
            key = f"{(name or code).casefold()}\x1e{client.casefold()}"
            found = self._places[raw] = Place(name, code, client, key)
        return found

    def length(self, cells: Cells) -> int | None:
        """Return the stated seconds by the most exact column that is filled, None where none is."""
        for index, spans in self.spans:
            text = cells[index]
            if text and not text.isspace():
                return spans[text]
        return None

    def zone_for(self, email: str) -> ZoneInfo | None:
        """Return the zone a person's clocks run by, where anybody told."""
        return self._zones.get(email, self._zone)

    def _moment_by(self) -> Callable[[Cells, str], Moment]:
        if self.layout.when is When.CLOCKED:
            return self._clocked_by()
        readers = {
            When.INSTANTS: self._instants,
            When.DATED: self._dated,
            When.PERIODS: self._period,
            When.WEEK: self._dated,
        }
        return readers[self.layout.when]

    def _clocked_by(self) -> Callable[[Cells, str], Moment]:
        """Return the reader of date, start, end and duration, made short for what nearly every row is.

        That is an entry within one day whose duration agrees with its clock times; all else takes the long way.
        """
        at, dates, midnights, clocks = self.layout.at, self.dates, self.midnights, self.clocks
        day_at, start_at = at(Meaning.WORKED_ON), at(Meaning.START_TIME)
        end_day_at, end_at = at(Meaning.END_DATE), at(Meaning.END_TIME)
        span_at, spans = self.spans[0] if self.spans else (-1, Memo(_span_reader(1), "duration"))
        long_way = self._clocked

        def read(cells: Cells, email: str) -> Moment:
            day_text, span_text = cells[day_at], cells[span_at]
            if span_text and cells[end_day_at] == day_text:
                start, end = clocks[cells[start_at]], clocks[cells[end_at]]
                if start is not None and end is not None and start < end:
                    seconds = spans[span_text] if not span_text.isspace() else 0
                    clock = start.seconds
                    if (
                        seconds > 0
                        and -TOLERANCE <= end.days * DAY + end.seconds - clock - seconds <= TOLERANCE
                    ):
                        midnight = midnights[day_text]
                        part = Part(dates[day_text], seconds, clock, midnight + start, midnight + end)
                        return Moment((part,), ())
            return long_way(cells, email)

        return read

    def _clocked(self, cells: Cells, email: str) -> Moment:
        columns = self.layout.columns
        day_text = cells[columns[Meaning.WORKED_ON]]
        from_clock = self.clocks[cells[columns[Meaning.START_TIME]]]
        if from_clock is None:
            return dated(self.dates[day_text], self.length(cells))
        start = self.midnights[day_text] + from_clock
        to_clock = self.clocks[cells[columns.get(Meaning.END_TIME, -1)]]
        end_text = cells[columns.get(Meaning.END_DATE, -1)].strip()
        length = self.length(cells)
        end = None
        if to_clock is not None:
            end = self.midnights[end_text or day_text] + to_clock
            if not end_text and end < start:
                end += ONE_DAY
            if not end_text and length is not None:
                # Kimai writes no end date: an entry over several days shows in its duration alone.
                behind = start + timedelta(seconds=min(max(length, 0), 32 * DAY)) - end
                end += ONE_DAY * max(0, round(behind / ONE_DAY))
        return clocked(start, end, length, self.zone_for(email))

    def _instants(self, cells: Cells, email: str) -> Moment:
        columns = self.layout.columns
        text = cells[columns[Meaning.STARTED_AT]]
        if not text.strip():
            raise Fault("no_date", "The start is missing.", "start")
        start = self.stamps[text]
        end_text = cells[columns.get(Meaning.ENDED_AT, -1)]
        end = self.stamps[end_text] if end_text.strip() else None
        if end is not None and (start.tzinfo is None) != (end.tzinfo is None):
            raise Fault("bad_time", "Start and end must both have a zone or both have none.", "end")
        length = self.length(cells)
        zone = self.zone_for(email)
        warnings: tuple[str, ...] = ()
        if start.tzinfo is not None:
            if end is not None:
                apart = round((end - start).total_seconds())
                if apart < 0:
                    raise Fault("ends_before_start", f"It ends ({end}) before it starts ({start}).", "end")
                length = apart if length is None else length
            if zone is None and start.utcoffset() == timedelta(0):
                warnings = ("no_zone",)
            start = _local(start, zone)
            end = _local(end, zone) if end is not None else None
        moment = clocked(start, end, length, zone)
        return Moment(moment.parts, moment.warnings + warnings) if warnings else moment

    def _dated(self, cells: Cells, email: str) -> Moment:
        day = self.dates[cells[self.layout.columns[Meaning.WORKED_ON]]]
        length = self.length(cells)
        if length is None and self.tasks(cells) is not None:
            length = 0
        return dated(day, length)

    def _period(self, cells: Cells, email: str) -> Moment:
        mapping = self.layout.mapping
        columns = self.layout.columns
        first = self.dates[cells[columns[Meaning.WORKED_ON]]]
        last = self.dates[cells[columns[Meaning.PERIOD_END]]]
        length = self.length(cells)
        if last == first:
            return dated(first, length)
        if length is None:
            raise Fault("no_duration", "The duration is missing.", "duration")
        if mapping is None or mapping.period_rows is PeriodRows.REFUSE:
            raise Fault(
                "covers_many_days",
                f"The row covers {first} to {last}: bring a daily export, or say in the mapping how to spread it.",
                "period_end",
            )
        shift = ONE_DAY * mapping.period_shift_days
        weekdays = mapping.period_rows is PeriodRows.WEEKDAYS
        return spread(first + shift, last + shift, length, weekdays_only=weekdays)

    def on(self, day: date, seconds: int) -> Moment:
        """Make the moment of one day's cell of a weekly sheet."""
        return dated(day, seconds)

    def spans_of_a_day(self) -> Memo[int]:
        """Return the reader of a weekly sheet's cells, bare numbers being hours."""
        return Memo(_span_reader(3600), "duration")

    def tasks(self, cells: Cells) -> int | None:
        """Return the pieces done, None where the file does not count them."""
        text = cells[self.layout.at(Meaning.TASKS)]
        return self.counts[text] if text.strip() else None

    def is_break(self, cells: Cells) -> bool:
        """Tell whether the record is a pause for rest, which is no work."""
        return cells[self.layout.at(Meaning.KIND)].strip().lower() in self.layout.breaks


def zone_of(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, None for ""; raise UnableToReadFile for an unknown one."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnableToReadFile(
            f"There is no time zone called {name!r}: use a name such as Europe/Lisbon."
        ) from error


def tidy(text: str) -> str:
    """Return a name without control characters and outer blanks; raise Fault when it is no name but a novel."""
    text = CONTROL.sub(" ", text).strip()
    if len(text) > MAX_TEXT:
        raise Fault(
            "too_long", f"{text[:40]!r}... has over {MAX_TEXT} characters, too many for a name.", "name"
        )
    return text


def _billable(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None


BILLABLE: Memo[bool | None] = Memo(_billable, "billable")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local by definition


def _clock(text: str) -> timedelta | None:
    """Read a time of day, None where the cell is blank."""
    return read_clock(text) if text and not text.isspace() else None


def _span_reader(unit: int) -> Callable[[str], int]:
    return lambda text: read_span(text, unit)


def _count(text: str) -> int:
    number = read_small_number(text)
    if number != number.to_integral_value() or not Decimal(0) <= number <= Decimal(1_000_000):
        raise Fault("bad_tasks", f"{text[:40]!r} is not a count of tasks from 0 to 1,000,000.")
    return int(number)


def _stamp(text: str, order: DayMonthOrder) -> datetime:
    """Read a date with a time: ISO 8601 with or without a zone, or a local date and a clock time."""
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        day_text, _, clock_text = text.partition(" ")
        day = read_date(day_text.rstrip(","), order)
        return datetime(day.year, day.month, day.day) + read_clock(clock_text or "0:00")  # noqa: DTZ001
    read_date(found.date().isoformat(), DayMonthOrder.YMD)
    return found.replace(microsecond=0)


def _local(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """Return the wall clock of an instant: the person's zone for UTC, else the zone it was written in."""
    if moment.utcoffset() == timedelta(0):
        moment = moment.astimezone(zone or UTC)
    return moment.replace(tzinfo=None, fold=0)
