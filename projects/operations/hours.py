"""Takes in files of hours: matched, each entry once, the whole file in one transaction."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from projects.domain.errors import UnableToImport
from projects.imports.hours import open_hours
from projects.imports.rows import HoursRow, ReadOptions, RowError
from projects.models import Contractor, HoursEntry, HoursImport, Project, User
from projects.operations.bulk import insert_new_rows
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.queries.matching import Matcher, Term

BATCH: Final = 5_000
ERRORS_KEPT: Final = 1_000
COLUMNS: Final = (
    "engagement",
    "worked_on",
    "seconds",
    "tasks",
    "source",
    "content_hash",
    "rate",
    "taken_in_by",
    "recorded_at",
)


@dataclass(slots=True)
class HoursIntake:
    """What became of a file: rows by fate, and the time that its good rows hold."""

    file: str
    format: str
    rows: int = 0
    added: int = 0
    known: int = 0
    rejected: int = 0
    seconds: int = 0
    days: int = 0
    people: int = 0
    split_entries: int = 0
    skipped: int = 0
    import_id: int | None = None
    is_dry_run: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same facts as JSON answers write them; hours to four places."""
        return {**asdict(self), "hours": f"{self.seconds / 3600:.4f}"}


class _Undo(Exception):
    """Leaves the transaction without writing anything."""


def take_in_hours(
    *,
    file: Path,
    options: ReadOptions,
    by: User | None,
    at: datetime,
    as_email: str = "",
    project_code: str = "",
    is_dry_run: bool = False,
    is_strict: bool = False,
) -> HoursIntake:
    """Take in one file; what is there already adds nothing.

    Bad rows are reported with line and reason and the good ones go in; with `is_strict` none does. Raises
    UnableToImport for a file that cannot be read, or for a fallback that is nobody we know.
    """
    matcher = Matcher(
        fallback_person=_fallback_person(as_email), fallback_project=_fallback_project(project_code)
    )
    hours = open_hours(file, options=options)
    intake = HoursIntake(file=file.name, format=str(hours.detection.format), is_dry_run=is_dry_run)
    try:
        with transaction.atomic():
            run = HoursImport.objects.create(
                file_name=file.name[:255],
                file_hash=_hash_of(file),
                format=intake.format,
                started_at=at,
                by=by,
            )
            people = _take_in_rows(hours, intake=intake, matcher=matcher, run=run, at=at)
            intake.split_entries = hours.totals.split_entries
            intake.skipped = hours.totals.breaks + hours.totals.zeros + hours.totals.total_rows
            if is_dry_run or (is_strict and intake.rejected):
                raise _Undo
            _finish(run, intake=intake, by=by, at=at)
            ask_for_estimates_of(contractor_ids=sorted(people), reason="hours", at=at)
    except _Undo:
        intake.added = 0 if not is_dry_run else intake.added
    return intake


def _take_in_rows(
    hours: Any, *, intake: HoursIntake, matcher: Matcher, run: HoursImport, at: datetime
) -> set[int]:
    """Match and write row after row; the contractors whose hours were touched."""
    days: set[date] = set()
    people: set[int] = set()
    batch: list[tuple[Any, ...]] = []
    for item in hours:
        if isinstance(item, RowError):
            _reject(intake, line=item.line, reason=item.message, field_name=item.field)
        elif isinstance(item, HoursRow):
            intake.rows += 1
            term, person = _term_of(item, matcher=matcher, intake=intake)
            if term is None:
                continue
            intake.seconds += item.seconds
            days.add(item.worked_on)
            people.add(person)
            batch.append(_columns(item, term, run=run, at=at))
            if len(batch) >= BATCH:
                _write(batch, intake=intake)
    _write(batch, intake=intake)
    intake.days, intake.people = len(days), len(people)
    return people


def _columns(item: HoursRow, term: Term, *, run: HoursImport, at: datetime) -> tuple[Any, ...]:
    return (
        term.engagement_id,
        item.worked_on,
        item.seconds,
        item.tasks,
        item.source_format,
        item.content_hash,
        term.rate_on(item.worked_on),
        run.pk,
        at,
    )


def _write(batch: list[tuple[Any, ...]], *, intake: HoursIntake) -> None:
    if not batch:
        return
    added = insert_new_rows(HoursEntry, COLUMNS, batch)
    intake.added += added
    intake.known += len(batch) - added
    batch.clear()


def _term_of(item: HoursRow, *, matcher: Matcher, intake: HoursIntake) -> tuple[Term | None, int]:
    """The engagement a row belongs to; without one the row is rejected in words."""
    person = matcher.person(
        email=item.person_email, external_id=item.person_external_id, name=item.person_name
    )
    who = item.person_email or item.person_name or item.person_external_id
    if person is None:
        named = f"“{who}” is no contractor we know" if who else "the row names no person"
        _reject(intake, line=item.line, reason=f"{named}; add them to the roster or say whose rows they are.")
        return None, 0
    project = matcher.project(code=item.project_code, name=item.project_name)
    what = item.project_code or item.project_name
    if project is None:
        named = f"“{what}” is no project we know" if what else "the row names no project"
        _reject(intake, line=item.line, reason=f"{named}; say which project the rows belong to.")
        return None, 0
    term = matcher.term(person=person, project=project, day=item.worked_on)
    if term is None:
        reason = (
            f"{who or 'this contractor'} has no engagement on {what or 'this project'} on {item.worked_on}."
        )
        _reject(intake, line=item.line, reason=reason)
        return None, 0
    return term, person


def _reject(intake: HoursIntake, *, line: int, reason: str, field_name: str = "") -> None:
    intake.rejected += 1
    if len(intake.errors) < ERRORS_KEPT:
        intake.errors.append({"line": line, "field": field_name, "reason": reason})


def _finish(run: HoursImport, *, intake: HoursIntake, by: User | None, at: datetime) -> None:
    intake.import_id = run.pk
    run.finished_at = at
    run.rows_read, run.rows_added = intake.rows, intake.added
    run.rows_known, run.rows_rejected = intake.known, intake.rejected
    run.errors = intake.errors
    run.save()
    after = {
        "format": intake.format,
        "added": intake.added,
        "known": intake.known,
        "rejected": intake.rejected,
    }
    record(verb="hours.taken_in", subject_ref=f"hours_import:{run.pk}", before={}, after=after, by=by, at=at)


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


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
