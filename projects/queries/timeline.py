"""What one contractor was told about one pause: every word in order, and how each reached them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BigIntegerField, CharField, QuerySet

from notifications.models import Delivery
from projects.models import Contractor, Engagement, PauseUpdate
from projects.prepared import Prepared, Slot

_KEYS: Final = [Slot(f"key{number}", CharField()) for number in range(8)]


@dataclass(frozen=True, slots=True)
class Told:
    """One way on which one word went to this person (or to their project's channel) and what became of it."""

    channel: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One word on the timeline. `promised_by` is the promise that it kept or was late for."""

    kind: str
    text: str
    at: datetime
    by_name: str
    next_update_by: datetime | None
    promised_by: datetime | None
    changes: dict[str, Any]
    told: tuple[Told, ...]


def _deliveries_about() -> QuerySet[Delivery, tuple[Any, ...]]:
    keys: Any = _KEYS
    rows = Delivery.objects.filter(notice__subject_ref=Slot("subject", CharField()), recipient__key__in=keys)
    return rows.order_by().values_list(
        "pk", "channel", "state", "recorded_at", "notice__staged_at", "notice__idempotency_key"
    )


_WORDS: Final = Prepared(
    lambda: (
        PauseUpdate.objects.filter(pause=Slot("pause", BigIntegerField()))
        .select_related("by")
        .defer("confidential_note")
        .order_by("-at", "-pk")
    )
)
_PROJECTS: Final = Prepared(
    lambda: (
        Engagement.objects.filter(contractor=Slot("person", BigIntegerField()))
        .order_by("project_id")
        .values_list("project_id")
        .distinct()
    )
)
_DELIVERIES: Final = Prepared(_deliveries_about)


def timeline_of(pause_pk: int, contractor: Contractor) -> tuple[Word, ...]:
    """The words on a pause, latest first, in three queries; confidential notes stay out."""
    updates: list[PauseUpdate] = _WORDS.instances(pause=pause_pk)
    told = _told(pause_pk, contractor, updates)
    return tuple(
        Word(
            kind=update.kind,
            text=update.text,
            at=update.at,
            by_name=update.by.name if update.by else "",
            next_update_by=update.next_update_by,
            promised_by=update.promised_by,
            changes=dict(update.changes),
            told=tuple(told[update.pk]),
        )
        for update in updates
    )


def _told(pause_pk: int, contractor: Contractor, updates: Sequence[PauseUpdate]) -> dict[int, list[Told]]:
    """Deliveries by the word they carried; one that belongs to no word goes to the latest said before it."""
    found: dict[int, list[Told]] = defaultdict(list)
    by_key = {f"pause:{pause_pk}:update:{update.pk}": update.pk for update in updates}
    keys = [f"contractor:{contractor.pk}"]
    keys += [f"project:{pk}" for (pk,) in _PROJECTS.rows(person=contractor.pk)]
    for channel, state, at, said, key in _deliveries(f"pause:{pause_pk}", keys):
        pk = by_key.get(key) or next((update.pk for update in updates if update.at <= said), None)
        if pk is not None:
            found[pk].append(Told(channel, state, at))
    return found


def _deliveries(subject: str, keys: Sequence[str]) -> list[tuple[str, str, datetime, datetime, str]]:
    """How it went to these recipients, by channel; one query for a handful of them."""
    found: list[tuple[Any, ...]] = []
    for first in range(0, len(keys), len(_KEYS)):
        some = keys[first : first + len(_KEYS)]
        asked = {slot.name: some[min(place, len(some) - 1)] for place, slot in enumerate(_KEYS)}
        found += _DELIVERIES.rows(subject=subject, **asked)
    return [row[1:] for row in sorted(found, key=lambda row: (row[1], row[0]))]
