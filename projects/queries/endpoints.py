"""What was sent to an endpoint, and what came of each try."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from notifications import states
from notifications.messages import Channel
from notifications.models import Attempt, Delivery, DeliveryState, Endpoint

REPLAYABLE: Final = (states.FAILED, states.EXPIRED, states.UNKNOWN)


@dataclass(frozen=True, slots=True)
class TryFacts:
    """One try that did not simply succeed."""

    at: datetime
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class SentEvent:
    """One event to one endpoint: its id at the receiver, where it stands, and its tries, the oldest first."""

    pk: int
    webhook_id: str
    type: str
    state: str
    reason: str
    tries: int
    staged_at: datetime
    recorded_at: datetime
    due_at: datetime
    body: str
    attempts: Sequence[TryFacts]

    @property
    def standing(self) -> str:
        """Its state in words."""
        return str(DeliveryState(self.state).label)

    @property
    def can_be_sent_again(self) -> bool:
        """Whether a person may put it back in the queue."""
        return self.state in REPLAYABLE

    @property
    def is_over(self) -> bool:
        """Whether it will not be tried again by itself."""
        return self.state in states.OVER


def deliveries_to(endpoint: Endpoint) -> QuerySet[Delivery]:
    """Everything that was promised to this endpoint, the newest first."""
    rows = Delivery.objects.filter(
        recipient__key=f"endpoint:{endpoint.pk}", channel=Channel.WEBHOOK, address=str(endpoint.public_id)
    )
    return rows.select_related("notice").order_by("-pk")


def sent_events(deliveries: Sequence[Delivery]) -> list[SentEvent]:
    """These deliveries with their tries; one query more."""
    tries: dict[int, list[TryFacts]] = defaultdict(list)
    rows = Attempt.objects.filter(delivery__in=[row.pk for row in deliveries]).order_by("at", "pk")
    for delivery_id, at, code, detail in rows.values_list("delivery_id", "at", "code", "detail"):
        tries[delivery_id].append(TryFacts(at, code, detail))
    return [_event(row, tries.get(row.pk, [])) for row in deliveries]


def _event(row: Delivery, attempts: Sequence[TryFacts]) -> SentEvent:
    contents: Mapping[str, Any] = row.notice.contents
    return SentEvent(
        pk=row.pk,
        webhook_id=row.message_id,
        type=row.notice.kind,
        state=row.state,
        reason=row.reason or row.provider_ref,
        tries=row.tries,
        staged_at=row.notice.staged_at,
        recorded_at=row.recorded_at,
        due_at=row.due_at,
        body=str(contents["en"][Channel.WEBHOOK.value]["text"]),
        attempts=tuple(attempts),
    )
