"""A backup comes back whole in an empty place, and nowhere else; a damaged one not at all."""

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from projects.models import Contractor
from projects.operations.history import head_of_trail
from tests.services.processes import CHECKOUT, PYTHON

pytestmark = pytest.mark.django_db(transaction=True)
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Manage]:
    """Runs a command of the product against an empty place of its own, on the engine of this run."""
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "elsewhere"),
        "FIELD_KEYS": "k",
        "SECRET_KEY": "s",
    }
    name = f"contractorhub_restored_{uuid.uuid4().hex[:12]}"
    given = connection.settings_dict
    server = f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT'] or 5432}"
    is_postgresql = connection.vendor == "postgresql"
    if is_postgresql:
        env["DATABASE_URL"] = f"{server}/{name}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]

    def manage(*command: str) -> subprocess.CompletedProcess[str]:
        line = [PYTHON, "manage.py", *command]
        return subprocess.run(
            line, env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
        )

    yield manage
    if is_postgresql:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


@pytest.fixture
def archive(tmp_path: Path, settings: Any) -> Path:
    """A backup of the demo with one paper."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    paper = tmp_path / "media" / "corrections" / "timesheet.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF-1.7 what Ana worked")
    call_command("seed_demo", "--contractors", "3", "--weeks", "1", verbosity=0)
    call_command("backup", "--output", str(tmp_path / "backup.tar"))
    return tmp_path / "backup.tar"


def test_a_backup_comes_back_whole_and_only_into_an_empty_place(
    archive: Path, elsewhere: Manage, tmp_path: Path
) -> None:
    assert archive.stat().st_mode & 0o077 == 0

    done = elsewhere("restore", str(archive))

    assert done.returncode == 0, done.stderr
    assert f"{Contractor.objects.count()} contractors" in done.stdout
    assert ":".join(map(str, head_of_trail())) in elsewhere("verify_audit").stdout
    assert "Outbound is held" in elsewhere("relay_outbox").stderr
    papers = tmp_path / "elsewhere" / "media" / "corrections" / "timesheet.pdf"
    assert papers.read_bytes() == b"%PDF-1.7 what Ana worked"
    again = elsewhere("restore", str(archive))
    assert again.returncode == 1
    assert "This place is not empty" in again.stderr


@pytest.mark.once  # no row is read or written
def test_what_is_damaged_or_foreign_is_refused_and_nothing_is_overwritten(
    archive: Path, elsewhere: Manage, tmp_path: Path
) -> None:
    whole = bytearray(archive.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    damaged, foreign = tmp_path / "damaged.tar", tmp_path / "foreign.tar"
    damaged.write_bytes(whole)
    foreign.write_text("Dear all, ")

    assert "is damaged" in elsewhere("restore", str(damaged)).stderr
    assert "is no backup of ContractorHub" in elsewhere("restore", str(foreign)).stderr
    with pytest.raises(CommandError, match="never overwrites another"):
        call_command("backup", "--output", str(archive))
