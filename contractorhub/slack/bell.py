"""Rings for the workers from a thread of its own, so that no answer to Slack waits for a broker that says nothing."""

import os
import threading
from collections.abc import Callable
from queue import Full, Queue
from typing import Final

MOST_WAITING: Final = 1_000


class Bell:
    """Hands numbers to `send` one after the other; one that finds no place is dropped, as the sweep finds its row."""

    def __init__(self, send: Callable[[int], None]) -> None:
        self._send = send
        self._starting = threading.Lock()
        self._process = 0
        self._waiting: Queue[int] = Queue(MOST_WAITING)

    def ring(self, number: int) -> bool:
        """Have it sent soon; whether there was a place."""
        if self._process != os.getpid():  # the first ring of a process that a web server forked
            self._start()
        try:
            self._waiting.put_nowait(number)
        except Full:
            return False
        return True

    def _start(self) -> None:
        with self._starting:
            if self._process == os.getpid():
                return
            self._waiting = Queue(MOST_WAITING)
            threading.Thread(
                target=self._go_on, args=(self._waiting,), name="slack-bell", daemon=True
            ).start()
            self._process = os.getpid()

    def _go_on(self, waiting: "Queue[int]") -> None:
        while True:
            self._send(waiting.get())
