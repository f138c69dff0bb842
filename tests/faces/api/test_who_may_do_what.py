"""One table: who gets which answer at which door, by role and by token scope."""

from typing import Any

import pytest

from contractorhub.api import examples
from projects.access import may_see_rates, projects_visible_to
from projects.models import Project, ScopeReassessment
from tests.faces.api.world import World, opening

# What each door answers: a status, or for lists how many rows are told (`200/n`).
#  nobody: signed out · own, foreign: contractors of CHORDUS and of HARP · lead, other: leads of CHORDUS and of HARP
READING = """
door                                    nobody own   foreign lead  other operations finance auditor
me/                                     401    200   200     200   200   200        200     200
clients/                                401    200/0 200/0   200/1 200/1 200/2      200/2   200/2
clients/ORION/                          401    404   404     200   404   200        200     200
projects/                               401    200/0 200/0   200/1 200/1 200/2      200/2   200/2
projects/CHORDUS/                       401    404   404     200   404   200        200     200
engagements/                            401    200/1 200/1   200/1 200/1 200/2      200/2   200/2
engagements/{engagement}/               401    200   404     200   404   200        200     200
pauses/                                 401    200/1 200/0   200/1 200/0 200/1      200/1   200/1
pauses/{pause}/                         401    200   404     200   404   200        200     200
pauses/{pause}/updates/                 401    200/1 404     200/1 404   200/1      200/1   200/1
pauses/{pause}/deliveries/              401    403   404     200/1 404   200/1      200/1   200/1
estimates/                              401    200/1 200/0   200/1 200/0 200/1      200/1   200/1
reassessments/                          401    200/1 200/0   200/1 200/0 200/1      200/1   200/1
reassessments/{reassessment}/           401    200   404     200   404   200        200     200
contractors/                            401    200/1 200/1   200/1 200/1 200/2      200/2   200/2
contractors/{contractor}/               401    200   404     200   404   200        200     200
open-seats/                             401    200/1 200/1   200/0 200/1 200/1      200/1   200/1
tokens/                                 401    200/0 200/0   200/0 200/0 200/0      200/0   200/0
webhooks/events/                        401    200   200     200   200   200        200     200
webhooks/endpoints/                     401    200/0 200/0   200/1 200/0 200/1      200/0   200/0
webhooks/endpoints/{endpoint}/          401    404   404     200   404   200        404     404
webhooks/endpoints/{endpoint}/sent/     401    404   404     200/1 404   200/1      404     404
reports/                                401    200/0 200/0   200/0 200/0 200/15     200/15  200/15
reports/promises/                       401    404   404     404   404   200        200     200
hours-lock?contractor=ana@people.example&project=CHORDUS 401 200 404 200 404 200 200 200
"""
ACTING = """
door                                    nobody own   foreign lead  other operations finance auditor
pauses/                                 401    422   422     422   201   201        403     403
pauses/{pause}/updates/                 401    403   404     201   404   201        403     403
pauses/{pause}/resume/                  401    403   404     200   404   200        403     403
pauses/{pause}/void/                    401    403   404     200   404   200        403     403
pauses/{pause}/acknowledge/             401    200   404     403   404   403        403     403
tokens/                                 401    201   201     201   201   201        201     201
webhooks/endpoints/                     401    403   403     201   201   201        201     201
webhooks/endpoints/{endpoint}/test/     401    404   404     201   404   201        404     404
webhooks/endpoints/{endpoint}/rotate-secret/ 401 404 404     200   404   200        404     404
webhooks/endpoints/{endpoint}/replay/   401    404   404     409   404   409        404     404
hours-lock                              401    200   200     200   200   200        200     200
clients/                                401    403   403     403   403   201        403     403
projects/                               401    422   422     403   422   201        403     403
contractors/                            401    403   403     403   403   201        403     403
engagements/                            401    403   403     403   403   201        403     403
engagements/{engagement}/rates/         401    403   404     403   404   201        403     403
engagements/{engagement}/end/           401    403   404     403   404   200        403     403
open-seats/                             401    422   422     201   422   201        403     403
reassessments/                          401    422   422     409   422   409        403     403
reassessments/{reassessment}/decide/    401    403   404     200   404   200        403     403
"""
SCOPES = """
door                                    read pauses:write hours:read records:write reports:read
GET me/                                 200  403          403          403  403
GET reports/                            200  403          403        403           403
GET reports/pause-register/             403  403          403        403           200
GET pauses/                             200  403          403          403  403
GET hours-lock?contractor=ana@people.example&project=CHORDUS 403 403 200          403  403
POST pauses/                            403  201          403          403  403
POST pauses/{pause}/resume/             403  200          403          403  403
POST hours-lock                         403  403          200          403  403
GET tokens/                             403  403          403          403  403
POST tokens/                            403  403          403          403  403
GET webhooks/endpoints/                 200  403          403          403  403
POST webhooks/endpoints/                403  403          403          403  403
POST clients/                           403  403          403        201   403
"""
NAMES = {"own": "contractor", "foreign": "stranger", "other": "other lead"}


ON_EVERY_DATABASE = {"lead", "operations"}
"""Whose doors are tried on PostgreSQL as well: with them every query runs there; the roles are the same on each."""


def _cells(table: str) -> list[Any]:
    """Door, column and expected answer of every cell; a door may be of two words, such as `POST tokens/`."""
    head, *rows = table.strip().splitlines()
    columns = head.split()[1:]
    cells = []
    for row in rows:
        words = row.split()
        door = " ".join(words[: -len(columns)])
        for who, answer in zip(columns, words[-len(columns) :], strict=True):
            marks = () if who in ON_EVERY_DATABASE else (pytest.mark.once,)
            cells.append(pytest.param(door, who, answer, marks=marks))
    return cells


def _address(world: World, door: str) -> str:
    places: dict[str, Any] = {
        "pause": world.pause.public_id,
        "engagement": world.engagement.public_id,
        "contractor": world.ana.public_id,
        "endpoint": world.endpoint.public_id,
        "reassessment": ScopeReassessment.objects.get().pk,
    }
    return "/api/v1/" + door.format(**places)


def _body(door: str, world: World) -> dict[str, Any]:
    if door.endswith("updates/"):
        return {"text": "Still nothing new.", "next_update_by": opening()["next_update_by"]}
    if door.endswith("void/"):
        return {"reason": "The wrong project."}
    if door.endswith("tokens/"):
        return {"name": "Payroll", "scopes": ["read"]}
    if door.endswith("hours-lock"):
        return {"pairs": [{"contractor": "ana@people.example", "project": "CHORDUS"}]}
    if door.endswith("endpoints/"):
        return {"name": "Payroll", "url": "https://hooks.example/", "events": ["pause.opened"]}
    if door.endswith("replay/"):
        return {"webhook_ids": ["6f1d2c1e-8a0b-4a53-9c7e-1c2b3d4e5f60"]}
    records: dict[str, dict[str, Any]] = {
        "clients/": examples.CLIENT.value,
        "projects/": examples.PROJECT.value,
        "contractors/": examples.CONTRACTOR.value,
        "engagements/": {
            **examples.ENGAGEMENT.value,
            "contractor": str(world.ana.public_id),
            "project": "HARP",
        },
        "rates/": examples.RATE.value,
        "end/": {"ends_on": "2099-01-01"},
        "open-seats/": examples.SEAT.value,
        "reassessments/": examples.REASSESSMENT.value,
        "decide/": examples.DECISION.value,
    }
    found = next((body for name, body in records.items() if door.endswith(name)), {})
    return opening() if door.endswith("pauses/") else found


@pytest.mark.parametrize(("door", "who", "expected"), _cells(READING))
def test_reading_answers_each_role_as_the_table_says(
    world: World, door: str, who: str, expected: str
) -> None:
    answer = world.as_(NAMES.get(who, who)).get(_address(world, door))
    count = f"/{len(answer.json()['results'])}" if "results" in answer.json() else ""
    assert f"{answer.status_code}{count}" == expected


@pytest.mark.parametrize(("door", "who", "expected"), _cells(ACTING))
def test_acting_answers_each_role_as_the_table_says(world: World, door: str, who: str, expected: str) -> None:
    answer = world.as_(NAMES.get(who, who)).post(_address(world, door), _body(door, world))
    assert str(answer.status_code) == expected


@pytest.mark.parametrize(("door", "scope", "expected"), _cells(SCOPES))
def test_a_token_opens_only_what_its_scope_names(world: World, door: str, scope: str, expected: str) -> None:
    client, (method, door) = world.with_token("operations", scope), door.split(" ", 1)
    address = _address(world, door)
    answer = client.get(address) if method == "GET" else client.post(address, _body(door, world))
    assert str(answer.status_code) == expected


@pytest.mark.parametrize("who", ["contractor", "lead", "other lead", "operations", "finance", "auditor"])
def test_rates_are_told_for_exactly_the_projects_whose_rates_one_may_see(world: World, who: str) -> None:
    user = world.users[who]
    allowed = {row.code for row in Project.objects.all() if may_see_rates(user, row)}
    assert {row.code for row in projects_visible_to(user)} == allowed
    rows = world.as_(who).get("/api/v1/engagements/").json()["results"]
    assert {row["project"]["code"] for row in rows if row["rates"] is not None} == allowed & {
        row["project"]["code"] for row in rows
    }


def test_a_contractor_reads_no_confidential_word_anywhere(world: World) -> None:
    for who in ("contractor", "operations"):
        for door in ("pauses/", "pauses/{pause}/", "pauses/{pause}/updates/", "reassessments/"):
            assert "Vexler" not in world.as_(who).get(_address(world, door)).content.decode()
