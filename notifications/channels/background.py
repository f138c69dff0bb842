"""A channel that waits for each reply, moved to a thread of its own, so that its silence delays no other lane."""

import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from notifications.channels.base import LANE_WIDE, OneByOne, Outcome, Parcel, Reply, answered_alike


class InBackground:
    """Sends the parcels of one channel in their order; `collect` only looks at what has been answered."""

    def __init__(self, channel: OneByOne) -> None:
        self._channel = channel
        self.window = channel.window
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="channel")
        self._answers: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self._outstanding = 0
        self._last: Reply | None = None  # the lane's word to whoever waits behind

    @property
    def outstanding(self) -> int:
        """Parcels whose reply was not collected yet."""
        return self._outstanding

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Line parcels up for the thread."""
        if self._outstanding == 0:
            self._last = None
        self._outstanding += len(parcels)
        for parcel in parcels:
            self._thread.submit(self._send, parcel)

    def collect(self, *, wait_seconds: float) -> list[Reply]:
        """Give the replies that have come; wait up to so long for the first."""
        found: list[Reply] = []
        until = monotonic() + wait_seconds
        while len(found) < self._outstanding:
            left = until - monotonic()
            try:
                found.append(
                    self._answers.get(timeout=left) if not found and left > 0 else self._answers.get_nowait()
                )
            except queue.Empty:
                break
        self._outstanding -= len(found)
        return found

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """Ask the channel itself."""
        return self._channel.find(address=address, message_id=message_id, since=since, thread_ref=thread_ref)

    def close(self) -> None:
        """Start nothing more; what is being said just now is left to end by its own timeout."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._channel.close()

    def _send(self, parcel: Parcel) -> None:
        if self._last is not None:
            self._answers.put(answered_alike(self._last, parcel))
            return
        try:
            reply = self._channel.send_one(parcel)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here, somebody waits for this reply
            reply = Reply(parcel.delivery_id, Outcome.AMBIGUOUS, "channel_error", type(error).__name__)
        if reply.outcome in LANE_WIDE:
            self._last = reply
        self._answers.put(reply)
