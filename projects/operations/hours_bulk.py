"""Hours item by item, as other programs send them: each is added, changed, known already, kept waiting or refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToImport
from projects.imports.rows import HoursRow
from projects.models import HoursDecision, HoursEntry, HoursImport, ReplacedHours, User
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.hours import why_unmatched
from projects.operations.unmatched import Waiting, keep_unmatched
from projects.queries.matching import Match, Matcher

MOST_ITEMS: Final = 10_000
MOST_SECONDS: Final = 90_000
SOURCE: Final = "api"
KEPT: Final = ("engagement_id", "worked_on", "started_at", "seconds", "tasks", "source", "content_hash",
               "rate_id", "taken_in_by_id", "recorded_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class HoursItem:
    """One piece of work: whose, on what, which local day; `key` is the sender's own id of it, "" where it has none."""

    contractor: str
    project: str
    worked_on: date
    seconds: int
    tasks: int | None = None
    started_at: datetime | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item: added, changed, known, waiting or refused, and why where it did not go in."""

    index: int
    status: str
    reason: str = ""


def upsert_hours(*, items: Sequence[HoursItem], by: User | None, at: datetime) -> list[ItemResult]:
    """Take in up to 10,000 items in one transaction; the result of each, in order.

    An item with a key that came before changes what it was; one without is known by its facts. What nothing matches
    waits as work for a person. Raises NotAllowed, or UnableToImport for too many items.
    """
    if by is not None and not access.may_import(by):
        raise NotAllowed("Only operations and finance may bring in hours.")
    if not items or len(items) > MOST_ITEMS:
        raise UnableToImport(f"Send from 1 to {MOST_ITEMS:,} entries at once.", field="entries")
    with transaction.atomic():
        run = HoursImport.objects.create(file_name="API", file_hash="", format=SOURCE, started_at=at, by=by)
        return _Upsert(run, at).all(items, by=by)


class _Upsert:
    """One call: what stands is read once, then every item is held against it."""

    def __init__(self, run: HoursImport, at: datetime) -> None:
        self.run, self.at = run, at
        self.new: list[HoursEntry] = []
        self.changed: list[HoursEntry] = []
        self.aside: list[ReplacedHours] = []
        self.waiting: list[Waiting] = []
        self.people: set[int] = set()
        self.standing: dict[str, HoursEntry] = {}
        self.decided: set[int] = set()

    def all(self, items: Sequence[HoursItem], *, by: User | None) -> list[ItemResult]:
        rows = [_row(index, item) for index, item in enumerate(items)]
        matcher = Matcher()
        matcher.learn(rows)
        found = [matcher.find(row) for row in rows]
        self.standing = _standing(found, rows)
        self.decided = set(
            HoursDecision.objects.filter(entry__in=list(self.standing.values())).values_list(
                "entry_id", flat=True
            )
        )
        results = [self._one(index, items[index], rows[index], found[index]) for index in range(len(items))]
        self._write(results, by=by)
        return results

    def _one(self, index: int, item: HoursItem, row: HoursRow, match: Match) -> ItemResult:
        if not 0 <= item.seconds <= MOST_SECONDS or (not item.seconds and not item.tasks):
            return ItemResult(
                index, "refused", "An entry has more than 0 and at most 25 hours, or pieces of work."
            )
        if match.term is None or match.person is None:
            began = item.started_at.astimezone(UTC).replace(tzinfo=None) if item.started_at else None
            self.waiting.append(Waiting(row, match.lack, began.isoformat(" ", "seconds") if began else None))
            return ItemResult(index, "waiting", why_unmatched(row, match.lack))
        entry = HoursEntry(
            engagement_id=match.term.engagement_id, worked_on=item.worked_on, seconds=item.seconds, tasks=item.tasks,
            started_at=item.started_at, source=SOURCE, content_hash=row.content_hash,
            rate_id=match.term.rate_on(item.worked_on), taken_in_by=self.run, recorded_at=self.at,
        )  # fmt: skip
        standing = self.standing.get(row.content_hash)
        if standing is None:
            self.standing[row.content_hash] = entry
            self.new.append(entry)
            self.people.add(match.person)
            return ItemResult(index, "added")
        return self._changed(index, standing, entry, match.person)

    def _changed(self, index: int, standing: HoursEntry, entry: HoursEntry, person: int) -> ItemResult:
        told = ("engagement_id", "worked_on", "seconds", "tasks", "started_at")
        if all(getattr(standing, name) == getattr(entry, name) for name in told):
            return ItemResult(index, "known")
        if standing.taken_in_by_id == self.run.pk:
            return ItemResult(index, "refused", "Another entry of this call has the same id.")
        if standing.pk in self.decided:
            return ItemResult(
                index, "refused", "A project lead has decided on these hours; they stay as they are."
            )
        self.aside.append(
            ReplacedHours(replaced_by=self.run, **{name: getattr(standing, name) for name in KEPT})
        )
        for name in (*told, "rate_id", "taken_in_by_id", "recorded_at"):
            setattr(standing, name, getattr(entry, name))
        self.changed.append(standing)
        self.people.add(person)
        return ItemResult(index, "changed")

    def _write(self, results: Sequence[ItemResult], *, by: User | None) -> None:
        HoursEntry.objects.bulk_create(self.new, batch_size=1_000)
        ReplacedHours.objects.bulk_create(self.aside, batch_size=1_000)
        names = (
            "engagement",
            "worked_on",
            "seconds",
            "tasks",
            "started_at",
            "rate",
            "taken_in_by",
            "recorded_at",
        )
        HoursEntry.objects.bulk_update(self.changed, names, batch_size=500)
        keep_unmatched(self.waiting, run=self.run)
        counts = {
            name: sum(one.status == name for one in results)
            for name in ("added", "changed", "known", "waiting", "refused")
        }
        run = self.run
        run.finished_at, run.rows_read, run.rows_added = self.at, len(results), counts["added"]
        run.rows_known, run.rows_replaced = counts["known"], counts["changed"]
        run.rows_unmatched, run.rows_rejected = counts["waiting"], counts["waiting"] + counts["refused"]
        run.save()
        record(
            verb="hours.taken_in",
            subject_ref=f"hoursimport:{run.pk}",
            before={},
            after=counts,
            by=by,
            at=self.at,
        )
        if self.people:
            ask_for_estimates_of(contractor_ids=sorted(self.people), reason="hours", at=self.at)


def _row(index: int, item: HoursItem) -> HoursRow:
    """The item as a row of a file: an address is one by its @, anything else is an id of the firm's own system."""
    who = item.contractor.strip()
    email, external_id = (who.lower(), "") if "@" in who else ("", who)
    facts = item.key or "\x1f".join(
        map(
            str,
            (who.lower(), item.project.lower(), item.worked_on, item.started_at, item.seconds, item.tasks),
        )
    )
    kind = "key" if item.key else "facts"
    digest = sha256(f"{SOURCE}\x1f{kind}\x1f{facts}".encode("utf-8", "surrogatepass")).hexdigest()
    return HoursRow(
        index, email, "", external_id, "", item.project.strip(), "", item.worked_on, item.seconds, item.tasks,
        None, None, None, SOURCE, digest, item.key, False,
    )  # fmt: skip


def _standing(found: Sequence[Match], rows: Sequence[HoursRow]) -> dict[str, HoursEntry]:
    """What came under the same keys before, of the people these items are of."""
    people = {match.person for match in found if match.person is not None}
    hashes = [row.content_hash for row in rows]
    held: dict[str, HoursEntry] = {}
    for some in _chunks(hashes):
        entries = HoursEntry.objects.filter(engagement__contractor__in=people, content_hash__in=some)
        held.update({entry.content_hash: entry for entry in entries})
    return held


def _chunks(hashes: Sequence[str]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(hashes), 2_000):
        yield hashes[first : first + 2_000]
