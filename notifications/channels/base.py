"""The port every channel answers at: parcels go in, one reply a parcel comes out as the network says it."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from notifications.messages import NO_FIELDS, escape_header, escape_html, escape_mrkdwn, fill


class Outcome(StrEnum):
    """What the network made of one parcel."""

    SENT = "sent"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"
    THROTTLED = "throttled"
    STOPPED = "stopped"

    __hash__ = str.__hash__  # as its equality is, and no call of Python's


# The code of a reply for a parcel whose turn never came: it costs no try.
NOT_TRIED = "not_tried"
# The code of a reply where the far end cannot be reached at all: the try is the lane's, not the person's.
CANNOT_CONNECT = "connect"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Words:
    """The frozen words of a notice in one language for one channel, shared by all its parcels; places are unfilled."""

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()


# A parcel and its reply are made for every person of a pause: a named tuple costs half of a frozen dataclass.
class Parcel(NamedTuple):
    """One delivery, ready to go: shared words, the person's own fields, an address, and its name at the other end.

    `not_after` (seconds of the monotonic clock) is when the claim on it ends: a process that was stopped and
    continued must not start on it any more.
    """

    delivery_id: int
    address: str
    name: str
    message_id: str
    words: Words
    fields: Mapping[str, str] = NO_FIELDS
    references: str = ""
    thread_ref: str = ""
    category: str = ""
    unsubscribe_link: str = ""
    not_after: float = float("inf")

    @property
    def subject(self) -> str:
        """The subject, filled, on one line."""
        return fill(self.words.subject, self.fields, escape_header)

    @property
    def plain_text(self) -> str:
        """The text, filled as plain words."""
        return fill(self.words.text, self.fields)

    @property
    def mrkdwn(self) -> str:
        """The text, filled for Slack: what a person's field holds pings nobody."""
        return fill(self.words.text, self.fields, escape_mrkdwn)

    @property
    def html(self) -> str:
        """The HTML, filled and escaped."""
        return fill(self.words.html, self.fields, escape_html)

    @property
    def blocks(self) -> tuple[Mapping[str, Any], ...]:
        """Slack's blocks, filled; only mrkdwn is escaped, plain text needs none."""
        return tuple(_filled(block, self.fields) for block in self.words.blocks)


def _filled(part: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            escape = escape_mrkdwn if part["type"] == "mrkdwn" else str
            return {**part, "text": fill(part["text"], fields, escape)}
        return {name: _filled(value, fields) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, fields) for value in part]
    return part


class Reply(NamedTuple):
    """What became of one parcel; `retry_after` in seconds where the network asks for patience."""

    delivery_id: int
    outcome: Outcome
    code: str = ""
    detail: str = ""
    provider_ref: str = ""
    retry_after: float | None = None


class ChannelPort(Protocol):
    """A channel: takes parcels over, gives replies back as they come, and says of an unknown one if it arrived."""

    window: int
    """How many parcels may be on their way at once: as many may become unknown when this process is killed."""

    @property
    def outstanding(self) -> int:
        """Parcels that were handed over and whose reply was not collected yet."""
        ...

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Take parcels over; never raises for what the network does."""
        ...

    def collect(self, *, wait_seconds: float) -> list[Reply]:
        """Give the replies that have come; wait up to so long for a good handful of them."""
        ...

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """The reference of a message whose reply was lost; "" when it is surely not there, None if unknown.

        `since` (seconds since 1970) bounds the search; `thread_ref` is the post that the message answered, if any.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class OneByOne:
    """A channel that sends one parcel after another, each answered before the next is tried.

    A subclass says how one is sent; after a throttle or a stop the rest is not tried and answers alike.
    """

    window = 8

    def __init__(self) -> None:
        self._waiting: deque[Parcel] = deque()

    @property
    def outstanding(self) -> int:
        """Parcels that wait to be sent."""
        return len(self._waiting)

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Keep parcels until `collect` sends them."""
        self._waiting.extend(parcels)

    def collect(self, *, wait_seconds: float) -> list[Reply]:
        """Send what waits, and give the replies."""
        return list(self._replies())

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """What was sent cannot be asked for."""
        return None

    def close(self) -> None:
        """Nothing is held open."""

    def send_one(self, parcel: Parcel) -> Reply:
        """Send one parcel; never raises for what the network does."""
        raise TypeError(f"{type(self).__name__} does not say how one parcel is sent.")

    def _replies(self) -> Iterator[Reply]:
        while self._waiting:
            reply = self.send_one(self._waiting.popleft())
            yield reply
            if reply.outcome in LANE_WIDE:
                while self._waiting:
                    yield answered_alike(reply, self._waiting.popleft())


# Outcomes that say something of the lane: whoever waits behind is not tried and answered alike.
LANE_WIDE = frozenset({Outcome.THROTTLED, Outcome.STOPPED})


def answered_alike(reply: Reply, parcel: Parcel) -> Reply:
    """The reply to a parcel whose lane has just answered for all."""
    return reply._replace(delivery_id=parcel.delivery_id)
