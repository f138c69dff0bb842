"""The bell that every floor rings for the workers: where people wait for answers, nobody waits for a silent broker."""

import os
import threading
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import Full, Queue
from typing import Final

import structlog
from celery import current_app

MOST_WAITING: Final = 1_000
Argument = int | str

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One job by its name, its queue and the ids that it is asked with."""

    name: str
    queue: str
    arguments: dict[str, Argument]


class Bell:
    """Rings at once; in a process that answers people, from one thread of its own.

    A ring that is lost is no loss: the row is the promise, and the sweep that looks for such rows rings again.
    """

    def __init__(self, *, answers_people: bool = False) -> None:
        self.answers_people = answers_people
        self._begin_anew()
        # A forked process has none of its parent's threads, and may have its locks as they were held.
        os.register_at_fork(after_in_child=self._begin_anew)

    def ring(self, job: Job) -> bool:
        """Ask for a job; whether the broker took it, or will be asked to without anybody waiting."""
        if not self.answers_people:
            return _send(job)
        self._start()
        try:
            self._waiting.put_nowait((copy_context(), job))  # the request's id goes along with its jobs
        except Full:
            logger.warning("job.not_rung", job=job.name, error="too many wait already", **job.arguments)
            return False
        return True

    def _begin_anew(self) -> None:
        self._starting = threading.Lock()
        self._waiting: Queue[tuple[Context, Job]] = Queue(MOST_WAITING)
        self._is_started = False

    def _start(self) -> None:
        with self._starting:
            if not self._is_started:
                threading.Thread(target=_go_on, args=(self._waiting,), name="bell", daemon=True).start()
                self._is_started = True


def ring(name: str, *, queue: str, **arguments: Argument) -> bool:
    """Put one job into its queue; whether the broker took it, or in a process that answers people, soon will be asked.

    A broker that is away is logged and never raised.
    """
    return _bell.ring(Job(name, queue, arguments))


def answer_people() -> None:
    """From here on this process answers people: none of them waits for a broker."""
    _bell.answers_people = True


def _go_on(waiting: "Queue[tuple[Context, Job]]") -> None:
    while True:
        context, job = waiting.get()
        context.run(_send, job)


def _send(job: Job) -> bool:
    try:
        current_app.send_task(job.name, kwargs=job.arguments, queue=job.queue, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever a broker does, who rings goes on
        logger.warning("job.not_rung", job=job.name, error=type(error).__name__, **job.arguments)
        return False
    return True


_bell: Final = Bell()
