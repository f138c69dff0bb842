"""Open work: seats compared with one's own rate, interest, an offer answered, and nothing that is another's."""

from datetime import timedelta

import pytest
from django.test import Client

from projects.models import Candidacy, ContractorSkill, Engagement, OpenSeat
from projects.operations.seats import OfferTerms, offer_seat
from tests.faces.portal.test_the_status_page import text_of
from tests.faces.portal.world import World
from tests.factories import OpenSeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(world: World) -> OpenSeat:
    """The accent labeller's seat at 13 dollars an hour."""
    return OpenSeat.objects.get(title="Accent labeller")


def test_seats_are_compared_with_what_one_is_paid(ana: Client, seat: OpenSeat) -> None:
    page = text_of(ana, "/portal/work/")

    assert "$13.00 an hour At least 4% more than the $12.50 you have now." in page
    assert "Hours a week 20" in page


def test_interest_reaches_the_lead_and_can_be_taken_back(ana: Client, seat: OpenSeat) -> None:
    ana.post(f"/portal/work/{seat.pk}/", {"act": "interest", "words": "I speak Cebuano."})
    assert Candidacy.objects.get().words == "I speak Cebuano."
    assert "The lead knows that you would like it" in text_of(ana, "/portal/work/")

    ana.post(f"/portal/work/{seat.pk}/", {"act": "withdraw"})
    assert Candidacy.objects.get().state == "withdrawn"


@pytest.mark.parametrize(("act", "state", "engaged"), [("accept", "accepted", 1), ("decline", "declined", 0)])
def test_an_offer_is_answered_with_one_tap(
    act: str, state: str, engaged: int, ana: Client, seat: OpenSeat, world: World
) -> None:
    terms = OfferTerms(starts_on=world.at.date() + timedelta(days=3), amount_millionths=13_000_000)
    offer_seat(seat=seat, contractor=world.ana, terms=terms, by=None, at=world.at)
    assert "This is offered to you." in text_of(ana, "/portal/work/")

    ana.post(f"/portal/work/{seat.pk}/", {"act": act})

    assert Candidacy.objects.get().state == state
    assert Engagement.objects.filter(contractor=world.ana, project=seat.project).count() == engaged


def test_a_seat_that_is_not_open_to_one_does_not_exist(ana: Client, world: World) -> None:
    abroad = OpenSeatFactory.make(countries=["DE"], opened_on=world.at.date())

    assert ana.post(f"/portal/work/{abroad.pk}/", {"act": "interest"}).status_code == 404
    assert not Candidacy.objects.exists()


def test_an_answer_without_an_offer_is_refused_in_words(ana: Client, seat: OpenSeat) -> None:
    page = ana.post(f"/portal/work/{seat.pk}/", {"act": "accept"}, follow=True).content.decode()

    assert "There is no offer to answer." in page
    assert ana.post(f"/portal/work/{seat.pk}/", {"act": "steal"}).status_code == 404


def test_skills_are_kept_as_named(ana: Client, world: World) -> None:
    ana.post("/portal/work/skills/", {"skills": "Audio,  Cebuano, audio,"})

    assert set(ContractorSkill.objects.values_list("name", flat=True)) == {"audio", "cebuano"}
    assert 'value="audio, cebuano"' in ana.get("/portal/work/").content.decode()
