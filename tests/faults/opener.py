"""Opens real pauses and is killed at a moment of each: `python -m tests.faults.opener MOMENTS PEOPLE`."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import django

COMMITTED = 3  # moments after the commit, before anybody was told to hurry


def die(*_: Any, **__: Any) -> None:
    """kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(number: int, *, moments: int, people: int) -> Any:
    """What is patched so that the process dies at this moment of its pause."""
    from projects.queries.recipients import recipients_of_pause

    if number >= moments - COMMITTED:
        return mock.patch("notifications.jobs.ring_relay", die)
    if number >= moments - 2 * COMMITTED:
        return mock.patch("projects.operations.pauses.record", die)
    last = number * people // (moments - 2 * COMMITTED)
    ask: Callable[..., Iterator[Any]] = recipients_of_pause

    def some(*arguments: Any, **named: Any) -> Iterator[Any]:
        for position, recipient in enumerate(ask(*arguments, **named)):
            if position >= last:
                die()
            yield recipient

    return mock.patch("projects.operations.telling.recipients_of_pause", some)


def open_one(number: int, *, moments: int, people: int) -> None:
    """Open the pause of one project, and die of it."""
    from django.utils import timezone

    from projects.models import Project
    from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause

    now = timezone.now()
    answers = PauseAnswers("All work", "A breach", "Hours worked are paid", "Wait", now + timedelta(days=2))
    with killed_at(number, moments=moments, people=people):
        open_pause(
            project=Project.objects.get(code=f"F{number}"),
            answers=answers,
            terms=PauseTerms(reason_code="scope_reassessment"),
            by=None,
            at=now,
        )


def main(moments: int, people: int) -> None:
    """A process a moment; each must have been killed."""
    django.setup()
    for number in range(moments):
        pid = os.fork()
        if pid == 0:
            open_one(number, moments=moments, people=people)
            os._exit(3)
        _pid, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), f"moment {number} was not reached ({status})"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
