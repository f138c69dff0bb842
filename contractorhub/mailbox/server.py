"""The local mail server: a real SMTP conversation whose messages end in a Maildir."""

import asyncio
import mailbox
import signal
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE_BYTES = 10 * 1024 * 1024
KEPT_MESSAGES = 5_000
_PRUNE_EVERY = 200


class BoundedMailbox(Mailbox):
    """aiosmtpd's Maildir handler, holding the newest `kept` messages so that a demo never fills the disk."""

    def __init__(self, folder: Path, *, kept: int = KEPT_MESSAGES) -> None:
        """Keep messages in `folder`, made where it is missing."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        self._kept = kept
        self._taken = 0
        drop_oldest(folder, kept=kept)
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the message; say 250 only once it lies in the Maildir."""
        answer: str = await super().handle_DATA(server, session, envelope)
        self._taken += 1
        if self._taken % _PRUNE_EVERY == 0:
            drop_oldest(self._folder, kept=self._kept)
        return answer


def drop_oldest(folder: Path, *, kept: int) -> None:
    """Delete all but the newest `kept` messages of a Maildir."""
    mailbox.Maildir(str(folder))  # makes the folders of a Maildir
    messages = sorted((folder / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for path in messages[: max(0, len(messages) - kept)]:
        path.unlink(missing_ok=True)


async def serve(*, host: str, port: int, folder: Path) -> None:
    """Take mail at `host`:`port` until SIGTERM or SIGINT; raise OSError where the port cannot be had."""
    handler = BoundedMailbox(folder)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=LARGEST_MESSAGE_BYTES, enable_SMTPUTF8=True, loop=loop),
        host,
        port,
    )
    async with server:
        await stopped.wait()
