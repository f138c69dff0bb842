"""Takes in a file of exchange rates from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.management.base import HubCommand
from projects.operations.rates import upload_rates


class Command(HubCommand):
    """`import_rates FILE`."""

    help = (
        "Take in exchange rates: a CSV with the columns day, from, to, rate (one unit of “from” in “to”). "
        "All of it or nothing. A rate of a pair goes before the European Central Bank's for 45 days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in and say how many rates were new."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        added = upload_rates(data=file.read_bytes(), file_name=file.name, by=None, at=timezone.now())
        self.stdout.write(f"{file.name}: {added} new rates.")
