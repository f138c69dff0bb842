"""What is taken away ends at the next request: pages that are open, programs that are connected, Slack."""

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from contractorhub.api.models import Scope, TokenGrant
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import AuditEvent, User
from projects.models.people import Role
from projects.operations.logins import set_access
from tests.faces.access.asking import BACKEND
from tests.faces.access.test_words import _type
from tests.faces.access.world import World, make_world
from tests.faces.api.world import bearing

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROLES = {"finance": Role.FINANCE, "auditor": Role.AUDITOR, "operations": Role.OPERATIONS}


@pytest.fixture
def world(db: None) -> World:
    """The world of the matrix."""
    return make_world()


def signed_in(user: User) -> Client:
    """A browser that stays open."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def token_of(user: User) -> str:
    """A program of theirs, connected."""
    row, token = AuthToken.objects.create(user=user)
    TokenGrant.objects.create(token=row, name="Payroll", scopes=list(Scope.values))
    return str(token)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_taken_away_ends_with_the_next_request(world: World, role: str) -> None:
    user = world.users[role]
    browser, program = signed_in(user), bearing(token_of(user))
    assert browser.get("/finance/").status_code == 200
    assert browser.get("/admin/projects/project/").status_code == 200
    assert program.get("/api/v1/estimates/").json()["results"]

    set_access(user=user, roles=[], may_sign_in=True, by=world.users["superuser"], at=timezone.now())

    assert browser.get("/finance/").status_code == 404
    assert browser.get("/admin/projects/project/").status_code == 403
    assert program.get("/api/v1/estimates/").json()["results"] == []
    assert program.get("/api/v1/reports/promises/").status_code == 404
    assert AuditEvent.objects.filter(verb="role.revoked", subject_ref=f"user:{user.pk}").exists()


def test_a_lead_who_leads_no_more_finds_nothing(world: World) -> None:
    user, place = world.users["lead"], world.places["own"]
    browser, program = signed_in(user), bearing(token_of(user))
    page = f"/admin/projects/pause/{place['pause'].pk}/change/"
    assert browser.get(page).status_code == 200

    place["project"].leads.remove(user)

    assert browser.get(page).status_code in {403, 404}
    assert program.get(f"/api/v1/pauses/{place['pause'].public_id}/").status_code == 404
    assert program.get("/api/v1/contractors/").json()["results"] == []
    assert not any(call.method == "views.open" for call in _type(world, "lead", "open"))


@pytest.mark.parametrize("role", ["contractor", "lead", "finance"])
def test_a_closed_login_is_out_everywhere(world: World, role: str) -> None:
    user = world.users[role]
    browser, program = signed_in(user), bearing(token_of(user))
    home = "/portal/" if role == "contractor" else "/admin/"
    assert browser.get(home).status_code == 200

    set_access(user=user, roles=[], may_sign_in=False, by=world.users["operations"], at=timezone.now())

    assert browser.get(home)["Location"].startswith(("/account/login/", "/admin/login/"))
    assert program.get("/api/v1/me/").status_code == 401


def test_operations_do_it_on_a_page_and_others_cannot(world: World) -> None:
    user = world.users["finance"]
    page = f"/admin/projects/user/{user.pk}/access/"
    operations = signed_in(world.users["operations"])

    operations.post(page, {"roles": ["auditor"], "may_sign_in": "on"})

    assert list(user.role_grants.values_list("role", flat=True)) == ["auditor"]
    assert signed_in(world.users["lead"]).post(page, {"roles": ["operations"]}).status_code == 404
    with pytest.raises(NotAllowed):
        set_access(user=user, roles=[], may_sign_in=True, by=world.users["lead"], at=timezone.now())


def test_nobody_raises_or_shuts_out_themselves(world: World) -> None:
    user = world.users["operations"]
    with pytest.raises(UnableToEngage, match="Somebody else"):
        set_access(user=user, roles=[], may_sign_in=False, by=user, at=timezone.now())
