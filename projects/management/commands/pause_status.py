"""Says how far a pause has been told, and who has seen it."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from projects.management.base import HubCommand, pause_numbered
from projects.queries.pause_status import status_of_pause


class Command(HubCommand):
    """`pause_status ID [--json]`."""

    help = "Show a pause: deliveries by channel and state, who opened it in the portal, who acknowledged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("pause", type=int, metavar="ID", help="the number of the pause")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the status."""
        status = status_of_pause(pause_numbered(options["pause"]), at=timezone.now())
        if options["json"]:
            self.say_json(status.as_json())
            return
        self.stdout.write(
            f"Pause {status.pause} of {status.target}: {status.state}, since {status.starts_at}"
        )
        for channel, states in sorted(status.deliveries.items()):
            counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
            self.stdout.write(f"  {channel}: {counts}")
        self.stdout.write(
            f"  people {status.people}, opened {status.seen}, acknowledged {status.acknowledged}, "
            f"next word by {status.next_update_by}"
        )
