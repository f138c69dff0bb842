"""Holds the ledger against what the receiving side counted."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from notifications.models import Delivery
from tests.fakes.smtp_sink import SmtpSink

PATIENCE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Count:
    """What a fault cost: people never reached, people told what was never promised, mails repeated."""

    promised: int
    lost: int
    phantom: int
    stuck: int
    duplicates: int
    duplicates_same_id: int
    ledger_differences: int


def count(sink: SmtpSink) -> Count:
    """Compare every delivery with every mail the server accepted."""
    promised = {row.address: row for row in Delivery.objects.all()}
    served = Counter(mail.recipient for mail in sink.accepted)
    names = {(mail.recipient, mail.message_id) for mail in sink.accepted}
    repeats = sum(times - 1 for times in served.values())
    over = {"sent", "delivered", "failed", "cancelled", "superseded", "expired", "suppressed"}
    return Count(
        promised=len(promised),
        lost=sum(1 for address, row in promised.items() if not served[address] and row.state != "unknown"),
        phantom=sum(1 for address in served if address not in promised),
        stuck=sum(1 for row in promised.values() if row.state not in over),
        duplicates=repeats,
        duplicates_same_id=len(sink.accepted) - len(names),
        ledger_differences=sum(
            1 for address, row in promised.items() if (row.state == "sent") != bool(served[address])
        ),
    )


def wait_until(
    is_so: Callable[[], bool],
    *,
    doing: Callable[[], object] = lambda: None,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Wait for an event, doing something meanwhile; raise AssertionError when it never comes."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "what the test waited for never came"
        doing()
        time.sleep(0.05)


def nothing_waits() -> bool:
    """Whether every delivery has come to its end."""
    waiting = ["queued", "claimed", "sending", "deferred", "unknown"]
    return not Delivery.objects.filter(state__in=waiting).exists()
