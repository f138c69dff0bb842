"""Estimates what pauses cost, here and now."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import UTC, date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.management.base import HubCommand, money_json, pause_numbered
from projects.management.printing import money_range, progress_bar, words
from projects.models import EstimateRun, Pause
from projects.operations.estimates import compute_now
from projects.queries.estimates import CurrencyTotal, totals_of_run

SHAPE = """
With --json, one object:
  {"as_of": "2026-03-02", "pauses": [{"pause": 7, "target": "CHORDUS", "run": 12, "as_of": "2026-03-02",
    "method_version": "...", "people": 3, "provisional_people": 0, "totals": [{"currency": "USD", "people": 3,
    "weekly_expected": M, "expected_seconds": 0, "expected": M, "earned": M, "recovered": M, "standby": M,
    "lost": {"central": M, "low80": M, "high80": M, "low95": M, "high95": M}}]}]}
where M is {"minor": 12345, "currency": "USD", "amount": "123.45"}. Sums never mix currencies.
"""


class Command(HubCommand):
    """Computes a fresh run of one pause or of every open one and prints what each costs."""

    help = (
        "Estimate the income that contractors lose through a pause, day by day, and keep it as a new run."
        + SHAPE
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which pauses and as of which day."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--pause", type=int, metavar="ID", help="number of the pause")
        which.add_argument("--all", action="store_true", help="every pause that is scheduled or in effect")
        parser.add_argument(
            "--as-of",
            metavar="DATE",
            help="as known at the end of this day, such as 2026-03-02; today by default",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *args: object, **options: Any) -> None:
        """Estimate, then print."""
        at = timezone.now()
        as_of = _day(options["as_of"]) if options["as_of"] else at.astimezone(UTC).date()
        results = []
        for pause in _pauses(options):
            with progress_bar(str(pause)) as tell:
                run = compute_now(pause=pause, at=at, as_of=as_of, tell=tell)
            results.append((pause, run, totals_of_run(run)))
        if options["json"]:
            pauses = [_figures(pause, run, totals) for pause, run, totals in results]
            self.say_json({"as_of": as_of.isoformat(), "pauses": pauses})
            return
        if not results:
            self.stdout.write("No pause is open.")
        for pause, run, totals in results:
            self._print(pause, run, totals)

    def _print(self, pause: Pause, run: EstimateRun, totals: Iterable[CurrencyTotal]) -> None:
        self.stdout.write(
            f"Pause {pause.pk} of {pause.target_code}, as of {run.as_of} (method {run.method_version}):"
        )
        some = False
        for total in totals:
            some = True
            known = f", {total.provisional_people} of them provisional" if total.provisional_people else ""
            self.stdout.write(f"  {total.people} people{known} lose {words(total.lost, total.currency)}")
        if not some:
            self.stdout.write("  nobody loses anything that can be priced")


def _pauses(options: dict[str, Any]) -> list[Pause]:
    if options["all"]:
        return list(Pause.objects.open().select_related("project", "client").order_by("pk"))
    return [pause_numbered(options["pause"])]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no day; write it as 2026-03-02.") from error


def _figures(pause: Pause, run: EstimateRun, totals: tuple[CurrencyTotal, ...]) -> dict[str, Any]:
    return {
        "pause": pause.pk,
        "target": pause.target_code,
        "run": run.pk,
        "as_of": run.as_of.isoformat(),
        "method_version": run.method_version,
        "policy": run.policy,
        "people": run.estimates.values("engagement__contractor").distinct().count(),
        "provisional_people": sum(total.provisional_people for total in totals),
        "totals": [
            {
                "currency": total.currency,
                "people": total.people,
                "weekly_expected": money_json(total.weekly_expected_minor, total.currency),
                "expected_seconds": total.amounts.expected_seconds,
                "expected": money_json(total.amounts.expected_minor, total.currency),
                "earned": money_json(total.amounts.earned_minor, total.currency),
                "recovered": money_json(total.amounts.recovered_minor, total.currency),
                "standby": money_json(total.amounts.standby_minor, total.currency),
                "lost": money_range(total.lost, total.currency),
                "reference_pay": money_json(total.reference_minor, total.currency),
                "people_without_reference_pay": total.people_without_reference,
            }
            for total in totals
        ],
    }
