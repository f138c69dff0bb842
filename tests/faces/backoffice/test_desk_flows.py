"""The desk's newer flows through its pages: second person, people missed, releases, scope, seats, bulk, histories."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications import states
from notifications.models import Delivery
from projects.models import Approval, Candidacy, Contractor, MinimumPay, OpenSeat, Pause, Rate, User
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.minimum_pay import keep_minimum_pay
from projects.operations.pauses import PauseTerms, open_pause
from projects.operations.scope import start_reassessment
from projects.operations.seats import express_interest, set_skills
from tests.faces.backoffice.world import Desk, answers, pause_of, with_role
from tests.factories import EngagementFactory, OpenSeatFactory, ProjectFactory, RateFactory, UserFactory

SignIn = Callable[[User], Client]


@pytest.fixture
def owner(desk: Desk) -> User:
    """Somebody who owns ORION."""
    owner = UserFactory.make(name="Olu Adeyemi", is_staff=True)
    desk.orion.owners.add(owner)
    return owner


def said(client: Client, address: str, **typed: object) -> str:
    """What the page says after a form was sent, wherever it led."""
    return client.post(address, typed, follow=True).content.decode()


def backdated(desk: Desk) -> Pause:
    at = timezone.now()
    terms = PauseTerms(reason_code="budget", starts_at=at - timedelta(days=1))
    return save_draft(answers=answers(), terms=terms, project=desk.chordus, by=desk.lead, at=at)


def facts_on(page: str) -> str:
    return page.split('name="facts" value="')[1].split('"')[0]


def test_a_backdated_pause_is_asked_about_approved_by_another_and_never_by_its_author(
    lea: Client, desk: Desk, owner: User, signed_in: SignIn
) -> None:
    address = f"/admin/projects/pause/{backdated(desk).pk}/preview/"
    page = lea.get(address).content.decode()
    assert "it starts in the past" in page
    assert "Pause now" not in page
    assert "needs a second person" in said(lea, address, facts=facts_on(page))
    assert "A second person is asked" in said(lea, address, facts=facts_on(page), intent="ask")
    assert "Nobody approves their own" in said(lea, address, facts=facts_on(page), intent="approve")

    olu = signed_in(owner)
    assert "Waits for your word" in olu.get("/admin/").content.decode()
    theirs = olu.get(address).content.decode()
    assert "Approve and pause" in theirs
    assert "its notices are on their way" in said(olu, address, facts=facts_on(theirs), intent="approve")
    assert Pause.objects.get().opened_by == desk.lead
    assert Approval.objects.get().decided_by == owner


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_a_draft_sent_back_shows_its_author_what_has_to_change(
    lea: Client, desk: Desk, owner: User, signed_in: SignIn
) -> None:
    address = f"/admin/projects/pause/{backdated(desk).pk}/preview/"
    said(lea, address, facts=facts_on(lea.get(address).content.decode()), intent="ask")
    olu = signed_in(owner)
    assert "Say what has to change" in said(olu, address, intent="refuse", words=" ")
    said(olu, address, intent="refuse", words="Name the day the client decided.")
    assert "Name the day the client decided." in lea.get(address).content.decode()


def test_two_people_on_a_draft_see_each_other(
    lea: Client, desk: Desk, owner: User, signed_in: SignIn
) -> None:
    draft = backdated(desk)
    signed_in(owner).get(f"/admin/projects/pause/{draft.pk}/compose/")
    for page in ("compose", "hands"):
        shown = lea.get(f"/admin/projects/pause/{draft.pk}/{page}/").content.decode()
        assert "Olu Adeyemi has this draft open as well" in shown


def test_people_the_news_missed_are_told_by_phone_nudged_and_listed(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    Delivery.objects.filter(channel="email").update(state=states.BOUNCED, reason="=no such mailbox")
    base = f"/admin/projects/pause/{pause.pk}"
    first = desk.people[0]
    assert "Choose people whom the pause stops" in said(
        lea, f"{base}/told/", contractor="9" * 30, note="By phone."
    )
    assert "Say how they were told" in said(lea, f"{base}/told/", contractor=first.pk, note="")
    assert "1 person is marked as told" in said(
        lea, f"{base}/told/", contractor=first.pk, note="By phone, 14:10."
    )
    assert "By phone, 14:10." in lea.get(f"{base}/change/").content.decode()
    assert first.name not in lea.get(f"{base}/unseen/?lack=told").content.decode()
    assert "6 people are being nudged" in said(lea, f"{base}/nudge/", lack="opened")
    assert "already today" in said(lea, f"{base}/nudge/", lack="opened")
    lost = Delivery.objects.filter(state=states.BOUNCED).values_list("pk", flat=True)
    assert "please phone them" in said(lea, f"{base}/elsewhere/", delivery=list(lost))
    lines = lea.get(f"{base}/needing.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(lost)
    assert ",=no" not in lines[1]


def test_a_client_owner_sees_the_cascade_as_a_tree_and_resumes_one_project(
    desk: Desk, owner: User, signed_in: SignIn
) -> None:
    musen = ProjectFactory.make(client=desk.orion, code="MUSEN")
    EngagementFactory.make(project=musen, contractor=desk.people[0])
    terms = PauseTerms(reason_code="budget")
    olu = signed_in(owner)
    draft = save_draft(answers=answers(), terms=terms, client=desk.orion, by=owner, at=timezone.now())
    tree = olu.get(f"/admin/projects/pause/{draft.pk}/preview/").content.decode()
    assert "One pause, every project of the client" in tree
    assert "gets one notice, not two" in tree
    pause = open_pause(
        draft=draft, answers=answers(), terms=terms, client=desk.orion, by=owner,
        at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    told = said(olu, f"/admin/projects/pause/{pause.pk}/release/{musen.pk}/", text="Musen is cleared.")
    assert "Work on MUSEN goes on" in told
    assert "goes on since" in told


def test_a_cut_in_rate_shows_each_person_the_difference_and_whom_it_puts_below_minimum_pay(
    lea: Client, desk: Desk
) -> None:
    at = timezone.now()
    keep_minimum_pay(
        country="PH", starts_on=at.date() - timedelta(days=30), amount_millionths=15_000_000,
        currency="USD", source="Order 7, page 2", by=None, at=at,
    )  # fmt: skip
    row = start_reassessment(
        project=desk.chordus, what_it_means="Work goes on.", next_update_by=at + timedelta(days=2),
        by=desk.lead, at=at,
    )  # fmt: skip
    typed = {
        "outcome": "reduced", "effective_on": at.date(), "new_rate": "14", "new_rate_currency": "usd",
        "what_it_means": "The rate is cut.",
    }  # fmt: skip
    address = f"/admin/projects/scopereassessment/{row.pk}/decide/"
    page = said(lea, address, **typed, intent="preview")
    assert "-$240.00" in page
    assert "below $15.00" in page
    assert "paid less than the minimum" in said(lea, address, **typed)
    assert not Rate.objects.filter(amount_millionths=14_000_000).exists()
    assert "Recorded" in said(lea, address, **typed, below_is_meant="1")
    assert Rate.objects.filter(amount_millionths=14_000_000).count() == 6


def test_a_lead_opens_seats_and_offers_one_to_who_asked(desk: Desk, signed_in: SignIn) -> None:
    sam = signed_in(desk.stranger)
    typed = {
        "title": "Reviewer", "seats": 2, "skills": "Audio, review", "countries": "ph", "basis": "hour",
        "lowest": "18", "highest": "22", "currency": "usd", "opened_on": timezone.now().date(),
    }  # fmt: skip
    assert "The highest rate is below the lowest" in said(
        sam, f"/admin/projects/openseat/add/?project={desk.harp.pk}", **{**typed, "highest": "10"}
    )
    assert "The seats are open" in said(sam, f"/admin/projects/openseat/add/?project={desk.harp.pk}", **typed)
    seat = OpenSeat.objects.get(title="Reviewer")
    person = desk.people[0]
    Contractor.objects.filter(pk=person.pk).update(user=UserFactory.make())
    person.refresh_from_db()
    express_interest(seat=seat, contractor=person, by=person.user, at=timezone.now(), words="From Monday.")
    shown = sam.get(f"/admin/projects/openseat/{seat.pk}/change/").content.decode()
    assert person.name in shown
    assert "From Monday." in shown
    assert desk.people[4].name not in shown  # works for another lead and has not asked
    offer = f"/admin/projects/openseat/{seat.pk}/offer"
    terms = {"starts_on": timezone.now().date(), "rate": "20", "hours": "20"}
    assert "The offer is on its way" in said(sam, f"{offer}/{person.pk}/", **terms)
    assert Candidacy.objects.get().state == "offered"
    assert sam.get(f"{offer}/{desk.people[4].pk}/").status_code == 404


def test_the_notice_names_the_open_seats_that_fit_each_person(lea: Client, desk: Desk) -> None:
    OpenSeatFactory.make(project=desk.harp, title="Audio reviewer", skills=["audio"], countries=["PH"])
    set_skills(contractor=desk.people[0], skills=["audio"], by=None, at=timezone.now())
    draft = save_draft(
        answers=answers(), terms=PauseTerms(reason_code="budget"), project=desk.chordus, by=desk.lead,
        at=timezone.now(),
    )  # fmt: skip
    page = f"/admin/projects/pause/{draft.pk}/preview/?recipient="
    assert "Audio reviewer on Harp" in lea.get(page + desk.people[0].email).content.decode()
    assert "Audio reviewer on Harp" not in lea.get(page + desk.people[4].email).content.decode()
    pause_of(desk)
    fields = dict(Delivery.objects.values_list("recipient__key", "recipient__fields"))
    assert "Audio reviewer" in fields[f"contractor:{desk.people[0].pk}"]["open_work"]
    assert fields[f"contractor:{desk.people[4].pk}"]["open_work"] == ""


def test_several_pauses_are_told_nothing_new_at_once_after_a_look_at_whom(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    chosen = lea.post(
        "/admin/projects/pause/", {"action": "say_nothing_new", "_selected_action": [pause.pk]}, follow=True
    )
    page = chosen.content.decode()
    assert "Whom this tells" in page
    later = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    address = f"/admin/projects/pause/bulk/nothing-new/?id={pause.pk}"
    assert "Done for 1 pause" in said(lea, address, next_update_by=later)
    assert pause.updates.filter(kind="updated").count() == 1


def test_histories_say_who_did_what_and_show_versions_side_by_side(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    later = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    said(lea, f"/admin/projects/pause/{pause.pk}/act/nothing-new/", next_update_by=later)
    versions = lea.get(f"/admin/projects/pause/{pause.pk}/versions/").content.decode()
    assert 'class="differs"' in versions
    for page in (f"project/{desk.chordus.pk}", f"contractor/{desk.people[0].pk}"):
        shown = lea.get(f"/admin/projects/{page}/timeline/").content.decode()
        assert "paused work" in shown
        assert "Lea Diaz" in shown
    assert lea.get(f"/admin/projects/project/{desk.harp.pk}/timeline/").status_code == 404


def test_operations_keep_templates_in_versions_and_languages(
    lea: Client, desk: Desk, signed_in: SignIn
) -> None:
    olga = signed_in(with_role(Role.OPERATIONS))
    words = {
        "reason_code": "budget", "locale": "es", "what_stopped": "Todo el trabajo en {target}.",
        "why": "Lo pide {client}.", "what_happens_to_pay": "No se sabe.", "what_to_do_now": "Espere.",
    }  # fmt: skip
    assert "The version is kept" in said(olga, "/admin/projects/answertemplate/add/", **words)
    assert lea.get("/admin/projects/answertemplate/add/").status_code == 404
    typed = {"reason_code": "budget", "language": "es", "kind": "full", "start": "now", "intent": "fill",
             "expected_resume": "unknown"}  # fmt: skip
    filled = said(lea, f"/admin/projects/pause/add/?project={desk.chordus.pk}", **typed)
    assert "Todo el trabajo en Chordus." in filled


@pytest.mark.parametrize("role", Role.values)
def test_finance_and_auditors_look_and_change_nothing(role: str, desk: Desk, signed_in: SignIn) -> None:
    pause, draft = pause_of(desk), backdated_elsewhere(desk)
    reader = signed_in(with_role(Role(role)))
    is_operations = role == Role.OPERATIONS
    pages = {
        f"/admin/projects/pause/{pause.pk}/change/": 200,
        f"/admin/projects/pause/{pause.pk}/versions/": 200,
        f"/admin/projects/project/{desk.chordus.pk}/timeline/": 200,
        f"/admin/projects/pause/{draft.pk}/preview/": 200 if is_operations else 404,
        f"/admin/projects/openseat/add/?project={desk.chordus.pk}": 200 if is_operations else 404,
        f"/admin/projects/contractor/{desk.people[0].pk}/skills/": 200 if is_operations else 404,
        "/admin/projects/minimumpay/add/": 404 if role == Role.AUDITOR else 200,
        f"/admin/projects/user/{desk.lead.pk}/manager/": 200 if is_operations else 404,
    }
    assert {page: reader.get(page).status_code for page in pages} == pages
    for act in ("told", "nudge", "elsewhere"):
        answer = reader.post(f"/admin/projects/pause/{pause.pk}/{act}/", {"lack": "opened"})
        assert answer.status_code == (302 if is_operations else 404)


def backdated_elsewhere(desk: Desk) -> Pause:
    """A draft on another project, so that it stands beside an open pause."""
    at = timezone.now()
    return save_draft(
        answers=answers(), terms=PauseTerms(reason_code="budget"), project=desk.harp, by=desk.stranger, at=at
    )


def test_minimum_pay_is_kept_with_its_source_once_a_day(desk: Desk, signed_in: SignIn) -> None:
    fin = signed_in(with_role(Role.FINANCE))
    typed = {
        "country": "ke",
        "starts_on": "2026-01-01",
        "amount": "1.2",
        "currency": "usd",
        "source": "Order",
    }
    assert "on record" in said(fin, "/admin/projects/minimumpay/add/", **typed)
    assert "history does not move" in said(fin, "/admin/projects/minimumpay/add/", **typed)
    assert MinimumPay.objects.get().country == "KE"


def test_a_lead_reads_no_rate_and_nobody_of_a_project_that_is_not_theirs(
    desk: Desk, signed_in: SignIn
) -> None:
    rate = RateFactory.make(
        engagement=EngagementFactory.make(project=desk.harp, contractor=desk.people[0]),
        amount_millionths=77_000_000,
    )
    sam, lea = signed_in(desk.stranger), signed_in(desk.lead)
    assert lea.get(f"/admin/projects/engagement/{rate.engagement_id}/change/").status_code == 404
    timeline = lea.get(f"/admin/projects/contractor/{desk.people[0].pk}/timeline/").content.decode()
    assert "HARP" not in timeline
    assert sam.get(f"/admin/projects/contractor/{desk.people[4].pk}/timeline/").status_code == 404
