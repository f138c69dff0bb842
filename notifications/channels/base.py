"""The port every channel answers at: parcels go in, one reply a parcel comes out as the network says it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Outcome(StrEnum):
    """What the network made of one parcel."""

    SENT = "sent"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"
    THROTTLED = "throttled"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to go: filled words, an address, and the name it is known by at the other end."""

    delivery_id: int
    address: str
    name: str
    message_id: str
    references: str
    subject: str
    text: str
    html: str
    blocks: Sequence[Mapping[str, Any]]
    thread_ref: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one parcel; `retry_after` in seconds where the network asks for patience."""

    delivery_id: int
    outcome: Outcome
    code: str = ""
    detail: str = ""
    provider_ref: str = ""
    retry_after: float | None = None


class ChannelPort(Protocol):
    """A channel: sends parcels, and says of an unknown one whether it arrived."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Reply]:
        """Yield one reply for each parcel, in any order; never raises for what the network does."""
        ...

    def find(self, *, address: str, message_id: str, since: float) -> str | None:
        """The reference of a message whose reply was lost; "" when it is surely not there, None if unknown."""
        ...
