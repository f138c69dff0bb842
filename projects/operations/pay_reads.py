"""Notes who of the firm read what somebody earns, and lets go of notes that are older than the policy keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from projects.models import PayRead, User

SAME_READ: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: of one contractor, of a project, or of the whole firm where both are None; ids."""

    what: str
    via: str
    name: str = ""
    contractor: int | None = None
    project: int | None = None


def note_pay_reads(seen: Iterable[Seen], *, by: User, at: datetime) -> None:
    """Note each, once an hour: who looks again at the same within the hour is counted in the same rows.

    Two statements, however many there are: a list with something new in it is noted anew as a whole.
    """
    asked = set(seen)
    if not asked:
        return
    with transaction.atomic():
        recent = PayRead.objects.filter(by=by, first_at__gt=at - SAME_READ, first_at__lte=at)
        known = {
            Seen(row.what, row.via, row.name, row.contractor_id, row.project_id): row.pk for row in recent
        }
        if asked <= known.keys():
            again = [known[one] for one in asked]
            PayRead.objects.filter(pk__in=again).update(times=F("times") + 1, last_at=at)
            return
        PayRead.objects.bulk_create(
            PayRead(
                by=by, what=one.what, via=one.via, name=one.name, contractor_id=one.contractor,
                project_id=one.project, first_at=at, last_at=at,
            )
            for one in asked
        )  # fmt: skip
