"""The console: prints each notice instead of sending it, for a machine without a mail server."""

import sys

from notifications.channels.base import OneByOne, Outcome, Parcel, Reply


class ConsoleChannel(OneByOne):
    """Writes parcels to standard output."""

    window = 64

    def send_one(self, parcel: Parcel) -> Reply:
        """Print a parcel and say it was sent."""
        sys.stdout.write(f"--- to {parcel.name} <{parcel.address}>: {parcel.subject}\n{parcel.plain_text}\n")
        return Reply(parcel.delivery_id, Outcome.SENT, "console")
