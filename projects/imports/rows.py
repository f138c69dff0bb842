"""The typed rows, errors, totals and options that file readers exchange with the rest of the business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class SourceFormat(StrEnum):
    """The tools whose exports are read; the value is what `--format` takes and what a row's `source_format`
    holds.
    """

    TOGGL = "toggl"
    CLOCKIFY = "clockify"
    HARVEST = "harvest"
    KIMAI = "kimai"
    KIMAI1 = "kimai1"
    HUBSTAFF = "hubstaff"
    SOLIDTIME = "solidtime"
    NOKO = "noko"
    TICK = "tick"
    GENERIC = "generic"


class DayMonthOrder(StrEnum):
    """How the numeric dates of a file are ordered; `ambiguous` means every one of them reads both ways."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    AMBIGUOUS = "ambiguous"


class HoursRow(NamedTuple):
    """One entry, or the part of an entry that fell on one local date.

    A named tuple and not a frozen dataclass, because a million are made per file and a tuple is made six
    times faster.

    line            physical line (CSV) or row (XLSX) where the record starts, 1 is the first line of the file
    person_*        as the tool wrote them; email in lower case; "" where the file does not say
    project_*       name and code, "" where unknown; `client_name` likewise
    worked_on       local date of the work, in the zone the tool exported (or the person's zone where it
                    exported instants)
    seconds         1 to 90,000 (a local day has at most 25 hours); 0 only where `tasks` is above 0
    tasks           pieces done, where the file counts them, else None
    started_at      local and without zone, None where the tool exports durations only; same for `ended_at`;
                    the end of a
                    part that reaches midnight is 00:00 of the following date
    billable        None where the file does not say
    source_format   a `SourceFormat` value
    content_hash    64 hex digits over who, project, client, date, start, seconds and tasks: stable from one
                    export to the next, equal
                    in CSV and XLSX; a second equal entry of one file gets a different one by its ordinal
    entry_id        the tool's own id of the entry, "" where it exports none
    is_split        whether the entry ends on another date than it starts and this is one of its parts
    """

    line: int
    person_email: str
    person_name: str
    person_external_id: str
    project_name: str
    project_code: str
    client_name: str
    worked_on: date
    seconds: int
    tasks: int | None
    started_at: datetime | None
    ended_at: datetime | None
    billable: bool | None
    source_format: str
    content_hash: str
    entry_id: str
    is_split: bool


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row was refused: `code` for machines, `message` for people, `raw` the first 300 characters of
    the row.
    """

    line: int
    field: str
    code: str
    message: str
    raw: str


@dataclass(frozen=True, slots=True)
class RowWarning:
    """What is odd about a row that was accepted all the same; at most 1,000 of each code are given, all are
    counted.
    """

    line: int
    field: str
    code: str
    message: str
    raw: str


HoursItem = HoursRow | RowError | RowWarning


@dataclass(slots=True)
class ReadTotals:
    """Counts of one reading, complete once the iterator is exhausted.

    `records` = `entries` + `errors` + `breaks` + `zeros` + `total_rows`; blank lines are in none of them.
    `split_entries` end on another date than they start, those that end at 00:00 sharp included: the second date
    then holds nothing of them and gets no row. `rows` counts rows, so several for an entry split by day.
    """

    records: int = 0
    entries: int = 0
    rows: int = 0
    seconds: int = 0
    tasks: int = 0
    split_entries: int = 0
    errors: int = 0
    breaks: int = 0
    zeros: int = 0
    total_rows: int = 0
    blank_lines: int = 0
    duplicates: int = 0
    overlaps: int = 0
    warnings: dict[str, int] = field(default_factory=dict)
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """What the file seems to be, and why.

    confidence      0 to 1; under 0.5 a face should ask before going on
    reasons         sentences for people
    day_month_order `ambiguous` where the caller has to choose
    header          the column names as written, `header_line` the line they stand on
    container       "csv" or "xlsx"; `encoding` and `delimiter` are "" for xlsx, `sheet` is "" for csv
    candidates      every format considered with its confidence, best first
    suggested       for a generic file, column -> meaning as guessed from the column names
    """

    format: SourceFormat
    confidence: float
    reasons: tuple[str, ...]
    day_month_order: DayMonthOrder
    encoding: str
    delimiter: str
    container: str = "csv"
    sheet: str = ""
    header: tuple[str, ...] = ()
    header_line: int = 1
    candidates: tuple[tuple[SourceFormat, float], ...] = ()
    suggested: Mapping[str, str] = field(default_factory=dict)


class Meaning(StrEnum):
    """What a column can mean to the generic mapper."""

    PERSON_EMAIL = "person_email"
    PERSON_NAME = "person_name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PERSON_EXTERNAL_ID = "person_external_id"
    PROJECT_NAME = "project_name"
    PROJECT_CODE = "project_code"
    CLIENT_NAME = "client_name"
    WORKED_ON = "worked_on"
    PERIOD_END = "period_end"
    START_TIME = "start_time"
    END_DATE = "end_date"
    END_TIME = "end_time"
    STARTED_AT = "started_at"
    ENDED_AT = "ended_at"
    DURATION = "duration"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    TASKS = "tasks"
    BILLABLE = "billable"
    KIND = "kind"
    ENTRY_ID = "entry_id"


class PeriodRows(StrEnum):
    """What to do with a row that covers several days at once (a weekly export)."""

    REFUSE = "refuse"
    EVEN = "even"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A saved mapping: header -> `Meaning` value; it goes to JSON and back unchanged (`mapping.to_json`,
    `mapping.from_json`).

    period_rows        how a row from WORKED_ON to PERIOD_END is spread: refused, evenly over its days, over
                       its Mondays to Fridays
    period_shift_days  -6 to 6, added to both ends first: one known converter labels Monday-Sunday weeks by
                       the Sunday before
    date_inside_text   whether the date stands inside a sentence ("Services on May 1, 2020")
    """

    columns: Mapping[str, str]
    name: str = ""
    day_month_order: DayMonthOrder | None = None
    period_rows: PeriodRows = PeriodRows.REFUSE
    period_shift_days: int = 0
    date_inside_text: bool = False


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows better than the file.

    format            None: detect it
    day_month_order   needed where detection says `ambiguous`, else it overrides
    mapping           for `generic`
    time_zone         IANA name: the zone of instants (a solidtime export in UTC) and the zone whose
                      daylight-saving changes count for
                      entries with start and end only; "" is UTC for instants and no change of clocks for
                      the rest
    zones_by_email    the same for each person, where known; lower-case email -> IANA name
    as_email          whose rows they are where the file has no column for the person
    project_code      which project's, where the file has no column for the project
    year              of a Hubstaff report whose day columns ("Mon 3/24") name none
    sheet             XLSX sheet name; "" is the first sheet that looks like a table
    encoding          "" to detect
    delimiter         "" to detect
    """

    format: SourceFormat | None = None
    day_month_order: DayMonthOrder | None = None
    mapping: ColumnMapping | None = None
    time_zone: str = ""
    zones_by_email: Mapping[str, str] = field(default_factory=dict)
    as_email: str = ""
    project_code: str = ""
    year: int | None = None
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


class RateBasis(StrEnum):
    """What a rate is paid per."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster: a contractor, optionally with an engagement, optionally with a rate from a date.

    email             lower case; the contractor's identity
    slack_user_id     "U..." or "W...", or ""
    country           ISO 3166-1 alpha-2 in upper case, or ""
    region            ISO 3166-2 subdivision without its country prefix, or free text up to 60 characters,
                      or ""
    locale            BCP 47 ("en", "pt-BR"), or ""
    time_zone         IANA name, or ""
    project           the project's code, or "" for a contractor alone
    starts_on ends_on half-open: `ends_on` is the first day that is no longer worked; None is open
    rate_*            all four of basis, amount, currency and from, or none; `rate_amount` above 0, at most
                      6 decimal places
    weekly_hours      0 < hours <= 168, or None
    weekday_pattern   hours of Monday to Sunday, seven Decimals of 0 to 24, or None
    max_weekly_hours  the most hours a week that may be billed, 0 < hours <= 168, or None
    """

    line: int
    email: str
    name: str
    slack_user_id: str
    country: str
    region: str
    locale: str
    time_zone: str
    external_id: str
    project: str
    starts_on: date | None
    ends_on: date | None
    rate_basis: RateBasis | None
    rate_amount: Decimal | None
    currency: str
    rate_from: date | None
    weekly_hours: Decimal | None
    weekday_pattern: tuple[Decimal, ...] | None
    max_weekly_hours: Decimal | None


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A whole roster, in file order; a row that has an error is not among `rows`."""

    rows: tuple[RosterRow, ...]
    errors: tuple[RowError, ...]
    header: tuple[str, ...]
    day_month_order: DayMonthOrder
