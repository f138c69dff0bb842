"""Names of the delivery jobs, when the clock runs them, and the bell that asks for one."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

RELAY: Final = "notifications.relay"
SWEEP: Final = "notifications.sweep"
QUEUE: Final = "email"

BEAT_SCHEDULE: Final[Mapping[str, Mapping[str, Any]]] = {
    SWEEP: {"task": SWEEP, "schedule": 20.0, "options": {"queue": "default", "expires": 30}},
}

logger = structlog.get_logger(__name__)


def ring_relay() -> None:
    """Ask for a relay, now; a broker that is away is logged, never raised: the sweep rings again."""
    try:
        current_app.send_task(RELAY, queue=QUEUE, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("relay.not_rung", error=type(error).__name__)
