"""The console: prints each notice instead of sending it, for a machine without a mail server."""

import sys
from collections.abc import Iterator, Sequence

from notifications.channels.base import Outcome, Parcel, Reply


class ConsoleChannel:
    """Writes parcels to standard output."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Reply]:
        """Print each parcel and say it was sent."""
        for parcel in parcels:
            sys.stdout.write(f"--- to {parcel.name} <{parcel.address}>: {parcel.subject}\n{parcel.text}\n")
            yield Reply(parcel.delivery_id, Outcome.SENT, "console")

    def find(self, *, address: str, message_id: str, since: float) -> str | None:
        """What was printed cannot be asked for."""
        return None

    def close(self) -> None:
        """Nothing is held open."""
