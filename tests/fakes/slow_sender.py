"""Clients that begin a request and go on a letter at a time, until the server hangs up on them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_EVERY_SECONDS: Final = 0.2


class SlowSenders:
    """So many connections to one port; `begun` is sent at once, `drip` again and again."""

    def __init__(self, port: int, *, begun: bytes, drip: bytes, number: int) -> None:
        """Connect them all."""
        self.drip, self.answers = drip, list[bytes]()
        self._lines = [socket.create_connection(("127.0.0.1", port), timeout=20) for _each in range(number)]
        for line in self._lines:
            line.sendall(begun)
            line.setblocking(False)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()

    @property
    def are_waiting(self) -> int:
        """How many the server still holds."""
        return len(self._lines)

    def _go_on(self) -> None:
        while self._lines and not self._is_over.wait(_EVERY_SECONDS):
            self._lines = [line for line in self._lines if self._is_held(line)]

    def _is_held(self, line: socket.socket) -> bool:
        try:
            said = line.recv(4_096)
        except BlockingIOError:
            with suppress(BlockingIOError, OSError):
                line.sendall(self.drip)
            return True
        except OSError:
            said = b""
        if said:
            self.answers.append(said)
            return True
        line.close()
        return False

    def wait_for_the_end(self, seconds: float) -> None:
        """Until the server has hung up on every one, or so many seconds are over."""
        self._thread.join(seconds)

    def stop(self) -> None:
        """Hang up."""
        self._is_over.set()
        self._thread.join()
        for line in self._lines:
            line.close()


@contextmanager
def slow_senders(port: int, *, begun: bytes, drip: bytes = b"", number: int = 60) -> Iterator[SlowSenders]:
    """Slow senders that are at it."""
    senders = SlowSenders(port, begun=begun, drip=drip, number=number)
    yield senders
    senders.stop()
