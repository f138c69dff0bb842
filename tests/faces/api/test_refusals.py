"""Every refusal has one shape, a fitting status, and names what is wrong; nothing makes the API stumble."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from contractorhub.hub.ports import free_port
from projects.models import Pause
from tests.faces.api.world import World, opening

JSON = "application/json"
PAUSES = "/api/v1/pauses/"


def _is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == status
    assert body["detail"]
    return body


def _fields(answer: Any, status: int = 422) -> dict[str, str]:
    return {each["field"]: each["message"] for each in _is_problem(answer, status)["errors"]}


def test_every_answer_that_is_missing_is_named_at_once(world: World) -> None:
    answer = world.as_("other lead").post(PAUSES, {"project": "HARP", "reason_code": "budget"})
    assert set(_fields(answer)) == {
        "what_stopped", "starts_at", "why", "what_happens_to_pay", "next_update_by", "what_to_do_now",
    }  # fmt: skip
    assert Pause.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"why": " "}, "why"),
        ({"why": "x" * 3_001}, "why"),
        ({"why": "nul \0"}, "why"),
        ({"next_update_by": "2020-01-01T00:00:00Z"}, "next_update_by"),
        ({"next_update_by": "9999-12-31T23:59:59-14:00"}, "next_update_by"),
        ({"ends_at": "2021-01-01T00:00:00Z"}, "ends_at"),
        ({"starts_at": "2021-01-01T00:00:00Z"}, "starts_at"),
        ({"kind": "reduced"}, "remaining_share_bp"),
        ({"remaining_share_bp": 10**40}, "remaining_share_bp"),
        ({"standby_daily_minor": 2_500}, "standby_currency"),
        ({"standby_daily_minor": 2_500, "standby_currency": "ZZZ"}, "standby_currency"),
        ({"standby_max_days": 3}, "standby_daily_minor"),
        ({"project": "CHORDUS"}, "project"),
        ({"project": None}, "project"),
        ({"client": "LYRA"}, "project"),
        ({"reason_code": "weather"}, "reason_code"),
        ({"expected_resume": "window", "expected_resume_from": "2027-01-05"}, "expected_resume_until"),
        ({"exclusions": [{"contractor": "x", "reason": "y"}]}, "exclusions.0.contractor"),
        (
            {"exclusions": [{"contractor": "00000000-0000-0000-0000-000000000000", "reason": "y"}]},
            "exclusions",
        ),
        ({"exclusions": "everybody"}, "exclusions"),
    ],
)
def test_a_wrong_answer_is_refused_by_its_name(world: World, change: dict[str, Any], field: str) -> None:
    assert field in _fields(world.as_("other lead").post(PAUSES, opening(**change)))
    assert Pause.objects.count() == 1


def test_a_second_pause_of_the_same_project_conflicts_and_says_with_what(world: World) -> None:
    body = _is_problem(world.as_("lead").post(PAUSES, opening(project="CHORDUS")), 409)
    assert "already paused" in body["detail"]


def test_what_is_over_cannot_be_changed(world: World) -> None:
    lead, address = world.as_("lead"), f"{PAUSES}{world.pause.public_id}/"
    assert lead.post(f"{address}void/", {"reason": "The wrong project."}).status_code == 200
    _is_problem(lead.post(f"{address}resume/", {}), 409)
    _is_problem(
        lead.post(f"{address}updates/", {"text": "x", "next_update_by": opening()["next_update_by"]}), 409
    )


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", JSON, 400),
        (b"", JSON, 422),
        (b"[]", JSON, 400),
        (b'{"why": "\\ud800"}', JSON, 422),
        (b"null", JSON, 400),
        (b"7", JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b'{"why": NaN}', JSON, 400),
        (b'{"a":' * 100_000, JSON, 400),
        (b"[" * 100_000 + b"]" * 100_000, JSON, 400),
        (b'{"remaining_share_bp": ' + b"9" * 10_000 + b"}", JSON, 400),
        (b'{"why": "' + b"x" * 2_000_000 + b'"}', JSON, 413),
        (b"why=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json; charset=rot13", 400),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(
    world: World, body: bytes, content_type: str, status: int
) -> None:
    _is_problem(world.as_("other lead").generic("POST", PAUSES, body, content_type), status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0", "page_size=201", "page_size=-1", "page_size=x", "page_size=", "page_size=%00",
        "page_size=9999999999999999999999", "cursor=x", "cursor=%00", "cursor=", "cursor=cD14", "cursor=cD0lMDA%3D",
        "starts_from=yesterday", "starts_from=0001-01-01T00:00:00%2B14:00", "starts_before=9999-12-31T23:59:59-14:00",
        "state=asleep", "kind=%00", "project=%00", "project=", "is_open=", "is_open=null", "is_open=yes", "state=",
        f"project={'x' * 31}", "reason_code=%ED%A0%BD",
    ],
)  # fmt: skip
def test_a_query_that_fits_no_field_is_refused_by_its_name(world: World, query: str) -> None:
    assert query.split("=")[0] in _fields(world.as_("operations").get(f"{PAUSES}?{query}"), 400)


@pytest.mark.parametrize(
    "door",
    [
        "pauses/x/", "pauses/00000000-0000-0000-0000-000000000000/", "clients/%00/", "clients/%ED%A0%80/",
        "projects/999999999999999999999999/", "nothing/", "pauses", "engagements/1/", "clients/" + "x" * 2_000 + "/",
    ],
)  # fmt: skip
def test_an_address_of_nothing_is_a_404_problem(world: World, door: str) -> None:
    _is_problem(world.as_("operations").get(f"/api/v1/{door}"), 404)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer \xff\xfe", "Bearer hub_none", "Bearer \t\x01"]
)
def test_a_token_that_is_none_is_a_401_problem_with_its_challenge(world: World, header: str) -> None:
    answer = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=header)
    _is_problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_wrong_methods_and_formats_say_what_is_offered(world: World) -> None:
    client = world.as_("operations")
    answer = client.delete("/api/v1/clients/")
    _is_problem(answer, 405)
    assert "GET" in answer["Allow"]
    _is_problem(client.get("/api/v1/clients/", HTTP_ACCEPT="text/csv"), 406)


def test_a_session_acts_only_with_its_csrf_token(world: World) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.users["other lead"])
    assert "CSRF" in _is_problem(client.post(PAUSES, opening()), 403)["detail"]
    assert Pause.objects.count() == 1


def test_one_request_too_many_is_told_when_to_come_back(world: World) -> None:
    rates = {**api_settings.DEFAULT_THROTTLE_RATES, "user": "3/min"}
    with override_settings(REST_FRAMEWORK={**_rest_framework(), "DEFAULT_THROTTLE_RATES": rates}):
        cache.clear()
        client = world.as_("lead")
        answers = [client.get("/api/v1/me/") for _ in range(8)]
    refused = next(each for each in answers if each.status_code == 429)  # a minute may turn meanwhile, once
    _is_problem(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert world.as_("finance").get("/api/v1/me/").status_code == 200


def test_a_counter_that_is_away_stops_nobody(world: World) -> None:
    away = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{free_port()}",
    }
    with override_settings(CACHES={"default": away}):
        answers = [world.as_("auditor").get("/api/v1/me/") for _ in range(5)]
    assert [each.status_code for each in answers] == [200] * 5
    assert all(0 < int(each["RateLimit-Remaining"]) < int(each["RateLimit-Limit"]) for each in answers)


def _rest_framework() -> dict[str, Any]:
    return dict(api_settings.user_settings)
