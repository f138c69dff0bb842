"""Walks over the desk in a browser, each as somebody else: who asks, who approves, who hosts seats, who only looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import states
from notifications.models import Delivery
from projects.models import Approval, Contractor, Correction, Pause
from projects.models.pauses import PauseState
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.estimates import compute_now
from projects.operations.pauses import PauseTerms, open_pause
from tests.browser.backoffice.conftest import DESK
from tests.browser.portal.conftest import PHONE
from tests.browser.portal.test_every_page_looks_right import assert_fine, is_whole
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk, answers, pause_of, with_role
from tests.factories import EngagementFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., Page]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_lead_asks_an_owner_approves_and_both_see_the_same_preview(
    size: dict[str, int], as_user: SignIn, desk: Desk, complaints: Complaints
) -> None:
    owner = UserFactory.make(name="Olu Adeyemi", is_staff=True)
    desk.orion.owners.add(owner)
    at = timezone.now()
    terms = PauseTerms(reason_code="budget", starts_at=at - timedelta(days=1))
    draft = save_draft(answers=answers(), terms=terms, project=desk.chordus, by=desk.lead, at=at)
    lea = as_user(desk.lead, f"/admin/projects/pause/{draft.pk}/compose/", size=size)
    olu = as_user(owner, f"/admin/projects/pause/{draft.pk}/compose/", size=size)
    expect(olu.get_by_text("Lea Diaz has this draft open as well")).to_be_visible()
    lea.goto(lea.url.replace("compose", "preview"))
    lea.get_by_role("button", name="Ask a second person").click()
    expect(lea.get_by_text("You asked a second person")).to_be_visible()
    expect(lea.get_by_role("button", name="Pause now")).to_have_count(0)
    olu.goto(olu.url.replace(f"/projects/pause/{draft.pk}/compose/", "/"))
    olu.get_by_role("link", name="CHORDUS", exact=True).first.click()
    assert_fine(olu, f"approval-{size['width']}", with_axe=size is DESK)
    olu.set_viewport_size(size)  # type: ignore[arg-type]
    olu.get_by_role("button", name="Approve and pause").click()
    expect(olu.get_by_text("its notices are on their way")).to_be_visible()
    assert Pause.objects.get().state == PauseState.IN_EFFECT
    assert Approval.objects.get().decided_by == owner
    assert complaints.lines == []


def test_a_lead_helps_people_the_news_missed(as_user: SignIn, desk: Desk, complaints: Complaints) -> None:
    pause = pause_of(desk)
    Delivery.objects.filter(channel="email").update(state=states.BOUNCED, reason="no such mailbox")
    lea = as_user(desk.lead, f"/admin/projects/pause/{pause.pk}/unseen/?lack=told", size=PHONE)
    lea.get_by_label("Person 0000").check()
    lea.get_by_label("The chosen ones were told by hand").fill("By phone, 14:10.")
    lea.get_by_role("button", name="Mark as told").click()
    expect(lea.get_by_text("1 person is marked as told")).to_be_visible()
    lea.get_by_role("link", name="Not opened").click()
    lea.get_by_role("button", name="Nudge all 6 people").click()
    expect(lea.get_by_text("6 people are being nudged")).to_be_visible()
    assert_fine(lea, "unseen")
    assert complaints.lines == []


def test_the_desk_is_whole_for_whoever_runs_looks_after_and_reads(
    as_user: SignIn, desk: Desk, complaints: Complaints
) -> None:
    owner = UserFactory.make(name="Olu Adeyemi", is_staff=True)
    desk.orion.owners.add(owner)
    EngagementFactory.make(
        project=ProjectFactory.make(client=desk.orion, code="MUSEN"), contractor=desk.people[0]
    )
    pause = open_pause(
        client=desk.orion, answers=answers(), terms=PauseTerms(reason_code="budget"), by=owner,
        at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    musen = desk.orion.projects.get(code="MUSEN")
    seat = desk.chordus.open_seats.get()
    looks = {
        owner: {
            "client-pause": f"/admin/projects/pause/{pause.pk}/change/",
            "release": f"/admin/projects/pause/{pause.pk}/release/{musen.pk}/",
            "versions": f"/admin/projects/pause/{pause.pk}/versions/",
            "bulk": f"/admin/projects/pause/bulk/nothing-new/?id={pause.pk}",
            "seat": f"/admin/projects/openseat/{seat.pk}/change/",
            "seat-add": f"/admin/projects/openseat/add/?project={desk.chordus.pk}",
        },
        with_role(Role.OPERATIONS): {
            "template-add": "/admin/projects/answertemplate/add/",
            "manager": f"/admin/projects/user/{desk.lead.pk}/manager/",
        },
        with_role(Role.FINANCE): {"minimum-add": "/admin/projects/minimumpay/add/"},
        with_role(Role.AUDITOR): {
            "front": "/admin/",
            "project-timeline": f"/admin/projects/project/{desk.chordus.pk}/timeline/",
            "contractor": f"/admin/projects/contractor/{desk.people[0].pk}/change/",
        },
    }
    for user, pages in looks.items():
        page = as_user(user)
        for name, path in pages.items():
            page.goto(page.url.partition("/admin/")[0] + path)
            assert_fine(page, f"walk-{name}")
            complaints.lines.clear()
        page.context.close()


@pytest.mark.slow
def test_every_list_and_row_of_the_record_fits_a_phone(
    as_user: SignIn, desk: Desk, complaints: Complaints
) -> None:
    long = "a" * 58
    Contractor.objects.filter(pk=desk.people[0].pk).update(
        name=f"Maria {long}", email=f"{long}@people.example", external_id=long, region="PH-00"
    )
    pause = pause_of(desk)
    compute_now(pause=pause, at=timezone.now(), as_of=timezone.now().date())
    Correction.objects.create(
        contractor=desk.people[0], engagement=desk.people[0].engagements.get(), kind="hours", seconds=18_000,
        worked_on=timezone.now().date(), words=long, asked_at=timezone.now(),
    )  # fmt: skip
    page = as_user(
        UserFactory.make(is_staff=True, is_superuser=True, email=f"{long}@firm.example"), size=PHONE
    )
    front = page.url
    too_wide = []
    for model in admin.site._registry:
        if model._meta.app_label not in {"projects", "notifications", "slack", "api"}:
            continue
        base = f"{front}{model._meta.app_label}/{model._meta.model_name}/"
        first = model._default_manager.order_by("pk").first()
        for address in (base, f"{base}{first.pk}/change/") if first else (base,):
            page.goto(address)
            if not is_whole(page):
                too_wide.append(address.removeprefix(front))
    assert too_wide == []
    assert complaints.lines == []
