"""A workspace took the app out, or revoked its tokens: they are erased at once."""

from collections.abc import Sequence
from datetime import datetime

from contractorhub.slack.calls import Call
from contractorhub.slack.payloads import Event
from contractorhub.slack.records import forget_members, stop_watching
from notifications import workspaces
from projects.operations.history import record


def lose_workspace(event: Event, at: datetime) -> Sequence[Call]:
    """Erase the tokens, and forget who is who there; nothing can be said to anybody any more."""
    if event.type == "tokens_revoked" and not (event.body.get("tokens") or {}).get("bot"):
        return []
    if workspaces.leave(team_id=event.team_id, reason=event.type, at=at):
        stop_watching([event.team_id])
        if event.type == "app_uninstalled":
            forget_members(event.team_id)
        record(
            verb="slack.workspace_left",
            subject_ref=f"slack:{event.team_id}",
            before={},
            after={"reason": event.type},
            by=None,
            at=at,
        )
    return []
