"""Seats by the API: who may see who asked, and the way of one person from interest through an offer to a term."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Notice
from projects.models import Candidacy, Engagement, OpenSeat, PayRead
from tests.faces.api.world import World
from tests.factories import ContractorFactory, EngagementFactory, UserFactory

SEATS, CANDIDACIES = "/api/v1/open-seats/", "/api/v1/candidacies/"


def _offer(world: World, **changes: object) -> dict[str, object]:
    day = (timezone.now() + timedelta(days=5)).date().isoformat()
    amount = str(OpenSeat.objects.get().amount_millionths // 1_000_000)
    return {"contractor": str(world.ana.public_id), "starts_on": day, "amount": amount, **changes}


def test_somebody_asks_for_a_seat_is_offered_it_and_is_engaged_on_its_terms(world: World) -> None:
    seat, ana, lead = OpenSeat.objects.get(), world.as_("contractor"), world.as_("other lead")
    asked = ana.post(f"{SEATS}{seat.pk}/interest/", {"words": "I could start on Monday."})
    again = ana.post(f"{SEATS}{seat.pk}/interest/", {})
    assert (asked.status_code, asked.json()["state"], asked.json()["amount"]) == (201, "interested", None)
    assert again.json() == asked.json()
    fits = lead.get(f"{SEATS}{seat.pk}/candidates/").json()["candidates"]
    assert [(each["contractor"], each["state"]) for each in fits] == [
        (str(world.ana.public_id), "interested")
    ]

    offered = lead.post(f"{SEATS}{seat.pk}/offer/", _offer(world, weekly_seconds=72_000))
    assert offered.status_code == 201, offered.json()
    accepted = ana.post(f"{CANDIDACIES}{offered.json()['id']}/accept/", {})

    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    term = Engagement.objects.get(public_id=accepted.json()["engagement"])
    assert (term.contractor, term.project) == (world.ana, world.harp)
    assert Notice.objects.filter(kind__startswith="seat").count() == 3


@pytest.mark.parametrize(("who", "act", "status"), [
    ("contractor", "decline", 200), ("contractor", "withdraw", 409), ("other lead", "withdraw", 200),
    ("other lead", "accept", 403), ("lead", "withdraw", 404), ("stranger", "accept", 404), ("auditor", "withdraw", 403),
    ("contractor", "keep", 404),
])  # fmt: skip
def test_an_offer_is_answered_by_who_got_it_and_taken_back_by_who_made_it(
    world: World, who: str, act: str, status: int
) -> None:
    made = world.as_("operations").post(f"{SEATS}{OpenSeat.objects.get().pk}/offer/", _offer(world)).json()

    answer = world.as_(who).post(f"{CANDIDACIES}{made['id']}/{act}/", {})

    assert answer.status_code == status, answer.json()
    assert (Candidacy.objects.get().state == "offered") is (status != 200)


def test_somebody_who_is_stopped_is_shown_as_fitting_before_they_asked(world: World) -> None:
    OpenSeat.objects.update(countries=[])
    fits = world.as_("operations").get(f"{SEATS}{OpenSeat.objects.get().pk}/candidates/").json()["candidates"]

    assert [(each["name"], each["state"], each["words"]) for each in fits] == [("Ana", None, "")]


def test_only_who_leads_the_project_sees_who_fits_and_offers(world: World) -> None:
    seat = OpenSeat.objects.get()
    for who in ("contractor", "finance", "auditor"):
        assert world.as_(who).get(f"{SEATS}{seat.pk}/candidates/").status_code == 403
        assert world.as_(who).post(f"{SEATS}{seat.pk}/offer/", _offer(world)).status_code in {403, 422}
    assert world.as_("lead").get(f"{SEATS}{seat.pk}/candidates/").status_code == 404
    unasked = world.as_("other lead").post(f"{SEATS}{seat.pk}/offer/", _offer(world))
    assert unasked.json()["errors"][0]["code"] == "unknown"  # Ana neither asked nor is on this desk
    assert not Candidacy.objects.exists()


@pytest.mark.parametrize(("change", "field"), [
    ({"amount": "9999"}, "amount"), ({"amount": 20}, "amount"), ({"starts_on": "2020-01-01"}, "starts_on"),
    ({"ends_on": "2021-01-01"}, "ends_on"), ({"contractor": "ana"}, "contractor"),
    ({"weekly_seconds": -1}, "weekly_seconds"),
])  # fmt: skip
def test_an_offer_outside_of_what_the_seat_says_is_refused_by_its_field(
    world: World, change: dict[str, object], field: str
) -> None:
    body = _offer(world, **change)
    answer = world.as_("operations").post(f"{SEATS}{OpenSeat.objects.get().pk}/offer/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_seat_is_read_and_said_anew_by_who_leads_its_project(world: World) -> None:
    seat = OpenSeat.objects.get()
    facts = {
        "title": "Reviewer",
        "seats": 3,
        "basis": "hour",
        "amount": "19",
        "currency": "USD",
        "opened_on": "2026-01-05",
    }
    refused = world.as_("auditor").put(f"{SEATS}{seat.pk}/", facts)
    changed = world.as_("other lead").put(f"{SEATS}{seat.pk}/", facts)

    assert (refused.status_code, changed.status_code) == (403, 200), changed.json()
    assert world.as_("operations").get(f"{SEATS}{seat.pk}/").json() == changed.json()
    assert (changed.json()["title"], changed.json()["seats"], changed.json()["amount"]) == (
        "Reviewer",
        3,
        "19",
    )


def test_a_list_of_candidacies_holds_ones_own_desk_or_oneself_and_is_noted_as_pay(world: World) -> None:
    other = ContractorFactory.make(user=UserFactory.make(email="mia@people.example"))
    EngagementFactory.make(contractor=other, project=world.chordus)
    seat = OpenSeat.objects.get()
    for person in (world.ana, other):
        body = _offer(world, contractor=str(person.public_id))
        OpenSeat.objects.update(seats=5)
        assert world.as_("operations").post(f"{SEATS}{seat.pk}/offer/", body).status_code == 201

    def seen(who: str, query: str = "") -> int:
        return len(world.as_(who).get(f"{CANDIDACIES}{query}").json()["results"])

    counts = {who: seen(who) for who in ("operations", "other lead", "lead", "contractor", "stranger")}
    assert counts == {"operations": 2, "other lead": 2, "lead": 0, "contractor": 1, "stranger": 0}
    assert seen("operations", f"?seat={seat.pk}&state=offered&contractor={world.ana.public_id}") == 1
    assert seen("operations", "?seat=0") == 0
    assert PayRead.objects.filter(by=world.users["other lead"]).exists()
