"""A person in Slack: types, presses, sends off, replies; each becomes a signed request over HTTP as Slack makes it."""

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack import Post, SlackStandIn

WAITS_SECONDS = 30.0  # Slack waits three; a crowded test machine is no slowness of the product
RETRIES = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What the product answered a request with."""

    status: int
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; an empty one where there is none."""
        return dict(json.loads(self.body)) if self.body else {}


def send_raw(url: str, body: bytes, headers: dict[str, str]) -> Reply:
    """Send just this."""
    request = Request(url, data=body, headers=headers, method="POST")
    try:
        with urlopen(request, timeout=WAITS_SECONDS) as answer:
            return Reply(answer.status, answer.read())
    except HTTPError as error:
        return Reply(error.code, error.read())


@dataclass
class Product:
    """Where the product is, and the secret that Slack signs with."""

    url: str
    secret: str

    def send(self, path: str, body: bytes, *, kind: str, headers: dict[str, str] | None = None) -> Reply:
        """Send a signed request, and wait for an answer as long as Slack does; `headers` may spoil the signature."""
        return send_raw(self.url + path, body, self.signed(body, kind) | (headers or {}))

    def signed(self, body: bytes, kind: str) -> dict[str, str]:
        """The headers that Slack would send with this body, now."""
        now = str(int(time.time()))
        signature = SignatureVerifier(self.secret).generate_signature(timestamp=now, body=body) or ""
        return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature, "Content-Type": kind}

    def form(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Reply:
        """Send a form."""
        return self.send(
            path, urlencode(fields).encode(), kind="application/x-www-form-urlencoded", headers=headers
        )

    def event(self, event: dict[str, Any], *, team_id: str, event_id: str, tries: int = 1) -> Reply:
        """Send an event, again and again under the same id, as Slack does where it got no answer in time."""
        told = {
            "token": "unused", "team_id": team_id, "api_app_id": "A0HUB", "type": "event_callback",
            "event": event, "event_id": event_id, "event_time": int(time.time()),
            "authorizations": [{"team_id": team_id, "user_id": "U0BOT", "is_bot": True}],
        }  # fmt: skip
        reply = Reply(0, b"")
        for again in range(min(tries, 1 + RETRIES)):
            headers = (
                {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_timeout"} if again else {}
            )
            body = json.dumps(told | {"event_context": str(again)}).encode()
            reply = self.send("/slack/events", body, kind="application/json", headers=headers)
        return reply


@dataclass
class SlackPerson:
    """Somebody in a workspace, in front of their screen; `typed` is what stands in the inputs of a modal."""

    slack: SlackStandIn
    product: Product
    user_id: str
    team_id: str = "T0TEST"
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)

    # --- What they do ----------------------------------------------------------------------------------------------
    def command(self, text: str, trigger_id: str = "") -> Reply:
        """Type `/pause …`."""
        return self.product.form(
            "/slack/commands",
            {
                "token": "unused", "team_id": self.team_id, "team_domain": "test", "channel_id": "C0ANY",
                "channel_name": "any", "user_id": self.user_id, "user_name": "person", "command": "/pause",
                "text": text, "api_app_id": "A0HUB", "is_enterprise_install": "false",
                "response_url": self.slack.new_response_url(self.user_id),
                "trigger_id": trigger_id or self.slack.new_trigger(),
            },
        )  # fmt: skip

    def click(self, post: Post, action_id: str, *, trigger_id: str = "") -> Reply:
        """Press a button under a message."""
        action = _element(post.blocks, action_id)
        payload = self._payload("block_actions") | {
            "trigger_id": trigger_id or self.slack.new_trigger(),
            "response_url": self.slack.new_response_url(self.user_id),
            "container": {"type": "message", "message_ts": post.ts, "channel_id": post.channel},
            "channel": {"id": post.channel, "name": "any"},
            "message": {"type": "message", "bot_id": "B0HUB", "user": "U0BOT", "ts": post.ts, "text": post.text,
                        "blocks": post.blocks},
            "actions": [_pressed(action)],
        }  # fmt: skip
        return self._interact(payload)

    def click_home(self, action_id: str, *, value: str = "") -> Reply:
        """Press a button in the Home tab."""
        home = self.slack.homes[self.user_id]
        action = _element(home["blocks"], action_id, value=value)
        payload = self._payload("block_actions") | {
            "trigger_id": self.slack.new_trigger(),
            "container": {"type": "view", "view_id": "V0HOME"},
            "view": {**home, "id": "V0HOME", "state": {"values": {}}},
            "actions": [_pressed(action)],
        }
        return self._interact(payload)

    def choose(self, view_id: str, block: str, value: str) -> Reply:
        """Choose in a list that the app wants to know of at once."""
        view = self.slack.views[view_id]
        found = next(each for each in view["blocks"] if each.get("block_id") == block)
        option = next(each for each in found["element"]["options"] if each["value"] == value)
        values = self._state(view)
        values[block] = {found["element"]["action_id"]: {"type": "static_select", "selected_option": option}}
        action = {"type": "static_select", "action_id": found["element"]["action_id"], "block_id": block,
                  "selected_option": option}  # fmt: skip
        payload = self._payload("block_actions") | {
            "trigger_id": self.slack.new_trigger(),
            "container": {"type": "view", "view_id": view_id},
            "view": {**view, "state": {"values": values}},
            "actions": [action],
        }
        return self._interact(payload)

    def submit(self, view_id: str, *, trigger_id: str = "", **typed: Any) -> Reply:
        """Send a modal off with something typed into its inputs; what is answered is shown in its place."""
        view = self.slack.views[view_id]
        payload = self._payload("view_submission") | {
            "trigger_id": trigger_id or self.slack.new_trigger(),
            "view": {**view, "team_id": self.team_id, "state": {"values": self._state(view, **typed)}},
            "response_urls": [],
        }
        reply = self._interact(payload)
        if reply.json.get("response_action") == "update":
            shown = self.slack.keep_view(reply.json["view"], view_id=view_id)
            assert shown["ok"], shown
        return reply

    def shortcut(self, callback_id: str, post: Post, *, author: str = "U0CLIENT") -> Reply:
        """Choose an entry in a message's menu."""
        payload = self._payload("message_action") | {
            "callback_id": callback_id,
            "trigger_id": self.slack.new_trigger(),
            "response_url": self.slack.new_response_url(self.user_id),
            "message_ts": post.ts,
            "channel": {"id": post.channel, "name": "any"},
            "message": {"type": "message", "user": author, "ts": post.ts, "text": post.text},
        }
        return self._interact(payload)

    def say(self, channel: str, text: str, *, thread_ts: str = "", tries: int = 1) -> Post:
        """Write in a channel or a thread; Slack tells the app, as often as it takes."""
        post = self.slack.store({"channel": channel, "text": text, "thread_ts": thread_ts})
        event = {"type": "message", "channel": channel, "user": self.user_id, "text": text, "ts": post.ts,
                 "channel_type": "channel"}  # fmt: skip
        if thread_ts:
            event["thread_ts"] = thread_ts
        self.tell(event, tries=tries)
        return post

    def open_home(self) -> Reply:
        """Open the Home tab of the app."""
        return self.tell(
            {"type": "app_home_opened", "user": self.user_id, "channel": "D0HOME", "tab": "home"}
        )

    def tell(self, event: dict[str, Any], *, tries: int = 1) -> Reply:
        """Have Slack tell the app of an event."""
        return self.product.event(event, team_id=self.team_id, event_id=self.slack.new_id("Ev"), tries=tries)

    # --- What they see ---------------------------------------------------------------------------------------------
    @property
    def heard(self) -> list[Post]:
        """What was written to this person, or shown to them alone."""
        return [
            post
            for post in self.slack.posts
            if self.user_id == post.only_for or post.channel == "D" + self.user_id[1:]
        ]

    @property
    def modal(self) -> dict[str, Any]:
        """The modal that was opened last."""
        return next(reversed(self.slack.views.values()))

    def _state(self, view: dict[str, Any], **typed: Any) -> dict[str, Any]:
        """What stands in the inputs: what is typed now, or what they began with."""
        values: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element, name = block["element"], block["block_id"]
                given = typed.get(name.partition(":")[0])
                values[name] = {element["action_id"]: _filled(element, given)}
        return values

    def _payload(self, kind: str) -> dict[str, Any]:
        return {
            "type": kind, "token": "unused", "api_app_id": "A0HUB", "is_enterprise_install": False,
            "enterprise": None, "team": {"id": self.team_id, "domain": "test"},
            "user": {"id": self.user_id, "username": "person", "name": "person", "team_id": self.team_id},
        }  # fmt: skip

    def _interact(self, payload: dict[str, Any]) -> Reply:
        return self.product.form("/slack/interactivity", {"payload": json.dumps(payload)})


def _element(blocks: list[Any], action_id: str, *, value: str = "") -> dict[str, Any]:
    """The button with this name; a person cannot press one that is not there."""
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("action_id") == action_id and value in (element.get("value") or ""):
                return dict(element)
    raise AssertionError(f"there is no {action_id} to press")


def _pressed(element: dict[str, Any]) -> dict[str, Any]:
    pressed = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": "any",
        "text": element["text"],
    }
    return pressed | ({"value": element["value"]} if element.get("value") else {})


def _filled(element: dict[str, Any], given: Any) -> dict[str, Any]:
    """One input's state as Slack tells it."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value") if given is None else given}
    if kind == "datetimepicker":
        return {
            "type": kind,
            "selected_date_time": element.get("initial_date_time") if given is None else given,
        }
    options = {each["value"]: each for each in element["options"]}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": [options[value] for value in given or []]}
    chosen = options.get(given) if given is not None else element.get("initial_option")
    return {"type": kind, "selected_option": chosen}
