"""Several projects of one client paused at once: one pause, one notice a person, and everybody else goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings

from notifications.models import Delivery
from projects import access
from projects.domain.errors import NotAllowed, UnableToPause
from projects.models import Contractor, Engagement, Pause, Project, User
from projects.operations.approvals import approve_pause, ask_second_person
from projects.operations.drafts import save_draft, terms_of
from projects.operations.pause_changes import resume_pause
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.promises import people_who_lead
from projects.operations.releases import resume_project
from projects.operations.work import ProjectFacts, make_project
from projects.queries.cascades import cascade_now
from projects.queries.hours_lock import LockPair, hours_lock
from projects.queries.impact import people_of, scope_of
from projects.queries.portal import pause_of_contractor
from projects.queries.portal_rows import pauses_told_to
from projects.queries.quality import doubts
from projects.queries.recipients import contractors_reached
from projects.queries.register import pause_register
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory, UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
TODAY = NOW.date()


@pytest.fixture
def musen(project: Project, lead: User) -> Project:
    """A second project of the same client and lead; one of its two people works on the first as well."""
    musen = ProjectFactory.make(client=project.client, code="MUSEN", name="Musen", leads=[lead])
    on_both = Contractor.objects.filter(engagements__project=project).order_by("pk")[0]
    for person in (on_both, ContractorFactory.make()):
        EngagementFactory.make(project=musen, contractor=person)
    return musen


@pytest.fixture
def nova(project: Project) -> Project:
    """A third project of the client, under another lead, that is not chosen."""
    nova = ProjectFactory.make(client=project.client, code="NOVA", name="Nova", leads=[UserFactory.make()])
    EngagementFactory.make(project=nova, contractor=ContractorFactory.make(email="nova@people.example"))
    return nova


@pytest.fixture
def both(terms: PauseTerms, musen: Project, nova: Project) -> PauseTerms:
    """Terms that stop two of the three projects."""
    return replace(terms, only=("CHORDUS", "MUSEN"))


@pytest.fixture
def pause(project: Project, lead: User, answers: PauseAnswers, both: PauseTerms) -> Pause:
    """Two of three projects paused by the lead of both."""
    return open_pause(client=project.client, answers=answers, terms=both, by=lead, at=NOW)


def stranger_of(project: Project) -> Contractor:
    return Contractor.objects.get(engagements__project=project)


def test_everybody_on_the_chosen_projects_hears_once_and_nobody_else(pause: Pause, nova: Project) -> None:
    emails = Delivery.objects.filter(channel="email").values_list("recipient__key", flat=True)
    assert len(emails) == len(set(emails)) == contractors_reached(pause).count() == 4
    assert f"contractor:{stranger_of(nova).pk}" not in emails
    words = Delivery.objects.filter(channel="email")[0].notice.contents["en"]["email"]["subject"]
    assert "Chordus and Musen" in words
    assert pause.target_code == "CHORDUS, MUSEN"


def test_the_tree_names_the_chosen_and_counts_who_works_on_both_once(pause: Pause) -> None:
    tree = cascade_now(pause, at=LATER)
    assert tree is not None
    assert [(row.project.code, row.people) for row in tree.branches] == [("CHORDUS", 3), ("MUSEN", 2)]
    assert (tree.people, tree.told_once, tree.is_whole) == (4, 1, False)


def test_work_elsewhere_is_neither_locked_nor_estimated_nor_shown_as_paused(
    pause: Pause, nova: Project, lead: User
) -> None:
    lead.owned_clients.add(nova.client)
    person = stranger_of(nova)
    answer = hours_lock([LockPair(person.email, "NOVA", LATER)], user=lead)[0]
    assert (answer.status, answer.may_log) == ("open", True)
    assert not people_of(scope_of(pause, as_of=TODAY), first_id=person.pk, last_id=person.pk)
    assert not pauses_told_to(person).exists()
    assert pause_of_contractor(person, pause.public_id, LATER) is None


def test_a_project_begun_later_is_not_paused(pause: Pause, project: Project) -> None:
    begun = make_project(client=project.client, code="TABLA", facts=ProjectFacts("Tabla"), by=None, at=LATER)
    joined = EngagementFactory.make(project=begun, contractor=ContractorFactory.make())
    assert joined.contractor not in contractors_reached(pause)
    assert not Pause.objects.open().reaching(begun).exists()


def test_who_leads_only_some_of_them_neither_opens_nor_changes_it(
    project: Project, musen: Project, nova: Project, lead: User, answers: PauseAnswers, both: PauseTerms
) -> None:
    half = UserFactory.make(is_staff=True)
    musen.leads.add(half)
    with pytest.raises(NotAllowed):
        open_pause(client=project.client, answers=answers, terms=both, by=half, at=NOW)
    pause = open_pause(client=project.client, answers=answers, terms=both, by=lead, at=NOW)
    assert access.may_change_pause(lead, pause)
    assert not access.may_change_pause(half, pause)
    assert pause in access.pauses_visible_to(half)
    assert pause not in access.pauses_visible_to(nova.leads.get())
    assert set(people_who_lead(pause, with_owners=False)) == {lead, half}


def test_one_of_them_resumes_alone_and_then_the_last_with_the_pause(
    pause: Pause, musen: Project, lead: User
) -> None:
    resume_project(pause=pause, project=musen, by=lead, at=LATER)
    assert contractors_reached(pause).count() == 3
    ended = resume_pause(pause=pause, by=lead, at=LATER + timedelta(hours=1))
    assert ended.state == "ended"


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("CHORDUS",), "one alone is paused by itself"),
        (("CHORDUS", "HARP"), "has no project HARP"),
        (("CHORDUS", "OVER"), "OVER ended on"),
        (("MUSEN", "CHORDUS"), "already paused: pause"),
    ],
)
def test_an_unfit_choice_is_refused_in_one_sentence(
    codes: tuple[str, ...], words: str, project: Project, lead: User, answers: PauseAnswers, both: PauseTerms
) -> None:
    project.client.owners.add(lead)
    ProjectFactory.make(client=project.client, code="OVER", ended_on=TODAY)
    if codes[0] == "MUSEN":
        terms = replace(both, only=())
        open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    with pytest.raises(UnableToPause, match=words):
        open_pause(client=project.client, answers=answers, terms=replace(both, only=codes), by=lead, at=LATER)


def test_a_client_pauses_twice_where_the_choices_share_no_project_and_as_a_whole_besides(
    pause: Pause, nova: Project, project: Project, lead: User, answers: PauseAnswers, both: PauseTerms
) -> None:
    project.client.owners.add(lead)
    ProjectFactory.make(client=project.client, code="TABLA")
    for only in (("NOVA", "TABLA"), ()):
        open_pause(client=project.client, answers=answers, terms=replace(both, only=only), by=lead, at=LATER)
    assert Pause.objects.open().count() == 3


def test_a_draft_keeps_the_choice_and_a_second_person_is_one_who_leads_each(
    project: Project, lead: User, answers: PauseAnswers, both: PauseTerms, settings: LazySettings
) -> None:
    settings.APPROVAL_PEOPLE = 4
    other = UserFactory.make(is_staff=True)
    half = UserFactory.make(is_staff=True)
    for each in project.client.projects.filter(code__in=both.only):
        each.leads.add(other)
    project.leads.add(half)
    draft = save_draft(client=project.client, answers=answers, terms=both, by=lead, at=NOW)
    assert terms_of(draft).only == both.only
    approval = ask_second_person(draft=draft, answers=answers, terms=both, by=lead, at=NOW)
    told = Delivery.objects.filter(notice__kind="approval.asked").values_list("address", flat=True)
    assert set(told) == {other.email}
    assert approval.reasons == ["many_people"]
    pause = approve_pause(approval=approval, answers=answers, terms=both, by=other, at=LATER)
    assert (pause.state, contractors_reached(pause).count()) == ("in_effect", 4)


def test_the_register_counts_who_was_stopped_and_not_who_joined_a_project_after_it_went_on(
    pause: Pause, musen: Project, lead: User
) -> None:
    resume_project(pause=pause, project=musen, by=lead, at=LATER)
    EngagementFactory.make(
        project=musen, contractor=ContractorFactory.make(), starts_on=TODAY + timedelta(days=1)
    )
    entry = next(pause_register(Pause.objects.all(), as_of=TODAY + timedelta(days=2)))
    assert (entry.people, entry.project) == (4, "CHORDUS, MUSEN")


def test_people_of_a_project_that_went_on_are_asked_about_when_they_log_no_hours(
    pause: Pause, musen: Project, lead: User
) -> None:
    resume_project(pause=pause, project=musen, by=lead, at=LATER)
    Engagement.objects.update(starts_on=TODAY - timedelta(days=90))
    found = doubts(as_of=TODAY + timedelta(days=30), quiet_days=14, problems=("no_hours",))
    assert {row.project for row in found} == {"MUSEN", "NOVA"}
