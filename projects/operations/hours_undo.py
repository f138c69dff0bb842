"""Undoes an import of hours as a whole: what it added goes, what it replaced comes back."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToImport
from projects.models import HoursDecision, HoursEntry, HoursImport, ReplacedHours, User
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record

KEPT: Final = (
    "engagement_id, worked_on, started_at, seconds, tasks, source, content_hash, rate_id, taken_in_by_id, "
    "recorded_at"
)


def undo_hours_import(*, run: HoursImport, by: User | None, at: datetime) -> int:
    """Take back everything that one file brought, waiting rows included; the number of entries that went.

    Raises NotAllowed, or UnableToImport when it was undone before or its days are kept as totals by now.
    """
    if by is not None and not access.may_import(by):
        raise NotAllowed("Only operations and finance may undo an import.")
    with transaction.atomic():
        fresh = _claimed(run, at=at)
        entries = HoursEntry.objects.filter(taken_in_by=fresh)
        people = set(entries.order_by().values_list("engagement__contractor_id", flat=True).distinct())
        people |= set(
            fresh.replaced.order_by().values_list("engagement__contractor_id", flat=True).distinct()
        )
        decided = HoursDecision.objects.filter(entry__in=entries).delete()[0]
        removed = int(entries._raw_delete(entries.db))
        restored = _bring_back(fresh)
        waiting = int(fresh.unmatched.all()._raw_delete(fresh.unmatched.db))
        # What others replaced of this import would come back with them, so it is forgotten as well.
        ReplacedHours.objects.filter(taken_in_by_id=fresh.pk).delete()
        facts = {"removed": removed, "restored": restored, "waiting": waiting, "decisions": decided}
        record(
            verb="hours.undone", subject_ref=f"hoursimport:{fresh.pk}", before={}, after=facts, by=by, at=at
        )
        ask_for_estimates_of(contractor_ids=sorted(people), reason="hours", at=at)
        return removed


def _claimed(run: HoursImport, *, at: datetime) -> HoursImport:
    """The import, marked as undone by this call alone."""
    fresh = HoursImport.objects.get(pk=run.pk)
    if fresh.closed_at is not None:
        raise UnableToImport(
            f"{fresh.file_name} cannot be undone: since {fresh.closed_at:%Y-%m-%d} some of its days are kept as totals."
        )
    if not HoursImport.objects.filter(pk=run.pk, undone_at__isnull=True).update(undone_at=at):
        raise UnableToImport(f"{fresh.file_name} was undone already.")
    return fresh


def _bring_back(run: HoursImport) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO projects_hoursentry ({KEPT}) SELECT {KEPT} FROM projects_replacedhours "  # noqa: S608 - our own names
            "WHERE replaced_by_id = %s ON CONFLICT DO NOTHING",
            [run.pk],
        )
        restored = int(cursor.rowcount)
    run.replaced.all().delete()
    return restored
