"""Several SMTP connections driven by one thread: letters go to whichever is free, answers come as they come."""

import contextlib
import selectors
import smtplib
import socket
import ssl
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final

from notifications.channels.base import CANNOT_CONNECT, NOT_TRIED, Outcome, Reply
from notifications.channels.smtp_conversation import Conversation, Letter

STARTS_AT_MOST: Final = 5  # lines that may break under one letter before it has cost a try
LAGS_AFTER_SECONDS: Final = (
    0.5  # a line that answers no sooner gets nothing more, and another takes its place
)
PARK_SECONDS: Final = 10.0  # how long a 421 parks the lane: it names no time of its own
LOOK_FOR_OVERDUE_SECONDS: Final = 0.05
FIRST_LINES: Final = 8  # a near server answers these as fast as we write; each line more would only cost
WAITED_FOR_SERVER_SECONDS: Final = 0.003  # so long in vain for any answer: the server is far, more lines pay
_READ: Final = 65_536


@dataclass(frozen=True, slots=True)
class MailServerAddress:
    """Where and how to hand mail over; `timeout` in seconds bounds every single wait for the server."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    timeout: float = 30.0


@cache
def _our_name() -> str:
    """What a line introduces us as (RFC 5321 section 4.1.1.1); looked up once, for a name service may take seconds."""
    return smtplib.SMTP().local_hostname


def dial(server: MailServerAddress) -> smtplib.SMTP:
    """Open a connection and introduce ourselves.

    Raises smtplib.SMTPException or OSError.
    """
    kind = smtplib.SMTP_SSL if server.use_ssl else smtplib.SMTP
    connection = kind(server.host, server.port, local_hostname=_our_name(), timeout=server.timeout)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.use_tls:
            connection.starttls()
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
        if connection.sock is not None:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (smtplib.SMTPException, OSError):
        connection.close()
        raise
    return connection


class Line:
    """One open connection and the conversation on it."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        assert connection.sock is not None  # noqa: S101 - tells the type checker what holds here
        self.connection = connection
        self.sock: socket.socket = connection.sock
        self.sock.setblocking(False)
        self.talk = Conversation(pipelines=connection.has_extn("pipelining"))
        self.heard_at = time.monotonic()
        self.is_open = True
        self.waits_to_write = False

    @property
    def load(self) -> int:
        """Letters whose answer is awaited on this line."""
        return (self.talk.finished is not None) + (self.talk.current is not None)

    def write(self) -> None:
        """Hand over as much as the network takes; raises OSError."""
        while self.talk.outgoing:
            try:
                self.talk.wrote(self.sock.send(self.talk.outgoing))
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return

    def read(self) -> None:
        """Take in what came; raises OSError, ConnectionError at the end of the line."""
        while True:
            try:
                data = self.sock.recv(_READ)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            if not data:
                raise ConnectionResetError("the server closed the connection")
            self.heard_at = time.monotonic()
            self.talk.hear(data)
            if len(data) < _READ and not isinstance(self.sock, ssl.SSLSocket):
                return

    def close(self, *, politely: bool) -> None:
        """End the connection; politely says QUIT and waits for nothing."""
        self.is_open = False
        with contextlib.suppress(OSError):
            if politely and self.talk.is_idle:
                self.sock.send(b"QUIT\r\n")
        self.connection.close()


class Pipeline:
    """Letters in, replies out, over at most `connections` lines to one server (more while some of them lag).

    It begins with a few, and doubles them as long as it is the server that is waited for.
    """

    def __init__(self, server: MailServerAddress, *, connections: int) -> None:
        self._server = server
        self._most = max(1, connections)
        self._worth = min(self._most, FIRST_LINES)
        self._waiting: deque[Letter] = deque()
        self._lines: list[Line] = []
        self._dialled: list[Future[smtplib.SMTP]] = []
        self._dialler: ThreadPoolExecutor | None = None
        self._selector = selectors.DefaultSelector()
        self._replies: list[Reply] = []
        self._outstanding = 0
        self._looked_for_overdue_at = 0.0

    @property
    def outstanding(self) -> int:
        """Letters that were handed over and whose reply was not collected yet; each has one."""
        return self._outstanding

    def hand_over(self, letters: Sequence[Letter]) -> None:
        """Take letters over; nothing is sent before `collect`."""
        self._waiting.extend(letters)
        self._outstanding += len(letters)

    def collect(self, *, wait_seconds: float, enough: int) -> list[Reply]:
        """Drive the lines until so many replies came, everything is answered or the time is up."""
        until = time.monotonic() + wait_seconds
        while True:
            self._welcome_dialled()
            self._feed()
            busy = self._outstanding - len(self._replies)
            left = until - time.monotonic()
            if not busy or left <= 0:
                break
            if len(self._replies) < enough:
                self._turn(min(left, 0.002 if self._dialled else 0.02 if self._replies else 0.25))
            elif not self._turn(0.0):
                break
            self._hang_up_overdue()
        replies, self._replies = self._replies, []
        self._outstanding -= len(replies)
        return replies

    def close(self) -> None:
        """Say goodbye on every line."""
        for line in list(self._lines):
            self._drop(line, politely=True)
        if self._dialler is not None:
            self._dialler.shutdown(wait=False, cancel_futures=True)
        for future in self._dialled:
            future.add_done_callback(_hang_up)  # now, or as soon as somebody answers
        self._dialled.clear()
        self._selector.close()

    def _feed(self) -> None:
        """Give letters to free lines, and open lines where letters still wait."""
        if not self._waiting:
            return
        now = time.monotonic()
        for line in list(self._lines):
            if not self._waiting:
                return
            if line.talk.wants_letter and (line.talk.is_idle or now - line.heard_at < LAGS_AFTER_SECONDS):
                letter = self._next_letter(now)
                if letter is None:
                    break
                if line.talk.is_idle:
                    line.heard_at = now
                line.talk.take(letter)
                self._advance(line)
        lagging = sum(now - line.heard_at >= LAGS_AFTER_SECONDS for line in self._lines if line.load)
        wanted = min(self._worth, len(self._waiting)) + lagging
        for _ in range(wanted - len(self._lines) - len(self._dialled)):
            self._dialler = self._dialler or ThreadPoolExecutor(max_workers=16, thread_name_prefix="dial")
            self._dialled.append(self._dialler.submit(dial, self._server))

    def _next_letter(self, now: float) -> Letter | None:
        """The next letter whose time is not over; a claim that ended is answered for without sending."""
        while self._waiting:
            letter = self._waiting.popleft()
            if letter.not_after > now:
                return letter
            self._answer(letter, Outcome.TRANSIENT, NOT_TRIED, "the claim on it ended before its turn")
        return None

    def _turn(self, seconds: float) -> bool:
        """Read and write wherever that goes on; whether it did anywhere."""
        began = time.monotonic()
        ready = self._selector.select(seconds)
        if self._waiting and time.monotonic() - began >= WAITED_FOR_SERVER_SECONDS:
            self._worth = min(self._most, max(self._worth, 2 * len(self._lines)))
        for key, events in ready:
            line: Line = key.data
            if not line.is_open:
                continue
            try:
                if events & selectors.EVENT_READ:
                    line.read()
            except OSError as error:
                self._broke(line, type(error).__name__)
                continue
            self._advance(line)
        return bool(ready)

    def _advance(self, line: Line) -> None:
        """Take a line's replies, give it its next letter at once, and write what there is to write."""
        self._gather(line)
        if line.talk.is_over:
            self._broke(line, "closed")
            return
        if line.talk.wants_letter and self._waiting:
            letter = self._next_letter(time.monotonic())
            if letter is not None:
                line.talk.take(letter)
        try:
            line.write()
        except OSError as error:
            self._broke(line, type(error).__name__)
            return
        if line.waits_to_write != bool(line.talk.outgoing):
            line.waits_to_write = not line.waits_to_write
            write = selectors.EVENT_WRITE if line.waits_to_write else 0
            self._selector.modify(line.sock, selectors.EVENT_READ | write, line)

    def _gather(self, line: Line) -> None:
        if not line.talk.replies:
            return
        for reply in line.talk.replies:
            if reply.outcome == Outcome.THROTTLED:
                self._put_off(reply)
            else:
                self._replies.append(reply)
        line.talk.replies.clear()

    def _put_off(self, reply: Reply) -> None:
        """The server asks for patience: nothing new is started."""
        for delivery_id in [reply.delivery_id, *(letter.delivery_id for letter in self._waiting)]:
            self._replies.append(
                Reply(delivery_id, reply.outcome, reply.code, reply.detail, retry_after=PARK_SECONDS)
            )
        self._waiting.clear()

    def _broke(self, line: Line, why: str, *, is_timeout: bool = False) -> None:
        again = line.talk.break_off(why, is_timeout=is_timeout)
        self._gather(line)
        self._drop(line, politely=False)
        for letter in again:
            if letter.starts < STARTS_AT_MOST:
                self._waiting.append(letter)
            else:
                self._answer(letter, Outcome.TRANSIENT, "connection", why)

    def _drop(self, line: Line, *, politely: bool) -> None:
        self._lines.remove(line)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(line.sock)
        line.close(politely=politely)

    def _hang_up_overdue(self) -> None:
        """End lines that did not answer in time; free the letters that wait behind one that lags."""
        now = time.monotonic()
        if now - self._looked_for_overdue_at < LOOK_FOR_OVERDUE_SECONDS:
            return
        self._looked_for_overdue_at = now
        for line in list(self._lines):
            silent = now - line.heard_at
            if line.load and silent >= self._server.timeout:
                self._broke(line, "no answer in time", is_timeout=True)
            elif silent >= LAGS_AFTER_SECONDS and line.talk.finished and line.talk.current:
                behind = line.talk.give_up_current()
                if behind is not None:
                    behind.starts -= 1
                    self._waiting.appendleft(behind)

    def _welcome_dialled(self) -> None:
        failures: list[BaseException] = []
        for future in [future for future in self._dialled if future.done()]:
            self._dialled.remove(future)
            error = future.exception()
            if error is None:
                line = Line(future.result())
                self._lines.append(line)
                self._selector.register(line.sock, selectors.EVENT_READ, line)
            else:
                failures.append(error)
        if failures and not self._lines and not self._dialled:
            outcome, code, detail = refusal(failures[0])
            patience = PARK_SECONDS if outcome == Outcome.THROTTLED else None
            for letter in self._waiting:
                self._replies.append(Reply(letter.delivery_id, outcome, code, detail, retry_after=patience))
            self._waiting.clear()

    def _answer(self, letter: Letter, outcome: Outcome, code: str, detail: str) -> None:
        self._replies.append(Reply(letter.delivery_id, outcome, code, detail))


def _hang_up(dialled: "Future[smtplib.SMTP]") -> None:
    """Close a connection that nobody waits for any more."""
    if not dialled.cancelled() and dialled.exception() is None:
        dialled.result().close()


def refusal(error: BaseException) -> tuple[Outcome, str, str]:
    """What it means that no line could be opened."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # A person has to mend it, and the lane says so; it asks again by itself, for a relay may only be restarting.
        return Outcome.THROTTLED, "auth", f"the mail server refused our login ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = Outcome.THROTTLED if error.smtp_code == 421 else Outcome.TRANSIENT
        words = error.smtp_error
        detail = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return outcome, str(error.smtp_code), detail[:200]
    if isinstance(error, smtplib.SMTPException | OSError):
        return Outcome.TRANSIENT, CANNOT_CONNECT, type(error).__name__
    raise error
