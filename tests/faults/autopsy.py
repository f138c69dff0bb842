"""What a fault that did not hold leaves to be read: the ledger, the receiving side, every process's last words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import Error, connection
from django.db.models import Count as Number
from django.utils import timezone

from notifications.models import Batch, Delivery, Lane
from tests.faults.scene import Scene

LAST_LINES = 25


@contextmanager
def explained(scene: Scene) -> Iterator[None]:
    """Add to whatever goes wrong inside all that is known at that moment."""
    try:
        yield
    except BaseException as error:
        error.add_note("\n".join(_findings(scene)))
        raise


def _findings(scene: Scene) -> Iterator[str]:
    yield f"=== at {timezone.now():%H:%M:%S}, load {' '.join(f'{load:.1f}' for load in os.getloadavg())}"
    yield f"the receiving side took {len(scene.arrivals())} of {scene.people}"
    connection.close()  # the one that failed may be the one we hold
    try:
        yield from _ledger()
    except Error as error:
        yield f"the database does not answer: {error}"
    for log in sorted(scene.folder.glob("*.log")):
        yield f"=== {log.name}"
        yield from _end_of(log)


def _ledger() -> Iterator[str]:
    states = Delivery.objects.values("state").annotate(number=Number("pk")).order_by("state")
    yield "deliveries: " + ", ".join(f"{row['state']} {row['number']}" for row in states)
    for batch in Batch.objects.filter(is_done=False).values(
        "pk", "due_at", "lease_token", "lease_until", "unknown_at"
    ):
        yield f"open batch: {batch}"
    for lane in Lane.objects.exclude(parked_until=None).values("channel", "parked_until", "parked_reason"):
        yield f"parked lane: {lane}"


def _end_of(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-LAST_LINES:]
