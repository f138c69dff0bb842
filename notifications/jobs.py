"""Names of the delivery jobs, when the clock runs them, and how to ask for one."""

from collections.abc import Mapping
from typing import Any, Final

from notifications import bell

RELAY: Final = "notifications.relay"
SWEEP: Final = "notifications.sweep"
QUEUE: Final = "email"

BEAT_SCHEDULE: Final[Mapping[str, Mapping[str, Any]]] = {
    SWEEP: {"task": SWEEP, "schedule": 20.0, "options": {"queue": "default", "expires": 30}},
}


def ring_relay() -> None:
    """Ask for a relay; where the broker is away the sweep rings again."""
    bell.ring(RELAY, queue=QUEUE)
