"""Makes somebody who runs the installation, in the place of Django's command: audited, and without a password."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from projects.management.base import HubCommand
from projects.operations.people import make_user


class Command(HubCommand):
    """`createsuperuser EMAIL [--name NAME]`."""

    help = (
        "Make somebody who may do everything. They sign in by the code that is emailed to them, "
        "and add a second step before a desk opens."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("email", help="the address that codes go to")
        parser.add_argument("--name", default="", help="how others read who did something")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them."""
        user = make_user(
            email=options["email"],
            name=options["name"],
            is_staff=True,
            is_superuser=True,
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(f"{user.email} may do everything. They sign in with an emailed code.")
