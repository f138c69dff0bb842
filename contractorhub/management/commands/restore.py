"""Puts a backup back into an empty place, checks it, and holds what it would send."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from contractorhub.archive import PAPERS, UnableToArchive, is_empty_place, load, read_manifest, unpack
from notifications.hold import RESTORED, hold
from projects.management.base import HubCommand
from projects.operations.history import broken_seals


class Command(HubCommand):
    """`restore FILE`."""

    help = (
        "Put a backup back into an empty database, bring it up to this version, and check the audit trail against the "
        "end that was noted. Nothing is sent until somebody releases it. Stop web, workers and clock first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Check the place and the file first; nothing is written before both are right."""
        if not is_empty_place():
            raise CommandError("This place is not empty. Restore into a new database and a new DATA_DIR.")
        try:
            manifest = read_manifest(file)
            with tempfile.TemporaryDirectory() as folder:
                dump = unpack(file, manifest, Path(folder))
                load(dump, Path(folder) / PAPERS)
        except UnableToArchive as reason:
            raise CommandError(str(reason)) from reason
        call_command("migrate", interactive=False, verbosity=0)
        hold(reason=RESTORED, at=timezone.now())
        number, _, seal = manifest["audit_head"].partition(":")
        broken = list(broken_seals(anchor=(int(number), seal)))
        if broken:
            raise CommandError(
                f"Restored, but the audit trail is broken at row {broken[0].number}: {broken[0].reason}."
            )
        self.stdout.write(
            f"Restored what stood at {manifest['taken_at']}: {manifest['contractors']} contractors,"
            f" {manifest['pauses']} pauses; the audit trail holds."
        )
        self.stdout.write("Nothing is sent until somebody says so: relay_outbox --release, or in the admin.")
