"""An integration connects by the API, hears what happened on its owner's desk, and puts right what failed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from notifications.models import Endpoint
from notifications.relay import relay
from projects.domain.event_types import CATALOGUE
from projects.operations.estimates import start_run
from projects.operations.reports import RunFacts, pull_report
from tests.faces.api.world import World, make_world, opening
from tests.fakes.receiver import Receiver, Said, running_receiver

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "/api/v1/webhooks/endpoints/"


@pytest.fixture
def world(settings: Any) -> World:
    """The world of the API, whose receivers may be on this machine."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    return make_world()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with running_receiver() as running:
        yield running


def connect(world: World, who: str, receiver: Receiver, *events: str) -> dict[str, Any]:
    """Connect the receiver as somebody; the answer with its secret."""
    body = {"name": "Payroll", "url": receiver.url, "events": list(events or CATALOGUE)}
    answer = world.as_(who).post(DOOR, body)
    assert answer.status_code == 201, answer.json()
    made: dict[str, Any] = answer.json()
    return made


def heard(receiver: Receiver, secret: str) -> list[dict[str, Any]]:
    """Send what is due; what the receiver has heard, verified by its own library."""
    for _ring in range(6):
        relay(clock=timezone.now, channels=["webhook"])
    return [Webhook(secret).verify(each.body, dict(each.headers)) for each in receiver.received]


def test_the_life_of_a_pause_is_heard_in_order_and_without_a_confidential_word(
    world: World, receiver: Receiver
) -> None:
    secret = connect(world, "other lead", receiver)["secret"]
    lead = world.as_("other lead")
    pause = lead.post("/api/v1/pauses/", opening()).json()["public_id"]
    said = {"text": "Still nothing new.", "next_update_by": opening()["next_update_by"]}
    lead.post(f"/api/v1/pauses/{pause}/updates/", said)
    lead.post(f"/api/v1/pauses/{pause}/resume/", {"outcome": "reduced"})

    told = heard(receiver, secret)

    assert sorted(each["type"] for each in told) == [
        "hours_lock.changed", "hours_lock.changed", "pause.ended", "pause.opened", "pause.updated", "scope.reassessed",
    ]  # fmt: skip
    assert {each["data"]["pause"] for each in told} == {pause}
    locks = [each["data"]["status"] for each in told if each["type"] == "hours_lock.changed"]
    assert sorted(locks) == ["open", "paused"]
    assert b"Vexler" not in b"".join(each.body for each in receiver.received)
    assert all(each["data"].keys() >= CATALOGUE[each["type"]].example.keys() for each in told)


def test_an_integration_hears_only_of_its_owners_desk(world: World, receiver: Receiver) -> None:
    secret = connect(world, "lead", receiver)["secret"]

    world.as_("other lead").post("/api/v1/pauses/", opening())

    assert heard(receiver, secret) == []


def test_a_lead_of_one_project_hears_of_a_pause_of_the_whole_client(world: World, receiver: Receiver) -> None:
    secret = connect(world, "other lead", receiver, "pause.opened", "hours_lock.changed")["secret"]

    world.as_("operations").post("/api/v1/pauses/", opening(project=None, client="LYRA"))

    told = {each["type"]: each["data"] for each in heard(receiver, secret)}
    assert told["pause.opened"]["target"] == {"kind": "client", "code": "LYRA"}
    assert told["hours_lock.changed"]["projects"] == ["HARP"]


def test_a_finished_estimate_and_a_pulled_report_are_announced(world: World, receiver: Receiver) -> None:
    secret = connect(world, "operations", receiver, "estimate.ready", "report.ready")["secret"]
    start_run(run_id=world.pause.estimate_runs.get(state="queued").pk, at=timezone.now())
    pull_report(
        name="pause_register",
        parameters={},
        as_of=world.at.date(),
        build=lambda: RunFacts("1", "inputs", "checksum", 0, {}),
        by=world.users["finance"],
        at=world.at,
    )

    told = {each["type"]: each["data"] for each in heard(receiver, secret)}

    assert told["estimate.ready"]["pause"] == str(world.pause.public_id)
    assert told["report.ready"]["checksum"] == "checksum"


def test_a_test_event_a_failure_with_its_tries_and_a_replay(world: World, receiver: Receiver) -> None:
    made = connect(world, "lead", receiver, "pause.opened")
    address, lead = f"{DOOR}{made['public_id']}/", world.as_("lead")
    receiver.answer = lambda number: Said(410 if number == 0 else 200)
    sent = lead.post(f"{address}test/").json()
    heard(receiver, made["secret"])

    row = lead.get(f"{address}sent/?state=failed").json()["results"][0]
    assert (row["webhook_id"], row["attempts"][0]["code"]) == (sent["webhook_id"], "http_410")
    assert lead.get(address).json()["is_enabled"] is False
    refused = lead.post(f"{address}replay/", {"webhook_ids": [row["webhook_id"]]})
    assert (refused.status_code, "switched off" in refused.json()["detail"]) == (409, True)

    lead.patch(address, {"is_enabled": True})
    assert lead.post(f"{address}replay/", {"webhook_ids": [row["webhook_id"]]}).json() == {"count": 1}
    assert [each["type"] for each in heard(receiver, made["secret"])] == ["webhook.test"] * 2
    assert set(receiver.ids) == {row["webhook_id"]}


def test_a_rotated_secret_is_told_once_and_both_verify(world: World, receiver: Receiver) -> None:
    made = connect(world, "lead", receiver, "pause.opened")
    address, lead = f"{DOOR}{made['public_id']}/", world.as_("lead")
    rotated = lead.post(f"{address}rotate-secret/").json()
    lead.post(f"{address}test/")

    assert rotated["secret"] != made["secret"]
    assert heard(receiver, made["secret"]) == heard(receiver, rotated["secret"])
    assert "secret" not in lead.get(address).json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "ftp://x"}, "url"),
        ({"events": ["pause.won"]}, "events"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_no_endpoint_is_refused_by_its_field(
    world: World, settings: Any, change: Any, field: str
) -> None:
    settings.WEBHOOKS_MAY_BE_PRIVATE = False
    body = {"name": "Payroll", "url": "https://hooks.example/", "events": ["pause.opened"], **change}

    answer = world.as_("lead").post(DOOR, body)

    assert answer.status_code == 422
    assert field in str(answer.json())
    assert Endpoint.objects.count() == 1


def test_a_removed_endpoint_hears_nothing_more(world: World, receiver: Receiver) -> None:
    made = connect(world, "other lead", receiver)

    assert world.as_("other lead").delete(f"{DOOR}{made['public_id']}/").status_code == 204

    world.as_("other lead").post("/api/v1/pauses/", opening())
    assert heard(receiver, made["secret"]) == []
    assert world.as_("other lead").get(f"{DOOR}{made['public_id']}/").status_code == 404
    assert timezone.now() - Endpoint.objects.latest("pk").removed_at < timedelta(minutes=5)  # type: ignore[operator]
