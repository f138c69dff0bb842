"""Sends what is due from the command line."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.progress import Progress

from notifications import states
from notifications.models import Delivery
from notifications.ports import Ports
from notifications.relay import relay
from notifications.sweep import settle_unknown

PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    """`relay_outbox [--drain]`."""

    help = "Send the notices that are due, once. With --drain: go on until nothing waits any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--drain", action="store_true", help="go on until nothing waits any more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many replies were recorded."""
        waiting = Delivery.objects.filter(state__in=[*states.WAITING, states.SENDING])
        recorded = 0
        with Progress(disable=not sys.stderr.isatty(), transient=True) as bar:
            job = bar.add_task("Sending", total=waiting.count())
            while True:
                recorded += self._turn()
                bar.update(job, completed=recorded)
                if not options["drain"] or not waiting.exists():
                    break
                time.sleep(PAUSE_SECONDS)
        self.stdout.write(f"{recorded} replies recorded, {waiting.count()} deliveries still wait.")

    def _turn(self) -> int:
        ports = Ports(at=timezone.now())
        try:
            settle_unknown(at=timezone.now(), ports=ports)
        finally:
            ports.close()
        return relay(clock=timezone.now)
