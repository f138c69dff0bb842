"""Holds the named pay policies against a file of official or worked figures."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.domain.errors import UnableToEstimate
from projects.impact.policies.check import Checked, Outcome, check, read_examples


class Command(BaseCommand):
    """Answers every example of a file under its named policy and prints what came out otherwise."""

    help = (
        "Answer every example of FILE (a JSON list of id, rule, inputs, expected) under the pay policy that takes its "
        "inputs, and compare to the penny. Prints passed, failed with the differences, and the policies that are not "
        "supported, by name. Exit code 1 when an example failed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, metavar="FILE", help="JSON list of examples")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")

    def handle(self, *args: object, **options: Any) -> None:
        """Check, print, and fail when an example did."""
        try:
            results = [check(example) for example in read_examples(options["file"])]
        except UnableToEstimate as error:
            raise CommandError(str(error)) from error
        counts = Counter(result.outcome for result in results)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(results, counts), ensure_ascii=False))
        else:
            self._print(results, counts)
        if counts["failed"]:
            raise CommandError(f"{counts['failed']} of {len(results)} examples came out otherwise.")

    def _print(self, results: Sequence[Checked], counts: Counter[Outcome]) -> None:
        for result in results:
            if result.outcome == "not supported":
                self.stdout.write(f"{result.id}: {result.note}")
            for difference in result.differences:
                self.stdout.write(
                    f"{result.id}: {difference.figure} is {difference.expected}, "
                    f"{result.policy} gives {difference.answered}"
                )
            if result.outcome == "failed" and not result.differences:
                self.stdout.write(f"{result.id}: {result.policy}: {result.note}")
        self.stdout.write(
            f"passed {counts['passed']}, failed {counts['failed']}, policy not supported {counts['not supported']}"
        )


def _as_json(results: Sequence[Checked], counts: Counter[Outcome]) -> dict[str, object]:
    return {
        "passed": counts["passed"],
        "failed": counts["failed"],
        "not_supported": counts["not supported"],
        "differences": [asdict(result) for result in results if result.outcome == "failed"],
        "unsupported": [
            {"id": result.id, "policy": result.policy, "note": result.note}
            for result in results
            if result.outcome == "not supported"
        ],
        "policies": dict(sorted(Counter(result.policy for result in results).items())),
    }
