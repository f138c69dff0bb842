"""Memory: a channel for tests that keeps what it was given and answers as it is told."""

from collections.abc import Callable, Iterator, Sequence

from notifications.channels.base import Outcome, Parcel, Reply


def _accepts(parcel: Parcel) -> Reply:
    return Reply(parcel.delivery_id, Outcome.SENT, "memory", provider_ref=f"memory-{parcel.delivery_id}")


class MemoryChannel:
    """Keeps parcels in `sent`; `answer` decides what the network is said to have replied."""

    def __init__(self, answer: Callable[[Parcel], Reply] = _accepts) -> None:
        self.sent: list[Parcel] = []
        self.answer = answer

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Reply]:
        """Keep each parcel and answer for it."""
        for parcel in parcels:
            self.sent.append(parcel)
            yield self.answer(parcel)

    def find(self, *, address: str, message_id: str, since: float) -> str | None:
        """Look through what was kept."""
        return next((f"memory-{p.delivery_id}" for p in self.sent if p.message_id == message_id), "")

    def close(self) -> None:
        """Nothing is held open."""
