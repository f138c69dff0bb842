"""What Slack sends, read into typed values; whatever lacks a part that we need is malformed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class Malformed(Exception):
    """A payload that is not one of Slack's."""


@dataclass(frozen=True, slots=True)
class Who:
    """A member of a workspace."""

    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody typed a slash command."""

    who: Who
    text: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True, slots=True)
class Click:
    """Somebody pressed or chose something, in a message or in a view."""

    who: Who
    action_id: str
    value: str
    trigger_id: str
    response_url: str
    channel: str
    ts: str
    text: str
    blocks: tuple[Mapping[str, Any], ...]
    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody sent a modal off; `values` are what was typed, by block."""

    who: Who
    callback_id: str
    view_id: str
    metadata: str
    values: Mapping[str, str]
    blocks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Somebody chose our entry in a message's menu."""

    who: Who
    callback_id: str
    trigger_id: str
    response_url: str
    channel: str
    ts: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened in a workspace."""

    team_id: str
    type: str
    body: Mapping[str, Any]


Inbound = Command | Click | Submission | Shortcut | Event
_ID: Final = re.compile(r"[A-Z0-9]{2,20}\Z")


def slack_id(value: Any) -> str:
    """An id of Slack's; "" for anything that is none."""
    return value if isinstance(value, str) and _ID.match(value) else ""


def plain(value: Any) -> str:
    """The words of a message: Slack hands them over with `&`, `<` and `>` escaped."""
    words = value if isinstance(value, str) else ""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\x00", "").strip()


def read_command(form: Any) -> Command:
    """Read a slash command's form. Raises Malformed."""
    form = _mapping(form)
    return Command(
        who=Who(_id(form.get("team_id")), _id(form.get("user_id"))),
        text=str(form.get("text") or "").strip(),
        trigger_id=_text(form, "trigger_id"),
        response_url=_text(form, "response_url"),
    )


def read_interaction(payload: Any) -> Click | Submission | Shortcut:
    """Read what an interaction is. Raises Malformed."""
    match _mapping(payload).get("type"):
        case "block_actions":
            return _click(payload)
        case "view_submission":
            return _submission(payload)
        case "message_action":
            return _shortcut(payload)
    raise Malformed("an interaction of a kind that we do not know")


def read_event(body: Any) -> Event:
    """Read an event callback. Raises Malformed."""
    event = _mapping(_mapping(body).get("event"))
    return Event(team_id=_id(_mapping(body).get("team_id")), type=_text(event, "type"), body=event)


def _click(payload: Mapping[str, Any]) -> Click:
    actions = payload.get("actions")
    if not isinstance(actions, list) or not actions:
        raise Malformed("a click without an action")
    action = _mapping(actions[0])
    message, container = _mapping(payload.get("message") or {}), _mapping(payload.get("container") or {})
    chosen = _mapping(action.get("selected_option") or {})
    blocks = message.get("blocks") or []
    return Click(
        who=_who(payload),
        action_id=_text(action, "action_id"),
        value=str(action.get("value") or chosen.get("value") or ""),
        trigger_id=str(payload.get("trigger_id") or ""),
        response_url=str(payload.get("response_url") or ""),
        channel=str(container.get("channel_id") or ""),
        ts=str(message.get("ts") or ""),
        text=str(message.get("text") or ""),
        blocks=tuple(block for block in blocks if isinstance(block, Mapping)),
        view=_mapping(payload.get("view") or {}),
    )


def _submission(payload: Mapping[str, Any]) -> Submission:
    view = _mapping(payload.get("view"))
    state = _mapping(_mapping(view.get("state") or {}).get("values") or {})
    values = {name: _value_of(_mapping(actions)) for name, actions in state.items()}
    return Submission(
        who=_who(payload),
        callback_id=_text(view, "callback_id"),
        view_id=_text(view, "id"),
        metadata=str(view.get("private_metadata") or ""),
        # What stands before the colon names the field; what follows tells one version of the form from another.
        values={name.partition(":")[0]: value for name, value in values.items()},
        blocks={name.partition(":")[0]: name for name in values},
    )


def _value_of(actions: Mapping[str, Any]) -> str:
    """What one input holds, whatever kind it is of; several ticked boxes are joined by commas."""
    element = _mapping(next(iter(actions.values()), {}))
    if isinstance(element.get("selected_options"), list):
        return ",".join(str(_mapping(each).get("value")) for each in element["selected_options"])
    chosen = element.get("selected_option")
    if isinstance(chosen, Mapping):
        return str(chosen.get("value") or "")
    value = element.get("value") or element.get("selected_date_time") or ""
    return str(value).replace("\x00", "")


def _shortcut(payload: Mapping[str, Any]) -> Shortcut:
    message, channel = _mapping(payload.get("message")), _mapping(payload.get("channel"))
    return Shortcut(
        who=_who(payload),
        callback_id=_text(payload, "callback_id"),
        trigger_id=_text(payload, "trigger_id"),
        response_url=str(payload.get("response_url") or ""),
        channel=_id(channel.get("id")),
        ts=_text(message, "ts"),
        author=slack_id(message.get("user") or message.get("bot_id")),
        text=plain(message.get("text")),
    )


def _who(payload: Mapping[str, Any]) -> Who:
    user = _mapping(payload.get("user"))
    team = _mapping(payload.get("team") or {}).get("id") or user.get("team_id")
    return Who(_id(team), _id(user.get("id")))


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Malformed("a part that should be an object is none")
    return value


def _id(value: Any) -> str:
    found = slack_id(value)
    if not found:
        raise Malformed("an id is missing")
    return found


def _text(holder: Any, name: str) -> str:
    value = _mapping(holder).get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 2_000 or "\x00" in value:
        raise Malformed(f"{name} is missing")
    return value
