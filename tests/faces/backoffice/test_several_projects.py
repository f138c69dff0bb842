"""Several projects ticked in the list and paused as one: one composer, one preview, one notice a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Delivery
from projects.models import Pause, Project, User
from projects.models.pauses import PauseState
from tests.faces.backoffice.test_composing import typed
from tests.faces.backoffice.world import Desk, pause_of
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory

SignIn = Callable[[User], Client]


@pytest.fixture
def musen(desk: Desk) -> Project:
    """A second project of Lea's for the same client; one of its two people works on CHORDUS as well."""
    musen = ProjectFactory.make(client=desk.orion, code="MUSEN", name="Musen", leads=[desk.lead])
    for person in (desk.people[0], ContractorFactory.make()):
        EngagementFactory.make(project=musen, contractor=person)
    return musen


def chosen(client: Client, *projects: Project) -> str:
    """Tick projects in the list and press the action; where it leads, or what it says."""
    ticked = {"action": "pause_selected", "_selected_action": [project.pk for project in projects]}
    answer = client.post("/admin/projects/project/", ticked)
    location: str = answer.headers.get("Location", "")
    return location or answer.content.decode()


def refused(client: Client, *projects: Project) -> str:
    """What the list says after an action that led nowhere."""
    ticked = {"action": "pause_selected", "_selected_action": [project.pk for project in projects]}
    return client.post("/admin/projects/project/", ticked, follow=True).content.decode()


def test_projects_ticked_together_are_one_pause_with_one_preview(
    lea: Client, desk: Desk, musen: Project
) -> None:
    composer = chosen(lea, desk.chordus, musen)
    page = lea.get(composer)
    assert "Chordus and Musen" in page.context["form"]["what_stopped"].value()
    preview = lea.post(composer, typed()).headers["Location"]
    seen = lea.get(preview)
    tree = seen.context["cascade"]
    assert [(row.project.code, row.people) for row in tree.branches] == [("CHORDUS", 6), ("MUSEN", 2)]
    assert (seen.context["preview"].people, tree.told_once) == (7, 1)
    lea.post(preview, {"facts": seen.context["facts"]})
    pause = Pause.objects.get()
    assert (pause.state, pause.target_code) == (PauseState.IN_EFFECT, "CHORDUS, MUSEN")
    assert Delivery.objects.filter(channel="email").count() == 7


def test_somebody_who_joins_one_of_them_makes_the_preview_stale(
    lea: Client, desk: Desk, musen: Project
) -> None:
    preview = lea.post(chosen(lea, desk.chordus, musen), typed()).headers["Location"]
    facts = lea.get(preview).context["facts"]
    EngagementFactory.make(project=musen, contractor=ContractorFactory.make(country="BR"))
    page = lea.post(preview, {"facts": facts})
    assert "People the pause stops: 7 before, 8 now." in page.context["changes"]


def test_a_draft_of_several_is_gone_on_with_and_holds_the_same_projects(
    lea: Client, desk: Desk, musen: Project
) -> None:
    composer = chosen(lea, desk.chordus, musen)
    lea.post(composer, typed(intent="autosave", why="So far."))
    draft = Pause.objects.get()
    assert [row.pk for row in lea.get(composer).context["drafts"]] == [draft.pk]
    page = lea.get(f"/admin/projects/pause/{draft.pk}/compose/")
    assert page.context["sheet"].codes == ("CHORDUS", "MUSEN")
    assert lea.get(f"/admin/projects/pause/add/?project={desk.chordus.pk}").context["drafts"] == []


def test_projects_of_two_clients_take_a_pause_each(lea: Client, desk: Desk, musen: Project) -> None:
    desk.harp.leads.add(desk.lead)
    page = chosen(lea, desk.chordus, musen, desk.harp)
    assert "One pause for each client" in page
    assert f"?project={desk.chordus.pk}&amp;project={musen.pk}" in page
    assert f"?project={desk.harp.pk}" in page


def test_one_alone_goes_to_the_composer_it_always_went_to(lea: Client, desk: Desk) -> None:
    assert chosen(lea, desk.chordus).endswith(f"/add/?project={desk.chordus.pk}")


def test_what_cannot_be_paused_together_is_said_before_anything_is_written(
    lea: Client, desk: Desk, musen: Project
) -> None:
    standing = pause_of(desk)
    assert f"CHORDUS is already paused: pause {standing.pk}" in refused(lea, desk.chordus, musen)
    over = ProjectFactory.make(
        client=desk.orion, leads=[desk.lead], code="OVER", ended_on=timezone.now().date() - timedelta(days=1)
    )
    assert "OVER ended on" in refused(lea, over, musen)


def test_projects_of_somebody_else_are_not_found_among_them(
    lea: Client, desk: Desk, musen: Project, signed_in: SignIn
) -> None:
    foreign = ProjectFactory.make(client=desk.orion, code="NOVA", leads=[desk.stranger])
    both = f"/admin/projects/pause/add/?project={musen.pk}&project="
    assert lea.get(f"{both}{foreign.pk}").status_code == 404
    assert lea.get(f"{both}{desk.harp.pk}").status_code == 404
    draft_address = lea.post(f"{both}{desk.chordus.pk}", typed()).headers["Location"]
    sam = signed_in(desk.stranger)
    assert sam.get(draft_address).status_code == 404
    pause = Pause.objects.get()
    assert sam.get(f"/admin/projects/pause/{pause.pk}/change/").status_code == 404
