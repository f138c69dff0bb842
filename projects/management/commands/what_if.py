"""Reckons what a pause would cost that nobody has opened."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from projects.management.base import HubCommand, client_named, money_json, project_named
from projects.management.printing import money_range, progress_bar, words
from projects.queries.exposure import CurrencyAtRisk, Exposure, exposure

SHAPE = """
With --json, one object:
  {"target": "ORION", "kind": "client", "as_of": "2026-03-02", "starts_on": "2026-03-09", "weeks": 4, "people": 30,
   "provisional_people": 0, "mostly_dependent": {"people": 12, "share": 0.4}, "totals": [{"currency": "USD",
   "people": 30, "lost": R, "per_week": M, "weeks": [{"starts_on": "2026-03-09", "lost": R}],
   "by_project": [{"project": "MUSEN", "lost": R}], "by_country": [{"country": "PH", "lost": R}]}]}
where M is {"minor": 12345, "currency": "USD", "amount": "123.45"} and R has central, low80, high80, low95, high95,
each an M. Mostly dependent: more than half of the last 13 weeks' income came from there. Sums never mix currencies.
"""


class Command(HubCommand):
    """Prints the expected income at risk by week, with ranges; writes nothing."""

    help = (
        "Reckon what it would cost if a client or a project stopped all work from next Monday for some weeks: income "
        "at risk by week with ranges, and how many people depend on it. Nothing is written and nobody is told."
        + SHAPE
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the target and the length."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--client", metavar="CODE", help="every project of this client")
        which.add_argument("--project", metavar="CODE", help="this project only")
        parser.add_argument("--weeks", type=int, required=True, metavar="N", help="how many weeks, 1 to 52")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *args: object, **options: Any) -> None:
        """Reckon, then print."""
        target = client_named(options["client"]) if options["client"] else project_named(options["project"])
        with progress_bar(f"What if {target.code} stopped") as tell:
            found = exposure(target=target, weeks=options["weeks"], at=timezone.now(), tell=tell)
        if options["json"]:
            self.say_json(_figures(found))
            return
        self.stdout.write(
            f"If {found.target} stopped for {found.weeks} week{'s' if found.weeks > 1 else ''} from {found.starts_on}, "
            f"{found.people} people would stop work; {found.mostly_dependent} of them earn more than half of their "
            "income there."
        )
        for total in found.totals:
            self.stdout.write(f"{total.people} people would lose {words(total.lost, total.currency)}")
            for week in total.weeks:
                self.stdout.write(f"  week of {week.starts_on}: {words(week.lost, total.currency)}")


def _figures(found: Exposure) -> dict[str, Any]:
    return {
        "target": found.target,
        "kind": found.kind,
        "as_of": found.as_of.isoformat(),
        "starts_on": found.starts_on.isoformat(),
        "weeks": found.weeks,
        "people": found.people,
        "provisional_people": found.provisional_people,
        "mostly_dependent": {
            "people": found.mostly_dependent,
            "share": round(found.mostly_dependent / found.people, 4),
        },
        "totals": [_currency(total, found.weeks) for total in found.totals],
    }


def _currency(total: CurrencyAtRisk, weeks: int) -> dict[str, Any]:
    currency = total.currency
    return {
        "currency": currency,
        "people": total.people,
        "lost": money_range(total.lost, currency),
        "per_week": money_json(round(total.lost.central / weeks), currency),
        "weeks": [
            {"starts_on": week.starts_on.isoformat(), "lost": money_range(week.lost, currency)}
            for week in total.weeks
        ],
        "by_project": [
            {"project": project, "lost": money_range(lost, currency)} for project, lost in total.by_project
        ],
        "by_country": [
            {"country": country, "lost": money_range(lost, currency)} for country, lost in total.by_country
        ],
    }
