"""Users during a drill: a contractor who looks at the portal, and who watches readiness, over HTTP."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from projects.models import User
from tests.factories import ContractorFactory, UserFactory
from tests.services.broker import BrokerService
from tests.services.processes import wait_until
from tests.services.worker import running_web

EVERY_SECONDS = 0.4
PATIENCE_SECONDS = 20


@dataclass
class Users:
    """What each look was answered with, in order."""

    address: str
    cookie: str
    page: list[str] = field(default_factory=list)
    readiness: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look until it is over."""
        while not self.over.wait(EVERY_SECONDS):
            status, _ = self._get("/portal/")
            self.page.append(str(status) if status else "no answer")
            status, body = self._get("/readyz")
            self.readiness.append("ready" if status == 200 else _not_ready(body))

    def saw(self) -> dict[str, str]:
        """How it went, one answer after the other, for a line on the terminal."""
        return {"page": _in_turn(self.page), "readiness": _in_turn(self.readiness)}

    def _get(self, path: str) -> tuple[int, bytes]:
        asked = urllib.request.Request(self.address + path, headers={"Cookie": f"sessionid={self.cookie}"})
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
                return int(answer.status), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""


def _not_ready(body: bytes) -> str:
    try:
        checks = json.loads(body)["checks"]
    except (ValueError, KeyError):
        return "no answer"
    return "not ready: " + ", ".join(name for name, check in checks.items() if not check["ok"])


def _in_turn(answers: list[str]) -> str:
    return ", ".join(f"{answer} x{len(list(times))}" for answer, times in groupby(answers))


def signed_in_contractor() -> str:
    """Somebody who may open the portal; the session that signing in would leave."""
    user: User = UserFactory.make(email="ana@drill.example")
    ContractorFactory.make(name="Ana", email=user.email, user=user)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key or ""


@contextmanager
def looking(broker: BrokerService, folder: Path, static: Path) -> Iterator[Users]:
    """Users who look as long as the drill runs, at a web server of the product's own."""
    cookie = signed_in_contractor()
    with running_web(folder, env={**broker.env(), "STATIC_ROOT": str(static)}) as address:
        users = Users(address, cookie)
        eyes = threading.Thread(target=users.look)
        eyes.start()
        try:
            yield users
            # To the end: until they can read again, and once at least where it all went by too fast to be seen.
            wait_until(lambda: users.page[-1:] == ["200"], seconds=PATIENCE_SECONDS, what="a page for users")
        finally:
            users.over.set()
            eyes.join()
