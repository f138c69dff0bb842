"""A million rows through a real worker: told as they come, called off, kept, and written in every format."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from projects.models import (
    Contractor,
    Engagement,
    EstimateWeek,
    JobRun,
    LostIncomeEstimate,
    ReportBlock,
    ReportRun,
)
from projects.operations.estimate_rows import WEEK_COLUMNS
from projects.operations.report_jobs import ask_for_report, call_off
from projects.reports.catalogue import ask_for, report_named
from projects.reports.files import FORMATS
from tests.factories import ContractorFactory
from tests.integration.reports.world import AS_OF, make_firm, member
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT
from tests.services.worker import process_env, running_worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.worker,
    pytest.mark.slow,
    pytest.mark.timeout(1_500),
]
PEOPLE, WEEKS = 10_000, 100
PATIENCE_SECONDS = 400
MOST_MB = 300
"""What a process of the product may take at most, beside what the machine's other processes do."""


def make_crowd() -> int:
    """Ten thousand people with a hundred weeks each beside the firm's own; how many rows by person and week."""
    firm = make_firm()
    first = LostIncomeEstimate.objects.get(run__pause=firm.open)
    people = Contractor.objects.bulk_create(
        ContractorFactory.build(name=f"Person {n}", email=f"p{n}@crowd.example") for n in range(PEOPLE)
    )
    begins = first.engagement.starts_on
    engaged = Engagement.objects.bulk_create(
        Engagement(contractor=person, project=firm.harp, starts_on=begins) for person in people
    )
    facts = {
        field.attname: getattr(first, field.attname)
        for field in LostIncomeEstimate._meta.concrete_fields
        if field.attname not in {"id", "engagement_id"}
    }
    made = LostIncomeEstimate.objects.bulk_create(
        LostIncomeEstimate(**facts, engagement=each) for each in engaged
    )
    weeks = [
        EstimateWeek(
            estimate=made[0], week_starts_on=AS_OF - timedelta(weeks=n), expected_seconds=144_000 + n,
            expected_minor=80_000 + n, standby_minor=20_000, lost_minor=60_000 + n,
        )
        for n in range(WEEKS)
    ]  # fmt: skip
    EstimateWeek.objects.bulk_create(weeks)
    columns = ", ".join(WEEK_COLUMNS)
    copied = ", ".join(f"w.{name}" for name in WEEK_COLUMNS)
    table = EstimateWeek._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (estimate_id, {columns}) SELECT e.id, {copied} FROM {table} w "
            f"JOIN {LostIncomeEstimate._meta.db_table} e ON e.id > %s WHERE w.estimate_id = %s",
            [made[0].pk, made[0].pk],
        )
        cursor.execute("ANALYZE")
    return EstimateWeek.objects.count()


def until(is_so: Callable[[], bool], told: Callable[[], object] = lambda: None) -> float:
    """Wait; how many seconds it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE_SECONDS, "it took too long"
        told()
        time.sleep(0.2)
    return time.monotonic() - began


def peak(pid: int | str) -> float:
    """The most MB that a process has held so far; the system's own count at its end would begin with its parent's."""
    status = Path(f"/proc/{pid}/status").read_text()
    _, is_there, held = status.partition("VmHWM:")
    return int(held.split()[0]) / 1024 if is_there else 0.0  # one that has ended holds nothing


def pool_peak(pid: int) -> float:
    """The most MB that a child of a worker has held."""
    return max(peak(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def written(name: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak MB of writing the kept run as a file, by the command."""
    process = subprocess.Popen(
        [
            sys.executable, "manage.py", "export_report", "income-impact", "--by", "contractor,week",
            "--as-of", str(AS_OF), "--format", name, "--output", str(folder / f"report.{name}"),
        ],
        cwd=CHECKOUT, env=process_env(), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    seen = [0.0]
    seconds = until(lambda: process.poll() is not None, lambda: seen.append(peak(process.pid)))
    assert process.returncode == 0
    return seconds, max(seen)


@pytest.mark.usefixtures("ring")
def test_a_million_rows_are_built_told_called_off_kept_and_written(
    broker: BrokerService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = make_crowd()
    assert rows > 1_000_000
    finance, report = member("finance"), report_named("income-impact")
    ask = ask_for(report, {"by": ["contractor,week"]}, as_of=AS_OF, by=finance, at=datetime.now(UTC))

    def asked() -> JobRun:
        return ask_for_report(
            name=report.name, values=ask.values, as_of=AS_OF, rows=rows, by=finance, at=datetime.now(UTC)
        )

    def state(job: JobRun) -> str:
        job.refresh_from_db()
        return job.state

    with running_worker(tmp_path, broker=broker, concurrency=1) as worker:
        before = pool_peak(worker.pid)
        first = asked()
        until(lambda: state(first) == "running" and first.done_count > 0)
        call_off(job=first, by=finance, at=datetime.now(UTC))
        second = asked()
        told: list[int] = []
        seconds = until(lambda: state(second) == "done", lambda: told.append(second.done_count))
        after = pool_peak(worker.pid)
    assert state(first) == "cancelled"
    run = ReportRun.objects.get()
    assert (run.row_count, second.done_count) == (rows, rows)
    assert told == sorted(told)
    assert len(set(told)) > 10
    assert ReportBlock.objects.count() == -(-rows // 4000)
    figures = {name: written(name, tmp_path) for name in FORMATS}
    lines = [f"{rows:,} rows built in {seconds:.0f} s; worker {before:.0f} MB before, {after:.0f} MB at most"]
    for name, (took, held) in figures.items():
        size = (tmp_path / f"report.{name}").stat().st_size / 1e6
        lines.append(f"{name:5} {took:6.1f} s {held:6.0f} MB, file of {size:.1f} MB")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    assert after < MOST_MB
    assert all(held < MOST_MB for _, held in figures.values())
