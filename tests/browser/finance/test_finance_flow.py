"""Somebody in finance asks, reads, follows a number down, downloads and compares, on a phone and a desk."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from projects.models import ReportRun, User
from projects.operations.report_jobs import ask_for_report
from projects.reports.background import build_asked
from tests.browser.portal.conftest import DESK, PHONE, cookie_of
from tests.browser.portal.test_every_page_looks_right import assert_fine as looks_fine
from tests.conftest import Complaints
from tests.integration.reports.test_runs import ana_worked_after_all
from tests.integration.reports.world import AS_OF, AT, Firm, go_on, make_firm, member, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IMPACT = f"/finance/reports/income-impact/?as_of={AS_OF}&by=client,project,contractor"
PAGES = {
    "index": "/finance/",
    "runs": "/finance/runs/",
    "person": f"/finance/people/{{person}}/?as_of={AS_OF}",
    "register": f"/finance/reports/pause-register/?as_of={AS_OF}",
    "exposure": f"/finance/reports/exposure/?as_of={AS_OF}",
    "quality": f"/finance/reports/data-quality/?as_of={AS_OF}",
    "periods": "/finance/periods/",
    "rates": "/finance/rates/",
    "terms": "/finance/terms/",
    "schedule-form": "/finance/reports/income-impact/schedule/?by=client",
    "schedules": "/finance/schedules/",
    "ledger": f"/finance/reports/period-ledger/?as_of={AS_OF}",
    "obligations": f"/finance/reports/obligations/?as_of={AS_OF}",
}


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """Tests take place at noon of their day."""
    with time_machine.travel(AT, tick=True):
        yield


@pytest.fixture
def firm(transactional_db: None, on_the_day: None) -> Firm:
    """Five people, three pauses, and some of what was said about them."""
    found = make_firm()
    tell(found)
    return found


@pytest.fixture
def opened(
    chromium: Browser, live_server: LiveServer, firm: Firm, complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """Open an address as somebody in finance, or as nobody yet."""
    contexts = []

    def open_page(
        path: str,
        size: dict[str, int] = DESK,
        scheme: str = "light",
        *,
        scripts: bool = True,
        user: User | None = None,
        signed_in: bool = True,
    ) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale="en-GB",
        )
        contexts.append(context)
        if signed_in:
            cookie = cookie_of(user or member("finance"), live_server) | {"expires": -1}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", complaints.note_console)
        page.on("pageerror", lambda error: complaints.lines.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def assert_fine(page: Page, complaints: Complaints, name: str) -> None:
    """Nothing blocked; no sideways scroll of the page and no axe violation on phone and desk, in light and dark."""
    looks_fine(page, name)
    assert complaints.lines == []


def test_every_page_of_finance_is_whole_and_accessible(
    opened: Callable[..., Page], firm: Firm, complaints: Complaints
) -> None:
    page = opened(IMPACT)
    assert_fine(page, complaints, "impact")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Keep only").click()
    page.wait_for_url("**/finance/runs/*/")
    assert_fine(page, complaints, "run")
    ana_worked_after_all(firm)
    page.get_by_role("button", name="What has moved since?").click()
    expect(page.get_by_role("heading", name="What moved")).to_be_visible()
    assert_fine(page, complaints, "difference")
    base = page.url.split("/finance/")[0]
    for name, address in PAGES.items():
        page.goto(f"{base}{address.format(person=firm.people[0].contractor_id)}")
        assert_fine(page, complaints, name)


def test_finance_signs_in_filters_follows_a_total_down_and_downloads_the_same_cents(
    opened: Callable[..., Page], firm: Firm, complaints: Complaints, tmp_path: Path
) -> None:
    user = member("finance")
    page = opened("/finance/", signed_in=False)
    page.get_by_label("Email").fill(user.email)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").wait_for()
    code = re.search(r"^ {4}(\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None
    page.get_by_label("Code").fill(code.group(1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name=re.compile("Income impact")).click()
    page.get_by_label("As of").fill(str(AS_OF))
    page.get_by_text("Client all").click()
    page.get_by_label("ORION · Orion Labs").check()
    page.get_by_role("button", name="Show").click()
    assert "client=ORION" in page.url
    expect(page.get_by_role("row", name="Total USD")).to_contain_text("4,000.00")
    page.get_by_role("link", name="4,000.00 USD: everybody in this total").click()
    expect(page.get_by_role("row", name="Dan Silva").last).to_contain_text("800.00")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    saved = tmp_path / "report.csv"
    waiting.value.save_as(saved)
    assert saved.read_text().count("\n") == 4
    page.reload()
    expect(page.get_by_text("stays as it is, whatever comes in")).to_be_visible()
    page.get_by_role("link", name="Dan Silva").click()
    expect(page.get_by_role("heading", name="Dan Silva")).to_be_visible()
    expect(page.get_by_text("$800.00").first).to_be_visible()
    assert ReportRun.objects.get().parameters["client"] == ["ORION"]
    assert complaints.lines == []


def test_it_all_works_without_scripts(opened: Callable[..., Page], firm: Firm) -> None:
    page = opened("/finance/reports/income-impact/", scripts=False)
    page.get_by_label("As of").fill(str(AS_OF))
    page.get_by_label("Grouped by, place 1").select_option("week")
    page.get_by_label("Grouped by, place 2").select_option("")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row", name="2026-03-02").last).to_be_visible()
    page.get_by_label("First week").fill("2026-03-20")
    page.get_by_label("Last week").fill("2026-03-02")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("lies before the first")


def test_finance_closes_a_period_schedules_its_journal_and_saves_it_for_the_books(
    opened: Callable[..., Page], firm: Firm, complaints: Complaints, tmp_path: Path
) -> None:
    go_on(firm)
    page = opened("/finance/periods/")
    expect(page.get_by_role("row", name="USD").first).to_be_visible()
    page.get_by_label("Last week").fill("2026-03-29")
    page.get_by_role("button", name="Close for good").click()
    expect(page.get_by_text("The weeks from 2026-03-23 to 2026-03-23 are closed.")).to_be_visible()
    page.get_by_role("link", name="Journal").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Xero").click()
    saved = tmp_path / "journal.csv"
    waiting.value.save_as(saved)
    assert "Accrued contractor pay" in saved.read_text()
    page.get_by_role("link", name="Send it regularly").click()
    page.get_by_label("On (weekly)").select_option("Monday")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("every week on Monday at 06:00 UTC")).to_be_visible()
    assert_fine(page, complaints, "schedule-made")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused since")).to_be_visible()


def test_a_report_being_built_is_followed_called_off_and_found(
    opened: Callable[..., Page], firm: Firm, complaints: Complaints
) -> None:
    user = member("finance")
    asked = {"name": "income-impact", "as_of": AS_OF, "rows": 90_000, "by": user, "at": AT}
    first = ask_for_report(values={"by": ["client"]}, **asked)  # type: ignore[arg-type]
    page = opened(f"/finance/jobs/{first.pk}/", user=user)
    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    assert_fine(page, complaints, "job")
    build_asked(job_id=first.pk, now=lambda: AT)
    expect(page.get_by_text("These figures never change.")).to_be_visible(timeout=10_000)
    second = ask_for_report(values={"by": ["week"]}, **asked)  # type: ignore[arg-type]
    page.goto(page.url.split("/finance/")[0] + f"/finance/jobs/{second.pk}/")
    page.get_by_role("button", name="Call it off").click()
    expect(page.get_by_role("heading", name="Called off")).to_be_visible()
    assert complaints.lines == []
