"""A desk that a real browser opens: a live server, Lea signed in, and pages looked at on phone and desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from projects.models import User
from tests.browser.portal.conftest import cookie_of
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk, make_desk

DESK = {"width": 1280, "height": 900}


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """Lea's desk with six people on CHORDUS."""
    return make_desk()


@pytest.fixture
def opened(
    chromium: Browser, live_server: LiveServer, desk: Desk, complaints: Complaints
) -> Callable[..., Page]:
    """Open an address as Lea in a given window and scheme, with or without scripts."""

    def open_page(
        path: str, *, size: dict[str, int] = DESK, scheme: str = "light", scripts: bool = True
    ) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        context.add_cookies([cookie_of(desk.lead, live_server)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", complaints.note_console)
        page.on("pageerror", lambda error: complaints.lines.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


@pytest.fixture
def as_user(chromium: Browser, live_server: LiveServer, complaints: Complaints) -> Callable[..., Page]:
    """A page of somebody's own browser, on the front page of the desk."""

    def open_page(user: User, path: str = "/admin/", *, size: dict[str, int] = DESK) -> Page:
        context = chromium.new_context(viewport=size, locale="en-GB")  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        context.add_cookies([cookie_of(user, live_server)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", complaints.note_console)
        page.on("pageerror", lambda error: complaints.lines.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page
