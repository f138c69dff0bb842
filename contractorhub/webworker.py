"""Gunicorn's threaded worker that gives a request a thread once it has come, so that slow senders hold up nobody."""

import errno
import re
import socket
import time
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any, Final

from gunicorn.workers.gthread import _DEFER, ThreadWorker

from projects.imports.limits import MAX_BYTES

MOST: Final = 2 * MAX_BYTES
"""Bytes of a body of which nothing is read: up to here a page can still say in words that the file was too large."""
HELD: Final = 64 * 1024
"""Bytes of a request that are waited for without a thread: its head, and its body where that is no larger."""
ARRIVES_WITHIN: Final = 20.0
"""Seconds in which a request of up to so many bytes has to come."""
STALLS_FOR: Final = 15.0
"""Seconds for which the other side may send nothing of a larger body, or take nothing of an answer."""
LEAST_RATE: Final = 16 * 1024
"""Bytes a second that a larger body has to come at, on the whole."""
_READ: Final = 64 * 1024
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_LATER: Final = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)


class BoundedSocket(socket.socket):
    """A connection on which every wait has an end; a wait that is over looks as if the other side had hung up."""

    until = float("inf")
    is_over = False

    def shutdown(self, how: int) -> None:
        """Nothing is waited for after the last word."""
        self.is_over = True
        super().shutdown(how)

    def setblocking(self, flag: bool) -> None:
        """Block for so long and no longer."""
        self.settimeout(STALLS_FOR if flag else 0.0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Read what comes in time. Raises ConnectionResetError."""
        left, usual = self.until - time.monotonic(), self.gettimeout()
        if left <= 0:
            raise ConnectionResetError(errno.ECONNRESET, "the request came too slowly")
        self.settimeout(0.0 if self.is_over else min(left, usual or STALLS_FOR))
        try:
            return super().recv(size, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the request stopped half way") from error
        finally:
            self.settimeout(usual)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send piece by piece: a slow line may take its time, one that takes nothing is given up."""
        rest = memoryview(data).cast("B")
        try:
            while rest:
                rest = rest[self.send(rest[:_READ], flags) :]
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the answer was not taken") from error


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Takes what comes of a request as it comes; half of the threads are never given to large bodies."""

    def init_process(self) -> None:
        """Count the threads that read large bodies."""
        self.large = BoundedSemaphore(max(1, self.cfg.threads // 2))
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Look at what has come: all of it, and it is answered; a part, and the thread is free again."""
        if not isinstance(conn.sock, BoundedSocket):
            conn.sock = BoundedSocket(fileno=conn.sock.detach())
            conn.early, conn.until = bytearray(), 0.0
        try:
            is_open = _take_up(conn)
        except OSError:
            return False
        length = _length_of(conn.early)
        if is_open and not _is_whole(conn.early, length):
            return _DEFER if time.monotonic() < conn.until else False
        if length is not None and length > MOST:
            return _turned_away(conn, b"413 Content Too Large")
        return self._answered(conn, length)

    def _answered(self, conn: Any, length: int | None) -> Any:
        is_large = length is not None and length > HELD
        if is_large and not self.large.acquire(blocking=False):
            return _turned_away(conn, b"503 Service Unavailable\r\nRetry-After: 10")
        try:
            conn.init()
            conn.parser.unreader.unread(bytes(conn.early))
            conn.early.clear()
            wait = ARRIVES_WITHIN + (length or 0) / LEAST_RATE
            conn.sock.until, conn.until = time.monotonic() + wait, 0.0
            return super().handle(conn)
        finally:
            if is_large:
                self.large.release()


def _take_up(conn: Any) -> bool:
    """Take what is there, without waiting; whether more may come."""
    if conn.parser is not None:
        conn.early += conn.parser.unreader.take_buffered()
    if not conn.until:
        conn.until = time.monotonic() + ARRIVES_WITHIN
    conn.sock.settimeout(0.0)
    while len(conn.early) < 2 * HELD:
        try:
            came = socket.socket.recv(conn.sock, _READ)
        except BlockingIOError:
            return True
        if not came:
            return False
        conn.early += came
    return True


def _length_of(early: bytearray) -> int | None:
    """How long the body is; one that says so later counts as large, and None is for a head that is not all here.

    What is ambiguous is gunicorn's to refuse: here it is only asked what to wait for.
    """
    end = early.find(b"\r\n\r\n", 0, HELD)
    if end < 0:
        return None
    head = bytes(early[: end + 2])
    if _LATER.search(head):
        return HELD + 1
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


def _is_whole(early: bytearray, length: int | None) -> bool:
    """Whether there is nothing more to wait for before a thread reads on: all is here, or too much of it."""
    if length is None:
        return len(early) >= HELD
    return length > HELD or len(early) >= early.find(b"\r\n\r\n", 0, HELD) + 4 + length


def _turned_away(conn: Any, status: bytes) -> bool:
    """Answer before anything of the body is read, and hang up."""
    conn.sock.settimeout(1.0)
    with suppress(OSError):
        conn.sock.sendall(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    return False
