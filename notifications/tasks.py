"""Background jobs of delivery: ids only, one call each, and rows that make them safe to run twice."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from notifications import jobs
from notifications.ports import Ports
from notifications.relay import relay as relay_due
from notifications.sweep import settle_unknown

TURN_SECONDS = 50.0


@shared_task(name=jobs.RELAY, acks_late=True)
def relay(*, channels: list[str] | None = None, **_: Any) -> None:
    """Send what is due; after a turn ring again, so that a deploy never waits for a long drain."""
    if relay_due(clock=timezone.now, channels=channels, for_seconds=TURN_SECONDS):
        jobs.ring_relay()


@shared_task(name=jobs.SWEEP, acks_late=True)
def sweep(**_: Any) -> None:
    """Settle what is unknown and ring for what is due."""
    ports = Ports(at=timezone.now())
    try:
        settle_unknown(at=timezone.now(), ports=ports)
    finally:
        ports.close()
    relay_due(clock=timezone.now, for_seconds=TURN_SECONDS)
