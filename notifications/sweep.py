"""Finds what a bell missed and what a crash left behind, and settles what is unknown, channel by channel."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from notifications import states
from notifications.messages import Channel
from notifications.models import Attempt, Batch, Delivery
from notifications.ports import Ports

LOOKED_UP_AT_ONCE: Final = 200
RESENT: Final = "sent once more under the same Message-ID"


def settle_unknown(*, at: datetime, ports: Ports) -> int:
    """Settle deliveries whose reply was lost: mail is sent once more under its Message-ID, Slack is asked.

    What cannot be settled stays unknown, for a person. Returns how many were settled.
    """
    _release_dead_leases(at=at)
    unknown = Delivery.objects.filter(
        state=states.UNKNOWN, recorded_at__lte=at - timedelta(seconds=settings.RELAY_SETTLE_SECONDS)
    )
    rows = list(unknown.select_related("batch__lane").order_by("pk")[:LOOKED_UP_AT_ONCE])
    return sum(_settle(row, at=at, ports=ports) for row in rows)


def _release_dead_leases(*, at: datetime) -> None:
    """A batch whose relay died is claimed again like any other; what it was sending is unknown from then on."""
    dead = Batch.objects.filter(is_done=False, lease_until__lte=at).values("pk")
    Delivery.objects.filter(batch__in=dead, state=states.SENDING).update(
        state=states.UNKNOWN, reason="interrupted while sending", recorded_at=at
    )


def _settle(row: Delivery, *, at: datetime, ports: Ports) -> bool:
    if row.channel == Channel.EMAIL:
        return _send_once_more(row, at=at)
    found = ports.of(row.batch.lane).find(
        address=_history_of(row), message_id=row.message_id, since=row.recorded_at.timestamp() - 300
    )
    if found is None:
        return False
    if found:
        held = Delivery.objects.filter(pk=row.pk, state=states.UNKNOWN)
        return bool(
            held.update(state=states.SENT, provider_ref=found, reason="found in the channel", recorded_at=at)
        )
    return _back_in_queue(row, reason="looked up and not there", at=at)


def _history_of(row: Delivery) -> str:
    return row.provider_ref.partition(":")[0] or row.address


def _send_once_more(row: Delivery, *, at: datetime) -> bool:
    """A mail whose reply was lost goes out a second time at most."""
    if row.attempts.filter(code=RESENT).exists():
        return False
    with transaction.atomic():
        if not _back_in_queue(row, reason=RESENT, at=at):
            return False
        Attempt.objects.create(
            delivery=row,
            token=row.attempt_token or Delivery.new_token(),
            at=at,
            outcome="ambiguous",
            code=RESENT,
        )
    return True


def _back_in_queue(row: Delivery, *, reason: str, at: datetime) -> bool:
    with transaction.atomic():
        held = Delivery.objects.filter(pk=row.pk, state=states.UNKNOWN)
        if not held.update(state=states.QUEUED, due_at=at, reason=reason, recorded_at=at, attempt_token=None):
            return False
        Batch.objects.filter(pk=row.batch_id).update(is_done=False, due_at=at)
    return True
