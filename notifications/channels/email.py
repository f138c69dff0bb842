"""Email: several pipelining SMTP connections, one recipient a mail, every answer told apart."""

import smtplib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from notifications.channels.base import Outcome, Parcel, Reply
from notifications.channels.smtp_conversation import (
    Letter,
    MailServerAddress,
    connect,
    converse,
    is_mailable,
)
from notifications.mail import build_mail

RECONNECTS: Final = 4
SMALL: Final = 8  # fewer letters than this are not worth a second connection
PARK_SECONDS: Final = 10.0  # how long a 421 parks the lane: it names no time of its own


@dataclass(slots=True)
class EmailChannel:
    """Hands parcels to one mail server; keeps its connections open from one call to the next."""

    server: MailServerAddress
    sender: str
    connections: int
    at: datetime
    _open: list[smtplib.SMTP]

    @classmethod
    def to(cls, server: MailServerAddress, *, sender: str, connections: int, at: datetime) -> "EmailChannel":
        """A channel to this server with so many connections at most."""
        return cls(server=server, sender=sender, connections=max(1, connections), at=at, _open=[])

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Reply]:
        """Yield one reply for each parcel."""
        envelope_sender = parseaddr(self.sender)[1]
        letters = []
        for parcel in parcels:
            if not is_mailable(parcel.address):
                yield Reply(
                    parcel.delivery_id, Outcome.PERMANENT, "address", "no mail can be sent to this address"
                )
                continue
            data = build_mail(parcel, sender=self.sender, at=self.at)
            letters.append(Letter(parcel.delivery_id, envelope_sender, parcel.address, data))
        yield from self._deliver(letters)

    def find(self, *, address: str, message_id: str, since: float) -> str | None:
        """A mail server cannot be asked whether a mail arrived."""
        return None

    def close(self) -> None:
        """Say goodbye on every open connection."""
        for connection in self._open:
            _quit(connection)
        self._open.clear()

    def _deliver(self, letters: Sequence[Letter]) -> Iterator[Reply]:
        used = min(self.connections, max(1, len(letters) // SMALL))
        shares = [letters[first::used] for first in range(used)]
        if used == 1:
            yield from self._converse_until_done(shares[0])
            return
        with ThreadPoolExecutor(max_workers=used) as pool:
            for replies in pool.map(lambda share: list(self._converse_until_done(share)), shares):
                yield from replies

    def _converse_until_done(self, letters: Sequence[Letter]) -> Iterator[Reply]:
        """Converse, on a new connection for what a broken one never came to, a few times."""
        left = list(letters)
        for attempt in range(RECONNECTS + 1):
            if not left:
                return
            connection, refusal = self._connection()
            if connection is None:
                yield from (Reply(letter.delivery_id, *refusal) for letter in left)
                return
            by_id = {letter.delivery_id: letter for letter in left}
            again: list[Letter] = []
            is_broken = False
            for reply in converse(connection, left):
                is_broken = is_broken or reply.code in {"not_tried", "connection", "reply_lost", "421"}
                if reply.code == "not_tried" and attempt < RECONNECTS:
                    again.append(by_id[reply.delivery_id])
                else:
                    yield _with_patience(reply)
            self._put_back(connection, is_broken=is_broken)
            left = again

    def _connection(self) -> tuple[smtplib.SMTP | None, tuple[Outcome, str, str]]:
        """An open connection, or why there is none."""
        nothing = (Outcome.TRANSIENT, "connection", "")
        while self._open:
            standing = self._open.pop()
            try:
                if standing.noop()[0] == 250:
                    return standing, nothing
            except (smtplib.SMTPException, OSError):
                pass
            standing.close()
        try:
            return connect(self.server), nothing
        except smtplib.SMTPAuthenticationError as error:
            return None, (Outcome.STOPPED, "auth", f"the mail server refused our login ({error.smtp_code})")
        except smtplib.SMTPResponseException as error:
            outcome = Outcome.THROTTLED if error.smtp_code == 421 else Outcome.TRANSIENT
            return None, (outcome, str(error.smtp_code), str(error.smtp_error)[:200])
        except (smtplib.SMTPException, OSError) as error:
            return None, (Outcome.TRANSIENT, "connect", type(error).__name__)

    def _put_back(self, connection: smtplib.SMTP, *, is_broken: bool) -> None:
        if is_broken or connection.sock is None:
            connection.close()
        else:
            self._open.append(connection)


def _with_patience(reply: Reply) -> Reply:
    if reply.outcome != Outcome.THROTTLED:
        return reply
    return Reply(reply.delivery_id, reply.outcome, reply.code, reply.detail, retry_after=PARK_SECONDS)


def _quit(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
