"""Staff come to their desks with a second factor, and prove again that it is them before what leaves or is decided."""

import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from projects.models import Approval, AuditEvent, PayRead, User
from projects.models.people import Role
from tests.faces.portal.test_signing_in import ask_for_code
from tests.factories import ContractorFactory, PauseFactory, ProjectFactory, RoleGrantFactory, UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _second_factor_is_asked_for(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def finance() -> User:
    """Somebody who may pull what everybody is paid."""
    user = UserFactory.create(email="fin@firm.example", is_staff=True)
    RoleGrantFactory.create(user=user, role=Role.FINANCE)
    return user


def otp() -> str:
    """The six digits that an app shows now."""
    cache.clear()  # a code is good once: tests ask faster than thirty seconds go by
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SECRET, counter)))


def sign_in(client: Client, email: str) -> None:
    code = ask_for_code(client, email)
    client.post("/account/login/code/confirm/", {"code": code})


def test_a_code_alone_opens_no_desk_and_says_what_to_do(finance: User, client: Client) -> None:
    sign_in(client, finance.email)

    for desk in ("/finance/", "/admin/"):
        response = client.get(desk, follow=True)
        assert response.redirect_chain[-1][0] == "/account/2fa/"
        assert "Add a second step to your sign-in first" in response.content.decode()
    refused = client.get("/api/v1/me/")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"


def test_a_contractor_needs_no_more_than_the_code(client: Client) -> None:
    user = UserFactory.create(email="ana@people.example")
    ContractorFactory.create(user=user, email=user.email)
    sign_in(client, user.email)

    assert client.get("/portal/").status_code == 200
    assert client.get("/api/v1/me/").status_code == 200


def test_code_and_app_open_the_desk(finance: User, client: Client) -> None:
    TOTP.activate(finance, SECRET)
    code = ask_for_code(client, finance.email)
    half = client.post("/account/login/code/confirm/", {"code": code}, follow=True)
    assert half.redirect_chain[-1][0].startswith("/account/2fa/authenticate/")
    assert client.get("/finance/").status_code == 302

    client.post("/account/2fa/authenticate/", {"code": otp()})

    assert client.get("/finance/").status_code == 200


def test_a_token_that_was_made_with_a_code_alone_opens_no_desk_that_comes_later(client: Client) -> None:
    user = UserFactory.create(email="ana@people.example")
    ContractorFactory.create(user=user, email=user.email)
    sign_in(client, user.email)
    made = client.post(
        "/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json"
    ).json()
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {made['token']}"}
    assert Client().get("/api/v1/me/", **bearer).status_code == 200

    RoleGrantFactory.create(user=user, role=Role.FINANCE)

    refused = Client().get("/api/v1/me/", **bearer)
    assert refused.status_code == 401
    assert "without a second factor" in refused.json()["detail"]


def test_an_export_asks_again_after_a_quarter_of_an_hour_and_then_goes_on(
    finance: User, client: Client
) -> None:
    TOTP.activate(finance, SECRET)
    sign_in(client, finance.email)
    client.post("/account/2fa/authenticate/", {"code": otp()})
    pull = ("/finance/reports/pause-register/pull/", {"written_as": "csv"})
    assert client.post(*pull).status_code in {200, 302}

    with time_machine.travel(time.time() + 16 * 60, tick=True):
        assert client.get("/finance/").status_code == 200
        asked = client.post(*pull)
        assert asked["Location"].startswith("/account/2fa/reauthenticate/")
        token = client.post(
            "/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json"
        )
        report = client.get("/api/v1/reports/pause-register/")
        for refused in (token, report):
            assert refused.status_code == 403
            assert "Prove again" in refused.json()["detail"]
        went_on = client.post(asked["Location"], {"code": otp(), "next": pull[0]})
        assert "/account/" not in went_on.get("Location", "")
        assert went_on.status_code in {200, 302}
        assert client.post(*pull).status_code in {200, 302}
        assert client.get("/api/v1/reports/pause-register/").status_code == 200
        strong = client.post(
            "/api/v1/tokens/", {"name": "x", "scopes": ["reports:read"]}, content_type="application/json"
        ).json()
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {strong['token']}"}
    assert Client().get("/api/v1/reports/pause-register/", **bearer).status_code == 200


def test_a_file_that_waited_for_the_proof_is_noted_as_a_read_of_pay(finance: User, client: Client) -> None:
    TOTP.activate(finance, SECRET)
    sign_in(client, finance.email)
    client.post("/account/2fa/authenticate/", {"code": otp()})
    pull = "/finance/reports/income-impact/pull/"
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        page = client.get("/finance/reports/income-impact/").content.decode()
        PayRead.objects.all().delete()
        seen = dict(re.findall(r'name="(as_of|checksum)" value="([^"]+)"', page))
        asked = client.post(pull, {"format": "csv", **seen})
        assert not PayRead.objects.exists()

        file = client.post(asked["Location"], {"code": otp(), "next": pull})

    assert file["Content-Disposition"].startswith("attachment")
    assert b"".join(file.streaming_content)
    assert [read.what for read in PayRead.objects.all()] == [PayRead.What.FILE]


def test_the_second_persons_word_asks_again_and_a_look_at_the_page_does_not(client: Client) -> None:
    lead, other = (UserFactory.create(email=f"{name}@firm.example", is_staff=True) for name in ("lea", "leo"))
    draft = PauseFactory.create(project=ProjectFactory.create(leads=[lead, other]), state="draft")
    Approval.objects.create(pause=draft, asked_by=lead, asked_at=NOW)
    page = f"/admin/projects/pause/{draft.pk}/preview/"
    TOTP.activate(other, SECRET)
    sign_in(client, other.email)
    client.post("/account/2fa/authenticate/", {"code": otp()})

    with time_machine.travel(time.time() + 16 * 60, tick=True):
        assert client.get(page).status_code == 200
        assert client.post(page, {"intent": "refuse", "words": ""}).status_code == 200
        asked = client.post(page, {"intent": "approve"})
        api = client.post(f"/api/v1/approvals/{Approval.objects.get().pk}/approve/")

    assert asked["Location"].startswith("/account/2fa/reauthenticate/")
    assert api.status_code == 403


def test_a_desk_that_nobody_sits_at_closes_and_a_portal_stays_open(finance: User, client: Client) -> None:
    TOTP.activate(finance, SECRET)
    sign_in(client, finance.email)
    client.post("/account/2fa/authenticate/", {"code": otp()})
    phone, user = Client(), UserFactory.create(email="ana@people.example")
    ContractorFactory.create(user=user, email=user.email)
    sign_in(phone, user.email)

    for minutes, status in ((50, 200), (100, 200), (170, 302)):
        with time_machine.travel(time.time() + minutes * 60, tick=True):
            assert client.get("/finance/").status_code == status
            assert phone.get("/portal/").status_code == 200


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_a_session_ends_when_it_was_said_to_however_much_it_is_used(finance: User, client: Client) -> None:
    TOTP.activate(finance, SECRET)
    sign_in(client, finance.email)
    client.post("/account/2fa/authenticate/", {"code": otp()})

    for minutes in range(30, 12 * 60, 30):
        with time_machine.travel(time.time() + minutes * 60, tick=True):
            assert client.get("/finance/").status_code == 200
    with time_machine.travel(time.time() + (12 * 60 + 1) * 60, tick=True):
        assert client.get("/finance/").status_code == 302


def test_nobody_has_a_password_and_no_door_takes_one(client: Client) -> None:
    call_command("createsuperuser", "root@firm.example", "--name", "Root")
    root = User.objects.get()
    root.set_password("correct horse battery staple")
    root.save()

    client.post("/account/login/", {"login": root.email, "password": "correct horse battery staple"})

    assert not root.has_usable_password()
    assert not client.login(username=root.email, password="correct horse battery staple")
    assert client.get("/portal/").status_code == 302
    client.force_login(root)
    assert client.get("/admin/password_change/").status_code in {302, 404}
    assert [event.verb for event in AuditEvent.objects.all()] == ["user.made"]
