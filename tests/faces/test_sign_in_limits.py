"""Signing in under attack: limits by account and by address, a new session key, and nothing to learn from the clock."""

import statistics
import time
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.faces.portal.test_signing_in import ask_for_code
from tests.factories import ContractorFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
KNOWN, UNKNOWN = "ana@people.example", "nobody@people.example"


@pytest.fixture(autouse=True)
def _ana(db: None) -> None:
    user = UserFactory.make(email=KNOWN)
    ContractorFactory.make(user=user, email=KNOWN)


def _ask(email: str, **headers: Any) -> int:
    return Client(**headers).post("/account/login/", {"login": email}).status_code


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_an_account_gets_three_codes_a_minute_from_wherever_they_are_asked_for(email: str) -> None:
    for number in range(6):
        _ask(email, REMOTE_ADDR=f"203.0.113.{number}")

    assert len(mail.outbox) == 3


def test_an_address_asks_for_twenty_codes_a_minute_for_whomever() -> None:
    for number in range(25):
        _ask(f"somebody{number}@people.example", REMOTE_ADDR="203.0.113.9")

    assert len(mail.outbox) == 20


def test_a_header_does_not_make_somebody_a_new_address() -> None:
    for number in range(25):
        _ask(
            f"somebody{number}@people.example",
            REMOTE_ADDR="203.0.113.9",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}",
        )

    assert len(mail.outbox) == 20


def test_signing_in_gives_the_session_a_new_key(client: Client) -> None:
    code = ask_for_code(client, KNOWN)
    before = client.session.session_key

    client.post("/account/login/code/confirm/", {"code": code})

    assert before
    assert client.session.session_key != before
    assert Client(HTTP_COOKIE=f"sessionid={before}").get("/portal/").status_code != 200


def test_a_desk_stays_open_for_a_working_day(client: Client, settings: Any) -> None:
    staff = UserFactory.make(email="lea@firm.example", is_staff=True)
    client.post("/account/login/code/confirm/", {"code": ask_for_code(client, staff.email)})

    assert client.session.get_expiry_age() <= settings.STAFF_SESSION_SECONDS == 12 * 3600


def test_signing_out_leaves_no_page_in_the_browser(client: Client) -> None:
    client.post("/account/login/code/confirm/", {"code": ask_for_code(client, KNOWN)})

    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.slow
def test_the_clock_does_not_tell_who_has_an_account() -> None:
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for number in range(240):
        for email in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            cache.clear()
            began = time.perf_counter()
            assert _ask(email) == 302
            times[email].append(time.perf_counter() - began)

    known, unknown = (statistics.median(found[20:]) for found in times.values())
    assert abs(known - unknown) / max(known, unknown) < 0.25, (known, unknown)
