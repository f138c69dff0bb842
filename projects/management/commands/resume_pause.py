"""Ends a pause from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from projects.domain.scoping import OUTCOMES
from projects.management.base import HubCommand, pause_numbered
from projects.operations.pause_changes import resume_pause


class Command(HubCommand):
    """`resume_pause ID [--outcome unchanged|reduced|expanded|cancelled]`."""

    help = (
        "End a pause now and tell everybody it stopped; notices of it that have not left yet are overtaken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("pause", type=int, metavar="ID", help="the number of the pause")
        parser.add_argument(
            "--outcome", default="", choices=sorted(OUTCOMES), help="how the scope was decided"
        )
        parser.add_argument("--message", default="", metavar="TEXT", help="words contractors may read")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """End the pause."""
        pause = resume_pause(
            pause=pause_numbered(options["pause"]),
            text=options["message"],
            outcome=options["outcome"],
            by=None,
            at=timezone.now(),
        )
        if options["json"]:
            self.say_json({"pause": pause.pk, "state": pause.state, "ends_at": pause.ends_at})
        else:
            self.stdout.write(
                f"Pause {pause.pk} of {pause.target_code} ended at {pause.ends_at:%Y-%m-%d %H:%M} UTC."
            )
