"""Who is in our Slack workspaces: read once a night, so that nobody is looked up while a pause is being told."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import structlog
from django.conf import settings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from notifications.channels.slack import NETWORK_ERRORS, slack_client
from notifications.outbox import DEFAULT_LANE
from notifications.workspaces import is_default_workspace, living_workspaces, token_of

PAGE: Final = 1_000
PATIENCE_SECONDS: Final = 180.0  # a night's reading ends by then; the next one begins anew
LONGEST_WAIT_SECONDS: Final = 60.0

logger = structlog.get_logger(__name__)


def slack_members(*, at: datetime) -> Iterator[tuple[str, str]]:
    """Every living member's email and Slack address, workspace by workspace; one that cannot be asked is left out."""
    until = time.monotonic() + PATIENCE_SECONDS
    names = [row.team_id for row in living_workspaces()]
    for name in [*([DEFAULT_LANE] if settings.SLACK_BOT_TOKEN else []), *names]:
        is_bare = name == DEFAULT_LANE or is_default_workspace(name)
        client = slack_client(token=token_of(name, at=at), base_url=settings.SLACK_API_URL)
        try:
            for email, member_id in _members(client, until=until):
                yield email, member_id if is_bare else f"{name}/{member_id}"
        except NETWORK_ERRORS as error:
            logger.warning("slack.members_not_read", workspace=name, error=type(error).__name__)


def _members(client: WebClient, *, until: float) -> Iterator[tuple[str, str]]:
    cursor: str | None = None
    while cursor != "" and time.monotonic() < until:
        page = _page(client, cursor)
        for member in page.get("members") or []:
            email = (member.get("profile") or {}).get("email")
            if email and not member.get("deleted") and not member.get("is_bot"):
                yield email.lower(), member["id"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""


def _page(client: WebClient, cursor: str | None) -> Any:
    """One page of users.list (Tier 2: 20 a minute); asked to be patient, wait once."""
    try:
        return client.users_list(limit=PAGE, cursor=cursor)
    except SlackApiError as error:
        if error.response.status_code != 429:
            raise
        wait = float(error.response.headers.get("Retry-After", LONGEST_WAIT_SECONDS))
        time.sleep(min(wait, LONGEST_WAIT_SECONDS))
        return client.users_list(limit=PAGE, cursor=cursor)
