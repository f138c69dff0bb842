"""Takes in a file of hours from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.imports.rows import DayMonthOrder, ReadOptions, SourceFormat
from projects.management.base import HubCommand
from projects.operations.hours import HoursIntake, IntakeOptions, take_in_hours
from projects.queries.mappings import saved_mapping

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
        parser.add_argument(
            "--year", type=int, help="the year, where the columns of a Hubstaff report name none"
        )
        parser.add_argument("--sheet", metavar="NAME", default="", help="which sheet of an XLSX file")
        parser.add_argument(
            "--mapping", metavar="NAME", default="", help="a saved mapping, or a file that holds one as JSON"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--strict", action="store_true", help="write nothing at all when a row is bad")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="keep entries that a corrected export leaves out, and add only",
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in and say what became of its rows."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        with self.counting("Reading hours") as tell:
            intake = take_in_hours(
                file=file, options=_options(options), by=None, at=timezone.now(), tell=tell
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
            f"{intake.known:,} known, {intake.replaced:,} {would}replaced by a correction, "
            f"{intake.rejected:,} rejected; "
            f"{intake.seconds / 3600:,.4f} h on {intake.days} days of {intake.people} people."
        )
        if intake.is_dry_run:
            self._tell_weeks(intake)
        for error in intake.errors[:SHOWN]:
            self.stdout.write(f"  line {error['line']}: {error['reason']}")
        if intake.rejected > SHOWN:
            self.stdout.write(f"  and {intake.rejected - SHOWN:,} more; --json lists them")
        if intake.unmatched and not intake.is_dry_run:
            self.stdout.write(
                f"{intake.unmatched:,} of these wait in the admin until somebody says what they mean."
            )
        if intake.import_id:
            self.stdout.write(f"Undo it as a whole with: undo_import {intake.import_id}")

    def _tell_weeks(self, intake: HoursIntake) -> None:
        """Person by person and week by week, what the record holds before and after."""
        for week in intake.weeks[:SHOWN]:
            self.stdout.write(
                f"  {week['contractor']} on {week['project']}, week of {week['week_starts_on']}: "
                f"{week['in_file'] / 3600:.2f} h in the file, {week['before'] / 3600:.2f} h before, "
                f"{week['after'] / 3600:.2f} h after"
            )
        if intake.weeks_total > SHOWN:
            self.stdout.write(f"  and {intake.weeks_total - SHOWN:,} more weeks")


def _options(options: dict[str, Any]) -> IntakeOptions:
    reading = ReadOptions(
        format=None if options["format"] == "auto" else SourceFormat(options["format"]),
        day_month_order=DayMonthOrder(options["dates"]) if options["dates"] else None,
        as_email=options["as_email"],
        project_code=options["project"],
        mapping=saved_mapping(options["mapping"]) if options["mapping"] else None,
        year=options["year"],
        sheet=options["sheet"],
    )
    return IntakeOptions(
        reading=reading,
        is_dry_run=options["dry_run"],
        is_strict=options["strict"],
        corrects=not options["keep"],
    )
