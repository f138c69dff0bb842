"""The desk's acts: a second person, people told by hand and nudged, one project let go, templates, managers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings

from notifications import states
from notifications.models import Delivery
from projects.domain.errors import DomainError, NotAllowed, UnableToPause, UnableToResume, UnableToUpdatePause
from projects.models import Approval, Contractor, Pause, Project, User
from projects.models.pauses import PauseState
from projects.operations.answer_templates import keep_template
from projects.operations.approvals import approve_pause, ask_second_person, refuse_approval
from projects.operations.desk import mark_told, nudge, tell_on_other_channel
from projects.operations.drafts import note_hand, save_draft
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.people import name_manager
from projects.operations.promises import chase_next_words
from projects.operations.releases import resume_project
from projects.queries.hours_lock import hours_lock
from projects.queries.hours_lock_facts import LockPair
from projects.queries.impact import people_of, scope_of
from projects.queries.reasons import usual_answers_for
from projects.queries.recipients import contractors_reached
from projects.queries.unseen import people_lacking
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory, RateFactory, UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def owner(project: Project) -> User:
    """Somebody who owns the client, and so may approve."""
    owner = UserFactory.make(name="Olu Adeyemi", is_staff=True)
    project.client.owners.add(owner)
    return owner


@pytest.fixture
def backdated(terms: PauseTerms) -> PauseTerms:
    """Terms that start yesterday."""
    return replace(terms, starts_at=NOW - timedelta(days=1))


@pytest.fixture
def pause(project: Project, lead: User, answers: PauseAnswers, terms: PauseTerms) -> Pause:
    """The project paused by its lead."""
    return open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)


def asked(project: Project, answers: PauseAnswers, terms: PauseTerms, by: User) -> Approval:
    draft = save_draft(project=project, answers=answers, terms=terms, by=by, at=NOW)
    return ask_second_person(draft=draft, answers=answers, terms=terms, by=by, at=NOW)


def test_one_person_alone_neither_backdates_nor_stops_many_people_or_much_pay(
    project: Project,
    lead: User,
    answers: PauseAnswers,
    terms: PauseTerms,
    backdated: PauseTerms,
    settings: LazySettings,
) -> None:
    with pytest.raises(UnableToPause, match="second person"):
        open_pause(project=project, answers=answers, terms=backdated, by=lead, at=NOW)
    settings.APPROVAL_PEOPLE = 3
    with pytest.raises(UnableToPause, match="second person"):
        open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    settings.APPROVAL_PEOPLE, settings.APPROVAL_WEEKLY_EUROS = 0, 1_000
    with pytest.raises(UnableToPause, match="second person"):
        open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    assert not Pause.objects.exists()


def test_the_second_persons_yes_opens_the_pause_in_the_name_of_who_asked(
    project: Project, lead: User, owner: User, answers: PauseAnswers, backdated: PauseTerms
) -> None:
    approval = asked(project, answers, backdated, lead)
    assert approval.reasons == ["backdated"]
    assert Delivery.objects.get(notice__kind="approval.asked").address == owner.email

    pause = approve_pause(approval=approval, answers=answers, terms=backdated, by=owner, at=LATER)

    approval.refresh_from_db()
    assert (pause.state, pause.opened_by) == (PauseState.IN_EFFECT, lead)
    assert (approval.decided_by, approval.is_given) == (owner, True)


def test_nobody_approves_their_own_and_a_stranger_nobodys(
    project: Project, lead: User, owner: User, answers: PauseAnswers, backdated: PauseTerms
) -> None:
    approval = asked(project, answers, backdated, lead)
    for person in (lead, UserFactory.make(is_staff=True)):
        with pytest.raises(NotAllowed):
            approve_pause(approval=approval, answers=answers, terms=backdated, by=person, at=LATER)
    assert Pause.objects.get().state == PauseState.DRAFT


def test_words_changed_after_asking_have_to_be_asked_about_again_and_a_no_says_why(
    project: Project, lead: User, owner: User, answers: PauseAnswers, backdated: PauseTerms
) -> None:
    approval = asked(project, answers, backdated, lead)
    save_draft(project=project, draft=approval.pause, answers=answers, terms=backdated, by=lead, at=LATER)
    with pytest.raises(UnableToPause, match="words were changed"):
        approve_pause(approval=approval, answers=answers, terms=backdated, by=owner, at=LATER)

    again = ask_second_person(draft=approval.pause, answers=answers, terms=backdated, by=lead, at=LATER)
    refuse_approval(approval=again, words="Name the day the client decided.", by=owner, at=LATER)
    assert Delivery.objects.get(notice__kind="approval.refused").address == lead.email
    assert Pause.objects.get().state == PauseState.DRAFT


def test_two_people_on_a_draft_see_each_other_for_half_a_minute(
    project: Project, lead: User, owner: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    draft = save_draft(project=project, answers=answers, terms=terms, by=lead, at=NOW)
    assert note_hand(draft=draft, by=lead, at=NOW) == ()
    assert note_hand(draft=draft, by=owner, at=NOW) == ("Lea Moreno",)
    assert note_hand(draft=draft, by=lead, at=NOW + timedelta(minutes=1)) == ()


def test_somebody_told_by_telephone_is_no_longer_on_the_list_of_the_untold(pause: Pause, lead: User) -> None:
    person = contractors_reached(pause).order_by("pk")[0]
    with pytest.raises(UnableToUpdatePause, match="how they were told"):
        mark_told(pause=pause, contractor_ids=[person.pk], note=" ", by=lead, at=LATER)
    assert mark_told(pause=pause, contractor_ids=[person.pk], note="By phone, 14:10.", by=lead, at=LATER) == 1
    assert person not in people_lacking(pause, "told")
    assert people_lacking(pause, "told").count() == 2
    assert mark_told(pause=pause, contractor_ids=[person.pk], note="Again.", by=lead, at=LATER) == 0


def test_a_nudge_goes_to_those_who_have_not_opened_it_and_not_again_the_same_day(
    pause: Pause, lead: User
) -> None:
    assert nudge(pause=pause, lack="opened", by=lead, at=LATER) == 3
    assert Delivery.objects.filter(notice__kind="pause.nudge", channel="email").count() == 3
    with pytest.raises(UnableToUpdatePause, match="already today"):
        nudge(pause=pause, lack="opened", by=lead, at=LATER + timedelta(hours=2))


def test_what_email_did_not_bring_is_tried_on_slack(pause: Pause, lead: User, settings: LazySettings) -> None:
    bounced = Delivery.objects.filter(channel="email").earliest("pk")
    Delivery.objects.filter(pk=bounced.pk).update(state=states.BOUNCED, reason="no such mailbox")
    with pytest.raises(UnableToUpdatePause, match="please phone them"):
        tell_on_other_channel(pause=pause, delivery_ids=[bounced.pk], by=lead, at=LATER)
    settings.SLACK_BOT_TOKEN = "xoxb-1"
    assert tell_on_other_channel(pause=pause, delivery_ids=[bounced.pk], by=lead, at=LATER) == 1
    tried = Delivery.objects.get(channel="slack_dm")
    assert tried.recipient.key == bounced.recipient.key


def test_one_project_of_a_paused_client_goes_on_while_the_rest_stays_paused(
    project: Project, owner: User, answers: PauseAnswers, terms: PauseTerms
) -> None:
    musen = ProjectFactory.make(client=project.client, code="MUSEN")
    both = contractors_of(project)[0]
    for person in (both, ContractorFactory.make(user=UserFactory.make())):
        RateFactory.make(engagement=EngagementFactory.make(project=musen, contractor=person))
    pause = open_pause(client=project.client, answers=answers, terms=terms, by=owner, at=NOW)
    assert Delivery.objects.filter(channel="email").count() == 4  # who works on both is told once

    resume_project(pause=pause, project=musen, by=owner, at=LATER, text="Musen is cleared.")

    told = Delivery.objects.filter(notice__kind="pause.ended", channel="email")
    assert told.count() == 2
    assert set(contractors_reached(pause)) == set(contractors_of(project))
    answers_of_lock = hours_lock(
        [LockPair(both.email, code, LATER + timedelta(days=1)) for code in ("CHORDUS", "MUSEN")], user=owner
    )
    assert [answer.status for answer in answers_of_lock] == ["paused", "open"]
    (person,) = people_of(scope_of(pause, as_of=NOW.date()), first_id=both.pk, last_id=both.pk)
    ends = {each.project: each.pauses[0].ends_at for each in person.engagements}
    assert ends[str(musen.pk)] == LATER
    assert ends[str(project.pk)] != LATER
    with pytest.raises(UnableToResume, match="last project"):
        resume_project(pause=pause, project=project, by=owner, at=LATER)


def contractors_of(project: Project) -> list[Contractor]:
    return [each.contractor for each in project.engagements.order_by("pk")]


def test_a_broken_promise_reaches_the_leads_manager_and_the_owner_too(
    pause: Pause, lead: User, owner: User
) -> None:
    manager = UserFactory.make()
    name_manager(user=lead, manager=manager, by=None, at=NOW)
    with pytest.raises(DomainError, match="above themselves"):
        name_manager(user=manager, manager=lead, by=None, at=NOW)
    chase_next_words(at=NOW + timedelta(days=3))
    told = Delivery.objects.filter(notice__kind="promise.overdue").values_list("address", flat=True)
    assert set(told) == {lead.email, owner.email, manager.email}


def test_a_changed_template_is_a_new_version_that_new_pauses_begin_with(project: Project) -> None:
    words = {
        "what_stopped": "All work on {target}.",
        "why": "{client} asked for it.",
        "what_happens_to_pay": "Not known yet.",
        "what_to_do_now": "Wait for the next word.",
    }
    first = keep_template(reason_code="budget", locale="en", answers=words, by=None, at=NOW)
    same = keep_template(reason_code="budget", locale="en", answers=words, by=None, at=NOW)
    second = keep_template(
        reason_code="budget", locale="en", answers={**words, "why": "Money."}, by=None, at=LATER
    )
    assert (first.version, same.version, second.version) == (1, 1, 2)
    usual = usual_answers_for("budget", target_name="Chordus", client_name="Orion", next_update_by=LATER)
    assert (usual.what_stopped, usual.why) == ("All work on Chordus.", "Money.")
