"""Keeps what did not reach somebody until the business has told whoever looks after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import states
from notifications.models import Delivery, Trouble

_GOT_THROUGH = (states.SENT, states.DELIVERED)


@dataclass(frozen=True, slots=True)
class TroubleFacts:
    """One delivery that did not reach its recipient; `has_other` says that another channel has or still may."""

    pk: int
    subject_ref: str
    recipient_key: str
    name: str
    channel: str
    state: str
    reason: str
    has_other: bool
    at: datetime


def note_troubles(delivery_ids: Sequence[int], *, at: datetime) -> None:
    """Keep these deliveries, inside the caller's transaction; each once."""
    Trouble.objects.bulk_create(
        [Trouble(delivery_id=pk, at=at) for pk in delivery_ids], ignore_conflicts=True
    )


def untold_troubles(*, at_most: int) -> list[TroubleFacts]:
    """Deliveries that nobody was told of yet, the oldest first."""
    rows = Trouble.objects.select_related("delivery__recipient", "delivery__notice").order_by("at", "pk")
    found = list(rows[:at_most])
    reached = set(
        Delivery.objects.filter(
            recipient__in=[row.delivery.recipient_id for row in found],
            state__in=(*_GOT_THROUGH, *states.WAITING, states.SENDING),
        ).values_list("recipient_id", flat=True)
    )
    return [
        TroubleFacts(
            pk=row.pk,
            subject_ref=row.delivery.notice.subject_ref,
            recipient_key=row.delivery.recipient.key,
            name=row.delivery.recipient.name,
            channel=row.delivery.channel,
            state=row.delivery.state,
            reason=row.delivery.reason,
            has_other=row.delivery.recipient_id in reached,
            at=row.at,
        )
        for row in found
    ]


def forget_troubles(pks: Sequence[int]) -> int:
    """Drop what was told, inside the transaction of the telling; the number dropped."""
    return Trouble.objects.filter(pk__in=pks).delete()[0]
