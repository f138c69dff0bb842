"""Acts: a pause from its opening to its end, once however often it is asked for, and the tokens that may ask."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from contractorhub.api.models import StoredAnswer, TokenGrant
from notifications.models import Delivery
from projects.models import Acknowledgement, AuditEvent, Pause, PauseUpdate, ScopeReassessment
from tests.faces.api.world import World, bearing, make_token, opening
from tests.factories import EngagementFactory, ProjectFactory, UserFactory

PAUSES = "/api/v1/pauses/"
STANDBY = {"standby_daily_minor": 2_500, "standby_currency": "USD", "standby_max_days": 5}


def test_a_pause_lives_its_whole_life_through_the_api(world: World) -> None:
    lead, contractor = world.with_token("other lead", "read", "pauses:write"), world.as_("stranger")
    opened = lead.post(PAUSES, opening(expected_resume="date", expected_resume_from=_in_days(9), **STANDBY))
    assert opened.status_code == 201, opened.content
    assert {name: opened.json()[name] for name in STANDBY} == STANDBY
    address = f"{PAUSES}{opened.json()['public_id']}/"
    assert Delivery.objects.filter(recipient__name="Sam").exists()
    seen = contractor.post(f"{address}acknowledge/", {})
    assert seen.json()["via"] == "api"
    assert contractor.post(f"{address}acknowledge/", {}).json() == seen.json()
    said = lead.post(
        f"{address}updates/",
        {
            "text": "One more week.",
            "next_update_by": opening()["next_update_by"],
            "expected_resume": "unknown",
        },
    )
    assert (said.status_code, said.json()["kind"]) == (201, "extended")
    ended = lead.post(f"{address}resume/", {"text": "Work goes on.", "outcome": "reduced"})
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert ScopeReassessment.objects.get(project=world.harp).outcome == "reduced"
    verbs = AuditEvent.objects.filter(by=world.users["other lead"]).values_list("verb", flat=True)
    assert {"pause.opened", "pause.extended", "pause.ended", "scope.decided"} <= set(verbs)


def test_a_whole_client_is_paused_by_operations_with_somebody_left_out(world: World) -> None:
    body = opening(
        project=None,
        client="ORION",
        exclusions=[{"contractor": str(world.ana.public_id), "reason": "Hands data back."}],
    )
    refused = world.as_("operations").post(PAUSES, body)
    assert refused.status_code == 409  # nobody is left whom it would stop
    body["exclusions"] = []
    answer = world.as_("operations").post(PAUSES, body)
    assert answer.json()["target"] == {"kind": "client", "code": "ORION", "name": "Orion", "projects": []}


def test_some_projects_of_a_client_are_paused_and_strange_ones_refused(world: World) -> None:
    for code in ("NOVA", "MUSEN"):
        EngagementFactory.make(project=ProjectFactory.make(client=world.orion, code=code))
    client, body = world.as_("operations"), opening(project=None, client="ORION")

    strange = client.post(PAUSES, body | {"projects": ["NOVA", "HARP"]})
    homeless = client.post(PAUSES, opening(projects=["NOVA", "MUSEN"]))
    made = client.post(PAUSES, body | {"projects": ["NOVA", "MUSEN"]})

    assert "HARP" in strange.json()["detail"]
    assert homeless.json()["errors"][0]["field"] == "projects"
    assert made.status_code == 201, made.content
    assert (made.json()["target"]["kind"], made.json()["target"]["projects"]) == (
        "projects",
        ["NOVA", "MUSEN"],
    )


def test_the_same_key_and_body_acts_once_and_gets_the_same_answer(world: World) -> None:
    lead, body = world.as_("other lead"), opening()
    first = lead.post(PAUSES, body, HTTP_IDEMPOTENCY_KEY="key-1")
    told = Delivery.objects.count()
    again = lead.post(PAUSES, body, HTTP_IDEMPOTENCY_KEY="key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["Idempotency-Replayed"], first.get("Idempotency-Replayed")) == ("true", None)
    assert Pause.objects.filter(project=world.harp).count() == 1
    assert Delivery.objects.count() == told


def test_an_update_repeated_under_its_key_is_said_once(world: World) -> None:
    lead, address = world.as_("lead"), f"{PAUSES}{world.pause.public_id}/updates/"
    body = {"text": "Still nothing.", "next_update_by": opening()["next_update_by"]}
    answers = [lead.post(address, body, HTTP_IDEMPOTENCY_KEY="k").json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert PauseUpdate.objects.filter(pause=world.pause, kind="updated").count() == 1


def test_the_same_key_for_another_request_is_refused(world: World) -> None:
    lead, body = world.as_("other lead"), opening()
    lead.post(PAUSES, body, HTTP_IDEMPOTENCY_KEY="key-1")
    other_body = lead.post(PAUSES, {**body, "why": "Other."}, HTTP_IDEMPOTENCY_KEY="key-1")
    pause = Pause.objects.get(project=world.harp)
    other_door = lead.post(f"{PAUSES}{pause.public_id}/void/", body, HTTP_IDEMPOTENCY_KEY="key-1")
    for answer in (other_body, other_door):
        assert answer.status_code == 422
        assert "another request" in answer.json()["detail"]
    assert lead.post(PAUSES, body, HTTP_IDEMPOTENCY_KEY="with space").status_code == 400


def test_a_key_belongs_to_its_user_and_survives_a_refusal(world: World) -> None:
    wrong = world.as_("other lead").post(PAUSES, opening(why=""), HTTP_IDEMPOTENCY_KEY="k")
    right = world.as_("other lead").post(PAUSES, opening(), HTTP_IDEMPOTENCY_KEY="k")
    other = world.as_("operations").post(PAUSES, opening(), HTTP_IDEMPOTENCY_KEY="k")
    assert (wrong.status_code, right.status_code, other.status_code) == (422, 201, 409)


def test_stored_answers_are_forgotten_after_a_week(world: World) -> None:
    lead = world.as_("lead")
    lead.post(f"{PAUSES}{world.pause.public_id}/void/", {"reason": "Mistake."}, HTTP_IDEMPOTENCY_KEY="old")
    StoredAnswer.objects.update(at=timezone.now() - timedelta(days=8))
    lead.post(PAUSES, opening(project="CHORDUS"), HTTP_IDEMPOTENCY_KEY="new")
    assert [row.key for row in StoredAnswer.objects.all()] == ["new"]


def test_only_people_whom_a_pause_stops_acknowledge_it(world: World) -> None:
    address = f"{PAUSES}{world.pause.public_id}/acknowledge/"
    assert world.as_("lead").post(address, {}).status_code == 403
    assert not Acknowledgement.objects.exists()


def test_a_token_is_made_by_a_signed_in_person_told_once_and_revoked(world: World) -> None:
    person = world.as_("lead")
    made = person.post(
        "/api/v1/tokens/", {"name": "Payroll", "scopes": ["read"], "expires_in_days": 7}
    ).json()
    assert bearing(made["token"]).get("/api/v1/me/").json()["scopes"] == ["read"]
    row = person.get("/api/v1/tokens/").json()["results"][0]
    assert "token" not in row
    assert row["last_used_at"] is not None
    assert not AuthToken.objects.filter(digest__contains=made["token"][:20]).exists()
    assert world.as_("other lead").delete(f"/api/v1/tokens/{made['public_id']}/").status_code == 404
    assert person.delete(f"/api/v1/tokens/{made['public_id']}/").status_code == 204
    assert bearing(made["token"]).get("/api/v1/me/").status_code == 401


def test_an_expired_token_and_one_of_a_person_who_left_open_nothing(world: World) -> None:
    leaver = UserFactory.make()
    expired, left = make_token(world.users["lead"], "read", days=-1), make_token(leaver, "read")
    assert bearing(left).get("/api/v1/me/").status_code == 200
    leaver.is_active = False
    leaver.save()
    for token in (expired, left):
        assert bearing(token).get("/api/v1/me/").status_code == 401
    assert TokenGrant.objects.count() == 2


def test_a_token_without_a_grant_opens_nothing(world: World) -> None:
    _, token = AuthToken.objects.create(user=world.users["operations"])
    assert bearing(str(token)).get("/api/v1/me/").status_code == 401


def test_a_token_needs_no_csrf_token(world: World) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(world.users['other lead'], 'pauses:write')}")
    assert client.post(PAUSES, opening()).status_code == 201


def _in_days(days: int) -> Any:
    return (timezone.now() + timedelta(days=days)).date().isoformat()
