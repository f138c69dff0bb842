"""Takes in files of hours: matched, each entry once, corrections in place, the whole file in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from projects.domain.errors import UnableToImport
from projects.imports.hours import open_hours
from projects.imports.rows import HoursItem, HoursRow, ReadOptions, RowError, SourceFormat
from projects.models import Contractor, HoursImport, Project, User
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.hours_staging import EngagementWeek, StagedRow, Staging, Standing
from projects.operations.unmatched import Waiting, keep_unmatched
from projects.queries.hours_weeks import PersonWeek, person_weeks
from projects.queries.matching import Match, Matcher, words_of_person, words_of_project

BATCH: Final = 5_000
ERRORS_KEPT: Final = 1_000
BAD_LINES_KEPT: Final = 100_000
WEEKS_KEPT: Final = 1_000
WITH_INSTANTS: Final = (None, SourceFormat.SOLIDTIME, SourceFormat.GENERIC)
"""Formats that may hold instants in UTC, for which the readers need to know where everybody lives."""


@dataclass(slots=True)
class HoursIntake:
    """What became of a file, or would: rows by fate, the time its good rows hold, and what changes week by week.

    `rejected` counts `unmatched` rows as well, which are good but wait for a person, a project or a term.
    """

    file: str
    format: str
    rows: int = 0
    added: int = 0
    known: int = 0
    replaced: int = 0
    closed: int = 0
    rejected: int = 0
    unmatched: int = 0
    seconds: int = 0
    days: int = 0
    people: int = 0
    split_entries: int = 0
    skipped: int = 0
    import_id: int | None = None
    is_dry_run: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: dict[str, int] = field(default_factory=dict)
    weeks: list[dict[str, Any]] = field(default_factory=list)
    weeks_total: int = 0
    bad_lines: dict[int, str] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The same facts as JSON answers write them; hours to four places."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "bad_lines"}
        return {**told, "hours": f"{self.seconds / 3600:.4f}"}


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What whoever brings a file knows better than the file, and how it is to be taken in.

    `corrects`: a corrected export takes the place of what it corrects. `is_strict`: one bad row, and none goes in.
    """

    reading: ReadOptions = field(default_factory=ReadOptions)
    is_dry_run: bool = False
    is_strict: bool = False
    corrects: bool = True


class _Undo(Exception):
    """Leaves the transaction without writing anything."""


def take_in_hours(
    *,
    file: Path,
    options: IntakeOptions,
    by: User | None,
    at: datetime,
    file_name: str = "",
    tell: Callable[[int], object] = lambda rows: None,
    on_week: Callable[[PersonWeek], object] = lambda week: None,
) -> HoursIntake:
    """Take in one file; what is there already adds nothing, what a corrected export leaves out is moved aside.

    Bad rows are reported with line and reason and the good ones go in; rows that nothing matches wait as work for a
    person. `tell` is called with the number of rows read so far, `on_week` with each person's week. Raises
    UnableToImport for a file that cannot be read, or for a fallback that is nobody we know.
    """
    reading = options.reading
    matcher = Matcher(
        fallback_person=_fallback_person(reading.as_email),
        fallback_project=_fallback_project(reading.project_code),
    )
    hours = open_hours(file, options=_with_zones(reading))
    name = (file_name or file.name)[:255]
    intake = HoursIntake(file=name, format=str(hours.detection.format), is_dry_run=options.is_dry_run)
    try:
        with transaction.atomic():
            facts = {"file_name": name, "file_hash": hash_of(file), "format": intake.format}
            run = HoursImport.objects.create(**facts, started_at=at, by=by)
            staging = Staging()
            _stage(hours, staging, intake=intake, matcher=matcher, run=run, tell=tell)
            _count(intake, staging.settle(corrects=options.corrects), hours.totals)
            _tell_weeks(staging.weeks(), intake=intake, on_week=on_week)
            if options.is_dry_run or (options.is_strict and intake.rejected):
                raise _Undo
            intake.added, intake.replaced = staging.write(run_id=run.pk, at=at)
            _finish(run, intake=intake, by=by, at=at)
            people = run.entries.order_by().values_list("engagement__contractor_id", flat=True).distinct()
            ask_for_estimates_of(contractor_ids=sorted(people), reason="hours", at=at)
    except _Undo:
        intake.added = intake.added if options.is_dry_run else 0
    return intake


def hash_of(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _stage(
    items: Iterable[HoursItem],
    staging: Staging,
    *,
    intake: HoursIntake,
    matcher: Matcher,
    run: HoursImport,
    tell: Callable[[int], object],
) -> None:
    """Match row after row, some thousand at a time; put what matches on the scratch table and keep the rest."""
    days: set[date] = set()
    people: set[int] = set()
    for batch in _batches(items):
        rows = [item for item in batch if isinstance(item, HoursRow)]
        for item in batch:
            if isinstance(item, RowError):
                _reject(intake, line=item.line, reason=item.message, field_name=item.field)
        matcher.learn(rows)
        staged: list[StagedRow] = []
        waiting: list[Waiting] = []
        for row in rows:
            match = matcher.find(row)
            if match.term is None or match.person is None:
                waiting.append(Waiting(row, match.lack, began_at(row.started_at, match)))
                _reject(intake, line=row.line, reason=why_unmatched(row, match.lack))
                continue
            staged.append(_staged(row, match))
            days.add(row.worked_on)
            people.add(match.person)
        intake.rows += len(rows)
        intake.seconds += sum(row.seconds for row in staged)
        intake.unmatched += len(waiting)
        staging.add(staged)
        keep_unmatched(waiting, run=run)
        tell(intake.rows)
    intake.days, intake.people = len(days), len(people)


def _batches(items: Iterable[HoursItem]) -> Iterator[Sequence[HoursItem]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _staged(row: HoursRow, match: Match) -> StagedRow:
    term = match.term
    assert term is not None  # noqa: S101 - only matched rows are staged
    return StagedRow(
        term.engagement_id,
        row.worked_on,
        began_at(row.started_at, match),
        row.seconds,
        row.tasks,
        row.source_format,
        row.content_hash,
        term.rate_on(row.worked_on),
    )


def began_at(started_at: datetime | None, match: Match) -> str | None:
    """A clock time where the person lives as an instant: UTC as text, without its zone."""
    if started_at is None:
        return None
    aware = started_at.replace(tzinfo=match.zone or UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def why_unmatched(row: HoursRow, lack: str) -> str:
    """In words, what is missing for a row to be somebody's hours."""
    who, what = words_of_person(row), words_of_project(row)
    if lack == "person":
        named = f"“{who}” is no contractor we know" if who else "the row names no person"
        return f"{named}; add them to the roster or say whose rows they are."
    if lack == "project":
        named = f"“{what}” is no project we know" if what else "the row names no project"
        return f"{named}; say which project the rows belong to."
    return f"{who or 'this contractor'} has no engagement on {what or 'this project'} on {row.worked_on}."


def _reject(intake: HoursIntake, *, line: int, reason: str, field_name: str = "") -> None:
    intake.rejected += 1
    if len(intake.errors) < ERRORS_KEPT:
        intake.errors.append({"line": line, "field": field_name, "reason": reason})
    if len(intake.bad_lines) < BAD_LINES_KEPT:
        intake.bad_lines.setdefault(line, reason)


def _count(intake: HoursIntake, standing: Standing, totals: Any) -> None:
    intake.added, intake.known = standing.new, standing.known
    intake.closed, intake.replaced = standing.closed, standing.replaced
    intake.split_entries = totals.split_entries
    intake.skipped = totals.breaks + totals.zeros + totals.total_rows
    intake.warnings = dict(totals.warnings)


def _tell_weeks(
    weeks: Iterable[EngagementWeek], *, intake: HoursIntake, on_week: Callable[[PersonWeek], object]
) -> None:
    for week in person_weeks(weeks):
        intake.weeks_total += 1
        if len(intake.weeks) < WEEKS_KEPT:
            intake.weeks.append(week.as_json())
        on_week(week)


def _finish(run: HoursImport, *, intake: HoursIntake, by: User | None, at: datetime) -> None:
    intake.import_id = run.pk
    run.finished_at = at
    run.rows_read, run.rows_added, run.rows_known = intake.rows, intake.added, intake.known
    run.rows_replaced, run.rows_unmatched = intake.replaced, intake.unmatched
    run.rows_rejected, run.errors = intake.rejected, intake.errors
    run.save()
    names = ("format", "added", "known", "replaced", "rejected", "unmatched")
    after = {name: getattr(intake, name) for name in names}
    record(verb="hours.taken_in", subject_ref=f"hoursimport:{run.pk}", before={}, after=after, by=by, at=at)


def _with_zones(reading: ReadOptions) -> ReadOptions:
    """Where everybody lives, for files that may hold instants."""
    if reading.time_zone or reading.zones_by_email or reading.format not in WITH_INSTANTS:
        return reading
    zones = dict(Contractor.objects.order_by().values_list("email", "time_zone"))
    return replace(reading, zones_by_email=zones)


def _fallback_person(email: str) -> int | None:
    if not email:
        return None
    found = Contractor.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    if found is None:
        raise UnableToImport(f"There is no contractor {email}.", field="as")
    return found


def _fallback_project(code: str) -> int | None:
    if not code:
        return None
    found = Project.objects.filter(code=code.upper()).values_list("pk", flat=True).first()
    if found is None:
        raise UnableToImport(f"There is no project {code}.", field="project")
    return found
