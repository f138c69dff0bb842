"""The Slack workspaces notices go out to: taken in, left, and each with a token that is good right now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.channels.slack import NETWORK_ERRORS, slack_client
from notifications.models import Lane, Workspace

DEFAULT_LANE: Final = "default"
REFRESH_BEFORE: Final = timedelta(minutes=120)  # of the 12 hours a rotating token is good for
REFRESH_LEASE: Final = timedelta(seconds=60)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Installation:
    """What Slack hands over when a workspace takes the app in; without `refresh_token` its token never expires."""

    team_id: str
    name: str
    app_id: str
    bot_user_id: str
    scopes: str
    bot_token: str
    refresh_token: str = ""
    expires_in: int = 0


def living_workspaces() -> QuerySet[Workspace]:
    """Workspaces that have not left, the first installed first."""
    return Workspace.objects.filter(removed_at__isnull=True, bot_token__isnull=False)


def is_slack_connected() -> bool:
    """Whether any workspace can be reached."""
    return bool(settings.SLACK_BOT_TOKEN) or living_workspaces().exists()


def is_default_workspace(team_id: str) -> bool:
    """Whether bare Slack ids, without a workspace before them, are of this one."""
    if settings.SLACK_BOT_TOKEN:
        return not Workspace.objects.filter(team_id=team_id).exists()
    return living_workspaces().values_list("team_id", flat=True).first() == team_id


def token_of(workspace: str, *, at: datetime) -> str:
    """The token for a workspace's id or `default`, renewed where it would soon expire; "" where there is none."""
    if workspace == DEFAULT_LANE and settings.SLACK_BOT_TOKEN:
        return str(settings.SLACK_BOT_TOKEN)
    living = living_workspaces()
    row = living.first() if workspace == DEFAULT_LANE else living.filter(team_id=workspace).first()
    if row is None:
        # A workspace that was never installed here is the one whose token the environment names.
        is_known = Workspace.objects.filter(team_id=workspace).exists()
        return "" if is_known else str(settings.SLACK_BOT_TOKEN)
    return _renewed(row, at=at)


def renew_tokens(*, at: datetime) -> int:
    """Renew every token that would soon expire; how many workspaces were looked at."""
    rows = list(living_workspaces().filter(expires_at__lte=at + REFRESH_BEFORE))
    for row in rows:
        _renewed(row, at=at)
    return len(rows)


@transaction.atomic
def take_in(installed: Installation, *, at: datetime) -> Workspace:
    """Keep a workspace's tokens, whether it is new, comes back, or installs again; its lanes move again."""
    row, _is_new = Workspace.objects.update_or_create(
        team_id=installed.team_id,
        defaults={
            "name": installed.name[:200],
            "app_id": installed.app_id,
            "bot_user_id": installed.bot_user_id,
            "scopes": installed.scopes,
            "bot_token": installed.bot_token,
            "refresh_token": installed.refresh_token,
            "expires_at": at + timedelta(seconds=installed.expires_in) if installed.expires_in else None,
            "refreshing_until": None,
            "installed_at": at,
            "removed_at": None,
            "removed_reason": "",
        },
    )
    _lanes_of(row).update(is_stopped=False, parked_until=None, parked_reason="")
    return row


@transaction.atomic
def leave(*, team_id: str, reason: str, at: datetime) -> bool:
    """Erase the tokens of a workspace that left, and stop its lanes; whether there was anything to erase."""
    row = living_workspaces().filter(team_id=team_id).first()
    if row is None:
        return False
    _lanes_of(row).update(is_stopped=True, parked_reason=reason[:200])
    left = Workspace.objects.filter(pk=row.pk, removed_at__isnull=True)
    return bool(
        left.update(
            bot_token=None, refresh_token=None, expires_at=None, removed_at=at, removed_reason=reason[:100]
        )
    )


def _lanes_of(row: Workspace) -> QuerySet[Lane]:
    names = [row.team_id, *([DEFAULT_LANE] if is_default_workspace(row.team_id) else [])]
    return Lane.objects.filter(channel__in=["slack_channel", "slack_dm"], name__in=names)


def _renewed(row: Workspace, *, at: datetime) -> str:
    """The row's token, renewed first where it would soon expire.

    Slack revokes the old refresh token with its use, so only one may use it: whoever takes the lease on the row. The
    lease and not an open transaction holds the others off, for Slack may take its time to answer.
    """
    if row.expires_at is None or row.expires_at - at > REFRESH_BEFORE:
        return row.bot_token or ""
    until = at + REFRESH_LEASE
    free = Q(refreshing_until__isnull=True) | Q(refreshing_until__lte=at)
    mine = Workspace.objects.filter(free, pk=row.pk, expires_at=row.expires_at)
    if not mine.update(refreshing_until=until):
        return Workspace.objects.get(pk=row.pk).bot_token or ""
    try:
        answer = slack_client(token=None, base_url=settings.SLACK_API_URL).oauth_v2_access(
            client_id=settings.SLACK_CLIENT_ID,
            client_secret=settings.SLACK_CLIENT_SECRET,
            grant_type="refresh_token",
            refresh_token=row.refresh_token,
        )
    except NETWORK_ERRORS as error:
        logger.warning("slack.token_not_renewed", workspace=row.team_id, error=type(error).__name__)
        Workspace.objects.filter(pk=row.pk, refreshing_until=until).update(refreshing_until=None)
        return row.bot_token or ""
    return _keep(row, answer, until=until, at=at)


@transaction.atomic
def _keep(row: Workspace, answer: Any, *, until: datetime, at: datetime) -> str:
    token = str(answer["access_token"])
    held = Workspace.objects.filter(pk=row.pk, refreshing_until=until)
    is_kept = held.update(
        bot_token=token,
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_at=at + timedelta(seconds=int(answer.get("expires_in") or 43_200)),
        refreshing_until=None,
    )
    if is_kept:  # what an expired token had stopped moves again
        _lanes_of(row).filter(parked_reason__startswith="token_expired").update(
            is_stopped=False, parked_until=None, parked_reason=""
        )
    return token if is_kept else (Workspace.objects.get(pk=row.pk).bot_token or "")
