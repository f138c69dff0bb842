"""A mail server over real sockets that accepts, refuses, stalls or breaks off as told, and counts truthfully."""

import asyncio
import contextlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

_ADDRESS = re.compile(rb"<([^>]*)>")


class Act(StrEnum):
    """What the server does with one mail."""

    ACCEPT = "accept"
    REFUSE_FOR_GOOD = "550 at RCPT"
    GREYLIST = "451 at RCPT"
    REFUSE_AFTER_DATA = "451 after DATA"
    CUT_IN_DATA = "cut inside DATA"
    CUT_BEFORE_REPLY = "accepted, then cut before the reply"
    NEVER_ANSWER = "no answer after DATA"
    CLOSE_421 = "421 at MAIL"
    REFUSE_SENDER = "550 at MAIL, whoever it is for"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail that the server took responsibility for."""

    recipient: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        """Its subject, as it stands on the line."""
        found = re.search(rb"(?mi)^Subject: ([^\r\n]*)", self.data)
        return found.group(1).decode() if found else ""

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        found = re.search(rb"(?mi)^Message-ID: (\S+)", self.data)
        return found.group(1).decode() if found else ""


Plan = Callable[[str, int], Act]


def accept_everything(recipient: str, nth_try: int) -> Act:
    """A server in good health."""
    return Act.ACCEPT


@dataclass
class SmtpSink:
    """The server; `plan(recipient, nth_try)` decides what becomes of each mail."""

    plan: Plan = accept_everything
    offers_pipelining: bool = True
    latency_seconds: float = 0.0
    accepted: list[Accepted] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    senders: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    """Connections that were opened so far."""
    port: int = 0

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def recipients(self) -> Counter[str]:
        """How often each address was served."""
        return Counter(mail.recipient for mail in self.accepted)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        self.lines += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say(writer, b"220 sink.example ESMTP")
        recipient, act = "", Act.ACCEPT
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb in {b"EHLO", b"HELO"}:
                extensions = [b"250-sink.example"] + ([b"250-PIPELINING"] if self.offers_pipelining else [])
                await self._say(writer, b"\r\n".join([*extensions, b"250 8BITMIME"]))
            elif verb == b"MAIL":
                recipient, act = "", Act.ACCEPT
                self.senders[line.decode().partition("<")[2].partition(">")[0]] += 1
                is_refused = self.plan("", 0) == Act.REFUSE_SENDER
                await self._say(writer, b"550 5.7.1 sender refused" if is_refused else b"250 2.1.0 sender ok")
            elif verb == b"RCPT":
                found = _ADDRESS.search(line)
                recipient = found.group(1).decode() if found else ""
                self.tries[recipient] += 1
                act = self.plan(recipient, self.tries[recipient])
                if act == Act.CLOSE_421:
                    await self._say(writer, b"421 4.3.2 try again later")
                    return
                await self._say(writer, _ANSWER_TO_RCPT.get(act, b"250 2.1.5 recipient ok"))
                recipient = "" if act in _ANSWER_TO_RCPT else recipient
            elif verb == b"DATA":
                if not recipient:
                    await self._say(writer, b"554 5.5.1 no valid recipients")
                elif not await self._take(reader, writer, recipient, act):
                    return
            elif verb == b"QUIT":
                await self._say(writer, b"221 2.0.0 bye")
                return
            else:
                await self._say(writer, b"250 2.0.0 ok")

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recipient: str, act: Act
    ) -> bool:
        """Take one body; False when the conversation is over."""
        await self._say(writer, b"354 go ahead")
        if act == Act.CUT_IN_DATA:
            await reader.read(200)
            writer.transport.abort()
            return False
        data = await reader.readuntil(b"\r\n.\r\n")
        if act == Act.REFUSE_AFTER_DATA:
            await self._say(writer, b"451 4.3.0 not just now")
            return True
        if act == Act.NEVER_ANSWER:
            await asyncio.sleep(3_600)
        self.accepted.append(Accepted(recipient, data[:-3]))
        if act == Act.CUT_BEFORE_REPLY:
            writer.transport.abort()
            return False
        await self._say(writer, b"250 2.0.0 taken")
        return True

    async def _say(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        if self.latency_seconds:
            await asyncio.sleep(self.latency_seconds)
        writer.write(line + b"\r\n")
        await writer.drain()


_ANSWER_TO_RCPT = {
    Act.REFUSE_FOR_GOOD: b"550 5.1.1 no such person",
    Act.GREYLIST: b"451 4.7.1 greylisted, come back",
}


@contextlib.contextmanager
def running_smtp_sink(
    plan: Plan = accept_everything, *, offers_pipelining: bool = True, latency_seconds: float = 0.0
) -> Iterator[SmtpSink]:
    """Run the server in a thread of its own on a free port."""
    sink = SmtpSink(plan=plan, offers_pipelining=offers_pipelining, latency_seconds=latency_seconds)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(
        asyncio.start_server(sink.serve, "127.0.0.1", 0, limit=2**20), loop
    ).result(timeout=10)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
