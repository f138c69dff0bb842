"""What every test may ask for: a clean cache, real services, a browser that notices errors."""

import gc
import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from celery import Celery
from celery import _state as celery_state
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, settings
from kombu import Connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from contractorhub.api import throttling
from contractorhub.celery import app as product
from projects import jobs
from tests.services.broker import BrokerService, running_broker
from tests.services.browser import chromium_path
from tests.services.emptying import empty_what_was_filled
from tests.services.needed import is_missing
from tests.services.template import copy_migrated_database

# Playwright's synchronous API runs an event loop in this thread, which Django would take for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A machine that is busy is no defect: how long an example takes fails no test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)  # before xdist asks which tests belong together
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process of a run does all tests that mostly wait for real processes, and begins with them.

    The cores work on the others meanwhile, and none of them is left to be waited for at the end. TEST_ORDER=SEED has
    modules and the tests of each in another order, the same in every process: all hold in any.
    """
    for item in items:
        if item.get_closest_marker("worker"):
            item.add_marker(pytest.mark.xdist_group("processes"))
    if seed := os.environ.get("TEST_ORDER"):
        drawn = random.Random(seed)
        drawn.shuffle(items)
        modules = {item.path: drawn.random() for item in items}
        items.sort(key=lambda item: modules[item.path])


def pytest_collection() -> None:
    """Nothing of what is loaded now is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was loaded by now stays to the end: the collector need not go through half a gigabyte of it every time."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits and heartbeats live in the cache: without this the third test to sign in gets no mail."""
    cache.clear()
    throttling._taken.clear()  # places a process holds of a counter that is gone
    yield
    cache.clear()
    translation.deactivate()  # a request leaves its thread in its own language, and the next test would speak it


@pytest.fixture(autouse=True)
def _rings_with_the_product() -> Iterator[None]:
    """A test that makes an application of its own never leaves it current: the next would ring a dead broker."""
    yield
    left = celery_state.get_current_app()
    if left is not product:
        for use in (product.set_current, product.set_default):
            use()
        pytest.fail(f"this test left {left} as the current application: make it with set_as_current=False")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's test database is a copy of a migrated one, which goes with the scratch folder."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the migrated database to where this process tests: going through every migration takes seconds."""
    if connection.vendor == "sqlite":
        copy_migrated_database(Path(connection.settings_dict["TEST"]["NAME"]))
    elif template := os.environ.get("TEST_POSTGRES_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def _emptied_in_a_moment() -> Iterator[None]:
    """A test that commits leaves the database as it found it, without a fifth of a second of emptying and filling."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", empty_what_was_filled)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


@pytest.fixture(scope="module")
def kept_rows(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Opens the database for rows that every test of a module begins with: they are made once and go with the last.

    Each test's own changes are taken back as ever, for its transaction is a savepoint in the module's. Give tests a
    copy of what was made. A test of the module that asks for none of the rows may meet them all the same. Not for a
    module that holds a test with `transaction=True`.
    """
    around = transaction.atomic()
    around._from_testcase = True  # as Django's own: `durable` may begin inside it
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerService]:
    """A real broker of this test's own."""
    with running_broker(tmp_path) as service:
        yield service


@pytest.fixture
def ring(broker: BrokerService, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Rings at this test's own broker, for this process too."""
    app = Celery("bell", set_as_current=False)

    def at_our_broker(name: str, **arguments: int | str) -> bool:
        with Connection(broker.tasks_url) as connection:
            app.send_task(name, kwargs=arguments, queue=jobs.QUEUES[name], retry=False, connection=connection)
        return True

    monkeypatch.setattr(jobs, "ring", at_our_broker)
    return at_our_broker


@dataclass
class Complaints:
    """What a page complained about: script errors, blocked resources, failed requests."""

    lines: list[str] = field(default_factory=list)

    def note_console(self, message: ConsoleMessage) -> None:
        """Keep errors, among them every breach of the content security policy."""
        if message.type == "error":
            self.lines.append(message.text)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium, shared by the tests of one process."""
    path = chromium_path()
    if not path:
        is_missing("Chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser profile of this test's own: no cookie of another test."""
    context = chromium.new_context(locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def complaints() -> Complaints:
    """What the page of this test complained about; assert that its lines are empty."""
    return Complaints()


@pytest.fixture
def page(browser_context: BrowserContext, complaints: Complaints) -> Page:
    """An empty page whose errors are collected in `complaints`."""
    page = browser_context.new_page()
    page.on("console", complaints.note_console)
    page.on("pageerror", lambda error: complaints.lines.append(str(error)))
    return page
