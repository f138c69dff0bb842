"""Writes the audit trail, each row sealed by the hash of the one before, and checks the seals."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from projects.models import AuditEvent, User

GENESIS = "0" * 64
_CHAIN_LOCK = 0x436F6E48  # an arbitrary key of ours for PostgreSQL's advisory lock


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """An audit row that does not follow from the one before it."""

    number: int
    reason: str


def record(
    *,
    verb: str,
    subject_ref: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: User | None,
    at: datetime,
) -> AuditEvent:
    """Append one row to the audit trail, inside the caller's transaction.

    `before` and `after` hold what JSON can hold. Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit row belongs to the transaction of what it tells.")
    _hold_the_chain()
    last = AuditEvent.objects.order_by("-number").first()
    event = AuditEvent(
        number=(last.number if last else 0) + 1,
        at=at,
        by=by,
        verb=verb,
        subject_ref=subject_ref,
        before=_plain(before),
        after=_plain(after),
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = seal_of(event)
    event.save(force_insert=True)
    return event


def seal_of(event: AuditEvent) -> str:
    """SHA-256 over the row's facts and the hash of the row before."""
    facts = {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(),
        "by": event.by_id,
        "verb": event.verb,
        "subject_ref": event.subject_ref,
        "before": event.before,
        "after": event.after,
        "previous_hash": event.previous_hash,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken_seals() -> Iterator[BrokenSeal]:
    """Walk the whole trail and yield every row that was changed, and every gap."""
    expected_number, previous_hash = 1, GENESIS
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2_000):
        if event.number != expected_number:
            yield BrokenSeal(event.number, f"row {expected_number} is missing before it")
        if event.previous_hash != previous_hash:
            yield BrokenSeal(event.number, "it does not follow from the row before it")
        if event.hash != seal_of(event):
            yield BrokenSeal(event.number, "its facts were changed after it was written")
        expected_number, previous_hash = event.number + 1, event.hash


def _hold_the_chain() -> None:
    """Let one transaction at a time append; SQLite's IMMEDIATE transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the database will give back, so that the seal is reckoned over the very same values."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(facts), cls=DjangoJSONEncoder))
    return plain
