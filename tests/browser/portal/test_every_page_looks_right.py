"""Every page of the portal on phone and desk, light and dark: nothing blocked, no axe violation, no sideways scroll."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from projects.models import Contractor, Pause, Project
from tests.browser.portal.conftest import DESK, PHONE, keep_picture
from tests.conftest import Complaints
from tests.faces.portal.world import World
from tests.factories import ScopeReassessmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "home": "/portal/",
    "pause": "/portal/pauses/{pause}/",
    "estimate": "/portal/pauses/{pause}/estimate/",
    "statements": "/portal/statement/",
    "settings": "/portal/settings/",
    "security": "/portal/settings/security/",
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
LOOKS = [
    (name, size, scheme) for name, size in (("phone", PHONE), ("desk", DESK)) for scheme in ("light", "dark")
]


def assert_fine(page: Page, complaints: Complaints, picture: str, *, expect_404: bool = False) -> None:
    keep_picture(page, picture)
    lines = [line for line in complaints.lines if not (expect_404 and "404" in line)]
    assert lines == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        picture
    )
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []


@pytest.mark.parametrize(("look", "size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_portal_is_whole_and_accessible(
    name: str, look: str, size: dict[str, int], scheme: str, opened: Callable[..., Page], world: World,
    complaints: Complaints,
) -> None:  # fmt: skip
    page = opened(PAGES[name].format(pause=world.pause.public_id), size=size, scheme=scheme)
    assert_fine(page, complaints, f"{name}-{look}-{scheme}", expect_404=name == "nothing-here")


@pytest.mark.parametrize(("look", "size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", DOORS)
def test_a_page_before_signing_in_is_whole_and_accessible(
    name: str,
    look: str,
    size: dict[str, int],
    scheme: str,
    opened: Callable[..., Page],
    complaints: Complaints,
) -> None:
    page = opened(DOORS[name], size=size, scheme=scheme, signed_in=False)
    assert_fine(page, complaints, f"{name}-{look}-{scheme}", expect_404=name == "verify")


@pytest.mark.parametrize(("look", "size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", ["home", "pause", "estimate", "statements", "settings"])
def test_a_page_reads_from_right_to_left_in_arabic(
    name: str, look: str, size: dict[str, int], scheme: str, opened: Callable[..., Page], world: World,
    complaints: Complaints,
) -> None:  # fmt: skip
    Contractor.objects.filter(pk=world.ana.pk).update(locale="ar")
    page = opened(PAGES[name].format(pause=world.pause.public_id), size=size, scheme=scheme)

    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert_fine(page, complaints, f"{name}-ar-{look}-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_late_word_a_reduced_pause_and_a_reassessment_are_told_apart(
    scheme: str, opened: Callable[..., Page], world: World, complaints: Complaints
) -> None:
    Pause.objects.filter(pk=world.pause.pk).update(
        kind="reduced", remaining_share_bp=5_000, next_update_by=world.at - timedelta(hours=5)
    )
    ScopeReassessmentFactory.make(
        project=Project.objects.get(code="MUSEN"), next_update_by=world.at - timedelta(hours=1)
    )
    page = opened("/portal/", scheme=scheme)

    shapes = page.locator(".badge svg").evaluate_all("icons => icons.map(icon => icon.innerHTML)")
    assert len(set(shapes)) == len(shapes) == 3
    assert_fine(page, complaints, f"home-late-phone-{scheme}")


@pytest.mark.parametrize("name", ["home", "pause", "estimate", "settings"])
def test_a_page_stays_whole_at_twice_the_size(
    name: str, opened: Callable[..., Page], world: World, complaints: Complaints
) -> None:
    page = opened(PAGES[name].format(pause=world.pause.public_id), size={"width": 320, "height": 450})

    assert_fine(page, complaints, f"{name}-zoomed")
