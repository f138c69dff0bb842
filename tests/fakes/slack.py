"""Slack over real HTTP: posts with ids, one post a second a channel, throttles, error codes, lost replies, history."""

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


@dataclass(frozen=True, slots=True)
class Post:
    """A message that Slack stored."""

    channel: str
    ts: str
    text: str
    blocks: list[Any]
    metadata: dict[str, Any]


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


@dataclass
class SlackStandIn:
    """The workspace; `plan(channel, nth_try)` decides what becomes of each post."""

    plan: Plan = accept_everything
    token: str = "xoxb-for-tests"
    may_read_history: bool = True
    posts: list[Post] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """For SLACK_API_URL."""
        return f"http://127.0.0.1:{self.port}/api/"

    def store(self, asked: dict[str, Any]) -> Post:
        """Keep a post under an id of its own."""
        metadata, blocks = asked.get("metadata") or {}, asked.get("blocks") or []
        post = Post(
            channel=_direct_channel(asked["channel"]),
            ts=f"{time.time():.6f}"[:-6] + f"{next(self._numbers):06d}",
            text=asked.get("text", ""),
            blocks=json.loads(blocks) if isinstance(blocks, str) else blocks,
            metadata=json.loads(metadata) if isinstance(metadata, str) else metadata,
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
            post = self.store(asked)
            return answer, {
                "ok": True,
                "channel": post.channel,
                "ts": post.ts,
                "message": {"text": post.text},
            }

    def history(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer conversations.history with metadata."""
        if not self.may_read_history:
            return {"ok": False, "error": "missing_scope"}
        found = [
            {"ts": post.ts, "text": post.text, "metadata": post.metadata}
            for post in reversed(self.posts)
            if post.channel == _direct_channel(asked["channel"])
            and float(post.ts) >= float(asked.get("oldest", 0))
        ]
        return {"ok": True, "messages": found, "has_more": False}


def _direct_channel(channel: str) -> str:
    """A person's id opens the direct channel with them."""
    return "D" + channel[1:] if channel.startswith(("U", "W")) else channel


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for the workspace of its server."""

    workspace: SlackStandIn

    def do_POST(self) -> None:
        """Answer one method call."""
        asked = self._arguments()
        if self.headers.get("Authorization") != f"Bearer {self.workspace.token}":
            self._say(200, {"ok": False, "error": "invalid_auth"})
            return
        method = self.path.rpartition("/")[2]
        if method == "chat.postMessage":
            answer, body = self.workspace.post_message(asked)
            if answer.is_lost_after_storing:
                self.connection.close()
                return
            headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after is not None else {}
            self._say(answer.status, body, headers)
        elif method == "conversations.history":
            self._say(200, self.workspace.history(asked))
        elif method == "auth.test":
            self._say(200, {"ok": True, "team_id": "T0TEST", "user_id": "U0BOT"})
        else:
            self._say(200, {"ok": False, "error": "unknown_method"})

    do_GET = do_POST

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
    """Run a workspace in a thread of its own on a free port."""
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
