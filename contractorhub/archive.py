"""A backup: one tar file of the database, the uploaded papers and a manifest that says what must come out again."""

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from projects.models import Contractor, Pause
from projects.operations.history import head_of_trail

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
PAPERS: Final = "papers/"
DUMPS: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class UnableToArchive(Exception):
    """A backup cannot be made, read or put back; the message says why, fit for a person."""


def write_archive(path: Path, *, at: datetime) -> dict[str, Any]:
    """Write the backup, readable by its owner alone, and return its manifest; no half of a file stays behind."""
    if path.exists():
        raise UnableToArchive(f"{path} is there already; a backup never overwrites another.")
    part = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            dump = Path(scratch) / DUMPS[connection.vendor]
            facts = _facts(at=at)  # before the dump: what it notes must be in it, whoever writes meanwhile
            _dump_database(dump)
            manifest = {**facts, "files": _checksums(dump)}
            part.touch(mode=0o600)
            with tarfile.open(part, "w") as archive:
                _add_text(archive, MANIFEST, json.dumps(manifest, indent=2))
                archive.add(dump, dump.name)
                for paper in _papers():
                    archive.add(paper, PAPERS + str(paper.relative_to(settings.MEDIA_ROOT)))
        part.rename(path)
    except OSError as error:
        raise UnableToArchive(f"The backup could not be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """Read what a backup says of itself. Raises UnableToArchive for a file that is none of ours or of another kind."""
    try:
        with tarfile.open(path) as archive:
            member = archive.extractfile(MANIFEST)
            manifest: dict[str, Any] = json.load(member) if member else {}
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise UnableToArchive(f"{path} is no backup of ContractorHub.") from error
    if manifest.get("format") != FORMAT:
        raise UnableToArchive(
            f"{path} was written in format {manifest.get('format')}; this version reads {FORMAT}."
        )
    if manifest["engine"] != connection.vendor:
        raise UnableToArchive(
            f"{path} holds a database of {manifest['engine']}, this one is {connection.vendor}."
        )
    return manifest


def unpack(path: Path, manifest: dict[str, Any], folder: Path) -> Path:
    """Unpack into a folder, check every file against the manifest, and return the database's dump."""
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    for name, checksum in manifest["files"].items():
        if not (folder / name).is_file() or _checksum(folder / name) != checksum:
            raise UnableToArchive(f"{path} is damaged: {name} is not what was backed up.")
    return folder / DUMPS[connection.vendor]


def load(dump: Path, papers: Path) -> None:
    """Put the database and the papers where they belong; the place must be empty."""
    if connection.vendor == "sqlite":
        _load_sqlite(dump)
    else:
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", _name(), str(dump))
    connection.close()
    if papers.is_dir():
        target = Path(settings.MEDIA_ROOT)
        for paper in sorted(papers.rglob("*")):
            if paper.is_file():
                place = target / paper.relative_to(papers)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(paper.read_bytes())


def is_empty_place() -> bool:
    """Whether the database holds no table yet and no paper lies in the folder of papers."""
    return not connection.introspection.table_names() and not _papers()


def _dump_database(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(dump)) as copy:
            connection.connection.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(dump), _name())


def _load_sqlite(dump: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(dump)) as copy:
        copy.backup(connection.connection)


def _facts(*, at: datetime) -> dict[str, Any]:
    number, seal = head_of_trail()
    return {
        "format": FORMAT,
        "engine": connection.vendor,
        "taken_at": at.isoformat(),
        "audit_head": f"{number}:{seal}",
        "contractors": Contractor.objects.count(),
        "pauses": Pause.objects.count(),
    }


def _checksums(dump: Path) -> dict[str, str]:
    papers = {PAPERS + str(paper.relative_to(settings.MEDIA_ROOT)): _checksum(paper) for paper in _papers()}
    return {dump.name: _checksum(dump), **papers}


def _papers() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    archive.addfile(entry, io.BytesIO(text.encode()))


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs against our database; the password goes by the environment alone."""
    given = connection.settings_dict
    env = {"PATH": os.environ.get("PATH", ""), "PGCONNECT_TIMEOUT": "10"}
    for variable, key in (
        ("PGHOST", "HOST"),
        ("PGPORT", "PORT"),
        ("PGUSER", "USER"),
        ("PGPASSWORD", "PASSWORD"),
    ):
        if given.get(key):
            env[variable] = str(given[key])
    try:
        done = subprocess.run([program, *arguments], env=env, capture_output=True, text=True, check=False)  # noqa: S603 - tools the operator installed, words of our own
    except FileNotFoundError as error:
        raise UnableToArchive(
            f"{program} is not on this machine; it comes with PostgreSQL's client programs."
        ) from error
    if done.returncode:
        raise UnableToArchive(
            f"{program} refused: {done.stderr.strip().splitlines()[-1] if done.stderr else ''}"
        )
