"""What may become of a delivery: its states, what each means, and which may follow which."""

from collections.abc import Mapping
from typing import Final

QUEUED: Final = "queued"
CLAIMED: Final = "claimed"
SENDING: Final = "sending"
SENT: Final = "sent"
DELIVERED: Final = "delivered"
BOUNCED: Final = "bounced"
DEFERRED: Final = "deferred"
UNKNOWN: Final = "unknown"
FAILED: Final = "failed"
SUPPRESSED: Final = "suppressed"
CANCELLED: Final = "cancelled"
SUPERSEDED: Final = "superseded"
EXPIRED: Final = "expired"

MEANING: Final[Mapping[str, str]] = {
    QUEUED: "Promised; waits for its turn.",
    CLAIMED: "A relay holds its batch under a lease; nothing has been said to the network yet.",
    SENDING: "The network may have it; until a reply is recorded nobody knows.",
    SENT: "The mail server or Slack accepted it.",
    DELIVERED: "The provider reported that it arrived.",
    BOUNCED: "It was accepted and came back.",
    DEFERRED: "A passing trouble; waits until its due time.",
    UNKNOWN: "The reply was lost; it may or may not have arrived. Resolved per channel, or by a person.",
    FAILED: "Refused for good, or out of tries; a person may requeue it.",
    SUPPRESSED: "Not sent because the address is known to refuse or the person asked so.",
    CANCELLED: "Not sent because it no longer applies to this person.",
    SUPERSEDED: "Not sent because a later word overtook it.",
    EXPIRED: "Not sent in time to be worth anything.",
}

FOLLOWS: Final[Mapping[str, frozenset[str]]] = {
    QUEUED: frozenset({CLAIMED, SENDING, SUPPRESSED, CANCELLED, SUPERSEDED, EXPIRED}),
    CLAIMED: frozenset({QUEUED, SENDING, DEFERRED, SUPPRESSED, CANCELLED, SUPERSEDED, EXPIRED, FAILED}),
    SENDING: frozenset({SENT, DEFERRED, FAILED, UNKNOWN, QUEUED}),
    SENT: frozenset({DELIVERED, BOUNCED}),
    DELIVERED: frozenset({BOUNCED}),
    BOUNCED: frozenset({QUEUED}),
    DEFERRED: frozenset({CLAIMED, SENDING, QUEUED, SUPPRESSED, CANCELLED, SUPERSEDED, EXPIRED}),
    UNKNOWN: frozenset({SENT, DELIVERED, BOUNCED, QUEUED, FAILED, SUPERSEDED}),
    FAILED: frozenset({QUEUED}),
    SUPPRESSED: frozenset({QUEUED}),
    CANCELLED: frozenset(),
    SUPERSEDED: frozenset(),
    EXPIRED: frozenset({QUEUED}),
}

WAITING: Final = (QUEUED, CLAIMED, DEFERRED)
# A row that ends in one of these tells the reader the reason in words.
SAYS_WHY: Final = (BOUNCED, DEFERRED, FAILED, SUPPRESSED, CANCELLED, SUPERSEDED, EXPIRED)
OVER: Final = (SENT, DELIVERED, BOUNCED, FAILED, SUPPRESSED, CANCELLED, SUPERSEDED, EXPIRED)


def may_become(state: str, next_state: str) -> bool:
    """Whether a delivery in `state` may go on to `next_state`."""
    return next_state in FOLLOWS[state]
