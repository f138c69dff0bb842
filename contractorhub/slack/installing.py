"""The OAuth v2 conversation with Slack: where consent is asked for, and what it is exchanged for."""

from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator

from contractorhub.slack.manifest import bot_scopes
from notifications.channels.slack import NETWORK_ERRORS, slack_client
from notifications.workspaces import Installation

STATE_SECONDS: Final = 600


class UnableToInstall(Exception):
    """Slack did not hand over what an installation needs; says why in words."""


def consent_address(state: str) -> str:
    """Where a workspace's owner consents."""
    asking = AuthorizeUrlGenerator(
        client_id=settings.SLACK_CLIENT_ID,
        redirect_uri=quote(_redirect_uri(), safe=""),
        scopes=bot_scopes(),
        authorization_url=settings.SLACK_AUTHORIZE_URL,
    )
    return asking.generate(state)


def exchange(code: str) -> Installation:
    """What a consent's code is worth. Raises UnableToInstall."""
    client = slack_client(token=None, base_url=settings.SLACK_API_URL)
    try:
        answer = client.oauth_v2_access(
            client_id=settings.SLACK_CLIENT_ID,
            client_secret=settings.SLACK_CLIENT_SECRET,
            code=code,
            redirect_uri=_redirect_uri(),
        )
    except SlackApiError as error:
        raise UnableToInstall(f"Slack refused: {error.response.get('error')}") from error
    except NETWORK_ERRORS as error:
        raise UnableToInstall("Slack could not be reached; try again.") from error
    return _installation(answer.data if isinstance(answer.data, dict) else {})


def _installation(answer: dict[str, Any]) -> Installation:
    team = answer.get("team") or {}
    if answer.get("is_enterprise_install") or not team.get("id"):
        raise UnableToInstall("Install the app in one workspace, not in a whole organisation.")
    if not str(answer.get("access_token") or "").startswith(("xoxb-", "xoxe.xoxb-")):
        raise UnableToInstall("Slack handed over no bot token.")
    return Installation(
        team_id=str(team["id"]),
        name=str(team.get("name") or team["id"]),
        app_id=str(answer.get("app_id") or ""),
        bot_user_id=str(answer.get("bot_user_id") or ""),
        scopes=str(answer.get("scope") or ""),
        bot_token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_in=int(answer.get("expires_in") or 0),
    )


def _redirect_uri() -> str:
    return f"{settings.BASE_URL}/slack/installed/"
