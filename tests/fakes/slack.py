"""Slack over real HTTP: posts with ids and throttles, workspaces with tokens that rotate, views, threads, history."""

import base64
import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.slack_shapes import structure, wrong_blocks, wrong_view

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5


@dataclass(slots=True)
class Post:
    """A message that Slack stored; `only_for` is the person an ephemeral one is shown to."""

    channel: str
    ts: str
    text: str
    blocks: list[Any]
    metadata: dict[str, Any]
    thread_ts: str = ""
    is_broadcast: bool = False
    only_for: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack does with one post: `ok`, an error code, a status, or a lost reply after storing it."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    is_lost_after_storing: bool = False


Plan = Callable[[str, int], Answer]


def accept_everything(channel: str, nth_try: int) -> Answer:
    """A workspace in good health."""
    return Answer()


@dataclass(slots=True)
class Team:
    """One workspace: the token the app holds there, the refresh token that renews it, and who is a member."""

    team_id: str
    name: str
    token: str
    refresh_token: str = ""
    members: dict[str, str] = field(default_factory=dict)


@dataclass
class SlackStandIn:
    """Slack itself; `plan(channel, nth_try)` decides what becomes of each post."""

    plan: Plan = accept_everything
    token: str = "xoxb-for-tests"
    may_read_history: bool = True
    client: tuple[str, str] = ("client-id", "client-secret")
    posts: list[Post] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    codes: dict[str, Team] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    response_urls: Counter[str] = field(default_factory=Counter)
    dead_tokens: dict[str, str] = field(default_factory=dict)
    rotates: bool = False
    port: int = 0
    is_asked: threading.Event = field(default_factory=threading.Event)
    _may_answer: threading.Event = field(default_factory=threading.Event)
    _numbers: Any = field(default_factory=lambda: count(1))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Begin with one workspace."""
        self.teams["T0TEST"] = Team("T0TEST", "Test", self.token)
        self._may_answer.set()

    @property
    def url(self) -> str:
        """For SLACK_API_URL."""
        return f"http://127.0.0.1:{self.port}/api/"

    @contextlib.contextmanager
    def holding_its_answers(self) -> Iterator[None]:
        """Answer nobody until this is over; `is_asked` tells that somebody waits."""
        self.is_asked.clear()
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    # --- What the person's side asks for ---------------------------------------------------------------------------
    def new_id(self, letter: str) -> str:
        """An id that nothing else has."""
        return f"{letter}{next(self._numbers):08d}"

    def new_trigger(self) -> str:
        """A trigger: good for three seconds, once."""
        trigger = f"{next(self._numbers)}.{time.time_ns()}.abc"
        self.triggers[trigger] = time.monotonic() + TRIGGER_SECONDS
        return trigger

    def new_response_url(self, user: str) -> str:
        """Where an answer may be posted up to five times."""
        return f"http://127.0.0.1:{self.port}/response/{user}/{next(self._numbers)}"

    def new_code(self, team: Team) -> str:
        """What a workspace's consent gives; good once."""
        code = f"code-{next(self._numbers)}"
        self.codes[code] = team
        return code

    def posts_to(self, who: str) -> list[Post]:
        """What somebody or some channel was sent, the latest last."""
        return [post for post in self.posts if who in (post.channel, post.only_for)]

    # --- Posts -----------------------------------------------------------------------------------------------------
    def store(self, asked: dict[str, Any], *, only_for: str = "") -> Post:
        """Keep a post under an id of its own."""
        post = Post(
            channel=_direct_channel(asked["channel"]),
            ts=f"{time.time():.6f}"[:-6] + f"{next(self._numbers):06d}",
            text=asked.get("text", ""),
            blocks=structure(asked.get("blocks")) or [],
            metadata=structure(asked.get("metadata")) or {},
            thread_ts=asked.get("thread_ts") or "",
            is_broadcast=str(asked.get("reply_broadcast", "")).lower() in ("1", "true"),
            only_for=only_for,
        )
        self.posts.append(post)
        return post

    def post_message(self, asked: dict[str, Any]) -> tuple[Answer, dict[str, Any]]:
        """Answer chat.postMessage."""
        with self._lock:
            self.tries[asked["channel"]] += 1
            answer = self.plan(asked["channel"], self.tries[asked["channel"]])
            if answer.error or answer.status != 200:
                return answer, {"ok": False, "error": answer.error or "http"}
            wrong = wrong_blocks(asked)
            if wrong:
                return answer, wrong
            post = self.store(asked)
            return answer, {
                "ok": True,
                "channel": post.channel,
                "ts": post.ts,
                "message": {"text": post.text},
            }

    def update_message(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer chat.update."""
        found = [post for post in self.posts if (post.channel, post.ts) == (asked["channel"], asked["ts"])]
        if not found:
            return {"ok": False, "error": "message_not_found"}
        wrong = wrong_blocks(asked)
        if wrong:
            return wrong
        found[0].text, found[0].blocks = asked.get("text", ""), structure(asked.get("blocks")) or []
        return {"ok": True, "channel": asked["channel"], "ts": asked["ts"]}

    def history(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer conversations.history with metadata."""
        if not self.may_read_history:
            return {"ok": False, "error": "missing_scope"}
        found = [
            {"ts": post.ts, "text": post.text, "metadata": post.metadata, "blocks": post.blocks}
            for post in reversed(self.posts)
            if post.channel == _direct_channel(asked["channel"])
            and (not post.thread_ts or post.is_broadcast)
            and float(post.ts) >= float(asked.get("oldest", 0))
            and float(post.ts) <= float(asked.get("latest") or "inf")
        ]
        return {"ok": True, "messages": found, "has_more": False}

    def thread(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer conversations.replies: the first post and what answered it, the oldest first."""
        if not self.may_read_history:
            return {"ok": False, "error": "missing_scope"}
        found = [
            {"ts": post.ts, "text": post.text, "metadata": post.metadata, "blocks": post.blocks}
            for post in self.posts
            if post.channel == _direct_channel(asked["channel"]) and asked["ts"] in (post.ts, post.thread_ts)
        ]
        return {"ok": True, "messages": found, "has_more": False}

    # --- Views -----------------------------------------------------------------------------------------------------
    def open_view(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer views.open."""
        if time.monotonic() > self.triggers.pop(asked.get("trigger_id", ""), 0.0):
            return {"ok": False, "error": "expired_trigger_id"}
        return self.keep_view(structure(asked["view"]), view_id=self.new_id("V"))

    def keep_view(self, view: dict[str, Any], *, view_id: str) -> dict[str, Any]:
        """Show a modal, new or in the place of another, unless Slack would refuse it."""
        wrong = wrong_view(view, kind="modal")
        if wrong:
            return wrong
        self.views[view_id] = view | {"id": view_id, "hash": self.new_id("H")}
        return {"ok": True, "view": self.views[view_id]}

    def update_view(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer views.update."""
        named = [
            key
            for key, view in self.views.items()
            if view.get("external_id") == asked.get("external_id", "-")
        ]
        view_id = asked.get("view_id") or next(iter(named), "")
        if view_id not in self.views:
            return {"ok": False, "error": "not_found"}
        return self.keep_view(structure(asked["view"]), view_id=view_id)

    def publish_view(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer views.publish."""
        view = structure(asked["view"])
        wrong = wrong_view(view, kind="home")
        if not wrong:
            self.homes[asked["user_id"]] = view
        return wrong or {"ok": True, "view": view}

    # --- Tokens ----------------------------------------------------------------------------------------------------
    def team_of(self, token: str) -> Team | None:
        """Whose token this is."""
        return next((team for team in self.teams.values() if token and team.token == token), None)

    def access(self, asked: dict[str, Any], *, basic: str) -> dict[str, Any]:
        """Answer oauth.v2.access: a code once, or a refresh token, which is revoked by its use."""
        if basic != "Basic " + base64.b64encode(":".join(self.client).encode()).decode():
            return {"ok": False, "error": "bad_client_secret"}
        with self._lock:
            if asked.get("grant_type") == "refresh_token":
                given = asked.get("refresh_token")
                team = next(
                    (each for each in self.teams.values() if given and each.refresh_token == given), None
                )
                if team is None:
                    return {"ok": False, "error": "invalid_refresh_token"}
            else:
                team = self.codes.pop(asked.get("code", ""), None)
                if team is None:
                    return {"ok": False, "error": "invalid_code"}
            team.token = f"xoxb-{team.team_id}-{next(self._numbers)}"
            self.teams[team.team_id] = team
            renewal: dict[str, Any] = {}
            if self.rotates:
                team.token = team.token.replace("xoxb-", "xoxe.xoxb-")
                team.refresh_token = f"xoxe-1-{next(self._numbers)}"
                renewal = {"refresh_token": team.refresh_token, "expires_in": 43_200}
            return {
                "ok": True, "app_id": "A0HUB", "access_token": team.token, "token_type": "bot",
                "scope": "chat:write,commands", "bot_user_id": "U0BOT", "is_enterprise_install": False,
                "team": {"id": team.team_id, "name": team.name}, "enterprise": None,
                "authed_user": {"id": "U0INSTALLER"}, **renewal,
            }  # fmt: skip


def _direct_channel(channel: str) -> str:
    """A person's id opens the direct channel with them."""
    return "D" + channel[1:] if channel.startswith(("U", "W")) else channel


def _page_of_members(team: Team, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer users.list, two members a page; `Team.members` maps an email to a member's id."""
    first = int(asked.get("cursor") or 0)
    page = list(team.members.items())[first : first + 2]
    following = str(first + 2) if first + 2 < len(team.members) else ""
    members = [{"id": member_id, "profile": {"email": email}} for email, member_id in page]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": following}}


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for Slack."""

    workspace: SlackStandIn

    def do_POST(self) -> None:
        """Answer one method call, or take what is posted to a response_url."""
        asked = self._arguments()
        self.workspace.is_asked.set()
        self.workspace._may_answer.wait()
        if self.path.startswith("/response/"):
            self._take_response(asked)
            return
        method = self.path.rpartition("/")[2].partition("?")[0]
        self.workspace.calls.append((method, asked))
        if method == "oauth.v2.access":
            self._say(200, self.workspace.access(asked, basic=self.headers.get("Authorization") or ""))
            return
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        team = self.workspace.team_of(token)
        if team is None or token in self.workspace.dead_tokens:
            self._say(200, {"ok": False, "error": self.workspace.dead_tokens.get(token, "invalid_auth")})
            return
        if method == "chat.postMessage":
            answer, body = self.workspace.post_message(asked)
            if answer.is_lost_after_storing:
                self.connection.close()
                return
            headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after is not None else {}
            self._say(answer.status, body, headers)
            return
        self._say(200, self._other(method, asked, team))

    do_GET = do_POST

    def _other(self, method: str, asked: dict[str, Any], team: Team) -> dict[str, Any]:
        slack = self.workspace
        methods: dict[str, Callable[[], dict[str, Any]]] = {
            "conversations.history": lambda: slack.history(asked),
            "conversations.replies": lambda: slack.thread(asked),
            "conversations.open": lambda: {"ok": True, "channel": {"id": _direct_channel(asked["users"])}},
            "chat.update": lambda: slack.update_message(asked),
            "users.list": lambda: _page_of_members(team, asked),
            "chat.postEphemeral": lambda: (
                wrong_blocks(asked)
                or {"ok": True, "message_ts": slack.store(asked, only_for=asked["user"]).ts}
            ),
            "views.open": lambda: slack.open_view(asked),
            "views.update": lambda: slack.update_view(asked),
            "views.publish": lambda: slack.publish_view(asked),
            "auth.test": lambda: {"ok": True, "team_id": team.team_id, "user_id": "U0BOT"},
        }
        with slack._lock:
            return methods.get(method, lambda: {"ok": False, "error": "unknown_method"})()

    def _take_response(self, asked: dict[str, Any]) -> None:
        slack = self.workspace
        slack.response_urls[self.path] += 1
        wrong = wrong_blocks(asked)
        if wrong or slack.response_urls[self.path] > RESPONSE_URL_USES:
            self._say(404, wrong or {"ok": False, "error": "used_url"})
            return
        slack.store({"channel": "", **asked}, only_for=self.path.split("/")[2])
        self._say(200, {"ok": True})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _arguments(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in (self.headers.get("Content-Type") or ""):
            return dict(json.loads(body or "{}"))
        query = self.path.partition("?")[2]
        return {name: values[0] for name, values in parse_qs(body or query).items()}

    def _say(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextlib.contextmanager
def running_slack(plan: Plan = accept_everything, *, may_read_history: bool = True) -> Iterator[SlackStandIn]:
    """Run Slack in a thread of its own on a free port."""
    workspace = SlackStandIn(plan=plan, may_read_history=may_read_history)
    handler = type("Handler", (_Handler,), {"workspace": workspace})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    workspace.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield workspace
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
