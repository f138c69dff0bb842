"""Writes the audit trail, each row sealed by the hash of the one before, and checks the seals."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from projects.models import AuditEvent, AuditHead, User

GENESIS = "0" * 64
_THE_HEAD = 1


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
    head = _held_head()
    event = AuditEvent(
        number=head.number + 1,
        at=at,
        by=by,
        verb=verb,
        subject_ref=subject_ref,
        before=_plain(before),
        after=_plain(after),
        previous_hash=head.hash,
    )
    event.hash = seal_of(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(pk=head.pk).update(number=event.number, hash=event.hash)
    return event


def facts_of_event(event: AuditEvent) -> dict[str, Any]:
    """What the seal of a row is reckoned over."""
    return {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(),
        "by": event.by_id,
        "verb": event.verb,
        "subject_ref": event.subject_ref,
        "before": event.before,
        "after": event.after,
        "previous_hash": event.previous_hash,
    }


def seal_of(event: AuditEvent) -> str:
    """SHA-256 over the row's facts and the hash of the row before."""
    facts = json.dumps(facts_of_event(event), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()


def broken_seals(*, anchor: tuple[int, str] | None = None) -> Iterator[BrokenSeal]:
    """Walk the whole trail and yield every row that was changed, slipped in or taken away, at its end too.

    `anchor` is the number and hash of an end of the trail that was noted elsewhere: it must still be there, so that
    even a trail that was forged anew from some row on is found out.
    """
    number, previous_hash = 0, GENESIS
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2_000):
        if event.number != number + 1:
            yield BrokenSeal(event.number, f"row {number + 1} is missing before it")
        if event.previous_hash != previous_hash:
            yield BrokenSeal(event.number, "it does not follow from the row before it")
        if event.hash != seal_of(event):
            yield BrokenSeal(event.number, "its facts were changed after it was written")
        if anchor is not None and event.number == anchor[0] and event.hash != anchor[1]:
            yield BrokenSeal(event.number, "it is not the row that was noted at the time")
        number, previous_hash = event.number, event.hash
    end = head_of_trail()
    if (number, previous_hash) != end:
        yield BrokenSeal(max(number, end[0]), f"the trail ends at row {number}, but row {end[0]} was its end")
    if anchor is not None and number < anchor[0]:
        yield BrokenSeal(anchor[0], "the row that was noted at the time is missing")


def head_of_trail() -> tuple[int, str]:
    """The number and hash of the newest row, as the row that is locked to append says."""
    head = AuditHead.objects.filter(pk=_THE_HEAD).first()
    return (head.number, head.hash) if head else (0, GENESIS)


def _held_head() -> AuditHead:
    """The end of the trail, held until the transaction ends, so that one at a time appends."""
    AuditHead.objects.get_or_create(pk=_THE_HEAD, defaults={"number": 0, "hash": GENESIS})
    return AuditHead.objects.select_for_update().get(pk=_THE_HEAD)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the database will give back, so that the seal is reckoned over the very same values."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(facts), cls=DjangoJSONEncoder))
    return plain
