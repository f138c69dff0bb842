"""Opening a pause: one transaction of rows, audit and notices, or a clear refusal and nothing at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.models import Delivery, Notice
from projects.domain.errors import NotAllowed, UnableToPause
from projects.models import AuditEvent, EstimateRun, Pause, PauseUpdate, Project, User
from projects.operations.pauses import PauseAnswers, PauseTerms, begin_due_pauses, open_pause
from tests.factories import ClientFactory, ContractorFactory, EngagementFactory, ProjectFactory, UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db


def test_a_pause_its_audit_row_its_notices_and_its_estimate_are_written_together(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    pause = open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)

    assert (pause.state, pause.starts_at, pause.target_code) == ("in_effect", NOW, "CHORDUS")
    assert Delivery.objects.filter(notice__subject_ref=pause.ref, channel="email").count() == 3
    assert AuditEvent.objects.get(subject_ref=pause.ref).verb == "pause.opened"
    assert pause.updates.get().kind == PauseUpdate.Kind.OPENED
    assert EstimateRun.objects.get(pause=pause).reason == "opened"


def test_the_confidential_note_is_in_no_notice(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)

    notice = Notice.objects.get()
    assert "security incident" in str(notice.contents)
    assert "Blackbird" not in str(notice.contents)
    assert "Blackbird" not in str(AuditEvent.objects.values_list("after", flat=True))


@pytest.mark.parametrize("field", ["what_stopped", "why", "what_happens_to_pay", "what_to_do_now"])
def test_a_pause_with_a_blank_answer_is_refused_by_the_name_of_the_question(
    field: str, project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    with pytest.raises(UnableToPause, match="has no answer") as refusal:
        open_pause(project=project, answers=replace(answers, **{field: "  "}), terms=terms, by=lead, at=NOW)

    assert refusal.value.field == field
    assert not Pause.objects.exists()


def test_a_pause_without_a_promised_next_word_is_refused(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    with pytest.raises(UnableToPause, match="by when the next word comes"):
        open_pause(
            project=project, answers=replace(answers, next_update_by=None), terms=terms, by=lead, at=NOW
        )


def test_a_pause_that_ends_before_it_starts_is_refused(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    backwards = replace(terms, ends_at=NOW - timedelta(hours=1))

    with pytest.raises(UnableToPause, match="cannot end before it starts"):
        open_pause(project=project, answers=answers, terms=backwards, by=lead, at=NOW)


def test_an_ended_project_cannot_be_paused(lead: User, answers: PauseAnswers, terms: PauseTerms) -> None:
    over = ProjectFactory.make(ended_on=NOW.date() - timedelta(days=1), leads=[lead])

    with pytest.raises(UnableToPause, match="ended on"):
        open_pause(project=over, answers=answers, terms=terms, by=lead, at=NOW)


def test_a_client_without_projects_cannot_be_paused(
    lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    client = ClientFactory.make()
    client.owners.add(lead)

    with pytest.raises(UnableToPause, match="has no projects"):
        open_pause(client=client, answers=answers, terms=terms, by=lead, at=NOW)


def test_a_stranger_cannot_pause_a_project(
    project: Project, answers: PauseAnswers, terms: PauseTerms
) -> None:
    with pytest.raises(NotAllowed):
        open_pause(project=project, answers=answers, terms=terms, by=UserFactory.make(), at=NOW)

    assert not Pause.objects.exists()


def test_pausing_a_paused_project_is_refused_and_names_the_standing_pause(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    standing = open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)

    with pytest.raises(UnableToPause, match=rf"already paused: pause {standing.pk}, .*Lea Moreno"):
        open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW + timedelta(minutes=1))

    assert Pause.objects.count() == 1
    assert Notice.objects.count() == 1


def test_a_clients_pause_tells_somebody_on_two_of_its_projects_once(
    lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    client = ClientFactory.make()
    client.owners.add(lead)
    both = ContractorFactory.make()
    for _ in range(2):
        EngagementFactory.make(project=ProjectFactory.make(client=client), contractor=both)

    pause = open_pause(client=client, answers=answers, terms=terms, by=lead, at=NOW)

    assert Delivery.objects.filter(notice__subject_ref=pause.ref, channel="email").count() == 1


def test_an_excluded_contractor_is_not_told(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    keeper = EngagementFactory.make(project=project).contractor
    spared = replace(terms, exclusions=((keeper.pk, "Hands the data back."),))

    pause = open_pause(project=project, answers=answers, terms=spared, by=lead, at=NOW)

    told = Delivery.objects.filter(notice__subject_ref=pause.ref).values_list("recipient__key", flat=True)
    assert f"contractor:{keeper.pk}" not in set(told)


def test_a_scheduled_pause_begins_at_its_time_and_tells_everybody_again(
    project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    later = NOW + timedelta(days=1)
    pause = open_pause(
        project=project, answers=answers, terms=replace(terms, starts_at=later), by=lead, at=NOW
    )
    assert pause.state == "scheduled"

    assert begin_due_pauses(at=later - timedelta(seconds=1)) == 0
    assert begin_due_pauses(at=later) == 1
    assert begin_due_pauses(at=later) == 0

    pause.refresh_from_db()
    assert pause.state == "in_effect"
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == [
        "pause.scheduled",
        "pause.opened",
    ]
