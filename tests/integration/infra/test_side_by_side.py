"""A new version starts beside the old one, on one database and one broker: each does what the other asked for."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from notifications.states import OVER
from tests.fakes.smtp_sink import SmtpSink, running_smtp_sink
from tests.services.broker import BrokerService
from tests.services.needed import is_missing
from tests.services.postgres import running_postgres, usable_server
from tests.services.processes import CHECKOUT, PYTHON, wait_until
from tests.services.worker import running_worker

pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(900)]
ANSWERS = (
    "--reason",
    "security_incident",
    "--message",
    "All work stops.",
    "--next-update-by",
    "2090-01-04T17:00Z",
)


def git(*words: str) -> str:
    """What git says in this checkout, or nothing."""
    return subprocess.run(
        ["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    ).stdout.strip()


def version_before() -> str:
    """The last release; before there is one, the newest code that lacks a migration of this one."""
    named = [os.environ.get("OLD_REVISION", ""), git("describe", "--tags", "--abbrev=0")]
    migrated = git("log", "-30", "--format=%H^", "--", "*/migrations/0*.py").split()
    for revision in [name for name in named if name] + [name for name in migrated if is_whole(name)]:
        if git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"):
            return revision
    is_missing("The history that holds the version before")


def is_whole(revision: str) -> bool:
    """Whether its migrations follow each other: a change in the making may have two of one number."""
    paths = git("ls-tree", "-r", "--name-only", revision).splitlines()
    steps = [path[: path.index("/migrations/") + 16] for path in paths if "/migrations/0" in path]
    return bool(steps) and len(steps) == len(set(steps))


@dataclass
class Both:
    """Old and new code on one ground."""

    old: Path
    env: dict[str, str]
    broker: BrokerService
    sink: SmtpSink
    folder: Path

    def manage(self, code: Path, *words: str) -> str:
        """What a command of one version says."""
        command = [PYTHON, "manage.py", *words]
        done = subprocess.run(command, cwd=code, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{code.name}: {words[0]}: {done.stderr[-2000:]}"
        return done.stdout

    def worker(self, code: Path) -> Any:
        """A worker of one version."""
        return running_worker(self.folder, broker=self.broker, env=self.env, checkout=code)

    def pause(self, code: Path, project: str) -> str:
        """Pause a project; the pause's number."""
        found = json.loads(self.manage(code, "open_pause", "--project", project, *ANSWERS, "--json"))
        return str(found["pause"])

    def ask(self, question: str) -> int:
        """A number that the database knows."""
        with psycopg.connect(self.env["DATABASE_URL"]) as connection:
            row = connection.execute(question).fetchone()
        assert row
        return int(row[0])

    def all_is_done(self) -> bool:
        """Whether every delivery and every estimate that was asked for has come to its end."""
        over = ", ".join(f"'{state}'" for state in OVER)
        waits = f"SELECT count(*) FROM notifications_delivery WHERE state NOT IN ({over})"
        reckons = "SELECT count(*) FROM projects_estimaterun WHERE state NOT IN ('done', 'failed')"
        return self.ask(waits) == 0 == self.ask(reckons)


@contextmanager
def scratch_database(stack: ExitStack) -> Iterator[str]:
    """A database of this test's own: here the versions bring it up to date themselves."""
    server = usable_server() or stack.enter_context(running_postgres()).url
    name = f"side_by_side_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.rsplit("/", 1)[0] + f"/{name}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def both(broker: BrokerService, tmp_path: Path) -> Iterator[Both]:
    """The version before, unpacked beside this one, with a database it has filled."""
    old = tmp_path / "old"
    old.mkdir()
    packed = subprocess.run(
        ["git", "archive", version_before()], cwd=CHECKOUT, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x"], cwd=old, input=packed.stdout, check=True)
    with ExitStack() as stack:
        sink = stack.enter_context(running_smtp_sink())
        env = {
            **{key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
            **broker.env(),
            "DATABASE_URL": stack.enter_context(scratch_database(stack)),
            "DATA_DIR": str(tmp_path / "data"), "EMAIL_URL": sink.url, "SLACK_BOT_TOKEN": "",
            "DJANGO_SETTINGS_MODULE": "contractorhub.settings", "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        found = Both(old, env, broker, sink, tmp_path)
        found.manage(old, "migrate", "--verbosity", "0")
        found.manage(old, "seed_demo", "--contractors", "60", "--weeks", "8")
        yield found


def test_old_and_new_code_serve_one_database_and_one_broker(both: Both) -> None:
    new = CHECKOUT
    with both.worker(both.old):
        both.manage(new, "migrate", "--verbosity", "0")  # under the old version's feet
        first = both.pause(both.old, "CHORDUS")
        wait_until(both.all_is_done, seconds=120, what="the old version to go on, on the new one's database")
    with both.worker(new):
        second = both.pause(both.old, "MUSEN")
        wait_until(both.all_is_done, seconds=120, what="the new version to do what the old one asked for")
    with both.worker(both.old), both.worker(new):
        both.manage(new, "resume_pause", first)
        both.manage(both.old, "resume_pause", second)
        third = both.pause(new, "CHORDUS")
        wait_until(both.all_is_done, seconds=120, what="both to do what both asked for")
    with both.worker(both.old):
        both.manage(new, "resume_pause", third)
        both.manage(both.old, "estimate_impact", "--pause", third)
        wait_until(both.all_is_done, seconds=120, what="the old version to do what the new one asked for")
    promised = both.ask("SELECT count(*) FROM notifications_delivery WHERE channel = 'email'")
    arrived = [mail.message_id for mail in both.sink.accepted]
    assert len(arrived) == len(set(arrived)) == promised
    assert promised > 4 * 60
    assert both.ask("SELECT count(DISTINCT pause_id) FROM projects_estimaterun WHERE state = 'done'") == 3
    for code in (both.old, new):
        assert "trail" in both.manage(code, "verify_audit").lower()
