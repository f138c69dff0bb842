"""A portal that a real browser opens: a live server, Ana signed in, and pages looked at on phone and desk."""

from collections.abc import Callable

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from projects.models import User
from tests.conftest import Complaints
from tests.faces.portal.world import World, make_estimate, make_world

PHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def world(transactional_db: None) -> World:
    """Ana, paused, with an estimate."""
    world = make_world()
    make_estimate(world)
    return world


def cookie_of(user: User, live_server: LiveServer) -> dict[str, str]:
    """A session as signing in would leave it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": "sessionid", "value": session.session_key or "", "url": live_server.url}


@pytest.fixture
def opened(
    chromium: Browser, live_server: LiveServer, world: World, complaints: Complaints
) -> Callable[..., Page]:
    """Open an address as Ana (or as nobody) in a given window, scheme and language."""

    def open_page(
        path: str,
        *,
        size: dict[str, int] = PHONE,
        scheme: str = "light",
        scripts: bool = True,
        signed_in: bool = True,
    ) -> Page:
        context: BrowserContext = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale="en-GB",
        )
        if signed_in:
            context.add_cookies([cookie_of(world.user, live_server)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", complaints.note_console)
        page.on("pageerror", lambda error: complaints.lines.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page
