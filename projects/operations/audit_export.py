"""The whole audit trail for an auditor to take away, in a form in which every seal can be reckoned again without us."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed
from projects.models import AuditEvent, User
from projects.operations.history import facts_of_event, record


def export_trail(*, by: User, at: datetime) -> Iterator[str]:
    """Write down who takes the trail, and yield it up to that very row: one JSON object a line, oldest first.

    A line holds what its seal is reckoned over, and the seal as `hash`: SHA-256 of the other members as JSON with
    sorted names, `, ` and `: ` between them, in UTF-8. Raises NotAllowed.
    """
    if not access.may_see_audit(by):
        raise NotAllowed("The audit trail is for auditors and operations.")
    with transaction.atomic():
        last = record(
            verb="audit.exported", subject_ref="audit:trail", before={}, after={}, by=by, at=at
        ).number
    return _lines(last)


def _lines(last: int) -> Iterator[str]:
    rows = AuditEvent.objects.filter(number__lte=last).order_by("number")
    for event in rows.iterator(chunk_size=2_000):
        facts = {**facts_of_event(event), "hash": event.hash}
        yield json.dumps(facts, sort_keys=True, ensure_ascii=False) + "\n"
