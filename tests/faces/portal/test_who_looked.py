"""A contractor reads who of the firm was shown what they earn; their own look is not among it."""

import pytest
from django.test import Client

from projects.models import PayRead, RoleGrant
from projects.models.people import Role
from tests.faces.portal.conftest import BACKEND
from tests.faces.portal.world import World
from tests.factories import UserFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db


def test_a_look_at_the_rate_stands_in_the_persons_log(world: World, ana: Client) -> None:
    fiona = UserFactory.make(name="Fiona Weber", is_staff=True)
    RoleGrant.objects.create(user=fiona, role=Role.FINANCE, granted_at=NOW)
    assert "Nobody has looked yet" in ana.get("/portal/settings/reads/").content.decode()
    finance = Client()
    finance.force_login(fiona, backend=BACKEND)

    for _look in range(2):
        finance.get(f"/finance/people/{world.ana.pk}/")
        finance.get(f"/admin/projects/engagement/{world.engagement.pk}/change/")
    ana.get("/portal/estimate/")

    page = ana.get("/portal/settings/reads/").content.decode()
    assert page.count("Fiona Weber") == 2
    assert "Your rate" in page
    assert "2 times within an hour" in page
    assert PayRead.objects.count() == 2
    assert "Fiona Weber" in ana.get("/portal/my-data.json").content.decode()


def test_a_page_that_was_refused_is_no_look(world: World, client: Client) -> None:
    client.force_login(UserFactory.make(is_staff=True), backend=BACKEND)

    client.get(f"/finance/people/{world.ana.pk}/")
    client.get(f"/admin/projects/engagement/{world.engagement.pk}/change/")

    assert not PayRead.objects.exists()
