"""A report too long to wait for is built in the background, in blocks, told as it goes, and can be called off."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import AuditEvent, JobRun, ReportBlock, ReportRun
from projects.operations.report_jobs import ring_again
from projects.reports import catalogue, frozen, income_impact
from projects.reports.background import build_asked
from projects.reports.files import FORMATS, write_file
from projects.reports.frozen import rows_of_run, table_of_run
from projects.reports.runs import pull_report
from projects.reports.writers.figures import figures_of
from tests.faces.finance.test_pages import IMPACT, fields, finance, page, words
from tests.integration.reports.world import AS_OF, AT, Firm, make_firm

__all__ = ["finance"]
pytestmark = pytest.mark.django_db
BY_WEEK = f"{IMPACT}&by=contractor,week"
ROWS = 13


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> object:
    """Five rows are long here, and a block has three."""
    for module, name, value in (
        (catalogue, "LIVE_ROWS", 5),
        (income_impact, "ROWS_AT_ONCE", 5),
        (frozen, "BLOCK_ROWS", 3),
    ):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("contractorhub.finance.views.reports.LIVE_ROWS", 5)
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def firm(db: None) -> Firm:
    """Five people, three pauses."""
    return make_firm()


def asked(browser: Client) -> JobRun:
    """Ask for the long report as its page offers to."""
    html = page(browser, BY_WEEK)
    assert f"{ROWS} rows" in words(html)
    assert "<tfoot>" not in html
    answer = browser.post("/finance/reports/income-impact/pull/", fields(html))
    job = JobRun.objects.get()
    assert answer["Location"] == f"/finance/jobs/{job.pk}/"
    return job


def clock(after_each: Callable[[], object] = lambda: None) -> Callable[[], datetime]:
    """A clock that lets something happen whenever somebody looks at it."""

    def now() -> datetime:
        after_each()
        return AT

    return now


def test_it_is_built_by_a_worker_and_every_format_has_the_rows_of_the_short_way(
    finance: Client, firm: Firm, tmp_path: object
) -> None:
    job = asked(finance)
    assert "Waiting for a worker" in page(finance, f"/finance/jobs/{job.pk}/")
    assert asked(finance) == job
    build_asked(job_id=job.pk, now=clock())
    build_asked(job_id=job.pk, now=clock())  # a doorbell that rang twice
    run = ReportRun.objects.get()
    assert finance.get(f"/finance/jobs/{job.pk}/")["Location"] == f"/finance/runs/{run.public_id}/"
    assert (run.row_count, ReportBlock.objects.count(), "rows" in run.rows) == (ROWS, 5, False)
    assert rows_of_run(run, 2, 8) == list(table_of_run(run).open_rows())[2:8]
    assert figures_of(table_of_run(run)).checksum == run.checksum
    for name in FORMATS:
        assert finance.get(f"/finance/runs/{run.public_id}/{name}/").getvalue()
    assert "7,600.00" in words(page(finance, BY_WEEK))


def test_a_kept_page_reads_only_the_blocks_it_shows(finance: Client, firm: Firm) -> None:
    build_asked(job_id=asked(finance).pk, now=clock())
    run = ReportRun.objects.get()
    with CaptureQueriesContext(connection) as queries:
        rows_of_run(run, 3, 6)
    assert len(queries) == 1
    ReportBlock.objects.exclude(number=1).delete()
    assert len(rows_of_run(run, 3, 6)) == 3


def test_called_off_while_it_is_built_it_keeps_nothing(finance: Client, firm: Firm) -> None:
    job = asked(finance)
    seen = []

    def call_off_after_the_first_block() -> None:
        seen.append(JobRun.objects.get().done_count)
        if seen[-1] == 3:
            finance.post(f"/finance/jobs/{job.pk}/stop/")

    build_asked(job_id=job.pk, now=clock(call_off_after_the_first_block))
    assert max(seen) == 3
    assert not ReportRun.objects.exists()
    assert "Called off" in page(finance, f"/finance/jobs/{job.pk}/")
    assert AuditEvent.objects.filter(verb="report.called_off").exists()
    answer = finance.post(f"/finance/jobs/{job.pk}/stop/", follow=True)
    assert "no longer being built" in words(answer.content.decode())


def test_a_fault_half_way_keeps_nothing_and_says_so(
    finance: Client, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked(finance)

    def break_off() -> None:
        if JobRun.objects.get().done_count == 3:
            raise MemoryError

    with pytest.raises(MemoryError):
        build_asked(job_id=job.pk, now=iter_clock(break_off))
    assert not ReportRun.objects.exists()
    assert not ReportBlock.objects.exists()
    assert "It could not be built" in page(finance, f"/finance/jobs/{job.pk}/")


def iter_clock(break_off: Callable[[], None]) -> Callable[[], datetime]:
    """A clock that breaks off once, then goes on: the failure itself must still be written down."""
    broken = []

    def now() -> datetime:
        if not broken:
            try:
                break_off()
            except MemoryError:
                broken.append(1)
                raise
        return AT

    return now


def test_a_lost_worker_is_replaced_and_a_lost_doorbell_rung_again(finance: Client, firm: Firm) -> None:
    job = asked(finance)
    JobRun.objects.update(state="running", touched_at=AT)
    build_asked(job_id=job.pk, now=clock())
    assert not ReportRun.objects.exists()  # somebody else is at it
    later = AT + timedelta(minutes=3)
    ring_again(at=later)
    build_asked(job_id=job.pk, now=lambda: later)
    assert ReportRun.objects.count() == 1


def test_the_command_streams_the_same_rows(firm: Firm, tmp_path: object) -> None:
    told: list[int] = []
    run = pull_report(
        name="income-impact",
        parameters={"by": ["contractor,week"]},
        as_of=AS_OF,
        by=None,
        at=AT,
        tell=told.append,
    )
    assert told == [3, 6, 9, 12, 13]
    assert write_file(table_of_run(run), FORMATS["csv"], tmp_path / "r.csv").rows == ROWS  # type: ignore[operator]
