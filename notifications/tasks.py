"""Background jobs of delivery: ids only, one call each, and rows that make them safe to run twice."""

import mmap
from typing import Any, Final

from celery import shared_task, signals

from notifications import jobs
from notifications.chains import go_on_where_unopened
from notifications.claims import is_anything_due
from notifications.clock import ledger_clock
from notifications.ports import Ports
from notifications.relay import relay as relay_due
from notifications.sweep import settle_unknown, tidy

TURN_SECONDS: Final = 15.0

# One byte that the worker shares with its pool processes: relays end their turn when the worker is told to stop,
# so that a deploy leaves nothing unknown. A lock could not be taken inside a signal handler; a byte can be written.
_stopping = mmap.mmap(-1, 1)


@signals.worker_shutting_down.connect
def ask_relays_to_end(**_: Any) -> None:
    """Let every relay of this worker finish what it has handed over, and take nothing more."""
    _stopping[0] = 1


def _is_stopping() -> bool:
    return _stopping[0] == 1


@shared_task(name=jobs.RELAY, acks_late=True)
def relay(*, channels: list[str] | None = None, **_: Any) -> None:
    """Send what is due; whoever finds something wakes one more, so that work spreads over the processes there are."""
    relay_due(
        clock=ledger_clock(),
        channels=channels,
        for_seconds=TURN_SECONDS,
        should_stop=_is_stopping,
        on_claim=jobs.ring_relay,
    )


@shared_task(name=jobs.SWEEP, acks_late=True)
def sweep(**_: Any) -> None:
    """Settle what is unknown, end what is too late, and send what a bell missed."""
    now = ledger_clock()
    ports = Ports(at=now())
    try:
        settle_unknown(at=now(), ports=ports)
        tidy(at=now())
        go_on_where_unopened(at=now())
    finally:
        ports.close()
    if is_anything_due(at=now()):
        relay_due(clock=now, for_seconds=TURN_SECONDS, should_stop=_is_stopping, on_claim=jobs.ring_relay)
