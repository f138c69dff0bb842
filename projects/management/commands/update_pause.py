"""Says the next word on a pause from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from projects.management.base import HubCommand, instant, pause_numbered
from projects.operations.pause_changes import update_pause


class Command(HubCommand):
    """`update_pause ID --message TEXT --next-update-by ISO`."""

    help = "Send an update on a pause to everybody it stops, and promise the next word."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("pause", type=int, metavar="ID", help="the number of the pause")
        parser.add_argument(
            "--message", required=True, metavar="TEXT", help="what is new, for contractors to read"
        )
        parser.add_argument("--next-update-by", required=True, metavar="ISO", help="when the next word comes")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send the update."""
        pause = pause_numbered(options["pause"])
        update = update_pause(
            pause=pause,
            text=options["message"],
            next_update_by=instant(options["next_update_by"]),
            by=None,
            at=timezone.now(),
        )
        if options["json"]:
            self.say_json({"pause": pause.pk, "update": update.pk, "next_update_by": update.next_update_by})
        else:
            self.stdout.write(
                f"Pause {pause.pk} has a new word; the next one is due by {update.next_update_by}."
            )
