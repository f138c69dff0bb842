"""Memory: a channel for tests that keeps what it was given and answers as it is told."""

from collections.abc import Callable

from notifications.channels.base import OneByOne, Outcome, Parcel, Reply


def _accepts(parcel: Parcel) -> Reply:
    return Reply(parcel.delivery_id, Outcome.SENT, "memory", provider_ref=f"memory-{parcel.delivery_id}")


class MemoryChannel(OneByOne):
    """Keeps parcels in `sent`; `answer` decides what the network is said to have replied."""

    window = 64

    def __init__(self, answer: Callable[[Parcel], Reply] = _accepts) -> None:
        super().__init__()
        self.sent: list[Parcel] = []
        self.answer = answer

    def send_one(self, parcel: Parcel) -> Reply:
        """Keep a parcel and answer for it."""
        self.sent.append(parcel)
        return self.answer(parcel)

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """Look through what was kept."""
        return next((f"memory-{p.delivery_id}" for p in self.sent if p.message_id == message_id), "")
