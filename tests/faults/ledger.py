"""Holds the ledger against what the receiving side counted."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from notifications import states
from notifications.models import Delivery

PATIENCE_SECONDS = 150.0
ARRIVED = (states.SENT, states.DELIVERED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that the receiving side took: for whom, under which name, and what it said."""

    recipient: str
    name: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """What a fault cost: people never reached, people told what was never promised, notices repeated."""

    n: int
    delivered: int
    lost: int
    phantom: int
    stuck: int
    duplicates: int
    duplicates_same_id: int
    ledger_differences: int

    @property
    def is_clean(self) -> bool:
        """Whether nobody was lost, nothing invented, nothing stuck, nothing repeated under another name."""
        wrong = (self.lost, self.phantom, self.stuck, self.ledger_differences)
        return wrong == (0, 0, 0, 0) and self.duplicates == self.duplicates_same_id

    def say(self, fault: str) -> None:
        """Print the line that `make faults` is read for."""
        line = {"fault": fault, **asdict(self)}
        sys.stdout.write("\n" + json.dumps(line) + "\n")
        sys.stdout.flush()


def count(arrivals: Iterable[Arrival]) -> Count:
    """Compare every delivery with everything the receiving side took."""
    took = list(arrivals)
    promised = {row.message_id: row for row in Delivery.objects.all()}
    served = Counter(arrival.name for arrival in took)
    return Count(
        n=len(promised),
        delivered=sum(1 for name in promised if served[name]),
        lost=sum(1 for name, row in promised.items() if row.state in ARRIVED and not served[name]),
        phantom=sum(
            1
            for arrival in took
            if arrival.name not in promised or promised[arrival.name].address != arrival.recipient
        ),
        stuck=sum(1 for row in promised.values() if row.state not in states.OVER),
        duplicates=len(took) - len({(arrival.recipient, arrival.said) for arrival in took}),
        duplicates_same_id=len(took) - len({(arrival.recipient, arrival.name) for arrival in took}),
        ledger_differences=sum(
            1 for name, row in promised.items() if (row.state in ARRIVED) != bool(served[name])
        ),
    )


def wait_until(
    is_so: Callable[[], bool],
    *,
    doing: Callable[[], object] = lambda: None,
    seconds: float = PATIENCE_SECONDS,
    what: str = "what the test waited for",
) -> None:
    """Wait for an event, doing something meanwhile; raise AssertionError that names it when it never comes."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        doing()
        time.sleep(0.05)


def nothing_waits() -> bool:
    """Whether every delivery has come to its end."""
    return not Delivery.objects.exclude(state__in=states.OVER).exists()
