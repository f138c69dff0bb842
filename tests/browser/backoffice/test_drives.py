"""Drives over the desk by whoever does each: several projects paused, seats, scope, templates, timelines, charts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import states
from notifications.models import Delivery
from projects.models import Candidacy, MinimumPay, Pause, ScopeReassessment
from projects.models.pauses import PauseState
from projects.models.people import Role
from projects.operations.estimates import compute_now
from projects.operations.scope import start_reassessment
from tests.browser.backoffice.conftest import DESK
from tests.browser.portal.conftest import PHONE
from tests.browser.portal.test_every_page_looks_right import assert_fine
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk, pause_of, with_role
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
both_sizes = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
AsUser = Callable[..., Page]


def seen(page: Page, name: str, size: dict[str, int], complaints: Complaints) -> None:
    """Look at the page once in all its looks, and go on at the size of this drive."""
    assert complaints.lines == []
    if size is DESK:
        assert_fine(page, name)
        complaints.lines.clear()  # axe itself sets styles that the policy blocks
        page.set_viewport_size(size)  # type: ignore[arg-type]


@both_sizes
def test_a_lead_pauses_two_projects_at_once_from_the_list(
    size: dict[str, int], as_user: AsUser, desk: Desk, complaints: Complaints
) -> None:
    musen = ProjectFactory.make(client=desk.orion, code="MUSEN", name="Musen", leads=[desk.lead])
    for person in (desk.people[0], ContractorFactory.make()):
        EngagementFactory.make(project=musen, contractor=person)
    page = as_user(desk.lead, "/admin/projects/project/", size=size)
    for code in ("CHORDUS", "MUSEN"):
        page.get_by_role("row").filter(has_text=code).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Pause the selected projects…")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("heading", name="Pause CHORDUS, MUSEN")).to_be_visible()
    page.get_by_role("button", name="See what it will do", exact=True).click()
    tree = page.get_by_role("region", name="One pause, the projects you chose")
    expect(tree).to_contain_text("7 people")
    expect(tree).to_contain_text("gets one notice, not two")
    seen(page, "several-preview", size, complaints)
    page.get_by_role("button", name="Pause now").click()
    expect(page.get_by_text("Pause of CHORDUS, MUSEN").first).to_be_visible()
    seen(page, "several-page", size, complaints)
    page.get_by_role("link", name="Resume MUSEN alone").click()
    page.locator("form.card button[type=submit]").click()
    expect(page.get_by_text("Work on MUSEN goes on")).to_be_visible()
    pause = Pause.objects.get()
    assert (pause.chosen, pause.state) == (("CHORDUS", "MUSEN"), PauseState.IN_EFFECT)
    assert Delivery.objects.filter(notice__kind="pause.opened", channel="email").count() == 7
    assert complaints.lines == []


@both_sizes
def test_a_lead_keeps_a_skill_and_another_offers_a_seat_and_takes_it_back(
    size: dict[str, int], as_user: AsUser, desk: Desk, complaints: Complaints
) -> None:
    pause_of(desk)
    seat = desk.chordus.open_seats.get()
    seat.project, seat.skills, seat.countries = desk.harp, ["audio"], []
    seat.save()
    person = desk.people[0]
    lea = as_user(desk.lead, f"/admin/projects/contractor/{person.pk}/change/", size=size)
    lea.get_by_role("link", name="Skills…").click()
    lea.get_by_role("textbox").fill("Audio, Spanish")
    lea.get_by_role("button", name="Keep the skills").click()
    expect(lea.get_by_text("The skills are kept.")).to_be_visible()
    lea.get_by_role("link", name="Timeline").click()
    expect(lea.get_by_role("heading", name="Who did what")).to_be_visible()
    expect(lea.locator("ol.timeline")).to_contain_text("Lea Diaz")
    seen(lea, "contractor-timeline", size, complaints)
    Candidacy.objects.create(
        seat=seat, contractor=person, state="interested", interested_at=timezone.now(), words="Gladly."
    )
    sam = as_user(desk.stranger, f"/admin/projects/openseat/{seat.pk}/change/", size=size)
    expect(sam.get_by_text("“Gladly.”")).to_be_visible()
    seen(sam, "seat-candidates", size, complaints)
    sam.get_by_role("link", name="Offer… Person 0000").click()
    sam.get_by_role("button", name="Offer it").click()
    expect(sam.get_by_text("The offer is on its way.")).to_be_visible()
    sam.get_by_role("link", name="Take back").click()
    sam.get_by_role("button", name="Take it back").click()
    expect(sam.get_by_text("The offer is taken back.")).to_be_visible()
    assert Candidacy.objects.get().state == "withdrawn"
    assert complaints.lines == []


@both_sizes
def test_a_lead_decides_a_scope_after_seeing_what_it_means_for_each_person(
    size: dict[str, int], as_user: AsUser, desk: Desk, complaints: Complaints
) -> None:
    at = timezone.now()
    MinimumPay.objects.create(
        country="PH", starts_on="2026-01-01", amount_millionths=16_000_000, currency="USD", source="Order 7"
    )
    row = start_reassessment(
        project=desk.chordus,
        what_it_means="Work goes on meanwhile.",
        next_update_by=at + timedelta(days=2),
        by=desk.lead,
        at=at,
    )
    page = as_user(desk.lead, f"/admin/projects/scopereassessment/{row.pk}/decide/", size=size)
    page.get_by_label("Reduced").check()
    page.get_by_label("New rate", exact=True).fill("15")
    page.get_by_label("Currency of the new rate").fill("USD")
    page.get_by_label("What does it mean for contractors?").fill("The rate is 15 dollars from today.")
    page.get_by_role("button", name="See what it means for each person").click()
    table = page.get_by_role("region", name="What it means for each person").get_by_role("table")
    expect(table.get_by_role("row").filter(has_text="Person 0000")).to_contain_text("$15.00")
    expect(page.get_by_text("would be paid less than the minimum on record")).to_be_visible()
    seen(page, "scope-per-person", size, complaints)
    page.get_by_role("checkbox", name="would be paid less").check()
    page.get_by_role("button", name="Decide and tell everybody").click()
    expect(page.get_by_text("everybody on the project is being told")).to_be_visible()
    assert ScopeReassessment.objects.get().outcome == "reduced"
    assert complaints.lines == []


@both_sizes
def test_operations_make_a_second_version_of_the_usual_answers_and_compare(
    size: dict[str, int], as_user: AsUser, desk: Desk, complaints: Complaints
) -> None:
    page = as_user(with_role(Role.OPERATIONS), "/admin/projects/answertemplate/add/", size=size)
    for why in ("{client} has not released the budget.", "{client} decides on the budget on Friday."):
        page.get_by_label("Reason").select_option(label="Budget")
        page.get_by_label("What stops?").fill("All work on {target} stops.")
        page.get_by_label("Why, in words contractors may read?").fill(why)
        page.get_by_label("What happens to pay?").fill("Hours worked are paid.")
        page.get_by_label("What should people do now?").fill("Ask your lead.")
        page.get_by_role("button", name="Keep the version").click()
        expect(page.get_by_text("The version is kept")).to_be_visible()
        page.get_by_role("link", name="Budget").first.click()
        expect(page.get_by_role("link", name="New version…")).to_be_visible()
        page.get_by_role("link", name="New version…").click()
    page.go_back()
    page.get_by_role("link", name="Versions side by side").click()
    expect(page.locator("tr.differs")).to_contain_text("on Friday")
    seen(page, "template-versions", size, complaints)
    assert complaints.lines == []


def test_the_front_page_draws_its_charts_over_tables_of_the_same_figures(
    as_user: AsUser, desk: Desk, complaints: Complaints
) -> None:
    at = timezone.now()
    pause = pause_of(desk)
    compute_now(pause=pause, at=at, as_of=at.date())
    Delivery.objects.filter(recipient__key=f"contractor:{desk.people[0].pk}").update(
        state=states.BOUNCED, reason="no such mailbox"
    )
    page = as_user(desk.lead)
    policy = page.evaluate("fetch('/admin/').then((r) => r.headers.get('content-security-policy'))")
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    figures = page.locator("figure[data-chart]")
    expect(figures).to_have_count(2)
    for number in range(2):
        figure = figures.nth(number)
        expect(figure.locator("canvas")).to_be_visible()
        told = figure.locator("[data-value]").evaluate_all("(cells) => cells.map((c) => +c.dataset.value)")
        drawn = figure.locator("canvas").evaluate("(canvas) => Chart.getChart(canvas).data.datasets[0].data")
        inked = figure.locator("canvas").evaluate(
            "(c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((part) => part > 0)"
        )
        assert drawn == told
        assert told[0] > 0
        assert inked
    seen(page, "front-charts", DESK, complaints)
    assert complaints.lines == []
