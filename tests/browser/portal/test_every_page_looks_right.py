"""Every page of the portal on phone and desk, light and dark: nothing blocked, no axe violation, no sideways scroll."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from projects.models import Contractor, Correction, Pause, Project
from projects.operations.pay_reads import Seen, note_pay_reads
from tests.browser.pages import is_whole, keep_picture, violations
from tests.browser.portal.conftest import DESK, PHONE
from tests.conftest import Complaints
from tests.faces.portal.world import World
from tests.factories import ScopeReassessmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "home": "/portal/",
    "pause": "/portal/pauses/{pause}/",
    "estimate": "/portal/pauses/{pause}/estimate/",
    "estimates": "/portal/estimate/",
    "corrections": "/portal/corrections/",
    "correction": "/portal/corrections/{correction}/",
    "correction-hours": "/portal/corrections/new/hours/",
    "correction-rate": "/portal/corrections/new/rate/",
    "correction-dates": "/portal/corrections/new/dates/",
    "correction-before-notice": "/portal/corrections/new/before_notice/",
    "work": "/portal/work/",
    "statements": "/portal/statement/",
    "settings": "/portal/settings/",
    "security": "/portal/settings/security/",
    "reads": "/portal/settings/reads/",
    "second-step": "/account/2fa/",
    "totp": "/account/2fa/totp/activate/",
    "passkeys": "/account/2fa/webauthn/",
    "add-passkey": "/account/2fa/webauthn/add/",
    "sessions": "/account/sessions/",
    "nothing-here": "/portal/nothing/",
}
DOORS = {
    "front": "/",
    "sign-in": "/account/login/",
    "closed": "/account/signup/",
    "verify": "/verify/?code=AAAAA-BBBBB-CCCCC-DDDDD",
}
NOT_FOUND = {"nothing-here", "verify"}
LOOKS = [
    (name, size, scheme) for name, size in (("phone", PHONE), ("desk", DESK)) for scheme in ("light", "dark")
]
# Rules about colour need both schemes and rules about layout both sizes; together two looks see all of it.
SEEN_BY_AXE = {("phone", "light"), ("desk", "dark")}


def assert_fine(page: Page, name: str, *, with_axe: bool = True) -> None:
    """Look at a page that is open on phone and desk, in light and dark."""
    for look, size, scheme in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        # Without motion the new colours are there at once, not after a fade.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        keep_picture(page, f"{name}-{look}-{scheme}")
        assert is_whole(page), f"{name} on {look}"
        if with_axe and (look, scheme) in SEEN_BY_AXE:
            assert violations(page) == [], f"{name} on {look} in {scheme}"


def assert_whole_at_twice_the_size(page: Page, name: str) -> None:
    """Zoomed in, a phone's window has half as many pixels."""
    page.set_viewport_size({"width": 320, "height": 450})
    keep_picture(page, f"{name}-zoomed")
    assert is_whole(page), f"{name} at twice the size"


@pytest.fixture
def correction(world: World) -> Correction:
    """Something that Ana says is wrong."""
    return Correction.objects.create(
        contractor=world.ana, engagement=world.engagement, kind=Correction.Kind.HOURS, seconds=18_000,
        worked_on=world.at.date(), words="I worked five hours on this day.", asked_at=world.at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        pytest.param("en-PH", True, id="en-PH"),
        pytest.param("en-PH", False, id="en-PH-without-scripts"),
        pytest.param("ar", True, id="ar"),
        # From right to left is a matter of styles, and without scripts one of markup: both stand above.
        pytest.param("ar", False, id="ar-without-scripts", marks=pytest.mark.slow),
    ],
)
def test_every_page_is_whole_and_accessible(
    language: str, scripts: bool, opened: Callable[..., Page], world: World, live_server: LiveServer,
    complaints: Complaints, correction: Correction,
) -> None:  # fmt: skip
    Contractor.objects.filter(pk=world.ana.pk).update(locale=language)
    seen = [Seen("rates", "desk", contractor=world.ana.pk), Seen("report", "finance", "income-impact")]
    for _look in range(3):
        note_pay_reads(seen, by=world.lead, at=world.at)
    page = opened("/portal/", scripts=scripts)
    for name, path in PAGES.items():
        page.goto(live_server.url + path.format(pause=world.pause.public_id, correction=correction.public_id))
        direction = page.evaluate("getComputedStyle(document.body).direction")
        assert direction == ("rtl" if language == "ar" else "ltr"), name
        assert_fine(page, name if language != "ar" else f"{name}-ar", with_axe=scripts)
        if (language, scripts) == ("en-PH", True):
            assert_whole_at_twice_the_size(page, name)
    page.goto(f"{live_server.url}/portal/settings/")
    page.locator("form[action='/portal/settings/calendar/'] button").click()
    page.wait_for_url("**/settings/calendar/")
    assert_fine(page, "calendar-address", with_axe=scripts)

    assert [line for line in complaints.lines if "404" not in line] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_every_page_before_signing_in_is_whole_and_accessible(
    scripts: bool, opened: Callable[..., Page], live_server: LiveServer, complaints: Complaints
) -> None:
    page = opened("/", scripts=scripts, signed_in=False)
    for name, path in DOORS.items():
        page.goto(live_server.url + path)
        assert_fine(page, name, with_axe=scripts)

    assert [line for line in complaints.lines if "404" not in line] == []


def test_a_late_word_a_reduced_pause_and_a_reassessment_are_told_apart(
    opened: Callable[..., Page], world: World, complaints: Complaints
) -> None:
    Pause.objects.filter(pk=world.pause.pk).update(
        kind="reduced", remaining_share_bp=5_000, next_update_by=world.at - timedelta(hours=5)
    )
    ScopeReassessmentFactory.make(
        project=Project.objects.get(code="MUSEN"), next_update_by=world.at - timedelta(hours=1)
    )
    page = opened("/portal/")

    shapes = page.locator(".badge svg").evaluate_all("icons => icons.map(icon => icon.innerHTML)")
    assert len(set(shapes)) == len(shapes) == 3
    assert_fine(page, "home-late")
    assert complaints.lines == []
