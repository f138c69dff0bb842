"""Staff come to their desks with a second factor, and prove again that it is them before what leaves or is decided."""

import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from projects.models import User
from projects.models.people import Role
from tests.faces.portal.test_signing_in import ask_for_code
from tests.factories import ContractorFactory, RoleGrantFactory, UserFactory

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
