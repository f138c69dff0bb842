"""Measures one firm in its own process, a JSON line a finding: `python -m bench.scale.one PEOPLE WEEKS SERVER`."""

import json
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bench.web import place_of_its_own

EVERYBODY = "everybody"
TABLES = {
    "hours": ("projects_hoursentry",),
    "people": ("projects_user", "projects_contractor", "projects_engagement", "projects_rate"),
    "deliveries": ("notifications_delivery", "notifications_recipient", "notifications_attempt"),
    "estimates": ("projects_lostincomeestimate", "projects_estimateweek"),
}


def main(people: int, weeks: int, server: str) -> None:
    """Set up a database of its own, then say what is found as it is found."""
    os.environ["DATABASE_URL"] = server
    with place_of_its_own() as folder:
        from bench.delivery.places import running_receiver
        from bench.scale.cases import Jobs

        with running_receiver(folder) as receiver:
            for name, value in findings(Jobs(folder, receiver), people, weeks):
                print(json.dumps([name, value]), flush=True)


def findings(jobs: Any, people: int, weeks: int) -> Iterator[tuple[str, Any]]:
    """What the firm takes on disk, then each job for the project of 10,000, for everybody, and each page."""
    from django.utils import timezone

    from bench.scale.costs import cost
    from bench.scale.firm import LARGE, bytes_of, fill
    from projects.models import Client, HoursEntry, Project

    with cost() as filled:
        fill(people, weeks=weeks, today=timezone.now().date())
    yield "made in seconds", round(filled.seconds, 1)
    yield "rows of hours", HoursEntry.objects.count()
    yield "bytes, hours", bytes_of(*TABLES["hours"])
    yield "bytes, people", bytes_of(*TABLES["people"])
    for name, found in jobs.of_pause(project=Project.objects.get(code=LARGE)):
        yield f"{LARGE}: {name}", asdict(found)
    jobs.call_off()
    for name, found in jobs.of_pause(client=Client.objects.get()):
        yield f"{EVERYBODY}: {name}", asdict(found)
    yield "bytes, deliveries", bytes_of(*TABLES["deliveries"])
    yield "bytes, estimates", bytes_of(*TABLES["estimates"])
    for name, found in jobs.pages():
        yield name, asdict(found)
    yield "peak_mb", round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
