"""Times an estimate from PostgreSQL rows to written results, through the product's own operations.

Usage: DATABASE_URL=postgresql://... python bench/estimate_whole.py [PEOPLE] [DAYS_A_WEEK] [--profile]   (default
24,000 people, 5 rows a week)

Makes a database of its own on that server, fills it with people, rates and 104 weeks of hours laid down week after
week as imports do, opens a client's pause, and lets two processes compute the chunks as two workers would. Ends with
one JSON line: `whole_seconds_100k` (asking and computing scaled from PEOPLE; calibration reads the same sample whatever
the size and is not scaled), `whole_seconds`, `calibrate_seconds`, `worker_cpu_seconds`, `rows`. The database is dropped
again.
"""

import cProfile
import json
import multiprocessing
import os
import pstats
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ["CELERY_BROKER_URL"] = "memory://"  # the workers of this bench are handed their chunks

import django

django.setup()

from datetime import UTC, date, datetime  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner  # noqa: E402

from bench.hours import MONDAY, lay_hours  # noqa: E402
from projects.models import (  # noqa: E402
    Client,
    Contractor,
    Engagement,
    EstimateWeek,
    HoursEntry,
    LostIncomeEstimate,
    Pause,
    Project,
    Rate,
)
from projects.operations.estimates import ask_for_estimate, compute_chunk, start_run  # noqa: E402

WEEKS = 104
WORKERS = 2
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE_A_PROJECT = 300
COUNTRIES = ("US", "PH", "IN", "GB", "KE")


def fill(people: int, days: int) -> None:
    """People, rates and weeks; the database makes its own rows of hours."""
    projects = max(people // PEOPLE_A_PROJECT, 1)
    client = Client.objects.create(code="BENCH", name="Bench")
    begun = Project.objects.bulk_create(
        Project(client=client, code=f"B{n}", name=f"B{n}") for n in range(projects)
    )
    contractors = Contractor.objects.bulk_create(
        (
            Contractor(
                name=f"Person {n}",
                email=f"person{n}@people.example",
                country=COUNTRIES[n % 5],
                time_zone="UTC",
                created_at=AT,
            )
            for n in range(people)
        ),
        batch_size=2_000,
    )
    engagements = Engagement.objects.bulk_create(
        (
            Engagement(contractor=one, project=begun[n % projects], starts_on=date(2024, 1, 1), created_at=AT)
            for n, one in enumerate(contractors)
        ),
        batch_size=2_000,
    )
    Rate.objects.bulk_create(
        (
            Rate(
                engagement=one, starts_on=date(2024, 1, 1), basis="hour", amount_millionths=(15 + n % 20) * 1_000_000,
                currency="USD", contracted_weekly_seconds=144_000,
            )
            for n, one in enumerate(engagements)
        ),
        batch_size=2_000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        lay_hours(cursor, weeks=WEEKS, days=days, until=MONDAY)
        cursor.execute("VACUUM ANALYZE")
    Pause.objects.create(
        client=client, state="in_effect", starts_at=AT.replace(hour=0), reason_code="budget", what_stopped="All",
        why="Budget", what_happens_to_pay="Nothing", what_to_do_now="Wait", next_update_by=AT.replace(month=4),
        opened_at=AT, notice_sent_at=AT,
    )  # fmt: skip


def work(database: str, chunks: Any, done: Any) -> None:
    """One worker, already up: chunks as they come until None, then the processor's seconds it took."""
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
    HoursEntry.objects.first()
    done.put("ready")
    began = time.process_time()
    while (chunk_id := chunks.get()) is not None:
        compute_chunk(chunk_id=chunk_id, at=AT)
    done.put(time.process_time() - began)


def whole(people: int, *, is_profiled: bool) -> dict[str, float]:
    """Ask, calibrate, compute and write; the clock runs from the asking to the finished run."""
    spawned = multiprocessing.get_context("spawn")
    chunks, done = spawned.Queue(), spawned.Queue()
    database = connection.settings_dict["NAME"]
    workers = [spawned.Process(target=work, args=(database, chunks, done)) for _ in range(WORKERS)]
    for worker in workers if not is_profiled else []:
        worker.start()
        assert done.get() == "ready"
    began = time.perf_counter()
    run = ask_for_estimate(pause=Pause.objects.get(), reason="asked", at=AT)
    asked = time.perf_counter()
    start_run(run_id=run.pk, at=AT)
    calibrated = time.perf_counter()
    waiting = list(run.chunks.filter(done_at__isnull=True).order_by("number").values_list("pk", flat=True))
    if is_profiled:
        profile = cProfile.Profile()
        for pk in waiting:
            profile.runcall(compute_chunk, chunk_id=pk, at=AT)
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
        pstats.Stats(profile).sort_stats("cumtime").print_stats(60)
    for pk in [*waiting, *[None] * WORKERS]:
        chunks.put(pk)
    used = 0.0 if is_profiled else sum(done.get() for _ in workers)
    took = time.perf_counter() - began
    run.refresh_from_db()
    assert run.state == "done", run.state
    assert LostIncomeEstimate.objects.filter(run=run).count() == people
    return {
        "people": people,
        "rows": HoursEntry.objects.count(),
        "weeks_written": EstimateWeek.objects.count(),
        "ask_seconds": round(asked - began, 2),
        "calibrate_seconds": round(calibrated - asked, 2),
        "worker_cpu_seconds": round(used, 2),
        "whole_seconds": round(took, 2),
        "whole_seconds_100k": round((asked - began + took - (calibrated - began)) * 100_000 / people, 2)
        + round(calibrated - asked, 2),
    }


def main() -> None:
    """All of it, the last line as JSON."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    people, days = (*numbers, *(24_000, 5)[len(numbers) :])[:2]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        fill(people, days)
        figures = whole(people, is_profiled="--profile" in sys.argv)
        print(json.dumps(figures | {"rows_a_week": days}))
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
