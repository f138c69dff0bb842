"""Loads the demo data."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects import demo
from projects.management.base import HubCommand


class Command(HubCommand):
    """`seed_demo [--contractors N] [--weeks N]`."""

    help = (
        "Load the demo, always the same: clients ORION and LYRA, projects CHORDUS, MUSEN, NOVA and HARP, the logins, "
        "and N contractors on CHORDUS with weeks of hours. Running it again adds only what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--contractors", type=int, default=demo.DEFAULT_CONTRACTORS, help="people on CHORDUS"
        )
        parser.add_argument(
            "--weeks", type=int, default=demo.DEFAULT_WEEKS, help="weeks of hours before today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it and say what was added."""
        if options["contractors"] < 1 or options["weeks"] < 0:
            raise CommandError("There must be at least one contractor and no fewer than zero weeks.")
        added = demo.seed(
            contractors=options["contractors"],
            weeks=options["weeks"],
            at=timezone.now(),
            progress=self._progress,
        )
        self.stdout.write(
            f"Demo data is there: {added['contractors']:,} contractors and "
            f"{added['hours_entries']:,} hours entries added."
        )

    def _progress(self, items: Iterable[Any], what: str, total: int) -> Iterable[Any]:
        return self.progress(items, what=what, total=total)
