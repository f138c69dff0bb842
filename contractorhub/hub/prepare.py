"""Brings database, static files and demo data to where a start needs them, doing only what is missing."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> int:
    """Apply the migrations the database lacks; return how many there were."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    else:
        # A database that went through what one migration now stands for: noted, or it lacks that one when they go.
        executor.check_replacements()
    return missing


def static_fingerprint() -> str:
    """Return a digest of every static file's name, size and time of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(stamp: Path, static_root: Path) -> bool:
    """Collect static files unless the same ones were collected before; return whether anything was done."""
    fingerprint = static_fingerprint()
    if static_root.is_dir() and stamp.is_file() and stamp.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint)
    return True


def seed_demo(stamp: Path) -> str:
    """Load the demo data once per database and say in one line what was done.

    A database that already knows a client is somebody's: nothing is added to it.
    """
    database = hashlib.sha256(repr(sorted(_identity().items())).encode()).hexdigest()
    seeded = stamp.read_text().split() if stamp.is_file() else []
    if database in seeded:
        return "Demo data: loaded at an earlier start."
    if "seed_demo" not in get_commands():
        return "Demo data: none, this version has no command to load it."
    if apps.get_model("projects", "Client")._default_manager.exists():
        return "Demo data: none loaded, the database holds clients already."
    call_command("seed_demo", verbosity=0)
    stamp.write_text("\n".join([*seeded, database]) + "\n")
    return "Demo data: loaded."


def _identity() -> dict[str, str]:
    keys = ("ENGINE", "HOST", "PORT", "NAME")
    return {key: str(connection.settings_dict.get(key)) for key in keys}
