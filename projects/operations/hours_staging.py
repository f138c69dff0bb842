"""A file's matched rows in a scratch table: the database holds them against what is there, then writes them at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from notifications.rows import plan_afresh_after
from projects.models import Compaction
from projects.models.hours import TOTAL_OF_A_DAY

COLUMNS: Final = (
    "engagement_id", "worked_on", "started_at", "seconds", "tasks", "source", "content_hash", "rate_id"
)  # fmt: skip
_NAMES: Final = ", ".join(COLUMNS)
_MARKS: Final = ", ".join(["%s"] * len(COLUMNS))
_HOURS: Final = "projects_hoursentry"
_NULL: Final = "\\N"
_TYPES: Final = (
    "engagement_id bigint, worked_on date, started_at {instant}, seconds integer, tasks integer, "
    "source varchar(30), content_hash varchar(64), rate_id bigint"
)


class StagedRow(NamedTuple):
    """One matched row; `started_at` is UTC as text without its zone, such as `2026-03-02 09:00:00`."""

    engagement_id: int
    worked_on: date
    started_at: str | None
    seconds: int
    tasks: int | None
    source: str
    content_hash: str
    rate_id: int | None


class EngagementWeek(NamedTuple):
    """What a file does to one week of one engagement; all in seconds, the week by its Monday."""

    engagement_id: int
    monday: date
    in_file: int
    new: int
    replaced: int
    before: int

    @property
    def after(self) -> int:
        """What the week holds once the file is in."""
        return self.before + self.new - self.replaced


@dataclass(frozen=True, slots=True)
class Standing:
    """How many staged rows are new, known already, or on days that are closed; how many entries they correct."""

    staged: int
    new: int
    known: int
    closed: int
    replaced: int


class Staging:
    """The scratch table of one file, which goes with the transaction."""

    def __init__(self) -> None:
        """Make the table, empty."""
        self.is_postgresql = connection.vendor == "postgresql"
        schema = "pg_temp" if self.is_postgresql else "temp"
        self.table, self.corrected = f"{schema}.staged_hours", f"{schema}.corrected_hours"
        types = _TYPES.format(instant="timestamptz" if self.is_postgresql else "text")
        self._run(f"DROP TABLE IF EXISTS {self.table}")
        self._run(f"DROP TABLE IF EXISTS {self.corrected}")
        self._run(f"CREATE TEMP TABLE staged_hours ({types})")
        self._run("CREATE TEMP TABLE corrected_hours (id bigint)")
        self.count = 0
        self._meets_hours = False

    def add(self, rows: Sequence[StagedRow]) -> None:
        """Put rows in."""
        self.count += len(rows)
        with connection.cursor() as cursor:
            if self.is_postgresql:
                with cursor.copy(f"COPY {self.table} ({_NAMES}) FROM STDIN") as copy:
                    copy.write("".join(map(_line, rows)))
            else:
                plain = [(row[0], row[1].isoformat(), *row[2:]) for row in rows]
                cursor.executemany(f"INSERT INTO {self.table} ({_NAMES}) VALUES ({_MARKS})", plain)  # noqa: S608 - our own names

    def settle(self, *, corrects: bool) -> Standing:
        """Hold the rows against what is there: drop those on closed days, and find the entries they correct."""
        self._meets_hours = bool(self.count) and self._touches_known_days()
        if not self._meets_hours:
            return Standing(self.count, self.count, 0, 0, 0)
        for columns in ("engagement_id, content_hash", "engagement_id, worked_on"):
            self._run(
                f"CREATE INDEX ON {self.table} ({columns})" if self.is_postgresql else _sqlite_index(columns)
            )
        if self.is_postgresql:
            self._run(f"ANALYZE {self.table}")
        closed = self._drop_closed() if Compaction.objects.exists() else 0
        known = self._number(
            f"SELECT count(*) FROM {self.table} s JOIN {_HOURS} h "  # noqa: S608 - our own names
            "ON h.engagement_id = s.engagement_id AND h.content_hash = s.content_hash"
        )
        replaced = self._run(f"INSERT INTO {self.corrected} {_corrected(self.table)}") if corrects else 0
        return Standing(self.count, self.count - closed - known, known, closed, replaced)

    def weeks(self) -> Iterator[EngagementWeek]:
        """What the file does to each week of each engagement it names, by engagement and week."""
        with connection.cursor() as cursor:
            cursor.execute(_weeks(self.table, self.corrected, self.is_postgresql))
            while rows := cursor.fetchmany(2_000):
                for engagement_id, monday, in_file, new, replaced, before in rows:
                    on = monday if isinstance(monday, date) else date.fromisoformat(monday)
                    yield EngagementWeek(engagement_id, on, in_file, new, replaced, before)

    def write(self, *, run_id: int, at: datetime) -> tuple[int, int]:
        """Move the corrected entries aside and put the new ones in; how many were added, how many replaced."""
        replaced = self._move_aside(run_id) if self._meets_hours else 0
        instant = at if self.is_postgresql else connection.ops.adapt_datetimefield_value(at)
        added = self._run(
            f"INSERT INTO {_HOURS} ({_NAMES}, taken_in_by_id, recorded_at) "  # noqa: S608 - our own names
            f"SELECT {_NAMES}, %s, %s FROM {self.table} WHERE true ON CONFLICT DO NOTHING",
            [run_id, instant],
        )
        plan_afresh_after(added)
        return added, replaced

    def _move_aside(self, run_id: int) -> int:
        kept = f"{_NAMES}, taken_in_by_id, recorded_at"
        self._run(
            f"INSERT INTO projects_replacedhours ({kept}, replaced_by_id) "  # noqa: S608 - our own names
            f"SELECT {kept}, %s FROM {_HOURS} WHERE id IN (SELECT id FROM {self.corrected})",
            [run_id],
        )
        return self._run(f"DELETE FROM {_HOURS} WHERE id IN (SELECT id FROM {self.corrected})")  # noqa: S608 - our own names

    def _touches_known_days(self) -> bool:
        return bool(
            self._number(
                f"SELECT count(*) FROM (SELECT 1 FROM {_HOURS} h "  # noqa: S608 - our own names
                f"WHERE h.engagement_id IN (SELECT DISTINCT engagement_id FROM {self.table}) "
                f"AND h.worked_on >= (SELECT min(worked_on) FROM {self.table}) "
                f"AND h.worked_on <= (SELECT max(worked_on) FROM {self.table}) LIMIT 1) found"
            )
        )

    def _drop_closed(self) -> int:
        return self._run(
            f"DELETE FROM {self.table} WHERE EXISTS (SELECT 1 FROM {_HOURS} h "  # noqa: S608 - our own names
            "WHERE h.engagement_id = staged_hours.engagement_id AND h.worked_on = staged_hours.worked_on "
            "AND h.source = %s)",
            [TOTAL_OF_A_DAY],
        )

    def _run(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, list(parameters))
            return int(cursor.rowcount)

    def _number(self, statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])


def _line(row: StagedRow) -> str:
    """One row as COPY reads it: none of its texts can hold a tab, a line break or a backslash."""
    engagement_id, worked_on, started_at, seconds, tasks, source, content_hash, rate_id = row
    return (
        f"{engagement_id}\t{worked_on}\t{started_at or _NULL}\t{seconds}\t{_NULL if tasks is None else tasks}\t"
        f"{source}\t{content_hash}\t{_NULL if rate_id is None else rate_id}\n"
    )


def _sqlite_index(columns: str) -> str:
    name = "staged_by_" + columns.rpartition(" ")[2]
    return f"CREATE INDEX temp.{name} ON staged_hours ({columns})"


def _corrected(table: str) -> str:
    """Entries that a file leaves out on a day it speaks of, of the same tool, where it is an export of the same again.

    It is so when it repeats other rows of the import they came with, when it gives another length from the same start,
    or when neither has hours of the day and both have as many entries. What a lead has decided on stays.
    """
    same_day = (
        f"FROM {table} s WHERE s.engagement_id = h.engagement_id "
        "AND s.worked_on = h.worked_on AND s.source = h.source"
    )
    return (
        f"SELECT h.id FROM {_HOURS} h WHERE h.taken_in_by_id IS NOT NULL AND EXISTS (SELECT 1 {same_day}) "  # noqa: S608 - our own names
        f"AND NOT EXISTS (SELECT 1 FROM {table} s WHERE s.engagement_id = h.engagement_id "
        "AND s.content_hash = h.content_hash) "
        "AND NOT EXISTS (SELECT 1 FROM projects_hoursdecision d WHERE d.entry_id = h.id) "
        f"AND (h.taken_in_by_id IN (SELECT k.taken_in_by_id FROM {_HOURS} k JOIN {table} s "
        "ON s.engagement_id = k.engagement_id AND s.content_hash = k.content_hash) "
        f"OR (h.started_at IS NOT NULL AND EXISTS (SELECT 1 {same_day} AND s.started_at = h.started_at)) "
        f"OR (h.started_at IS NULL AND (SELECT count(*) {same_day} AND s.started_at IS NULL) = "
        f"(SELECT count(*) FROM {_HOURS} k WHERE k.engagement_id = h.engagement_id AND k.worked_on = h.worked_on "
        "AND k.source = h.source AND k.started_at IS NULL)))"
    )


def _weeks(table: str, corrected: str, is_postgresql: bool) -> str:
    def week(column: str) -> str:
        if is_postgresql:
            return f"date_trunc('week', {column})::date"
        return f"date({column}, 'weekday 0', '-6 days')"

    end = "w.monday + 7" if is_postgresql else "date(w.monday, '+7 days')"
    return (
        f"WITH w AS (SELECT s.engagement_id, {week('s.worked_on')} AS monday, sum(s.seconds) AS in_file, "  # noqa: S608 - our own names
        f"sum(CASE WHEN h.id IS NULL THEN s.seconds ELSE 0 END) AS new FROM {table} s LEFT JOIN {_HOURS} h "
        "ON h.engagement_id = s.engagement_id AND h.content_hash = s.content_hash GROUP BY 1, 2), "
        f"gone AS (SELECT h.engagement_id, {week('h.worked_on')} AS monday, sum(h.seconds) AS seconds "
        f"FROM {_HOURS} h WHERE h.id IN (SELECT id FROM {corrected}) GROUP BY 1, 2) "
        "SELECT w.engagement_id, w.monday, w.in_file, w.new, coalesce(gone.seconds, 0), "
        f"coalesce((SELECT sum(h.seconds) FROM {_HOURS} h WHERE h.engagement_id = w.engagement_id "
        f"AND h.worked_on >= w.monday AND h.worked_on < {end}), 0) "
        "FROM w LEFT JOIN gone ON gone.engagement_id = w.engagement_id AND gone.monday = w.monday ORDER BY 1, 2"
    )
