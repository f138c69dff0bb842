"""Single sign-on through a real OpenID Connect provider: who comes in, with which roles, and who stays outside."""

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from contractorhub.env import oidc_apps, read_group_roles
from projects.models import AuditEvent, RoleGrant, User
from tests.factories import ContractorFactory, UserFactory

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider's own imports are on their way out
    from oidc_provider_mock import User as Member
    from oidc_provider_mock import run_server_in_thread

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SignIn = Callable[..., Any]


class _Stay(HTTPRedirectHandler):
    """Shows where a provider sends a browser instead of going there."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Go nowhere."""
        self.sent_to = newurl
        return Request("data:text/plain,")


@pytest.fixture
def sign_in(settings: Any, client: Client) -> Iterator[SignIn]:
    """Go through the provider's page as somebody with these claims; the answer that the browser ends with."""
    settings.OIDC_ROLES = {"hub-finance": "finance", "hub-ops": "operations"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        members: list[Member] = []
        with run_server_in_thread(user_claims=members) as server:
            url = f"http://127.0.0.1:{server.server_port}"
            apps = oidc_apps(
                url, client_id="hub", secret="s", name="Firm", scopes=["openid", "email", "profile"]
            )
            settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}

            def go(sub: str, **claims: Any) -> Any:
                body = {"email": f"{sub}@firm.example", "email_verified": True, **claims}
                _put(f"{url}/users/{sub}", body)
                away = client.get("/account/oidc/firm/login/")
                assert away.status_code == 302, away.content
                stay = _Stay()
                build_opener(stay).open(Request(away.url, data=urlencode({"sub": sub}).encode()))
                return client.get(stay.sent_to.replace("http://testserver", ""), follow=True)

            yield go


def _put(url: str, body: dict[str, Any]) -> None:
    request = Request(
        url, data=json.dumps(body).encode(), method="PUT", headers={"Content-Type": "application/json"}
    )
    build_opener().open(request).close()


def _roles(email: str) -> set[str]:
    return set(RoleGrant.objects.filter(user__email=email).values_list("role", flat=True))


def test_new_staff_come_in_with_the_roles_of_their_groups(sign_in: SignIn, client: Client) -> None:
    sign_in("fay", name="Fay", groups=["hub-finance", "everybody"])

    user = User.objects.get(email="fay@firm.example")
    assert (user.name, user.is_staff, _roles(user.email)) == ("Fay", True, {"finance"})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AuditEvent.objects.filter(verb="role.granted", subject_ref=f"user:{user.pk}").exists()


def test_roles_follow_the_groups_at_every_sign_in(sign_in: SignIn) -> None:
    sign_in("fay", groups=["hub-finance"])
    sign_in("fay", groups=["hub-ops"])
    assert _roles("fay@firm.example") == {"operations"}

    sign_in("fay", groups=[])
    assert _roles("fay@firm.example") == set()
    assert User.objects.filter(email="fay@firm.example").count() == 1


def test_a_contractor_whom_we_know_comes_in_without_a_group(sign_in: SignIn, client: Client) -> None:
    user = UserFactory.make(email="ana@firm.example")
    ContractorFactory.make(user=user)

    sign_in("ana")

    assert client.session["_auth_user_id"] == str(user.pk)
    assert not RoleGrant.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"groups": ["others"]},
        {"groups": 7},
        {"groups": {"hub-ops": True}},
        {"groups": [["hub-ops"], None]},
        {"groups": ["hub-ops"], "email_verified": False},
        {"groups": ["hub-ops"], "email": ""},
    ],
)
def test_whoever_has_no_role_or_no_confirmed_address_stays_outside(
    sign_in: SignIn, client: Client, claims: dict[str, Any]
) -> None:
    answer = sign_in("eve", **claims)

    assert answer.status_code == 403
    assert "We do not know you here" in answer.content.decode()
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_a_closed_login_stays_closed(sign_in: SignIn, client: Client) -> None:
    UserFactory.make(email="lee@firm.example", is_active=False)

    assert sign_in("lee", groups=["hub-ops"]).status_code == 403
    assert "_auth_user_id" not in client.session
    assert not RoleGrant.objects.exists()


def test_an_answer_that_was_not_asked_for_signs_nobody_in(sign_in: SignIn, client: Client) -> None:
    answer = client.get("/account/oidc/firm/login/callback/", {"code": "guessed", "state": "guessed"})

    assert "The sign-in did not work" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_way_in_is_shown_only_where_there_is_a_provider(client: Client, settings: Any) -> None:
    assert "Sign in with" not in client.get("/account/login/").content.decode()
    apps = oidc_apps("http://127.0.0.1:1", client_id="hub", secret="", name="Firm", scopes=["openid"])
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}

    page = client.get("/account/login/").content.decode()

    assert "Sign in with Firm" in page
    assert "/account/oidc/firm/login/" in page


def test_a_misspelt_setting_is_named_at_start() -> None:
    assert read_group_roles(["hub=x=finance"]) == {"hub=x": "finance"}
    for pairs in (["finance"], ["hub=boss"], ["=finance"]):
        with pytest.raises(ImproperlyConfigured, match="OIDC_ROLES"):
            read_group_roles(pairs)
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        oidc_apps("https://idp.example", client_id="", secret="", name="", scopes=[])
