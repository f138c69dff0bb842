"""Takes in a roster from the command line."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.imports.rows import DayMonthOrder, ReadOptions
from projects.management.base import HubCommand
from projects.operations.roster import take_in_roster

SHOWN = 20


class Command(HubCommand):
    """`import_roster FILE [--leavers-on DATE] [--dry-run] [--strict] [--json]`."""

    help = (
        "Take in contractors, engagements and rates from a date, as CSV or XLSX. Additive: nobody leaves by being left "
        "out, unless "
        "you say from which day. Bad rows are listed with line and reason; the good ones go in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", type=Path)
        orders = [DayMonthOrder.DMY.value, DayMonthOrder.MDY.value, DayMonthOrder.YMD.value]
        parser.add_argument(
            "--dates", choices=orders, help="the order of day and month, where the file leaves it open"
        )
        parser.add_argument(
            "--leavers-on",
            metavar="DATE",
            type=date.fromisoformat,
            help="let go whoever the roster leaves out of a project it names: the first day they no longer work",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--strict", action="store_true", help="write nothing at all when a row is bad")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in and say what became of its rows."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        intake = take_in_roster(
            file=file,
            reading=ReadOptions(
                day_month_order=DayMonthOrder(options["dates"]) if options["dates"] else None
            ),
            leavers_on=options["leavers_on"],
            is_dry_run=options["dry_run"],
            is_strict=options["strict"],
            by=None,
            at=timezone.now(),
        )
        if options["json"]:
            self.say_json(intake.as_json())
        else:
            for change in intake.changes[:SHOWN] if intake.is_dry_run else ():
                said = f"{change.before} → {change.after}" if change.before else change.after
                self.stdout.write(f"  {change.who} {change.project} {change.kind.replace('_', ' ')}: {said}")
            self.stdout.write(
                f"{intake.file}: {intake.rows:,} rows, {intake.contractors_added:,} contractors, "
                f"{intake.engagements_added:,} engagements and {intake.rates_added:,} rates added, "
                f"{intake.contractors_changed + intake.engagements_changed:,} changed, {intake.leavers:,} left, "
                f"{intake.rejected:,} rejected."
            )
            for error in intake.errors[:SHOWN]:
                self.stdout.write(f"  line {error['line']}: {error['reason']}")
        if options["strict"] and intake.rejected:
            raise CommandError(f"Nothing was taken in: {intake.rejected} of {intake.rows} rows are bad.")
