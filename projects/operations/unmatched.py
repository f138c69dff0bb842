"""Keeps good rows of hours that nothing matches yet, and takes them in once somebody has said who or what is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from projects import access
from projects.domain.errors import NotAllowed, UnableToImport
from projects.imports.rows import HoursRow
from projects.models import Alias, Contractor, HoursImport, Project, UnmatchedHours, User
from projects.operations.bulk import insert_new_rows
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.hours_staging import StagedRow, Staging
from projects.queries.matching import Matcher, alias_words, words_of_person, words_of_project

BATCH: Final = 2_000
COLUMNS: Final = (
    "taken_in_by", "line", "lack", "person_words", "project_words", "person_email", "person_external_id", "person_name",
    "project_code", "project_name", "worked_on", "started_at", "seconds", "tasks", "source", "content_hash",
)  # fmt: skip


class Waiting(NamedTuple):
    """A row that nothing matches, what it lacks, and when it began: UTC as text."""

    row: HoursRow
    lack: str
    began_at: str | None


@dataclass(frozen=True, slots=True)
class Rematch:
    """What became of waiting rows: taken in, and those that wait on."""

    added: int
    still_waiting: int


def keep_unmatched(waiting: Sequence[Waiting], *, run: HoursImport) -> int:
    """Keep rows that nothing matches, each once however often its file is brought; the number that is new."""
    if not waiting:
        return 0
    rows = [_columns(one, run) for one in waiting]
    return insert_new_rows(UnmatchedHours, COLUMNS, rows)


def _columns(waiting: Waiting, run: HoursImport) -> tuple[Any, ...]:
    row = waiting.row
    began = datetime.fromisoformat(waiting.began_at).replace(tzinfo=UTC) if waiting.began_at else None
    return (
        run.pk, row.line, waiting.lack, words_of_person(row)[:500], words_of_project(row)[:500], row.person_email[:260],
        row.person_external_id[:500], row.person_name[:1_100], row.project_code[:500], row.project_name[:500],
        row.worked_on, began, row.seconds, row.tasks, row.source_format, row.content_hash,
    )  # fmt: skip


def remember_alias(
    *,
    words: str,
    contractor: Contractor | None = None,
    project: Project | None = None,
    by: User | None,
    at: datetime,
) -> Rematch:
    """Remember what a file's words mean, and take in the rows that waited for it.

    Exactly one of `contractor` and `project` is given; the newest meaning of the same words holds. Raises NotAllowed or
    UnableToImport.
    """
    _refuse_strangers(by)
    key = alias_words(words)
    if not key:
        raise UnableToImport("Say which words of the file are meant.", field="words")
    if (contractor is None) == (project is None):
        raise UnableToImport("Choose either a contractor or a project.", field="contractor")
    with transaction.atomic():
        kind = "contractor" if contractor else "project"
        alias = Alias.objects.filter(words=key, **{f"{kind}__isnull": False}).first() or Alias(words=key)
        alias.contractor, alias.project, alias.made_at, alias.made_by = contractor, project, at, by
        alias.save()
        record(
            verb="alias.remembered",
            subject_ref=f"alias:{alias.pk}",
            before={},
            after={"words": key, "means": str(contractor or project)},
            by=by,
            at=at,
        )
        wanted = "person_words" if contractor else "project_words"
        return match_again(
            UnmatchedHours.objects.filter(**{f"{wanted}__iexact": words.strip()}), by=by, at=at
        )


def match_again(rows: "QuerySet[UnmatchedHours]", *, by: User | None, at: datetime) -> Rematch:
    """Try waiting rows once more, as after a new alias or roster; what matches becomes hours of its own import."""
    with transaction.atomic():
        added, waiting = 0, 0
        people: set[int] = set()
        ordered = rows.order_by("taken_in_by_id", "pk")
        for run_id, batch in _batches(ordered):
            taken, left, touched = _match(batch, run_id=run_id, at=at)
            added, waiting, people = added + taken, waiting + left, people | touched
        if added:
            facts = {"added": added, "still_waiting": waiting}
            record(verb="hours.matched", subject_ref="unmatched_hours", before={}, after=facts, by=by, at=at)
            ask_for_estimates_of(contractor_ids=sorted(people), reason="hours", at=at)
        return Rematch(added, waiting)


def drop_unmatched(rows: "QuerySet[UnmatchedHours]", *, reason: str, by: User | None, at: datetime) -> int:
    """Put waiting rows aside for good, as of people who are none of ours. Raises NotAllowed or UnableToImport."""
    _refuse_strangers(by)
    if not reason.strip():
        raise UnableToImport("Say why these rows are not ours.", field="reason")
    with transaction.atomic():
        words = list(rows.order_by().values_list("person_words", "project_words").distinct()[:100])
        dropped, _by_model = rows.delete()
        facts = {"rows": dropped, "reason": reason.strip(), "words": words}
        record(verb="hours.dropped", subject_ref="unmatched_hours", before={}, after=facts, by=by, at=at)
        return dropped


def _batches(ordered: "QuerySet[UnmatchedHours]") -> Iterator[tuple[int, list[UnmatchedHours]]]:
    for run_id, rows in groupby(list(ordered), key=lambda row: row.taken_in_by_id):
        held = list(rows)
        for first in range(0, len(held), BATCH):
            yield run_id, held[first : first + BATCH]


def _match(rows: Sequence[UnmatchedHours], *, run_id: int, at: datetime) -> tuple[int, int, set[int]]:
    matcher = Matcher()
    matcher.learn(rows)
    staged: list[StagedRow] = []
    matched: list[int] = []
    people: set[int] = set()
    for row in rows:
        term, person, _zone, _lack = matcher.find(row)
        if term is None or person is None:
            UnmatchedHours.objects.filter(pk=row.pk).exclude(lack=_lack).update(lack=_lack)
            continue
        began = row.started_at.astimezone(UTC).replace(tzinfo=None) if row.started_at else None
        staged.append(
            StagedRow(
                term.engagement_id, row.worked_on, began.isoformat(" ", "seconds") if began else None, row.seconds,
                row.tasks, row.source, row.content_hash, term.rate_on(row.worked_on),
            )
        )  # fmt: skip
        matched.append(row.pk)
        people.add(person)
    staging = Staging()
    staging.add(staged)
    staging.settle(corrects=False)
    added, _replaced = staging.write(run_id=run_id, at=at)
    UnmatchedHours.objects.filter(pk__in=matched).delete()
    return added, len(rows) - len(matched), people


def _refuse_strangers(by: User | None) -> None:
    if by is not None and not access.may_import(by):
        raise NotAllowed("Only operations and finance may say what a file means.")
