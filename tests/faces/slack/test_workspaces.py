"""Workspaces: installed by operations with a state, used side by side, revoked and taken out, told of in the admin."""

import json
import re
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from contractorhub.slack.manifest import manifest
from contractorhub.slack.models import SlackAccount, WatchedWorkspace
from contractorhub.slack.work import EVENTS, SHORTCUTS
from notifications.models import Lane, Workspace
from projects.models import AuditEvent, User
from tests.faces.slack.conftest import Firm
from tests.factories import EngagementFactory, ProjectFactory, RoleGrantFactory, UserFactory
from tests.fakes.slack import Team
from tests.fakes.slack_person import SlackPerson

pytestmark = pytest.mark.once  # leads are followed on both engines; emptying a hundred tables a test is slow


@pytest.fixture
def operator(transactional_db: None) -> User:
    """Somebody of operations."""
    user = UserFactory.make(is_staff=True)
    RoleGrantFactory.make(user=user, role="operations")
    return user


def _consent(client: Client) -> dict[str, list[str]]:
    """Where the install page leads: what Slack is asked, by name."""
    page = client.get("/slack/install/").content.decode().replace("&amp;", "&")
    found = re.search(r'href="(https://slack\.com/oauth/v2/authorize[^"]+)"', page)
    assert found, page
    return parse_qs(urlsplit(found[1]).query)


def _install(firm: Firm, client: Client, team_id: str) -> Any:
    asked = _consent(client)
    team = firm.slack.teams.get(team_id) or Team(team_id, f"Team {team_id}", "")
    return client.get("/slack/installed/", {"code": firm.slack.new_code(team), "state": asked["state"][0]})


def test_two_workspaces_are_installed_and_each_hears_of_its_own(
    firm: Firm, operator: User, client: Client, settings: Any
) -> None:
    settings.SLACK_BOT_TOKEN, firm.slack.rotates = "", True
    client.force_login(operator)
    asked = _consent(client)
    assert asked["client_id"] == ["client-id"]
    assert asked["redirect_uri"] == [f"{settings.BASE_URL}/slack/installed/"]
    assert set(asked["scope"][0].split(",")) == set(manifest()["oauth_config"]["scopes"]["bot"])

    for team_id in ("T0TEST", "T0OTHER"):
        assert _install(firm, client, team_id).url == reverse("admin:notifications_workspace_changelist")
    other = ProjectFactory.make(slack_channel="T0OTHER/C0OTHER", leads=[firm.lead])
    EngagementFactory.make(contractor=firm.contractor, project=other)
    firm.pause()
    account = {"team_id": "T0OTHER", "slack_user_id": "U0LEA", "user": firm.lead}
    SlackAccount.objects.create(**account, linked_at=firm.contractor.created_at)
    there = SlackPerson(firm.slack, firm.product, "U0LEA", team_id="T0OTHER")
    there.command("open")
    firm.work()
    there.submit(there.modal["id"], target=f"project:{other.pk}")
    firm.work()
    there.submit(there.modal["id"])
    firm.work()
    firm.relay()

    assert {post.channel for post in firm.slack.posts} >= {"C0CHORDUS", "C0OTHER", "D0ANA"}
    assert set(Lane.objects.filter(channel="slack_channel").values_list("name", flat=True)) == {
        "default",
        "T0OTHER",
    }
    page = client.get(reverse("admin:notifications_workspace_changelist")).content.decode()
    assert "Team T0OTHER" in page
    assert "xox" not in page
    assert AuditEvent.objects.filter(verb="slack.workspace_installed", by=operator).count() == 2


def test_a_state_is_good_once_and_only_in_the_browser_it_was_given_to(
    firm: Firm, operator: User, client: Client
) -> None:
    client.force_login(operator)
    state = _consent(client)["state"][0]
    stranger = Client()
    stranger.force_login(operator)
    team = firm.slack.teams["T0TEST"]

    def come_back(browser: Client, **given: str) -> int:
        return browser.get("/slack/installed/", {"code": firm.slack.new_code(team), **given}).status_code

    assert come_back(stranger, state=state) == 400
    assert come_back(client, state=state) == 302
    assert come_back(client, state=state) == 400
    assert come_back(client) == 400
    for wrong in ({"error": "access_denied"}, {"code": "unknown"}):
        given = {"state": _consent(client)["state"][0], **wrong}
        assert client.get("/slack/installed/", given).status_code == 400
    assert Workspace.objects.count() == 1


def test_only_operations_install_and_look(firm: Firm, client: Client) -> None:
    assert client.get("/slack/install/").status_code == 302
    client.force_login(firm.lead)
    for address in (
        "/slack/install/",
        "/slack/installed/",
        reverse("admin:notifications_workspace_changelist"),
    ):
        assert client.get(address).status_code in {302, 403}
    assert not Workspace.objects.exists()


def test_a_workspace_that_leaves_loses_its_tokens_its_links_and_its_lane(
    firm: Firm, operator: User, client: Client, settings: Any
) -> None:
    settings.SLACK_BOT_TOKEN = ""
    client.force_login(operator)
    _install(firm, client, "T0TEST")
    firm.pause()
    client.post(
        reverse("admin:notifications_workspace_changelist"),
        {"action": "switch_on", "_selected_action": [str(Workspace.objects.get().pk)]},
    )
    assert WatchedWorkspace.objects.exists()

    firm.ana.tell({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA"], "bot": []}})
    firm.work()
    assert Workspace.objects.get().removed_at is None
    firm.ana.tell({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
    firm.ana.tell({"type": "app_uninstalled"})
    firm.work()

    row = Workspace.objects.get()
    assert (row.bot_token, row.refresh_token, row.removed_reason) == (None, None, "tokens_revoked")
    assert not WatchedWorkspace.objects.exists()
    assert set(Lane.objects.exclude(channel="email").values_list("is_stopped", flat=True)) == {True}
    said = len(firm.slack.posts)
    firm.ana.command("status")
    firm.work()
    assert len(firm.slack.posts) == said + 1  # a response_url needs no token; whoever typed is still answered
    _install(firm, client, "T0TEST")
    assert set(Lane.objects.exclude(channel="email").values_list("is_stopped", flat=True)) == {False}


def test_the_manifest_names_every_door_and_every_event_that_is_worked_on(settings: Any) -> None:
    settings.BASE_URL = "https://hub.firm.example"
    out = StringIO()
    call_command("slack_manifest", stdout=out)
    told = json.loads(out.getvalue())

    assert "hub.example/" not in out.getvalue().replace("hub.firm.example/", "")
    assert told["settings"]["interactivity"]["request_url"] == "https://hub.firm.example/slack/interactivity"
    assert told["settings"]["event_subscriptions"]["request_url"] == "https://hub.firm.example/slack/events"
    assert told["features"]["slash_commands"][0]["url"] == "https://hub.firm.example/slack/commands"
    assert {each["callback_id"] for each in told["features"]["shortcuts"]} == set(SHORTCUTS)
    subscribed = {name.partition(".")[0] for name in told["settings"]["event_subscriptions"]["bot_events"]}
    assert subscribed == {*EVENTS, "message"}
