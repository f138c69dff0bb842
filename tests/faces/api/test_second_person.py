"""The second person by the API: asked with a token, answered by somebody else who is signed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Delivery
from projects.models import Approval, AuditEvent, Pause
from tests.faces.api.world import World, opening
from tests.factories import UserFactory

DOOR = "/api/v1/approvals/"


def _backdated(**changes: Any) -> dict[str, Any]:
    return opening(starts_at=(timezone.now() - timedelta(days=2)).isoformat(), **changes)


@pytest.fixture
def asked(world: World) -> dict[str, Any]:
    """A pause from the past, which the lead of `HARP` has asked a second person about."""
    answer = world.with_token("other lead", "read", "pauses:write").post(DOOR, _backdated())
    assert answer.status_code == 201, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def test_a_pause_that_needs_a_second_person_is_asked_for_and_opens_with_their_word(
    world: World, asked: dict[str, Any]
) -> None:
    assert world.as_("other lead").post("/api/v1/pauses/", _backdated()).status_code == 422
    assert (asked["state"], asked["reasons"], asked["pause"]["state"]) == ("waiting", ["backdated"], "draft")
    assert not Delivery.objects.filter(recipient__name="Sam").exists()

    given = world.as_("operations").post(f"{DOOR}{asked['id']}/approve/", {})

    assert given.status_code == 200, given.json()
    assert (given.json()["state"], given.json()["pause"]["state"]) == ("given", "in_effect")
    pause = Pause.objects.get(public_id=asked["pause"]["public_id"])
    assert pause.opened_by == world.users["other lead"]
    assert Delivery.objects.filter(recipient__name="Sam").exists()
    after = AuditEvent.objects.get(verb="pause.opened", subject_ref=pause.ref).after
    assert after["approved_by"] == world.users["operations"].pk


def test_it_is_sent_back_with_words_and_nothing_opens(world: World, asked: dict[str, Any]) -> None:
    door = f"{DOOR}{asked['id']}/send-back/"
    assert world.as_("operations").post(door, {"words": " "}).status_code == 422
    sent = world.as_("operations").post(door, {"words": "Say what happens to pay."}).json()

    assert (sent["state"], sent["words"]) == ("sent_back", "Say what happens to pay.")
    assert world.as_("operations").post(f"{DOOR}{asked['id']}/approve/", {}).status_code == 409
    assert Pause.objects.get(project=world.harp).state == "draft"


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
@pytest.mark.parametrize(("who", "status"), [
    ("other lead", 403), ("finance", 403), ("auditor", 403), ("lead", 404), ("stranger", 404), ("contractor", 404),
])  # fmt: skip
def test_nobody_else_gives_the_second_word(
    world: World, asked: dict[str, Any], who: str, status: int
) -> None:
    assert world.as_(who).post(f"{DOOR}{asked['id']}/approve/", {}).status_code == status
    assert Approval.objects.get().decided_at is None


def test_no_token_gives_the_second_word_whatever_its_scopes(world: World, asked: dict[str, Any]) -> None:
    operations = world.with_token("operations", "read", "pauses:write", "records:write")
    for act, body in (("approve", {}), ("send-back", {"words": "No."})):
        refused = operations.post(f"{DOOR}{asked['id']}/{act}/", body)
        assert (refused.status_code, "no token" in refused.json()["detail"]) == (403, True)
    assert operations.get(f"{DOOR}{asked['id']}/").json()["state"] == "waiting"


def test_a_pause_that_needs_nobody_else_is_not_asked_about(world: World) -> None:
    answer = world.as_("other lead").post(DOOR, opening())
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "This pause needs no second person; open it.",
    )
    assert not Pause.objects.filter(project=world.harp).exists()


def test_words_that_were_changed_since_they_were_read_are_not_approved(
    world: World, asked: dict[str, Any]
) -> None:
    door, operations = f"{DOOR}{asked['id']}/", world.as_("operations")
    held = operations.get(door)["ETag"]
    Pause.objects.filter(public_id=asked["pause"]["public_id"]).update(why="Something else.")

    assert operations.post(f"{door}approve/", {}, HTTP_IF_MATCH=held).status_code == 412
    assert (
        operations.post(f"{door}approve/", {}, HTTP_IF_MATCH=operations.get(door)["ETag"]).status_code == 200
    )


def test_the_list_is_filtered_by_where_a_request_stands(world: World, asked: dict[str, Any]) -> None:
    colleague = UserFactory.make(email="colleague@firm.example")
    world.harp.leads.add(colleague)
    for state, number in (("waiting", 1), ("given", 0), ("sent_back", 0)):
        found = world.as_("other lead").get(f"{DOOR}?state={state}").json()["results"]
        assert len(found) == number, state
    assert world.as_("lead").get(DOOR).json()["results"] == []
    assert world.as_("stranger").get(DOOR).json()["results"] == []
