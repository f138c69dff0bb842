"""A migrated database, made once by the migrations themselves and copied for each process that tests."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.services.processes import CHECKOUT, PYTHON

_KEPT = CHECKOUT / ".pytest_cache"
_OF_MIGRATIONS = ("requirements.txt", "*/migrations/*.py", "*/*/migrations/*.py")


def copy_migrated_database(target: Path) -> None:
    """Put a migrated database at `target`; the first to ask makes it, by the migrations themselves."""
    _KEPT.mkdir(exist_ok=True)
    template = _KEPT / f"migrated-{_fingerprint()}.sqlite3"
    with (_KEPT / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.is_file():
            for old in _KEPT.glob("migrated-*.sqlite3*"):
                old.unlink()
            _make(template)
    shutil.copyfile(template, target)


def _make(template: Path) -> None:
    part = template.with_suffix(".part")
    part.unlink(missing_ok=True)
    env = os.environ | {"DATABASE_URL": f"sqlite:///{part}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([PYTHON, "manage.py", "migrate", "--verbosity=0"], cwd=CHECKOUT, env=env, check=True)
    for leftover in ("-wal", "-shm"):
        part.with_name(part.name + leftover).unlink(missing_ok=True)
    part.rename(template)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in _OF_MIGRATIONS:
        for path in sorted(CHECKOUT.glob(pattern)):
            digest.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Template:
    """A database of a PostgreSQL server that is being migrated while something else runs."""

    name: str
    migrating: "subprocess.Popen[bytes]"

    def when_ready(self) -> str:
        """Its name, or none: then each process migrates a database of its own, and tells what is wrong."""
        return "" if self.migrating.wait() else self.name


@contextmanager
def template_on(server: str) -> Iterator[Template]:
    """Begin to migrate a database on this server; it goes at the end."""
    name = f"contractorhub_template_{uuid.uuid4().hex[:12]}"
    env = os.environ | {
        "DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        migrating = subprocess.Popen([PYTHON, "manage.py", "migrate", "--verbosity=0"], cwd=CHECKOUT, env=env)
        try:
            yield Template(name, migrating)
        finally:
            migrating.kill()
            migrating.wait()
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]
