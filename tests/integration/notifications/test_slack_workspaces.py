"""Several Slack workspaces: each hears under its own token, tokens are renewed in time, who leaves hears no more."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from notifications import workspaces
from notifications.messages import Channel, Recipient
from notifications.models import Lane, Workspace
from notifications.relay import relay
from tests.factories.base import NOW
from tests.fakes.slack import SlackStandIn, Team, running_slack
from tests.integration.notifications.conftest import Stage, message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slack(settings: Any) -> Iterator[SlackStandIn]:
    """Slack with rotating tokens, at which two workspaces took the app in."""
    with running_slack() as slack:
        settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL = "", slack.url
        settings.SLACK_CLIENT_ID, settings.SLACK_CLIENT_SECRET = slack.client
        slack.rotates = True
        for team_id in ("T0ONE", "T0TWO"):
            _install(slack, team_id)
        yield slack


def _install(slack: SlackStandIn, team_id: str) -> Workspace:
    answer = slack.access(
        {"code": slack.new_code(slack.teams.get(team_id) or Team(team_id, team_id, ""))},
        basic="Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=",
    )
    given = workspaces.Installation(
        team_id=team_id,
        name=team_id,
        app_id=answer["app_id"],
        bot_user_id=answer["bot_user_id"],
        scopes=answer["scope"],
        bot_token=answer["access_token"],
        refresh_token=answer["refresh_token"],
        expires_in=answer["expires_in"],
    )
    return workspaces.take_in(given, at=NOW)


def _to(*addresses: str) -> list[Recipient]:
    return [
        Recipient(
            f"project:{address}", "P", "en", "UTC", {Channel.SLACK_CHANNEL: address}, {"name": "everybody"}
        )
        for address in addresses
    ]


def _tokens_seen(slack: SlackStandIn) -> int:
    return len({post.channel for post in slack.posts})


def test_each_workspace_hears_under_its_own_token_on_its_own_lane(slack: SlackStandIn, stage: Stage) -> None:
    stage(message(), _to("T0ONE/C0000001", "T0TWO/C0000002", "C0000003"))

    relay(clock=lambda: NOW)

    assert _tokens_seen(slack) == 3
    assert set(Lane.objects.values_list("name", flat=True)) == {"T0ONE", "T0TWO", "default"}


def test_one_workspace_that_left_stops_no_other(slack: SlackStandIn, stage: Stage) -> None:
    stage(message(), _to("T0ONE/C0000001", "T0TWO/C0000002"))
    assert workspaces.leave(team_id="T0TWO", reason="app_uninstalled", at=NOW)
    assert not workspaces.leave(team_id="T0TWO", reason="tokens_revoked", at=NOW)

    relay(clock=lambda: NOW)

    assert [post.channel for post in slack.posts] == ["C0000001"]
    assert Lane.objects.get(name="T0TWO").parked_reason == "app_uninstalled"
    _install(slack, "T0TWO")
    relay(clock=lambda: NOW)
    assert [post.channel for post in slack.posts] == ["C0000001", "C0000002"]


def test_a_token_is_renewed_once_before_it_expires_however_many_ask(slack: SlackStandIn) -> None:
    soon, before = NOW + timedelta(hours=11), slack.teams["T0ONE"].token
    found: list[str] = []

    def ask() -> None:
        found.append(workspaces.token_of("T0ONE", at=soon))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [method for method, _asked in slack.calls].count("oauth.v2.access") == 1
    assert set(found) <= {before, slack.teams["T0ONE"].token}
    assert workspaces.token_of("T0ONE", at=soon) == slack.teams["T0ONE"].token != before


def test_a_token_that_cannot_be_renewed_is_used_as_long_as_it_lives(slack: SlackStandIn) -> None:
    slack.teams["T0ONE"].refresh_token = "used elsewhere"
    soon = NOW + timedelta(hours=11)

    assert workspaces.token_of("T0ONE", at=soon) == slack.teams["T0ONE"].token
    assert workspaces.renew_tokens(at=soon) == 2


def test_tokens_are_not_readable_in_the_database(slack: SlackStandIn) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT bot_token, refresh_token FROM notifications_workspace")
        rows = cursor.fetchall()
    tokens = [token for team in slack.teams.values() for token in (team.token, team.refresh_token) if token]
    assert tokens
    assert not [token for token in tokens if token in str(rows)]
