"""Writes everything that must survive into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from contractorhub.archive import UnableToArchive, write_archive
from projects.management.base import HubCommand


class Command(HubCommand):
    """`backup --output FILE`."""

    help = (
        "Write the database and the uploaded papers into one file, while everything runs. The keys are not in it: keep "
        "SECRET_KEY and FIELD_KEYS (embedded: var/run/) somewhere else, without them encrypted tokens stay unreadable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--output", type=Path, required=True, metavar="FILE", help="a file that is not there yet"
        )

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write it and say what is in it."""
        if not output.parent.is_dir():
            raise CommandError(f"There is no folder {output.parent}.")
        try:
            manifest = write_archive(output, at=timezone.now())
        except UnableToArchive as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            f"{output}: {output.stat().st_size:,} bytes, {manifest['contractors']} contractors,"
            f" {manifest['pauses']} pauses, {len(manifest['files']) - 1} papers."
        )
        self.stdout.write(f"End of the audit trail: {manifest['audit_head']}")
