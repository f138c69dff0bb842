"""Pausing a whole client: one act of its owner, seen by the leads of its projects without other people's rows."""

from collections.abc import Callable

import pytest
from django.test import Client

from projects.models import Pause, User
from projects.models.pauses import PauseState
from tests.faces.backoffice.test_composing import typed
from tests.faces.backoffice.world import Desk
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory, UserFactory


@pytest.fixture
def owner(desk: Desk, signed_in: Callable[[User], Client]) -> Client:
    """A client that is signed in as ORION's owner, who has a second project there."""
    user = UserFactory.make(name="Olu Owner", is_staff=True)
    desk.orion.owners.add(user)
    musen = ProjectFactory.make(client=desk.orion, code="MUSEN")
    EngagementFactory.make(project=musen, contractor=ContractorFactory.make(country="BR"))
    return signed_in(user)


def opened_by(owner: Client, desk: Desk) -> Pause:
    """The client's pause, composed, looked at and confirmed."""
    compose = f"/admin/projects/pause/add/?client={desk.orion.pk}"
    address = owner.post(compose, typed()).headers["Location"]
    owner.post(address, {"facts": owner.get(address).context["facts"]})
    return Pause.objects.get()


def test_one_act_pauses_every_project_of_the_client(owner: Client, desk: Desk) -> None:
    address = owner.post(f"/admin/projects/pause/add/?client={desk.orion.pk}", typed()).headers["Location"]
    preview = owner.get(address).context["preview"]
    assert {row.name: row.people for row in preview.projects} == {"CHORDUS": 6, "MUSEN": 1}
    owner.post(address, {"facts": owner.get(address).context["facts"]})
    pause = Pause.objects.get()
    assert (pause.client, pause.state) == (desk.orion, PauseState.IN_EFFECT)


def test_a_lead_of_one_project_reads_the_pause_without_other_peoples_rows(
    owner: Client, lea: Client, desk: Desk
) -> None:
    pause = opened_by(owner, desk)
    page = lea.get(f"/admin/projects/pause/{pause.pk}/change/")
    assert page.status_code == 200
    assert not page.context["may_see"]
    assert "meters" not in page.context
    assert lea.get(f"/admin/projects/pause/{pause.pk}/unseen.csv").status_code == 404


def test_confidential_words_are_for_those_who_may_change_the_pause(
    owner: Client, lea: Client, desk: Desk
) -> None:
    pause = opened_by(owner, desk)
    Pause.objects.filter(pk=pause.pk).update(confidential_note="Only for the owner.")
    page = f"/admin/projects/pause/{pause.pk}/change/"
    assert "Only for the owner." in owner.get(page).content.decode()
    assert "Only for the owner." not in lea.get(page).content.decode()


def test_pausing_a_client_without_projects_is_refused_in_one_sentence(owner: Client, desk: Desk) -> None:
    empty = type(desk.orion).objects.create(code="EMPTY", name="Empty")
    empty.owners.add(User.objects.get(name="Olu Owner"))
    address = owner.post(f"/admin/projects/pause/add/?client={empty.pk}", typed()).headers["Location"]
    page = owner.post(address, {"facts": owner.get(address).context["facts"]})
    assert "has no projects" in page.context["error"]
    assert not Pause.objects.exclude(state=PauseState.DRAFT).exists()
