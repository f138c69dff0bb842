"""Checks the seals of the whole audit trail."""

from argparse import ArgumentParser, ArgumentTypeError
from itertools import islice
from typing import Any

from django.core.management.base import CommandError

from projects.management.base import HubCommand
from projects.models import AuditEvent
from projects.operations.history import broken_seals, head_of_trail

SHOWN = 20


def _anchor(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not number.isdigit() or len(seal) != 64:
        raise ArgumentTypeError("an anchor is a number and a hash of 64 characters, as NUMBER:HASH")
    return int(number), seal


class Command(HubCommand):
    """`verify_audit [--anchor NUMBER:HASH] [--json]`."""

    help = "Walk the audit trail and name every row that was edited, deleted or slipped in. Exit 1 when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--anchor",
            type=_anchor,
            metavar="NUMBER:HASH",
            help="an end of the trail that was noted earlier, which must still be part of it",
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk and report."""
        broken = list(islice(broken_seals(anchor=options["anchor"]), SHOWN))
        rows = AuditEvent.objects.count()
        end = ":".join(map(str, head_of_trail()))
        if options["json"]:
            self.say_json(
                {
                    "rows": rows,
                    "head": end,
                    "broken": [{"number": seal.number, "reason": seal.reason} for seal in broken],
                }
            )
        if broken:
            first = "; ".join(f"row {seal.number}: {seal.reason}" for seal in broken[:3])
            raise CommandError(f"The audit trail is broken at {len(broken)} place(s): {first}.")
        if not options["json"]:
            self.stdout.write(f"All {rows} rows of the audit trail follow from one another. Its end: {end}")
