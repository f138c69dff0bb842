"""The page that shows every door of the API works under the strict policy."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Milliseconds. The page works through the whole schema when it opens and when an operation does: a second or two of
# script on a machine that has nothing else to do, many times that beside other browsers on two slow cores.
PATIENCE = 60_000


def test_the_page_shows_every_door_under_the_strict_policy(
    live_server: LiveServer, page: Page, complaints: Complaints
) -> None:
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.get_by_text("/api/v1/hours-lock").first).to_be_visible(timeout=PATIENCE)
    create = page.locator("#operations-pauses-pauses_create").get_by_role("button").first
    create.click(no_wait_after=True)  # what comes of it is waited for below, the page's own way
    expect(page.get_by_text("All work on CHORDUS.").first).to_be_visible(timeout=PATIENCE)
    assert complaints.lines == []
