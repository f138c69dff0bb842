"""Walks the thread in a real browser, as people do: a lead pauses, a contractor reads it, finance takes the report.

python scripts/walk.py http://127.0.0.1:8000 [--pictures docs/images]
"""

import argparse
import contextlib
import csv
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.services.browser import chromium_path  # the path above comes first

DESK, PHONE = 1280, 375
Scheme = Literal["light", "dark"]


class WalkFailed(Exception):
    """Something a person on this way would have met."""


@dataclass
class Walk:
    """One browser, the address of a product that runs with its demo data, and where pictures go, if anywhere."""

    browser: Browser
    base: str
    pictures: Path | None
    complaints: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def person(self, email: str, *, width: int = DESK, scheme: Scheme = "light") -> Iterator[Page]:
        """A page of somebody's own browser, signed in by the code that arrives in the mailbox."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 860},
            color_scheme=scheme,
            locale="en-GB",
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        sign_in(page, self.base, email)
        yield page
        context.close()

    def picture(self, page: Page, name: str, *, part: Locator | None = None) -> None:
        """Keep a picture of the window, or of a part of the page, for the documentation."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            (part or page).screenshot(path=self.pictures / f"{name}.png")


def sign_in(page: Page, base: str, email: str) -> None:
    """Ask for a code, read it in the mailbox as the person would, and type it."""
    page.goto(f"{base}/account/login/?next=/account/2fa/")
    page.get_by_label("Email address").fill(email)
    page.get_by_role("button", name="Email me a code").click()
    code = mailed_code(page, base, email)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def mailed_code(page: Page, base: str, email: str) -> str:
    """The code in the newest mail to an address; raises WalkFailed when none comes within 20 s."""
    inbox = page.context.new_page()
    try:
        for _attempt in range(40):
            inbox.goto(f"{base}/mailbox/?to={email}")
            letter = inbox.get_by_role("link", name=re.compile("code", re.IGNORECASE)).first
            if letter.count():
                letter.click()
                found = re.search(r"^\s{4}(\S+)\s*$", inbox.locator("pre").first.inner_text(), re.MULTILINE)
                if found:
                    return found.group(1)
            time.sleep(0.5)
    finally:
        inbox.close()
    raise WalkFailed(f"no sign-in code reached {email}")


def until_found(page: Page, address: str, what: Locator) -> None:
    """Open a page again until a worker has done its part; raise WalkFailed when it has not within a minute."""
    for _attempt in range(60):
        page.goto(address)
        if what.count():
            return
        time.sleep(1)
    raise WalkFailed(f"{address} never showed what a worker was to find out")


def pause(walk: Walk) -> None:
    """The lead pauses CHORDUS from the front page, sees what it will do, and confirms."""
    with walk.person("lead@demo.example") as page:
        page.goto(f"{walk.base}/admin/")
        page.get_by_label("What is paused?", exact=True).select_option(label="CHORDUS · Chordus")
        page.get_by_label("Why?", exact=True).select_option(label="Security incident")
        page.get_by_role("button", name="Write the pause", exact=True).click()
        page.get_by_role("button", name="See what it will do", exact=True).click()
        page.get_by_role("button", name="Pause now", exact=True).wait_for()
        walk.picture(page, f"preview-{DESK}-light")
        page.get_by_role("button", name="Pause now", exact=True).click()
        expect(page.get_by_text("its notices are on their way")).to_be_visible()


def read(walk: Walk) -> None:
    """Ana has one mail, finds herself paused on the portal, and acknowledges with one tap."""
    with walk.person("ana@demo.example") as page:
        page.goto(f"{walk.base}/portal/")
        card = page.get_by_role("article").filter(has=page.get_by_role("heading", name="CHORDUS"))
        for words in ("Why", "cost", "What to do now"):
            expect(card.get_by_text(words).first).to_be_visible()
        walk.picture(page, f"portal-{DESK}-light")
        card.get_by_role("button", name="I have read this").click()
        expect(page.get_by_text("You have read this", exact=True)).to_be_visible()
        if walk.pictures is not None:
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size({"width": PHONE, "height": 800})
            page.goto(f"{walk.base}/portal/")
            walk.picture(page, f"portal-{PHONE}-dark")


def report(walk: Walk) -> None:
    """Finance opens the income impact and takes it as CSV; the file is the rows of the page."""
    with walk.person("finance@demo.example") as page:
        address = f"{walk.base}/finance/reports/income-impact/?by=client,project"
        until_found(page, address, page.get_by_role("cell", name="CHORDUS").first)
        page.get_by_text("Figures of now").evaluate("element => element.scrollIntoView()")
        walk.picture(page, f"finance-{DESK}-light")
        with page.expect_download() as taken:
            page.get_by_role("link", name="CSV").or_(page.get_by_role("button", name="CSV")).first.click()
        rows = list(csv.reader(taken.value.path().read_text(encoding="utf-8-sig").splitlines()))
        if not any("CHORDUS" in row for row in rows):
            raise WalkFailed(f"the CSV of the income impact does not name CHORDUS: {rows[:5]}")


def desk(walk: Walk) -> None:
    """The lead resumes both pauses at once, pauses two projects as one, and decides a scope; pictures on the way."""
    with walk.person("lead@demo.example") as page:
        page.goto(f"{walk.base}/admin/")
        expect(page.locator("figure canvas").first).to_be_visible()
        walk.picture(page, f"desk-{DESK}-light")
        tick(
            page, f"{walk.base}/admin/projects/pause/", ("CHORDUS", "MUSEN"), "Resume work, for the selected"
        )
        page.get_by_role("button", name="Resume work now").click()
        expect(page.get_by_text("Done for 2 pauses")).to_be_visible()
        tick(
            page, f"{walk.base}/admin/projects/project/", ("CHORDUS", "MUSEN"), "Pause the selected projects"
        )
        expect(page.get_by_role("heading", name="Pause CHORDUS, MUSEN")).to_be_visible()
        walk.picture(page, f"composer-{DESK}-light")
        page.get_by_role("button", name="See what it will do", exact=True).click()
        page.get_by_role("button", name="Pause now", exact=True).click()
        expect(page.get_by_text("its notices are on their way")).to_be_visible()
        until_found(page, page.url, page.locator("#drain").get_by_text("through"))
        page.set_viewport_size({"width": DESK, "height": 1_240})
        walk.picture(page, f"pause-{DESK}-light")
        page.get_by_role("link", name="Not opened").first.click()
        page.set_viewport_size({"width": PHONE, "height": 800})
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        walk.picture(page, f"unseen-{PHONE}-dark")
        page.set_viewport_size({"width": DESK, "height": 860})
        page.emulate_media(color_scheme="light")
        scope(walk, page)


def scope(walk: Walk, page: Page) -> None:
    """Reassess the scope of CHORDUS and look at what a new rate means for each person."""
    page.goto(f"{walk.base}/admin/projects/project/?q=CHORDUS")
    page.get_by_role("link", name="CHORDUS").first.click()
    page.get_by_role("link", name="Reassess the scope…").click()
    page.get_by_label("What does it mean for contractors now?").fill("Work goes on while the client decides.")
    page.get_by_role("button", name="Tell everybody on the project").click()
    page.goto(f"{walk.base}/admin/projects/project/?q=CHORDUS")
    page.get_by_role("link", name="CHORDUS").first.click()
    page.get_by_role("link", name="Decide the scope…").click()
    page.get_by_label("Reduced").check()
    page.get_by_label("New hours a week").fill("30")
    page.get_by_label("New rate", exact=True).fill("16")
    page.get_by_label("Currency of the new rate").fill("USD")
    page.get_by_label("What does it mean for contractors?").fill("From today 30 hours a week at 16 dollars.")
    page.get_by_role("button", name="See what it means for each person").click()
    walk.picture(page, f"scope-{DESK}-light", part=page.locator("#per-person"))


def tick(page: Page, address: str, codes: tuple[str, ...], action: str) -> None:
    """Tick rows of a list and go on with what is to be done with them."""
    page.goto(address)
    for code in codes:
        page.get_by_role("row").filter(has_text=code).first.get_by_role("checkbox").check()
    choice = page.get_by_label("Action:").get_by_role("option").filter(has_text=action).get_attribute("value")
    page.get_by_label("Action:").select_option(choice)
    page.get_by_role("button", name="Go", exact=True).click()


def walk_the_thread(base: str, *, pictures: Path | None = None) -> None:
    """Go the whole way; raise WalkFailed or Playwright's own error where a person would have been stuck."""
    path = chromium_path()
    if not path:
        raise WalkFailed("there is no Chromium on this machine (set CHROMIUM_PATH)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        walk = Walk(browser, base.rstrip("/"), pictures)
        for step in (pause, read, report, *((desk,) if pictures else ())):
            step(walk)
            print(f"walk: {step.__name__}: {(step.__doc__ or '').splitlines()[0]}")
        browser.close()
    if walk.complaints:
        raise WalkFailed(f"the pages complained: {walk.complaints[:5]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", help="the address the product answers at")
    parser.add_argument("--pictures", type=Path, help="keep pictures for the documentation in this folder")
    given = parser.parse_args()
    try:
        walk_the_thread(given.base, pictures=given.pictures)
    except WalkFailed as reason:
        sys.exit(f"walk: FAILED: {reason}")
