"""Writes a report to a file, from the frozen run of its day and parameters."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.domain.errors import UnableToReport
from projects.management.base import HubCommand
from projects.reports.catalogue import REPORTS
from projects.reports.files import ACCOUNTING, FORMATS, format_named, write_file
from projects.reports.frozen import table_of_run
from projects.reports.runs import pull_report


class Command(HubCommand):
    """`export_report NAME --format csv|xlsx|pdf|json [--as-of DATE] [--by pause,project,...] --output FILE`."""

    help = (
        "Pull a report and write it to a file. The figures are frozen when they are first pulled for a day and its "
        "parameters: pulled again they are the same, whatever came in meanwhile; --fresh makes a new run. Reports and "
        "their parameters: "
        + "; ".join(f"{each.name} ({', '.join(one.name for one in each.parameters)})" for each in REPORTS)
        + ". The file appears when it is whole; after an error nothing is left behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what to pull, how to write it and where."""
        parser.add_argument("name", metavar="NAME", help=", ".join(each.name for each in REPORTS))
        parser.add_argument(
            "--format",
            required=True,
            metavar="FORMAT",
            help=f"{', '.join(FORMATS)}; a journal: {', '.join(ACCOUNTING)}",
        )
        parser.add_argument(
            "--output", required=True, metavar="FILE", help="where to write; replaced when whole"
        )
        parser.add_argument(
            "--as-of", metavar="DATE", help="as known at the end of this day; today by default"
        )
        parser.add_argument("--by", metavar="A,B", help="how rows are grouped, outermost first")
        parser.add_argument("--in", dest="in_currency", metavar="CODE", help="adds the loss in this currency")
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE",
            help="any other parameter; several values parted by commas",
        )  # fmt: skip
        parser.add_argument("--fresh", action="store_true", help="a new run where the figures have moved")

    def handle(self, *args: object, **options: Any) -> None:
        """Pull, write, and say what was written."""
        written_as = format_named(options["format"], report=options["name"])
        run = pull_report(
            name=options["name"],
            parameters=_parameters(options),
            as_of=options["as_of"],
            by=None,
            at=timezone.now(),
            is_fresh=options["fresh"],
        )
        path = Path(options["output"])
        if path.is_dir():
            raise CommandError(f"{path} is a folder; name a file in it.")
        figures = write_file(table_of_run(run), written_as, path)
        self.stdout.write(
            f"{path}: {figures.rows:,} rows as of {run.as_of}, run {run.public_id}, "
            f"pulled {run.pulled_at:%Y-%m-%d %H:%M} UTC, checksum {figures.checksum}"
        )


def _parameters(options: dict[str, Any]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for name, value in (("by", options["by"]), ("in", options["in_currency"])):
        if value is not None:
            asked[name] = [value]
    for pair in options["set"]:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UnableToReport(f"“{pair}” is no parameter; write it as NAME=VALUE.", field="set")
        asked.setdefault(name.replace("-", "_"), []).append(value)
    return asked
