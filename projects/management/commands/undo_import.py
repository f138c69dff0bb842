"""Undoes an import of hours from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.management.base import HubCommand
from projects.models import HoursImport
from projects.operations.hours_undo import undo_hours_import


class Command(HubCommand):
    """`undo_import ID`."""

    help = "Undo an import of hours as a whole: what it added goes, what it replaced comes back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("id", type=int, metavar="ID", help="the number import_hours gave")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo it and say how many entries went."""
        run = HoursImport.objects.filter(pk=options["id"]).first()
        if run is None:
            raise CommandError(f"There is no import {options['id']}.")
        removed = undo_hours_import(run=run, by=None, at=timezone.now())
        self.stdout.write(f"{run.file_name} is undone: {removed:,} entries are gone.")
