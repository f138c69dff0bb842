"""What waits to be gathered: the notices each person's digest is due to hold, and taking them into it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from notifications import states
from notifications.messages import Channel
from notifications.models import Batch, Delivery, HeldForDigest, Notice

TAKEN: Final = "told in the digest"


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """One notice that waits for somebody's digest, with the personal words it would have been filled with."""

    delivery_id: int
    notice_id: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DueDigest:
    """What one person's digest on one channel is due to hold, the oldest first."""

    key: str
    name: str
    locale: str
    time_zone: str
    channel: Channel
    address: str
    held: tuple[HeldNotice, ...]


def due_digests(*, at: datetime, at_most: int) -> list[DueDigest]:
    """The digests whose hour has come, from about `at_most` held notices; a person's are never torn apart."""
    due = HeldForDigest.objects.filter(due_at__lte=at).order_by("due_at", "recipient_key")
    keys = list(dict.fromkeys(due.values_list("recipient_key", flat=True)[:at_most]))
    rows = HeldForDigest.objects.filter(due_at__lte=at, recipient_key__in=keys).order_by("delivery")
    held: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for row in rows.select_related("delivery__recipient"):
        held[row.recipient_key, row.delivery.channel].append(row.delivery)
    return [_digest(key, Channel(channel), deliveries) for (key, channel), deliveries in held.items()]


def summaries_of(notice_ids: Sequence[int]) -> dict[int, Mapping[str, tuple[str, str]]]:
    """The subject and the gist of notices in every language they were written in; by notice."""
    found: dict[int, Mapping[str, tuple[str, str]]] = {}
    for pk, contents in Notice.objects.filter(pk__in=notice_ids).values_list("pk", "contents"):
        found[pk] = {
            locale: (words["email"]["subject"], words["email"].get("summary", ""))
            for locale, words in contents.items()
            if "email" in words
        }
    return found


def take_into_digest(delivery_ids: Sequence[int], *, at: datetime) -> set[int]:
    """Mark those of these deliveries that still wait as told in a digest, inside its transaction; which they are."""
    waiting = Delivery.objects.filter(pk__in=delivery_ids, state__in=states.WAITING)
    taken = set(waiting.select_for_update().values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=taken, state__in=states.WAITING).update(
        state=states.SUPERSEDED, reason=TAKEN, recorded_at=at
    )
    HeldForDigest.objects.filter(delivery__in=delivery_ids).delete()
    return taken


def let_go_alone(delivery_ids: Sequence[int], *, at: datetime) -> None:
    """Let notices that are alone in their digest go out as they are, now."""
    rows = Delivery.objects.filter(pk__in=delivery_ids, state__in=states.WAITING)
    Batch.objects.filter(pk__in=rows.values("batch")).update(due_at=at, is_done=False)
    rows.update(due_at=at)
    HeldForDigest.objects.filter(delivery__in=delivery_ids).delete()


def _digest(key: str, channel: Channel, deliveries: Sequence[Delivery]) -> DueDigest:
    latest = deliveries[-1]
    person = latest.recipient
    held = tuple(HeldNotice(row.pk, row.notice_id, row.recipient.fields) for row in deliveries)
    return DueDigest(key, person.name, person.locale, person.time_zone, channel, latest.address, held)
