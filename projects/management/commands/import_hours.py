"""Takes in a file of hours from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.imports.rows import DayMonthOrder, ReadOptions, SourceFormat
from projects.management.base import HubCommand
from projects.operations.hours import HoursIntake, take_in_hours

SHOWN = 20


class Command(HubCommand):
    """`import_hours FILE [--format …] [--as EMAIL] [--project CODE] [--dry-run] [--strict] [--json]`."""

    help = (
        "Take in hours that Toggl, Clockify, Harvest, Kimai, Hubstaff, solidtime and others export, as CSV or XLSX. "
        "Importing a file again adds nothing. Bad rows are listed with line and reason; the good ones go in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        formats = ["auto", *(item.value for item in SourceFormat)]
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--format", choices=formats, default="auto", help="which tool wrote it; found out when auto"
        )
        parser.add_argument("--as", dest="as_email", metavar="EMAIL", default="", help="whose rows they are")
        parser.add_argument("--project", metavar="CODE", default="", help="which project's rows they are")
        orders = [DayMonthOrder.DMY.value, DayMonthOrder.MDY.value, DayMonthOrder.YMD.value]
        parser.add_argument(
            "--dates", choices=orders, help="the order of day and month, where the file leaves it open"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--strict", action="store_true", help="write nothing at all when a row is bad")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in and say what became of its rows."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        intake = take_in_hours(
            file=file,
            options=ReadOptions(
                format=None if options["format"] == "auto" else SourceFormat(options["format"]),
                day_month_order=DayMonthOrder(options["dates"]) if options["dates"] else None,
                as_email=options["as_email"],
                project_code=options["project"],
            ),
            as_email=options["as_email"],
            project_code=options["project"],
            is_dry_run=options["dry_run"],
            is_strict=options["strict"],
            by=None,
            at=timezone.now(),
        )
        if options["json"]:
            self.say_json(intake.as_json())
        else:
            self._tell(intake)
        if options["strict"] and intake.rejected:
            raise CommandError(f"Nothing was taken in: {intake.rejected} of {intake.rows} rows are bad.")

    def _tell(self, intake: HoursIntake) -> None:
        would = "would be " if intake.is_dry_run else ""
        self.stdout.write(
            f"{intake.file} ({intake.format}): {intake.rows:,} rows, {intake.added:,} {would}added, "
            f"{intake.known:,} known, {intake.rejected:,} rejected; {intake.seconds / 3600:,.4f} h "
            f"on {intake.days} days of {intake.people} people."
        )
        for error in intake.errors[:SHOWN]:
            self.stdout.write(f"  line {error['line']}: {error['reason']}")
        if len(intake.errors) > SHOWN:
            self.stdout.write(f"  and {intake.rejected - SHOWN:,} more; --json lists them")
