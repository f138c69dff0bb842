"""A roster row by row, as other programs send it: each is taken in whole or refused, with what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from projects import access
from projects.domain.errors import DomainError, NotAllowed, UnableToImport
from projects.imports.roster_cells import COLUMNS, read_row
from projects.imports.rows import DayMonthOrder, RosterRow
from projects.imports.values import Fault
from projects.models import UnmatchedHours, User
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.roster_rows import Change, RosterWriter
from projects.operations.unmatched import match_again

MOST_ROWS: Final = 10_000
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class RosterResult:
    """What became of one row: changed, known or refused; `changes` are in words, `reason` where it was refused."""

    index: int
    status: str
    changes: tuple[str, ...] = ()
    reason: str = ""


def upsert_roster(*, rows: Sequence[Mapping[str, str]], by: User | None, at: datetime) -> list[RosterResult]:
    """Take in up to 10,000 rows of texts under a roster's column names, in one transaction; the result of each.

    Additive: nobody leaves by being left out. Raises NotAllowed, or UnableToImport for too many rows.
    """
    if by is not None and not access.may_import(by):
        raise NotAllowed("Only operations and finance may bring in a roster.")
    if not rows or len(rows) > MOST_ROWS:
        raise UnableToImport(f"Send from 1 to {MOST_ROWS:,} rows at once.", field="rows")
    read = [_read(index, texts) for index, texts in enumerate(rows)]
    changes: list[Change] = []
    with transaction.atomic():
        writer = RosterWriter(by=by, at=at, keep=changes.append)
        people: set[int] = set()
        results = []
        for index, row in enumerate(read):
            if index % BATCH == 0:
                writer.learn([one for one in read[index : index + BATCH] if isinstance(one, RosterRow)])
            results.append(
                row if isinstance(row, RosterResult) else _one(index, row, writer, changes, people)
            )
        counts = {
            name: sum(one.status == name for one in results) for name in ("changed", "known", "refused")
        }
        record(verb="roster.taken_in", subject_ref="roster", before={}, after=counts, by=by, at=at)
        match_again(UnmatchedHours.objects.all(), by=by, at=at)
        ask_for_estimates_of(contractor_ids=sorted(people), reason="roster", at=at)
    return results


def _read(index: int, texts: Mapping[str, str]) -> RosterRow | RosterResult:
    unknown = sorted(texts.keys() - set(COLUMNS))
    if unknown:
        return RosterResult(index, "refused", reason=f"There is no column {unknown[0]}.")
    try:
        return read_row(index, {name: texts.get(name, "").strip() for name in COLUMNS}, DayMonthOrder.YMD)
    except Fault as fault:
        return RosterResult(index, "refused", reason=fault.message)


def _one(
    index: int, row: RosterRow, writer: RosterWriter, changes: list[Change], people: set[int]
) -> RosterResult:
    before = len(changes)
    try:
        with transaction.atomic(savepoint=not writer.is_known(row)):
            people.add(writer.take_in(row))
    except DomainError as error:
        writer.forget(row)
        return RosterResult(index, "refused", reason=error.message)
    kinds = tuple(change.kind for change in changes[before:])
    return RosterResult(index, "changed" if kinds else "known", kinds)
