"""Sends what is due from the command line."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import Progress

from notifications import states
from notifications.hold import hold, let_out, outbound
from notifications.models import Delivery
from notifications.ports import Ports
from notifications.relay import relay
from notifications.sweep import settle_unknown

PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    """`relay_outbox [--drain] [--hold REASON | --release]`."""

    help = (
        "Send the notices that are due, once. With --drain: go on until nothing waits any more. With --hold and "
        "--release: let nothing leave until a person says so, as after a database was put back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--drain", action="store_true", help="go on until nothing waits any more")
        held = parser.add_mutually_exclusive_group()
        held.add_argument("--hold", metavar="REASON", help="let nothing leave, and send nothing now")
        held.add_argument("--release", action="store_true", help="let leave what is held, then send")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many replies were recorded."""
        if options["hold"]:
            hold(reason=options["hold"], at=timezone.now())
            self.stdout.write("Nothing leaves until `relay_outbox --release`.")
            return
        if options["release"] and not let_out(by_ref="operator", at=timezone.now()):
            raise CommandError("Nothing is held.")
        held = outbound()
        if held.held_since is not None:
            raise CommandError(f"Outbound is held: {held.held_reason}. Look at what waits, then --release.")
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
