"""The main job by hand: a lead pauses, a contractor hears, signs in and sees it, finance downloads what it costs."""

import csv
import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from projects.models import Acknowledgement, EstimateRun
from tests.conftest import Complaints
from tests.fakes.smtp_sink import SmtpSink, running_smtp_sink
from tests.faults.ledger import wait_until
from tests.services.broker import BrokerService
from tests.services.processes import CHECKOUT, PYTHON
from tests.services.worker import process_env, running_web, running_worker

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PEOPLE = 12


@dataclass
class Town:
    """The product running for real, and the mail server everybody's mail goes to."""

    address: str
    sink: SmtpSink
    browser: Browser
    complaints: Complaints

    def sign_in(self, email: str, path: str) -> Page:
        """Open a page as somebody who is asked to sign in, with the code that was really mailed."""
        page = self.browser.new_context(locale="en-GB", accept_downloads=True).new_page()
        page.on("console", self.complaints.note_console)
        page.goto(f"{self.address}{path}")
        before = len(self.mails_to(email))
        page.get_by_label("Email address").fill(email)
        page.get_by_role("button", name="Email me a code").click()
        wait_until(lambda: len(self.mails_to(email)) > before, seconds=20)
        page.get_by_label("Code").fill(self.code_for(email))
        page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    def mails_to(self, email: str) -> list[str]:
        """The plain words of every mail to an address."""
        mails = [mail.message for mail in self.sink.accepted if mail.recipient == email]
        bodies = [mail.get_body(preferencelist=("plain",)) for mail in mails]
        return [body.get_content() for body in bodies if body is not None]

    def code_for(self, email: str) -> str:
        """The code in the newest mail to an address."""
        found = re.search(r"^ {4}(\S+)\r?$", self.mails_to(email)[-1], re.MULTILINE)
        assert found is not None
        return found.group(1)


@pytest.fixture
def town(chromium: Browser, broker: BrokerService, tmp_path: Path, complaints: Complaints) -> Iterator[Town]:
    """Web, worker, broker, mail server and browser, with the demo's people."""
    call_command("seed_demo", "--contractors", str(PEOPLE), "--weeks", "16", verbosity=0)
    with running_smtp_sink() as sink:
        env = {**broker.env(), "EMAIL_URL": sink.url, "STATIC_ROOT": str(tmp_path / "static")}
        collect = (PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        subprocess.run(collect, env=process_env(env), cwd=CHECKOUT, check=True)
        with running_web(tmp_path, env=env) as address:
            here = env | {"BASE_URL": address}
            with running_worker(tmp_path, broker=broker, env=here):
                yield Town(address=address, sink=sink, browser=chromium, complaints=complaints)


def _pause_chordus(page: Page) -> None:
    page.get_by_label("What is paused?", exact=True).select_option(label="CHORDUS · Chordus")
    page.get_by_label("Why?", exact=True).select_option(label="Security incident")
    for button in ("Write the pause", "See what it will do", "Pause now"):
        page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("its notices are on their way")).to_be_visible()


def _estimate_is_done() -> bool:
    return EstimateRun.objects.filter(state="done").exists()


def test_a_lead_pauses_a_contractor_sees_it_and_finance_downloads_it(town: Town) -> None:
    desk = town.sign_in("lead@demo.example", "/admin/")
    _pause_chordus(desk)
    wait_until(lambda: len(town.mails_to("ana@demo.example")) == 1, seconds=60)
    wait_until(_estimate_is_done, seconds=90)

    notice = town.mails_to("ana@demo.example")[0]
    link = re.search(r"/portal/pauses/[0-9a-f-]+/", notice)
    assert link is not None
    portal = town.sign_in("ana@demo.example", link.group(0))
    expect(portal.get_by_role("heading", name=re.compile("chordus", re.IGNORECASE)).first).to_be_visible()
    portal.get_by_role("button", name="I have read this").click()
    expect(portal.get_by_text("You have read this", exact=True)).to_be_visible()
    assert Acknowledgement.objects.get().acknowledged_at is not None

    books = town.sign_in("finance@demo.example", "/finance/")
    books.get_by_role("link", name=re.compile("income impact", re.IGNORECASE)).first.click()
    with books.expect_download() as download:
        books.get_by_role("button", name=re.compile("CSV")).first.click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert any("CHORDUS" in row for row in rows)
    assert town.complaints.lines == []
