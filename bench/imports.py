"""Times the import of a file of hours against PostgreSQL's COPY of the same rows into the same table.

Usage: python -m bench.imports [ROWS] [PEOPLE]   (default 1,000,000 rows of 10,000 people)

Makes a database of its own on the server of DATABASE_URL (postgres@127.0.0.1:5432 where none is named), writes a Toggl
export of the rows, takes it in through the product's own operation, empties the table, and copies the very same rows
back with COPY, constraints and indexes standing. Ends with one JSON line: `vs_copy` (the time of COPY over that of
the import), `peak_mb` (of the importing process), `import_seconds`, `copy_seconds`, `rows`. The database is dropped.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ["CELERY_BROKER_URL"] = "memory://"

import django

django.setup()

from datetime import UTC, date, datetime, timedelta  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner  # noqa: E402

from projects.models import Client, Contractor, Engagement, HoursEntry, Project, Rate  # noqa: E402
from projects.operations.hours import IntakeOptions, take_in_hours  # noqa: E402
from projects.operations.hours_staging import COLUMNS  # noqa: E402

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST = date(2025, 1, 6)
PROJECTS = 20
HEADER = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
BATCH = 5_000


def fill(people: int) -> None:
    """People, engaged and paid."""
    client = Client.objects.create(code="BENCH", name="Bench")
    projects = Project.objects.bulk_create(
        Project(client=client, code=f"B{n}", name=f"B{n}") for n in range(PROJECTS)
    )
    contractors = (
        Contractor(name=f"P {n}", email=f"p{n}@people.example", country="PH", time_zone="Asia/Manila")
        for n in range(people)
    )
    engagements = (
        Engagement(contractor=each, project=projects[n % PROJECTS], starts_on=date(2024, 1, 1))
        for n, each in enumerate(Contractor.objects.bulk_create(contractors, batch_size=BATCH))
    )
    rates = (
        Rate(
            engagement=each, starts_on=date(2024, 1, 1), basis="hour", amount_millionths=20_000_000, currency="USD",
            contracted_weekly_seconds=144_000,
        )
        for each in Engagement.objects.bulk_create(engagements, batch_size=BATCH)
    )  # fmt: skip
    Rate.objects.bulk_create(rates, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def export(path: Path, *, rows: int, people: int) -> None:
    """A detailed export: day after day, one entry a person."""
    with path.open("w") as out:
        out.write(HEADER)
        for n in range(rows):
            who, day = n % people, FIRST + timedelta(days=n // people)
            hour, minute, long = 6 + n % 5, n % 60, 1 + n % 8
            out.write(
                f"P {who},p{who}@people.example,,B{who % PROJECTS},,,Yes,{day},"
                f"{hour:02}:{minute:02}:00,{day},{hour + long:02}:{minute:02}:00,{long:02}:00:00,\n"
            )


def copied(columns: str) -> float:
    """Seconds that COPY takes for the same rows into the same, emptied table."""
    with tempfile.TemporaryFile() as held, connection.cursor() as cursor:
        with cursor.copy(f"COPY projects_hoursentry ({columns}) TO STDOUT") as out:
            for block in out:
                held.write(block)
        cursor.execute("TRUNCATE projects_hoursentry CASCADE")
        cursor.execute("VACUUM projects_hoursentry")
        cursor.execute("CHECKPOINT")
        held.seek(0)
        began = time.perf_counter()
        with cursor.copy(f"COPY projects_hoursentry ({columns}) FROM STDIN") as into:
            while block := held.read(1 << 20):
                into.write(block)
        return time.perf_counter() - began


def taken_in(path: Path) -> None:
    """Take the file in as a worker would, and print its seconds and the peak of this process."""
    began = time.perf_counter()
    take_in_hours(file=path, options=IntakeOptions(), by=None, at=AT)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"import_seconds": round(time.perf_counter() - began, 2), "peak_mb": round(peak, 1)}))


def in_a_process_of_its_own(*words: str) -> str:
    """Run a part of this bench where its memory is its own."""
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    command = [sys.executable, "-m", "bench.imports", *words]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "DATABASE_URL": url}
    )
    return done.stdout


def measure(rows: int, people: int) -> dict[str, float]:
    """Import, then COPY."""
    fill(people)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "hours.csv"))
        in_a_process_of_its_own("--export", path, str(rows), str(people))
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        found = json.loads(in_a_process_of_its_own("--import", path))
    assert HoursEntry.objects.count() == rows
    plain = copied(f"{', '.join(COLUMNS)}, taken_in_by_id, recorded_at")
    return {
        "rows": rows,
        "copy_seconds": round(plain, 2),
        **found,
        "vs_copy": round(plain / found["import_seconds"], 3),
    }


def main() -> None:
    """All of it, the last line as JSON."""
    words = sys.argv[1:]
    if words[:1] == ["--export"]:
        export(Path(words[1]), rows=int(words[2]), people=int(words[3]))
        return
    if words[:1] == ["--import"]:
        taken_in(Path(words[1]))
        return
    rows, people = (*map(int, words), *(1_000_000, 10_000)[len(words) :])[:2]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        print(json.dumps(measure(rows, people)))
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
