"""Reads of the ledger: how far a subject has been told, what is due, and when it will be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min

from notifications import states
from notifications.messages import Channel
from notifications.models import Batch, Delivery

# Messages a second that each channel is reckoned with before anything is known of its pace.
USUAL_PACE: Final[Mapping[str, float]] = {
    Channel.EMAIL: 200.0,
    Channel.SLACK_DM: 5.0,
    Channel.SLACK_CHANNEL: 1.0,
    Channel.WEBHOOK: 20.0,
}


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """How far one subject has been told: counts by channel and state."""

    subject_ref: str
    counts: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        """Every delivery that was promised."""
        return sum(sum(states_.values()) for states_ in self.counts.values())

    def in_states(self, *wanted: str) -> int:
        """Deliveries in any of these states."""
        return sum(counts.get(state, 0) for counts in self.counts.values() for state in wanted)

    @property
    def is_drained(self) -> bool:
        """Whether nothing is waiting or on its way any more."""
        return self.in_states(states.QUEUED, states.CLAIMED, states.SENDING, states.DEFERRED) == 0


def delivery_status(subject_ref: str) -> DeliveryStatus:
    """Count the deliveries about a subject by channel and state."""
    counts: dict[str, dict[str, int]] = {}
    rows = Delivery.objects.filter(notice__subject_ref=subject_ref).values_list("channel", "state")
    for channel, state, count in rows.annotate(count=Count("pk")).order_by("channel", "state"):
        counts.setdefault(channel, {})[state] = count
    return DeliveryStatus(subject_ref=subject_ref, counts=counts)


def oldest_due_seconds(*, at: datetime) -> float:
    """How long the oldest batch that is due has been waiting, in seconds; 0.0 when nothing is due."""
    oldest = Batch.objects.filter(is_done=False, due_at__lte=at).aggregate(oldest=Min("due_at"))["oldest"]
    return (at - oldest).total_seconds() if oldest else 0.0


def earliest_finish(counts: Mapping[str, int], *, at: datetime) -> Mapping[str, datetime]:
    """When each channel will have finished so many messages at its usual pace."""
    return {
        channel: at + timedelta(seconds=round(count / USUAL_PACE.get(channel, 10.0), 1))
        for channel, count in counts.items()
    }
