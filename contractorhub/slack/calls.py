"""What is to be said back to Slack: calls decided on in the transaction of an event, and made after it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from notifications.channels.base import Outcome
from notifications.channels.slack import NETWORK_ERRORS, TIMEOUT_SECONDS, outcome_of, slack_client
from notifications.workspaces import DEFAULT_LANE, is_default_workspace, token_of

RESPONSE_URL: Final = "response_url"
_RESPONSE_HOST: Final = "hooks.slack.com"
_LOOKS_FOR_A_VIEW: Final = 3
_LOOK_AGAIN_SECONDS: Final = 0.3

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One method of Slack's Web API with its arguments, or a message to a response_url.

    `otherwise` is made instead where Slack refuses: a modal whose three seconds are over, a view that was closed.
    """

    method: str
    arguments: dict[str, Any]
    otherwise: "Call | None" = None


class NotNow(Exception):
    """Slack could not be reached or asked for patience; try again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def whisper(response_url: str, *, text: str, blocks: Sequence[dict[str, Any]] = ()) -> Call:
    """Say something to the one person who pressed or typed."""
    said = {"response_type": "ephemeral", "replace_original": False, "text": text, "blocks": list(blocks)}
    return Call(RESPONSE_URL, {"url": response_url, "body": said})


def to_person(user_id: str, *, text: str, blocks: Sequence[dict[str, Any]] = ()) -> Call:
    """Write to one person."""
    return Call("chat.postMessage", {"channel": user_id, "text": text, "blocks": list(blocks)})


def dump(calls: Sequence[Call]) -> str:
    """Calls as text, to be kept until they are made."""
    return json.dumps([_plain(call) for call in calls])


def load(text: str) -> list[Call]:
    """The calls of such a text."""
    return [_call(found) for found in json.loads(text)]


def make(call: Call, *, team_id: str, at: datetime) -> None:
    """Make a call; where Slack refuses it for good, its stand-in. Raises NotNow where it is worth another try."""
    error = _post(call) if call.method == RESPONSE_URL else _ask_for_view(call, team_id=team_id, at=at)
    if not error:
        return
    logger.info("slack.call_refused", method=call.method, error=error)
    if call.otherwise is not None:
        make(call.otherwise, team_id=team_id, at=at)


def _ask_for_view(call: Call, *, team_id: str, at: datetime) -> str:
    """Call a method; a modal that is only just being shown, as our answer said, is waited for a moment."""
    error = _ask(call, team_id=team_id, at=at)
    for _again in range(_LOOKS_FOR_A_VIEW if "external_id" in call.arguments else 0):
        if error != "not_found":
            break
        time.sleep(_LOOK_AGAIN_SECONDS)
        error = _ask(call, team_id=team_id, at=at)
    return error


def _ask(call: Call, *, team_id: str, at: datetime) -> str:
    """Call a method of the Web API; the error it refuses with, or ""."""
    lane = DEFAULT_LANE if is_default_workspace(team_id) else team_id
    token = token_of(lane, at=at)
    if not token:
        return "not_connected"
    try:
        slack_client(token=token, base_url=settings.SLACK_API_URL).api_call(call.method, json=call.arguments)
    except SlackApiError as error:
        return _refusal(error)
    except NETWORK_ERRORS as error:
        raise NotNow(5) from error
    return ""


def _refusal(error: SlackApiError) -> str:
    status = int(getattr(error.response, "status_code", 0) or 0)
    body = error.response.data if isinstance(getattr(error.response, "data", None), dict) else {}
    code = str(body.get("error") or f"http_{status}")
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        raise NotNow(float((error.response.headers or {}).get("Retry-After") or 30)) from error
    if status >= 500 or (status == 200 and outcome_of(code) == Outcome.AMBIGUOUS):
        raise NotNow(5) from error
    return code


def _post(call: Call) -> str:
    """Post to a response_url, which only ever is Slack's; the error, or ""."""
    url = str(call.arguments["url"])
    if not _is_slacks(url):
        return "foreign_response_url"
    client = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    client.proxy = None
    try:
        answer = client.send_dict(call.arguments["body"])
    except NETWORK_ERRORS as error:
        raise NotNow(5) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise NotNow(5)
    return "" if answer.status_code == 200 else f"http_{answer.status_code}"


def _is_slacks(url: str) -> bool:
    """Whether an address is on Slack's own host, or on the one that stands in for Slack."""
    asked, api = urlsplit(url), urlsplit(settings.SLACK_API_URL)
    is_stand_in = api.hostname != "slack.com" and (asked.scheme, asked.netloc) == (api.scheme, api.netloc)
    return is_stand_in or (asked.scheme == "https" and asked.netloc == _RESPONSE_HOST)


def _plain(call: Call) -> dict[str, Any]:
    otherwise = _plain(call.otherwise) if call.otherwise else None
    return {"method": call.method, "arguments": call.arguments, "otherwise": otherwise}


def _call(found: dict[str, Any]) -> Call:
    otherwise = _call(found["otherwise"]) if found["otherwise"] else None
    return Call(found["method"], found["arguments"], otherwise)
