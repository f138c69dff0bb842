"""Pages that connect other systems: tokens, Slack's installation and links, events sent again, single sign-on."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contractorhub.api.models import Scope, TokenGrant
from contractorhub.api.tokens import make_token
from contractorhub.env import oidc_apps
from contractorhub.slack.models import InboundEvent
from contractorhub.slack.payloads import Who
from contractorhub.slack.people import link_token
from notifications.models import Delivery, DeliveryState
from notifications.workspaces import Installation, take_in
from projects.models.people import Role
from projects.operations.endpoints import EndpointFacts, add_endpoint, send_test_event
from tests.browser.portal.test_every_page_looks_right import assert_fine
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk
from tests.factories import RoleGrantFactory

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider's own imports are on their way out
    from oidc_provider_mock import run_server_in_thread

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
REFUSALS = "Failed to load resource: the server responded with a status of 40"  # a page may be a refusal
WORKSPACE = Installation("T0FIRM", "The Firm", "A0", "U0BOT", "chat:write,commands", "xoxb-1", "", 0)


@pytest.fixture
def page(opened: Callable[..., Page], desk: Desk, settings: Any) -> Page:
    """Lea of operations at the front page; the Slack app is set up."""
    settings.SLACK_CLIENT_ID = settings.SLACK_CLIENT_SECRET = settings.SLACK_SIGNING_SECRET = "set"
    RoleGrantFactory.make(user=desk.lead, role=Role.OPERATIONS)
    return opened("/admin/")


def walk(page: Page, live_server: LiveServer, complaints: Complaints, pages: dict[str, str]) -> None:
    """Look at every page; axe is no page of ours, so what it is refused itself is forgotten."""
    for name, path in pages.items():
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        assert [line for line in complaints.lines if not line.startswith(REFUSALS)] == [], name
        assert_fine(page, f"connect-{name}")
        complaints.lines.clear()


def test_a_token_is_made_and_slack_installed_and_linked_on_whole_pages(
    page: Page, live_server: LiveServer, complaints: Complaints
) -> None:
    link = f"/slack/link/?who={link_token(Who('T0FIRM', 'U0LEA'))}"
    pages = {
        "slack-install": "/slack/install/",
        "slack-link": link,
        "token-make": "/admin/api/tokengrant/add/",
    }
    walk(page, live_server, complaints, pages)
    page.get_by_label("What it is for").fill("Roster")
    page.get_by_label("Read what its owner sees").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("Copy the token now")).to_be_visible()
    assert complaints.lines == []
    assert_fine(page, "connect-token-made")


@pytest.mark.slow
def test_every_page_about_other_systems_is_whole_and_accessible(
    page: Page, desk: Desk, live_server: LiveServer, complaints: Complaints
) -> None:
    at = timezone.now()
    make_token(user=desk.lead, name="Payroll export", scopes=list(Scope.values), days=90, at=at)
    take_in(WORKSPACE, at=at)
    InboundEvent.objects.create(
        unique_id="1", signature="1", kind="event app_home_opened", team_id="T0FIRM", state="failed",
        due_at=at, received_at=at, tries=8, error="OperationalError",
    )  # fmt: skip
    facts = EndpointFacts("Payroll", "https://hooks.example/", ("pause.opened",))
    endpoint = add_endpoint(facts=facts, by=desk.lead, at=at)
    for _again in range(3):
        send_test_event(endpoint=endpoint, by=desk.lead, at=at)
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(
        state=DeliveryState.FAILED, reason="HTTP 500: the receiver is out of order", tries=16
    )
    walk(
        page,
        live_server,
        complaints,
        {
            "tokens": "/admin/api/tokengrant/",
            "token": f"/admin/api/tokengrant/{TokenGrant.objects.get().pk}/change/",
            "slack-workspaces": "/admin/notifications/workspace/",
            "slack-events": "/admin/slack/inboundevent/",
            "slack-link-too-old": "/slack/link/?who=old",
            "slack-not-installed": "/slack/installed/?state=old",
            "integrations": "/admin/notifications/endpoint/",
            "integration-new": "/admin/notifications/endpoint/add/",
            "integration-sent": f"/admin/notifications/endpoint/{endpoint.pk}/change/",
        },
    )


@pytest.fixture
def provider(settings: Any) -> Iterator[None]:
    """A sign-in of the firm's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with run_server_in_thread() as server:
            url = f"http://127.0.0.1:{server.server_port}"
            apps = oidc_apps(url, client_id="hub", secret="s", name="The Firm", scopes=["openid", "email"])
            settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
            yield


def test_the_pages_of_single_sign_on_are_whole_and_accessible(
    page: Page, provider: None, live_server: LiveServer, complaints: Complaints
) -> None:
    page.context.clear_cookies()
    walk(
        page,
        live_server,
        complaints,
        {
            "sign-on": "/account/login/",
            "sign-on-cancelled": "/account/3rdparty/login/cancelled/",
            "sign-on-error": "/account/3rdparty/login/error/",
        },
    )
    assert complaints.lines == []
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("button", name="Sign in with The Firm").click()
    page.get_by_role("textbox").first.fill("stranger@elsewhere.example")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="We do not know you here")).to_be_visible()
    assert_fine(page, "connect-sign-on-not-known")
