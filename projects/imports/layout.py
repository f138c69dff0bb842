"""Says which column of one particular file means what, and refuses a file whose columns cannot make an entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from types import MappingProxyType

from projects.imports.detection import HUBSTAFF_DAY, column_of, columns_of
from projects.imports.errors import UnableToTellFormat, UnableToTellYear, UnableToUseMapping
from projects.imports.rows import ColumnMapping, Meaning, PeriodRows, SourceFormat
from projects.imports.vocabulary import DIALECTS

LENGTHS = (Meaning.DURATION, Meaning.SECONDS, Meaning.MINUTES, Meaning.HOURS)
UNITS = MappingProxyType({Meaning.HOURS: 3600, Meaning.MINUTES: 60, Meaning.SECONDS: 1})
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class When(Enum):
    """How a file says when work was done."""

    CLOCKED = auto()
    INSTANTS = auto()
    DATED = auto()
    PERIODS = auto()
    WEEK = auto()


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file: meaning -> index; -1 for what is not there (a reader appends one empty cell).

    lengths  (index, seconds that a bare number stands for), the most exact column first
    days     the day columns of a weekly sheet: (index, date)
    """

    format: SourceFormat
    columns: Mapping[Meaning, int]
    width: int
    when: When
    lengths: tuple[tuple[int, int], ...]
    breaks: frozenset[str]
    days: tuple[tuple[int, date], ...] = ()
    mapping: ColumnMapping | None = None

    def at(self, meaning: Meaning) -> int:
        """Return the column of a meaning, -1 where the file has none."""
        return self.columns.get(meaning, -1)


def layout_of(
    chosen: SourceFormat, header: list[str], mapping: ColumnMapping | None, year: int | None
) -> Layout:
    """Lay a format over a header; raise UnableToTellFormat, UnableToUseMapping or UnableToTellYear."""
    if chosen is SourceFormat.GENERIC:
        return _mapped(header, mapping)
    dialect = next(one for one in DIALECTS if one.format is chosen)
    columns = columns_of(header, dialect.names)
    days = _days(header, year) if chosen is SourceFormat.HUBSTAFF else ()
    when = When.WEEK if days else _when(columns, PeriodRows.REFUSE)
    lengths = _lengths(columns, dialect.unit)
    if when is None or not (lengths or days or _has_ends(columns)):
        raise UnableToTellFormat(
            f"The file does not look like an export of {chosen.value}: it lacks "
            f"{'the date' if when is None else 'a duration'}. Its columns are {_shown(header)}.",
            header=tuple(header),
        )
    return Layout(chosen, columns, len(header), when, lengths, dialect.breaks, days)


def _mapped(header: list[str], mapping: ColumnMapping | None) -> Layout:
    if mapping is None:
        raise UnableToTellFormat(
            f"No known tool wrote this file: say what its columns mean. They are {_shown(header)}.",
            header=tuple(header),
        )
    columns: dict[Meaning, int] = {}
    for name, value in mapping.columns.items():
        if value not in set(Meaning):
            raise UnableToUseMapping(
                f"The mapping gives {name!r} the meaning {value!r}, which does not exist."
            )
        if (at := column_of(header, (name,))) < 0:
            raise UnableToUseMapping(
                f"The mapping names a column {name!r}, which the file lacks: {_shown(header)}."
            )
        if Meaning(value) in columns:
            raise UnableToUseMapping(f"The mapping gives the meaning {value!r} to two columns.")
        columns[Meaning(value)] = at
    when = _when(columns, mapping.period_rows)
    if when is None:
        raise UnableToUseMapping("The mapping has no column for the date (worked_on or started_at).")
    lengths = _lengths(columns, 3600)
    if not (lengths or _has_ends(columns) or Meaning.TASKS in columns):
        raise UnableToUseMapping("The mapping has no column for the hours, the tasks, or both start and end.")
    if not -6 <= mapping.period_shift_days <= 6:
        raise UnableToUseMapping("A mapping shifts its periods by -6 to 6 days.")
    breaks = DIALECTS[0].breaks
    return Layout(SourceFormat.GENERIC, columns, len(header), when, lengths, breaks, (), mapping)


def _when(columns: Mapping[Meaning, int], periods: PeriodRows) -> When | None:
    if Meaning.STARTED_AT in columns:
        return When.INSTANTS
    if Meaning.WORKED_ON not in columns:
        return None
    if Meaning.PERIOD_END in columns:
        return When.PERIODS
    return When.CLOCKED if Meaning.START_TIME in columns else When.DATED


def _has_ends(columns: Mapping[Meaning, int]) -> bool:
    clocked = Meaning.START_TIME in columns and Meaning.END_TIME in columns
    return clocked or (Meaning.STARTED_AT in columns and Meaning.ENDED_AT in columns)


def _lengths(columns: Mapping[Meaning, int], unit: int) -> tuple[tuple[int, int], ...]:
    return tuple((columns[one], UNITS.get(one, unit)) for one in LENGTHS if one in columns)


def _days(header: list[str], year: int | None) -> tuple[tuple[int, date], ...]:
    """Return the seven day columns of a Hubstaff report; `Mon 3/24` needs a year, which its weekday must fit."""
    found: list[tuple[int, date]] = []
    for at, name in enumerate(header):
        if not HUBSTAFF_DAY.fullmatch(name):
            continue
        if name[0].isdigit():
            found.append((at, _real_day(name, name)))
            continue
        if year is None:
            raise UnableToTellYear(
                f"The day columns, such as {name!r}, name no year: say which year it is.", examples=(name,)
            )
        month, _, day = name[4:].partition("/")
        near = [_real_day(f"{one}-{int(month):02d}-{int(day):02d}", name) for one in _years(found, year)]
        fitting = next((one for one in near if WEEKDAYS[one.weekday()] == name[:3]), None)
        if fitting is None:
            raise UnableToTellYear(
                f"The day column {name!r} is not a {name[:3]} in {year}.", examples=(name,)
            )
        found.append((at, fitting))
    return tuple(found)


def _years(found: list[tuple[int, date]], year: int) -> tuple[int, ...]:
    """Return the years a day column may lie in: a week that begins in December may end in the year after."""
    return (year, year + 1) if found and found[0][1].month == 12 else (year,)


def _real_day(text: str, name: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise UnableToTellYear(
            f"The day column {name!r} is not a day of the calendar.", examples=(name,)
        ) from None


def _shown(header: list[str]) -> str:
    names = [repr(name[:40]) for name in header if name][:12]
    return ", ".join(names) + (" and more" if len(header) > 12 else "")
