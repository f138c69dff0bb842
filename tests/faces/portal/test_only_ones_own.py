"""Nobody sees another's rows: they do not exist for them, whatever address is typed."""

from datetime import timedelta

import pytest
from django.test import Client

from projects.models import Acknowledgement, Pause
from projects.models.pauses import PauseState
from tests.faces.portal.conftest import BACKEND
from tests.faces.portal.world import World, login_of, person
from tests.factories import (
    ContractorFactory,
    EngagementFactory,
    EstimateRunFactory,
    LostIncomeEstimateFactory,
    PauseFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PATHS = ("pauses/{pause}/", "pauses/{pause}/estimate/")


@pytest.fixture
def stranger(world: World, client: Client) -> Client:
    """Somebody signed in who never worked on CHORDUS."""
    noor = person("Noor Aziz", "noor@people.example")
    EngagementFactory.make(contractor=noor, ends_on=None)
    client.force_login(login_of(noor), backend=BACKEND)
    return client


@pytest.mark.parametrize("path", PATHS)
def test_a_pause_of_somebody_else_does_not_exist(path: str, stranger: Client, world: World) -> None:
    assert stranger.get(f"/portal/{path.format(pause=world.pause.public_id)}").status_code == 404


def test_a_stranger_cannot_acknowledge(stranger: Client, world: World) -> None:
    refused = stranger.post(f"/portal/pauses/{world.pause.public_id}/acknowledge/")

    assert refused.status_code == 404
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("path", ["", "estimate/", "status.json", "my-data.json", "settings/"])
def test_nothing_of_ana_is_on_a_strangers_pages(path: str, stranger: Client) -> None:
    page = stranger.get(f"/portal/{path}", follow=True).content.decode()

    assert "CHORDUS" not in page
    assert "ana@people.example" not in page


def test_a_colleague_on_the_same_pause_sees_only_their_own_estimate(world: World, client: Client) -> None:
    ben = person("Ben Cruz", "ben@people.example")
    engagement = EngagementFactory.make(contractor=ben, project=world.chordus, ends_on=None)
    run = EstimateRunFactory.make(
        pause=world.pause,
        as_of=world.at.date(),
        asked_at=world.at + timedelta(minutes=5),
        finished_at=world.at + timedelta(minutes=5),
    )
    for own, lost in ((engagement, 77_700), (world.engagement, 88_800)):
        LostIncomeEstimateFactory.make(run=run, engagement=own, expected_minor=lost)
    client.force_login(login_of(ben), backend=BACKEND)

    page = client.get(f"/portal/pauses/{world.pause.public_id}/estimate/").content.decode()

    assert "$777.00" in page
    assert "888" not in page
    assert "2,300" not in page


def test_a_draft_is_nobodys_business_yet(ana: Client, world: World) -> None:
    Pause.objects.filter(pk=world.pause.pk).update(state=PauseState.DRAFT)

    assert ana.get(f"/portal/pauses/{world.pause.public_id}/").status_code == 404
    assert "Paused" not in ana.get("/portal/").content.decode()


def test_a_pause_from_before_ones_time_on_the_project_is_not_ones_own(world: World, client: Client) -> None:
    late = person("Cy Lim", "cy@people.example")
    EngagementFactory.make(contractor=late, project=world.chordus, starts_on=world.at.date(), ends_on=None)
    old = PauseFactory.make(
        project=world.chordus,
        state=PauseState.ENDED,
        starts_at=world.at - timedelta(days=90),
        ends_at=world.at - timedelta(days=80),
    )
    client.force_login(login_of(late), backend=BACKEND)

    assert client.get(f"/portal/pauses/{old.public_id}/").status_code == 404
    assert client.get(f"/portal/pauses/{world.pause.public_id}/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/portal/", "/portal/settings/", "/portal/my-data.json", "/portal/statement/"]
)
def test_a_passer_by_is_asked_to_sign_in(path: str, client: Client, db: None) -> None:
    asked = client.get(path)

    assert asked.status_code == 302
    assert asked["Location"] == f"/account/login/?next={path}"


def test_a_lead_is_told_that_the_portal_is_for_contractors(world: World, client: Client) -> None:
    client.force_login(world.lead, backend=BACKEND)

    page = client.get("/portal/")

    assert page.status_code == 403
    assert "This page is for contractors" in page.content.decode()


def test_somebody_whose_contractor_is_gone_reads_what_to_do(db: None, client: Client) -> None:
    user = UserFactory.make()
    ContractorFactory.make()
    client.force_login(user, backend=BACKEND)

    assert "ask them to check it" in client.get("/portal/").content.decode()


@pytest.mark.parametrize(
    "path", ["pauses/not-a-pause/", "pauses/00000000-0000-0000-0000-000000000000/", "nowhere/"]
)
def test_an_address_that_is_wrong_says_so_in_words(path: str, ana: Client) -> None:
    page = ana.get(f"/portal/{path}")

    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()


def test_pages_are_kept_by_no_cache(ana: Client) -> None:
    assert "no-store" in ana.get("/portal/")["Cache-Control"]
    assert "private" in ana.get("/portal/")["Cache-Control"]
