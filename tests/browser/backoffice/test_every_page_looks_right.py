"""Every page of the desk on phone and desk, light and dark: nothing blocked, no axe violation, no sideways scroll."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from projects.models import ErasureRequest, Pause
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.endpoints import EndpointFacts, add_endpoint, send_test_event
from projects.operations.pauses import PauseTerms
from projects.operations.scope import start_reassessment
from tests.browser.portal.test_every_page_looks_right import assert_fine
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk, answers, pause_of
from tests.factories import RoleGrantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OF_THE_PAUSE = {
    "page": "change/",
    "update": "act/update/",
    "nothing-new": "act/nothing-new/",
    "extend": "act/extend/",
    "resume": "act/resume/",
    "void": "act/void/",
    "unseen": "unseen/?lack=told",
    "history": "history/",
}
LISTS = {
    "pauses": "pause/",
    "projects": "project/",
    "clients": "client/",
    "engagements": "engagement/",
    "contractors": "contractor/",
    "seats": "openseat/",
    "estimates": "lostincomeestimate/",
    "choose": "pause/add/",
    "compose": "pause/add/?project={project}&reason=security_incident",
    "project": "project/{project}/change/",
    "start-scope": "scopereassessment/add/?project={project}",
}


def look(name: str, page: Page, complaints: Complaints) -> None:
    """Look at a page that is open; axe is no page of ours, so what it is refused itself is forgotten."""
    assert complaints.lines == [], name
    assert_fine(page, f"admin-{name}")
    complaints.lines.clear()


def walk(pages: dict[str, str], opened: Callable[..., Page], complaints: Complaints) -> None:
    """Look at these pages below the desk's front, one after the other."""
    first, *others = pages
    page = opened(f"/admin/{pages[first]}")
    front = page.url.partition("/admin/")[0]
    look(first, page, complaints)
    for name in others:
        page.goto(f"{front}/admin/{pages[name]}")
        look(name, page, complaints)
    page.context.close()


def test_the_lists_and_forms_of_the_desk_are_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    pages = {name: f"projects/{path}".format(project=desk.chordus.pk) for name, path in LISTS.items()}
    walk(pages, opened, complaints)


def test_the_front_page_is_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    pause_of(desk)
    walk({"front": ""}, opened, complaints)


def test_the_pages_of_a_pause_are_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    pause = pause_of(desk, confidential_note="Ask Sam before anything is said.")
    pages = {f"pause-{name}": f"projects/pause/{pause.pk}/{path}" for name, path in OF_THE_PAUSE.items()}
    walk(pages, opened, complaints)


def test_the_preview_is_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    draft = draft_of(desk)
    walk({"preview": f"projects/pause/{draft.pk}/preview/"}, opened, complaints)


def test_deciding_a_scope_is_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    at = timezone.now()
    row = start_reassessment(
        project=desk.chordus,
        what_it_means="Work goes on meanwhile.",
        next_update_by=at + timedelta(days=2),
        by=desk.lead,
        at=at,
    )
    walk({"decide-scope": f"projects/scopereassessment/{row.pk}/decide/"}, opened, complaints)


def draft_of(desk: Desk) -> Pause:
    terms = PauseTerms(
        reason_code="security_incident",
        standby_share_bp=2_500,
        exclusions=((desk.people[0].pk, "Hands the data back."),),
    )
    kept = answers(
        confidential_note="Acme Widgets was breached", why="A breach at Acme Widgets is looked into."
    )
    return save_draft(answers=kept, terms=terms, project=desk.chordus, by=desk.lead, at=timezone.now())


def test_the_page_of_an_integration_is_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    facts = EndpointFacts("Payroll", "https://hooks.example/", ("pause.opened",))
    row = add_endpoint(facts=facts, by=desk.lead, at=timezone.now())
    send_test_event(endpoint=row, by=desk.lead, at=timezone.now())
    walk({"integration": f"notifications/endpoint/{row.pk}/change/"}, opened, complaints)


def test_the_pages_of_operations_alone_are_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    RoleGrantFactory.make(user=desk.lead, role=Role.OPERATIONS)
    erasure = ErasureRequest.objects.create(contractor=desk.people[0], asked_at=timezone.now())
    pages = {
        "roles-and-login": f"projects/user/{desk.stranger.pk}/access/",
        "answer-erasure": f"projects/erasurerequest/{erasure.pk}/answer/",
    }
    walk(pages, opened, complaints)
