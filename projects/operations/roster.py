"""Takes in rosters: contractors, engagements and rates from a date; additive, and leavers only when told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from projects.domain.errors import DomainError
from projects.imports.roster import read_roster
from projects.imports.rows import ReadOptions, RosterRow
from projects.models import UnmatchedHours, User
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.roster_rows import Change, RosterWriter
from projects.operations.unmatched import match_again

CHANGES_KEPT: Final = 1_000
ERRORS_KEPT: Final = 1_000
TELL_EVERY: Final = 200
BATCH: Final = 1_000


@dataclass(slots=True)
class RosterIntake:
    """What became of a roster, or would: rows by fate, and every difference to what is there, one by one."""

    file: str
    rows: int = 0
    rejected: int = 0
    contractors_added: int = 0
    contractors_changed: int = 0
    engagements_added: int = 0
    engagements_changed: int = 0
    rates_added: int = 0
    leavers: int = 0
    hours_matched: int = 0
    is_dry_run: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list, repr=False)
    bad_lines: dict[int, str] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The same facts as JSON answers write them; the first thousand differences."""
        quiet = ("bad_lines", "changes")
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in quiet}
        shown = [change.as_json() for change in self.changes[:CHANGES_KEPT]]
        undo = [] if self.is_dry_run else [change.undo for change in reversed(self.changes)]
        return {**told, "changes": shown, "changes_total": len(self.changes), "undo": undo}

    def change_cells(self) -> Iterator[list[Any]]:
        """Every difference as a row of a table."""
        for change in self.changes:
            yield [change.line, change.who, change.project, change.kind, change.before, change.after]


class _Undo(Exception):
    """Leaves the transaction without writing anything."""


def take_in_roster(
    *,
    file: Path,
    by: User | None,
    at: datetime,
    reading: ReadOptions | None = None,
    leavers_on: date | None = None,
    is_dry_run: bool = False,
    is_strict: bool = False,
    file_name: str = "",
    tell: Callable[[int], object] = lambda rows: None,
) -> RosterIntake:
    """Take in one roster; what is there already changes nothing.

    With `leavers_on`, whoever is engaged on a project the roster names but is not in it leaves it; that is the first
    day they no longer work. Bad rows are reported with line and reason and the good ones go in; with `is_strict`
    none does. Raises UnableToImport for a file that cannot be read.
    """
    roster = read_roster(file, options=reading)
    intake = RosterIntake(
        file=(file_name or file.name)[:255], rows=len(roster.rows) + len(roster.errors), is_dry_run=is_dry_run
    )
    for error in roster.errors:
        _reject(intake, line=error.line, reason=error.message, field_name=error.field)
    try:
        with transaction.atomic():
            writer = RosterWriter(by=by, at=at, keep=intake.changes.append)
            people = _take_in_rows(roster.rows, writer, intake, tell)
            if leavers_on is not None:
                people |= writer.let_go(roster.rows, bad_lines=bool(intake.rejected), on=leavers_on)
            _count(intake)
            if is_dry_run or (is_strict and intake.rejected):
                raise _Undo
            intake.hours_matched = match_again(UnmatchedHours.objects.all(), by=by, at=at).added
            ask_for_estimates_of(contractor_ids=sorted(people), reason="roster", at=at)
            _record(intake, by=by, at=at)
    except _Undo:
        pass
    return intake


def _take_in_rows(
    rows: tuple[RosterRow, ...],
    writer: RosterWriter,
    intake: RosterIntake,
    tell: Callable[[int], object],
) -> set[int]:
    people: set[int] = set()
    for number, row in enumerate(rows):
        if number % BATCH == 0:
            writer.learn(rows[number : number + BATCH])
        try:
            with transaction.atomic(savepoint=not writer.is_known(row)):
                people.add(writer.take_in(row))
        except DomainError as error:
            writer.forget(row)
            _reject(intake, line=row.line, reason=error.message, field_name=error.field or "")
        if number % TELL_EVERY == 0:
            tell(number)
    return people


def _count(intake: RosterIntake) -> None:
    kinds = [change.kind for change in intake.changes]
    for name in (
        "contractor_added",
        "contractor_changed",
        "engagement_added",
        "engagement_changed",
        "rate_added",
    ):
        thing, _, what = name.partition("_")
        setattr(intake, f"{thing}s_{what}", kinds.count(name))
    intake.leavers = kinds.count("leaver")


def _reject(intake: RosterIntake, *, line: int, reason: str, field_name: str) -> None:
    intake.rejected += 1
    intake.bad_lines.setdefault(line, reason)
    if len(intake.errors) < ERRORS_KEPT:
        intake.errors.append({"line": line, "field": field_name, "reason": reason})


def _record(intake: RosterIntake, *, by: User | None, at: datetime) -> None:
    counts = {
        one.name: getattr(intake, one.name)
        for one in fields(intake)
        if isinstance(getattr(intake, one.name), int)
    }
    record(verb="roster.taken_in", subject_ref="roster", before={}, after=counts, by=by, at=at)
