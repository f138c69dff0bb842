"""Two people at the same moment: one pause and one clear refusal, on either database."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from notifications.models import Notice
from projects.domain.errors import DomainError
from projects.models import Pause, PauseUpdate, Project, User
from projects.operations.history import broken_seals
from projects.operations.pause_changes import resume_pause, update_pause
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def _all_at_once(act: Callable[[], object], *others: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; what each returned or refused with."""
    acts = [act, *others]
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(position: int) -> None:
        barrier.wait()
        try:
            outcomes[position] = acts[position]()
        except DomainError as refusal:
            outcomes[position] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_leads_who_pause_a_project_together_make_one_pause_and_clear_refusals(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    def act() -> Pause:
        return open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)

    outcomes = _all_at_once(*[act] * AT_ONCE)

    opened = [outcome for outcome in outcomes if isinstance(outcome, Pause)]
    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, DomainError)]
    assert (len(opened), len(refused)) == (1, AT_ONCE - 1)
    assert all(f"already paused: pause {opened[0].pk}" in words for words in refused)
    assert Notice.objects.count() == 1
    assert list(broken_seals()) == []


def test_an_update_and_an_end_at_the_same_moment_leave_one_story(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    pause = open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    later = NOW + timedelta(hours=1)

    _all_at_once(
        lambda: update_pause(
            pause=pause, text="News.", next_update_by=NOW + timedelta(days=4), by=lead, at=later
        ),
        lambda: resume_pause(pause=pause, by=lead, at=later),
    )

    pause.refresh_from_db()
    assert pause.state == "ended"
    assert pause.updates.order_by("pk").last() == pause.updates.get(kind=PauseUpdate.Kind.ENDED)
    assert list(broken_seals()) == []
