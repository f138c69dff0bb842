"""Email: one recipient a mail, words encoded once a notice, handed to pipelined SMTP connections."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Final
from weakref import WeakKeyDictionary

from notifications.channels.base import Outcome, Parcel, Reply, Words
from notifications.channels.pipeline import MailServerAddress, Pipeline
from notifications.channels.smtp_conversation import Letter, is_mailable
from notifications.mail import MailSkeleton

ENOUGH: Final = 32  # replies worth a write to the ledger while others are still on their way


class EmailChannel:
    """Hands parcels to one mail server; keeps its connections open from one window to the next."""

    window = 64

    def __init__(
        self,
        server: MailServerAddress,
        *,
        sender: str,
        connections: int,
        at: datetime,
        return_address: str = "",
    ) -> None:
        self._sender = sender
        self._envelope_sender = parseaddr(return_address or sender)[1]
        self._at = at
        self._pipeline = Pipeline(server, connections=connections)
        self._skeletons: WeakKeyDictionary[Words, MailSkeleton] = WeakKeyDictionary()
        self._refused: list[Reply] = []

    @property
    def outstanding(self) -> int:
        """Parcels whose reply was not collected yet."""
        return self._pipeline.outstanding + len(self._refused)

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Write each parcel's mail and line it up."""
        letters = []
        for parcel in parcels:
            if is_mailable(parcel.address):
                letters.append(self._letter(parcel))
            else:
                self._refused.append(
                    Reply(
                        parcel.delivery_id,
                        Outcome.PERMANENT,
                        "address",
                        "no mail can be sent to this address",
                    )
                )
        self._pipeline.hand_over(letters)

    def collect(self, *, wait_seconds: float) -> list[Reply]:
        """Send, and give the replies that have come."""
        refused, self._refused = self._refused, []
        return refused + self._pipeline.collect(wait_seconds=wait_seconds, enough=ENOUGH)

    def find(self, *, address: str, message_id: str, since: float, thread_ref: str = "") -> str | None:
        """A mail server cannot be asked whether a mail arrived."""
        return None

    def close(self) -> None:
        """Say goodbye on every open connection."""
        self._pipeline.close()

    def _refuse(self, parcel: Parcel, code: str, detail: str) -> None:
        self._refused.append(Reply(parcel.delivery_id, Outcome.PERMANENT, code, detail))

    def _letter(self, parcel: Parcel) -> Letter:
        skeleton = self._skeletons.get(parcel.words)
        if skeleton is None:
            skeleton = self._skeletons[parcel.words] = MailSkeleton(
                parcel.words, sender=self._sender, at=self._at
            )
        return Letter(
            parcel.delivery_id,
            self._envelope_sender,
            parcel.address,
            skeleton.fill(parcel),
            not_after=parcel.not_after,
        )
