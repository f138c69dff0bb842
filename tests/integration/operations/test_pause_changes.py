"""What follows an open pause: updates, new dates, its end, its correction, and those who join late."""

from datetime import date, timedelta

import pytest

from notifications.models import Delivery, Notice
from projects.domain.errors import NotAllowed, UnableToResume, UnableToUpdatePause, UnableToVoid
from projects.models import AuditEvent, Pause, Project, ScopeReassessment, User
from projects.operations.history import broken_seals
from projects.operations.pause_changes import extend_pause, resume_pause, update_pause, void_pause
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.promises import chase_next_words
from projects.operations.work import engage
from tests.factories import ContractorFactory, UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def pause(project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms) -> Pause:
    """A pause that has just been opened; none of its notices has left yet."""
    return open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)


def _states(kind: str) -> set[str]:
    return set(Delivery.objects.filter(notice__kind=kind).values_list("state", flat=True))


def test_an_update_keeps_one_promise_and_makes_the_next(pause: Pause, lead: User) -> None:
    next_word = NOW + timedelta(days=4)

    update = update_pause(pause=pause, text="Still nothing new.", next_update_by=next_word, by=lead, at=LATER)

    pause.refresh_from_db()
    assert pause.next_update_by == next_word
    assert update.promised_by == NOW + timedelta(days=2)
    assert Notice.objects.filter(kind="pause.updated").count() == 1


@pytest.mark.parametrize(("text", "ahead"), [("  ", 4), ("News.", -1)])
def test_an_update_without_words_or_with_a_past_promise_is_refused(
    text: str, ahead: int, pause: Pause, lead: User
) -> None:
    with pytest.raises(UnableToUpdatePause):
        update_pause(pause=pause, text=text, next_update_by=NOW + timedelta(days=ahead), by=lead, at=LATER)

    assert pause.updates.count() == 1


def test_a_stranger_cannot_speak_for_a_lead(pause: Pause) -> None:
    with pytest.raises(NotAllowed):
        update_pause(
            pause=pause,
            text="Hello.",
            next_update_by=NOW + timedelta(days=4),
            by=UserFactory.make(),
            at=LATER,
        )


def test_new_dates_say_what_moved(pause: Pause, lead: User) -> None:
    update = extend_pause(
        pause=pause,
        text="The client names a day.",
        next_update_by=NOW + timedelta(days=4),
        expected_resume="date",
        expected_resume_from=date(2026, 3, 16),
        by=lead,
        at=LATER,
    )

    assert update.changes["expected_resume"] == ["unknown", "date"]


def test_the_end_of_a_pause_overtakes_notices_that_have_not_left(pause: Pause, lead: User) -> None:
    ended = resume_pause(pause=pause, text="Everything is in order.", by=lead, at=LATER)

    assert (ended.state, ended.ends_at) == ("ended", LATER)
    assert _states("pause.opened") == {"superseded"}
    assert _states("pause.ended") == {"queued"}


def test_a_pause_ends_once(pause: Pause, lead: User) -> None:
    resume_pause(pause=pause, by=lead, at=LATER)

    with pytest.raises(UnableToResume, match="is ended"):
        resume_pause(pause=pause, by=lead, at=LATER)


def test_an_end_with_an_outcome_records_the_scope_decision(pause: Pause, lead: User) -> None:
    resume_pause(pause=pause, text="As before.", outcome="unchanged", by=lead, at=LATER)

    assert ScopeReassessment.objects.get().outcome == "unchanged"


def test_a_pause_opened_by_mistake_is_taken_back_with_a_reason(pause: Pause, lead: User) -> None:
    with pytest.raises(UnableToVoid):
        void_pause(pause=pause, reason=" ", by=lead, at=LATER)

    void_pause(pause=pause, reason="Wrong project.", by=lead, at=LATER)

    pause.refresh_from_db()
    assert pause.state == "void"
    assert _states("pause.opened") == {"superseded"}


def test_somebody_who_joins_a_paused_project_is_told_once(pause: Pause) -> None:
    newcomer = ContractorFactory.make()

    engage(
        contractor=newcomer,
        project=pause.project,
        starts_on=NOW.date(),
        ends_on=None,
        rate=None,
        by=None,
        at=LATER,
    )

    told = Delivery.objects.filter(recipient__key=f"contractor:{newcomer.pk}", channel="email")
    assert told.count() == 1
    assert told.get().notice.subject_ref == pause.ref


def test_a_lead_is_reminded_once_before_the_next_word_is_due_and_once_when_it_is_late(pause: Pause) -> None:
    almost_due = NOW + timedelta(days=2) - timedelta(hours=1)

    assert chase_next_words(at=NOW) == 0
    assert chase_next_words(at=almost_due) == 1
    assert chase_next_words(at=almost_due) == 0
    assert chase_next_words(at=NOW + timedelta(days=2)) == 1
    assert chase_next_words(at=NOW + timedelta(days=3)) == 0


def test_the_word_that_came_withdraws_its_reminder(pause: Pause, lead: User) -> None:
    almost_due = NOW + timedelta(days=2) - timedelta(hours=1)
    chase_next_words(at=almost_due)

    update_pause(pause=pause, text="News.", next_update_by=NOW + timedelta(days=5), by=lead, at=almost_due)

    assert _states("promise.due") == {"superseded"}


def test_the_audit_trail_of_a_whole_story_holds(pause: Pause, lead: User) -> None:
    update_pause(pause=pause, text="News.", next_update_by=NOW + timedelta(days=4), by=lead, at=LATER)
    resume_pause(pause=pause, by=lead, at=LATER)
    assert list(broken_seals()) == []
    assert AuditEvent.objects.count() == 3
