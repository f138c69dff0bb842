"""Signing in as people do it: code by mail, passkey, without scripts, by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from projects.models import Acknowledgement
from tests.browser.pages import keep_picture
from tests.conftest import Complaints
from tests.faces.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def mailed_code() -> str:
    """The code in the newest mail."""
    found = re.search(r"^ {4}(\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_notice_leads_through_sign_in_to_its_pause_and_one_tap_acknowledges(
    scripts: bool, opened: Callable[..., Page], world: World, complaints: Complaints
) -> None:
    page = opened(f"/portal/pauses/{world.pause.public_id}/", scripts=scripts, signed_in=False)
    page.get_by_label("Email address").fill("Ana@People.example")
    page.get_by_role("button", name="Email me a code").click()
    keep_picture(page, f"code-phone-{'light' if scripts else 'plain'}")
    page.get_by_label("Code").fill("WRONG")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(
        "This is not the code we sent. Look at the newest email and try again."
    )
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="CHORDUS")).to_be_visible()
    page.get_by_role("button", name="I have read this").click()

    expect(page.get_by_text("You have read this", exact=True)).to_be_visible()
    assert Acknowledgement.objects.get().acknowledged_at is not None
    assert complaints.lines == []


def test_a_passkey_is_added_and_signs_in_without_a_code(
    opened: Callable[..., Page], live_server: LiveServer, world: World, complaints: Complaints
) -> None:
    page = opened("/account/login/", signed_in=False)
    _virtual_authenticator(page)
    here = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/account/login/?next=/account/2fa/webauthn/add/")
    page.get_by_label("Email address").fill("ana@people.example")
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("[name=name]").fill("My phone")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile("recovery|webauthn/$"))
    page.context.clear_cookies()
    page.goto(f"{here}/account/login/?next=/portal/")

    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url(f"{here}/portal/")
    assert complaints.lines == []


def test_the_keyboard_alone_reads_and_acknowledges(opened: Callable[..., Page], world: World) -> None:
    page = opened("/portal/")

    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _press in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == "I have read this":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    expect(page.get_by_text("You have read this", exact=True)).to_be_visible()
    assert outline == "solid"


def test_everything_to_tap_is_large_enough_for_a_thumb(opened: Callable[..., Page], world: World) -> None:
    page = opened("/portal/")

    small = page.locator("button, .button, .top a").evaluate_all(
        "all => all.map(one => [one.innerText, one.getBoundingClientRect()])"
        ".filter(([_, box]) => box.height && (box.height < 44 || box.width < 24)).map(([text]) => text)"
    )

    assert small == []


def _virtual_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
