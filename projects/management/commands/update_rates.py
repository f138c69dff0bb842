"""Fetches the European Central Bank's rates."""

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.bank import BankIsAway
from projects.management.base import HubCommand
from projects.queries.exchange_rates import last_day_of_rates
from projects.reports.rates_update import update_rates


class Command(HubCommand):
    """`update_rates`."""

    help = "Fetch the rates the European Central Bank has published since the last ones. The clock does so daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, keep, and say up to which day there are rates."""
        try:
            added = update_rates(at=timezone.now())
        except BankIsAway as error:
            raise CommandError(
                f"The bank cannot be reached ({error}); rates end on {last_day_of_rates()}."
            ) from error
        self.stdout.write(f"{added} new rates; rates end on {last_day_of_rates()}.")
