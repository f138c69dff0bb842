"""Keeps old hours as one total a day and engagement, without moving any sum that a report has shown."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncDate

from projects.models import Compaction, HoursEntry, HoursImport
from projects.models.hours import TOTAL_OF_A_DAY
from projects.operations.bulk import insert_rows
from projects.operations.history import record

BATCH: Final = 2_000
MOST_SECONDS: Final = 90_000
MOST_AT_ONCE: Final = 100_000
"""So many days of engagements in one run; the next night goes on where this one stopped."""
_DAY = ("engagement_id", "worked_on", "recorded_on", "rate_id")


def compact_by_policy(*, at: datetime) -> Compaction | None:
    """Compact what is older than `HOURS_RAW_MONTHS` months; nothing where that is 0."""
    months = settings.HOURS_RAW_MONTHS
    if not months:
        return None
    total = at.date().year * 12 + at.date().month - 1 - months
    return compact_hours(before_on=date(total // 12, total % 12 + 1, 1), at=at)


def compact_hours(*, before_on: date, at: datetime) -> Compaction | None:
    """Make one entry a day of the entries worked before a day, some thousand days a transaction; None where none is.

    Entries of one day stay apart where they came to be known on different days or are paid at different rates: so every
    sum as of any day, and every pay, stays what it was. What a lead has decided on stays as it is.
    """
    before = after = 0
    for batch in _batches(_days_to_compact(before_on)):
        with transaction.atomic():
            taken, made = _compact(batch, at=at)
            before, after = before + taken, after + made
    if not before:
        return None
    with transaction.atomic():
        run = Compaction.objects.create(
            before_on=before_on, entries_before=before, entries_after=after, at=at
        )
        facts = {"before_on": before_on, "entries_before": before, "entries_after": after}
        record(
            verb="hours.compacted", subject_ref=f"compaction:{run.pk}", before={}, after=facts, by=None, at=at
        )
        return run


def _days_to_compact(before_on: date) -> Iterator[dict[str, Any]]:
    rows = (
        HoursEntry.objects.filter(worked_on__lt=before_on, decision__isnull=True)
        .annotate(recorded_on=TruncDate("recorded_at", tzinfo=UTC))
        .order_by()
        .values(*_DAY)
        .annotate(worked=Sum("seconds"), pieces=Sum("tasks"), latest=Max("recorded_at"), entries=Count("pk"))
        .filter(Q(entries__gt=1), worked__lte=MOST_SECONDS)
    )
    return iter(list(rows[:MOST_AT_ONCE]))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _compact(days: Sequence[dict[str, Any]], *, at: datetime) -> tuple[int, int]:
    """Replace the entries of each of these days by their total; how many there were, how many there are."""
    held = _entries_of(days)
    # A day that somebody has changed since it was counted waits for the next night.
    kept = [day for day in days if sum(entry[2] for entry in held[_key(day)]) == day["worked"]]
    entries = [entry for day in kept for entry in held[_key(day)]]
    HoursEntry.objects.filter(pk__in=[pk for pk, _, _ in entries]).delete()
    imports = {run for _, run, _ in entries if run is not None}
    HoursImport.objects.filter(pk__in=imports, closed_at__isnull=True).update(closed_at=at)
    columns = ("engagement", "worked_on", "seconds", "tasks", "source", "content_hash", "rate", "recorded_at")
    return len(entries), insert_rows(HoursEntry, columns, [_total(day) for day in kept])


def _entries_of(days: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], list[tuple[int, int | None, int]]]:
    """Key, import and seconds of every entry of these days, by day."""
    rows = HoursEntry.objects.filter(
        engagement__in={day["engagement_id"] for day in days},
        worked_on__in={day["worked_on"] for day in days},
        decision__isnull=True,
    ).annotate(recorded_on=TruncDate("recorded_at", tzinfo=UTC))
    held: dict[tuple[Any, ...], list[tuple[int, int | None, int]]] = defaultdict(list)
    for row in rows.order_by().values(*_DAY, "pk", "taken_in_by_id", "seconds"):
        held[_key(row)].append((row["pk"], row["taken_in_by_id"], row["seconds"]))
    return held


def _key(day: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(day[name] for name in _DAY)


def _total(day: dict[str, Any]) -> tuple[Any, ...]:
    facts = "\x1f".join(str(day[name]) for name in _DAY)
    return (
        day["engagement_id"],
        day["worked_on"],
        day["worked"],
        day["pieces"],
        TOTAL_OF_A_DAY,
        hashlib.sha256(f"{TOTAL_OF_A_DAY}\x1f{facts}".encode()).hexdigest(),
        day["rate_id"],
        day["latest"],
    )
