"""What one contractor was told about one pause: every word in order, and how each reached them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from notifications.models import Delivery
from projects.models import Contractor, Engagement, PauseUpdate


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


def timeline_of(pause_pk: int, contractor: Contractor) -> tuple[Word, ...]:
    """The words on a pause, latest first, in two queries; confidential notes stay out."""
    rows = PauseUpdate.objects.filter(pause=pause_pk).select_related("by").order_by("-at", "-pk")
    updates = list(rows.defer("confidential_note"))
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
    projects = Engagement.objects.filter(contractor=contractor).values_list("project_id", flat=True)
    keys = [f"contractor:{contractor.pk}", *(f"project:{pk}" for pk in projects)]
    about = Q(notice__subject_ref=f"pause:{pause_pk}", recipient__key__in=keys)
    for delivery in Delivery.objects.filter(about).select_related("notice").order_by("channel", "pk"):
        said = delivery.notice.staged_at
        pk = by_key.get(delivery.notice.idempotency_key) or next(
            (update.pk for update in updates if update.at <= said), None
        )
        if pk is not None:
            found[pk].append(Told(delivery.channel, delivery.state, delivery.recorded_at))
    return found
