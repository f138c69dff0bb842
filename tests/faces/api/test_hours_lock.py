"""The hours lock: may this person log hours there and then, and if not, why, until when and what to do."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models.pauses import PauseKind, PauseState
from projects.operations.pause_changes import void_pause
from tests.faces.api.world import World
from tests.factories import (
    ClientPauseFactory,
    ContractorFactory,
    EngagementFactory,
    PauseExclusionFactory,
    PauseFactory,
    ProjectFactory,
)

DOOR = "/api/v1/hours-lock"


def _ask(
    world: World, *, who: str = "operations", project: str = "CHORDUS", at: datetime | None = None
) -> Any:
    asked = {"contractor": str(world.ana.public_id), "project": project}
    return world.as_(who).get(DOOR, asked | ({"at": at.isoformat()} if at else {}))


def _status(world: World, *, project: str = "CHORDUS", at: datetime | None = None) -> tuple[str, bool]:
    """What the door says of one question, and that it says the same of it among others."""
    body = _ask(world, project=project, at=at).json()
    pair = {"contractor": "Ana@people.example", "project": project} | ({"at": at.isoformat()} if at else {})
    among = world.as_("operations").post(DOOR, {"pairs": [pair, pair]}).json()["answers"][1]
    assert {**among, "contractor": body["contractor"]} == body
    return body["status"], body["may_log"]


@pytest.mark.parametrize("who", ["contractor", "lead", "operations"])
def test_a_paused_project_says_why_since_when_the_next_word_and_what_to_do(world: World, who: str) -> None:
    body = _ask(world, who=who).json()
    assert (body["may_log"], body["status"]) == (False, "paused")
    assert body["reason"] == world.pause.why
    assert datetime.fromisoformat(body["since"]) == world.pause.starts_at
    assert datetime.fromisoformat(body["next_word_by"]) == world.pause.next_update_by
    assert "Lead (lead@firm.example)" in body["how_to_correct"]
    assert "Vexler" not in str(body)


def test_hours_before_the_pause_and_after_its_end_may_be_logged(world: World) -> None:
    world.pause.state, world.pause.ends_at = PauseState.ENDED, world.pause.starts_at + timedelta(minutes=30)
    world.pause.closed_at = world.at
    world.pause.save()
    before, inside, end = (world.pause.starts_at + timedelta(minutes=n) for n in (-1, 29, 30))
    assert [_status(world, at=at) for at in (before, inside, end)] == [
        ("open", True), ("paused", False), ("open", True),
    ]  # fmt: skip


def test_a_void_pause_locks_nothing(world: World) -> None:
    void_pause(pause=world.pause, reason="Mistake.", by=None, at=world.at)
    assert _status(world) == ("open", True)


def test_hours_worked_before_the_notice_of_a_backdated_pause_stay_payable(world: World) -> None:
    world.pause.notice_sent_at = world.pause.starts_at + timedelta(minutes=20)
    world.pause.save()
    assert _status(world, at=world.pause.starts_at + timedelta(minutes=19)) == ("worked_before_notice", True)
    assert _status(world, at=world.pause.starts_at + timedelta(minutes=20)) == ("paused", False)


def test_a_reduced_project_a_spared_person_and_a_paused_client_are_told_apart(world: World) -> None:
    musen = ProjectFactory.make(client=world.orion, code="MUSEN")
    EngagementFactory.make(contractor=world.ana, project=musen)
    assert _status(world, project="MUSEN") == ("open", True)
    reduced = PauseFactory.make(
        project=musen,
        kind=PauseKind.REDUCED,
        remaining_share_bp=5_000,
        starts_at=world.at - timedelta(hours=1),
    )
    assert _status(world, project="MUSEN") == ("reduced", True)
    PauseExclusionFactory.make(pause=reduced, contractor=world.ana)
    assert _status(world, project="MUSEN") == ("excluded", True)
    ClientPauseFactory.make(client=world.orion, starts_at=world.at - timedelta(minutes=5))
    assert _status(world, project="MUSEN") == ("paused", False)


def test_a_day_outside_the_term_or_after_the_project_is_not_a_pause(world: World) -> None:
    assert _status(world, at=world.at.replace(year=2023)) == ("not_engaged", False)
    world.chordus.ended_on = world.at.date()
    world.chordus.save()
    assert _status(world) == ("project_ended", False)
    assert _status(world, project="HARP") == ("not_engaged", False)


def test_what_one_may_not_see_is_unknown_like_what_does_not_exist(world: World) -> None:
    foreign = _ask(world, who="stranger")
    nothing = _ask(world, project="NOWHERE")
    assert (foreign.status_code, nothing.status_code) == (404, 404)
    assert foreign.json()["detail"] == nothing.json()["detail"]
    asked = {"pairs": [{"contractor": "ana@people.example", "project": "CHORDUS"}]}
    assert world.as_("stranger").post(DOOR, asked).json()["answers"][0]["status"] == "unknown"


def test_an_answer_that_still_stands_is_not_sent_again(world: World) -> None:
    first = _ask(world)
    client, asked = world.as_("operations"), {"contractor": str(world.ana.public_id), "project": "CHORDUS"}
    again = client.get(DOOR, asked, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"
    void_pause(pause=world.pause, reason="Mistake.", by=None, at=world.at)
    changed = client.get(DOOR, asked, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed.json()["may_log"]) == (200, True)


def test_a_thousand_pairs_are_answered_in_order_in_as_many_queries_as_one(world: World) -> None:
    client = world.as_("operations")
    people = [ContractorFactory.make() for _ in range(40)]
    for person in people:
        EngagementFactory.make(contractor=person, project=world.chordus)
    one = [{"contractor": "ana@people.example", "project": "CHORDUS"}]
    two = [*one, {"contractor": str(people[0].public_id), "project": "CHORDUS"}]
    many = [{"contractor": str(person.public_id), "project": "CHORDUS"} for person in people] * 25
    with CaptureQueriesContext(connection) as few:
        client.post(DOOR, {"pairs": two})
    with CaptureQueriesContext(connection) as lots:
        answers = client.post(DOOR, {"pairs": many}).json()["answers"]
    assert [answer["contractor"] for answer in answers] == [pair["contractor"] for pair in many]
    assert {answer["status"] for answer in answers} == {"paused"}
    assert len(lots) == len(few) <= 10
    with CaptureQueriesContext(connection) as fewest:
        client.get(DOOR, one[0])
    assert len(fewest) <= 6
    assert client.post(DOOR, {"pairs": [*many, *one]}).status_code == 422
    assert client.post(DOOR, {"pairs": []}).status_code == 422


@pytest.mark.parametrize(
    "query",
    ["", "contractor=a", "contractor=%00&project=X", "contractor=a&project=X&at=9999-12-31T23:59:59-14:00"],
)
def test_a_question_that_is_not_whole_is_refused(world: World, query: str) -> None:
    assert world.as_("operations").get(f"{DOOR}?{query}").status_code == 400
