"""Periods, schedules and corrections through the API: who may, what follows, and what is refused with its field."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contractorhub.api import examples
from projects.models import AccountingPeriod, AuditEvent, Correction, HoursEntry, ReportSchedule
from tests.faces.api.world import World

API = "/api/v1/"
CORRECTIONS = "/api/v1/corrections/"
DESKS = ("operations", "finance", "auditor")
OTHERS = ("contractor", "lead")


def _codes(answer: Any) -> dict[str, str]:
    return {each["field"]: each["code"] for each in answer.json()["errors"]}


def test_whoever_may_pull_reports_sees_periods_and_schedules_and_only_some_act(world: World) -> None:
    for door, body in (("periods/", examples.CLOSING.value), ("schedules/", examples.SCHEDULE.value)):
        assert world.as_("nobody").get(f"{API}{door}").status_code == 401
        for who in (*DESKS, *OTHERS):
            assert world.as_(who).get(f"{API}{door}").json()["results"] == []
        for who in ("auditor", *OTHERS):
            assert world.as_(who).post(f"{API}{door}", body).status_code == 403
        assert (
            world.with_token("finance", "read", "reports:read").post(f"{API}{door}", body).status_code == 403
        )


def test_a_period_is_closed_once_and_its_weeks_are_named(world: World) -> None:
    client = world.with_token("finance", "read", "reports:write")
    over = (timezone.now() - timedelta(days=8)).date().isoformat()

    assert _codes(client.post(f"{API}periods/", {"last_day": over})) == {"first_day": "refused"}
    made = client.post(f"{API}periods/", {"last_day": over, "first_day": over}, HTTP_IDEMPOTENCY_KEY="close")
    again = client.post(f"{API}periods/", {"last_day": over, "first_day": over}, HTTP_IDEMPOTENCY_KEY="close")

    assert (made.status_code, again.json()) == (201, made.json())
    assert made.json()["first_week"] == made.json()["last_week"] <= over
    assert [row["public_id"] for row in client.get(f"{API}periods/").json()["results"]] == [
        str(AccountingPeriod.objects.get().public_id)
    ]


def test_a_report_is_put_on_a_schedule_paused_and_resumed(world: World) -> None:
    client = world.with_token("finance", "read", "reports:write")
    asked = {**examples.SCHEDULE.value, "recipients": ["finance@firm.example", "auditor@firm.example"]}

    wrong = {
        "report": {"report": "weather"},
        "recipients": {"recipients": ["lead@firm.example"]},
        "by": {"parameters": {"by": ["weather"]}},
        "weekday": {"weekday": None},
    }
    for field, change in wrong.items():
        assert field in _codes(client.post(f"{API}schedules/", {**asked, **change}))
    made = client.post(f"{API}schedules/", asked)
    assert made.status_code == 201, made.content
    door = f"{API}schedules/{made.json()['public_id']}/"

    assert made.json()["recipients"] == ["auditor@firm.example", "finance@firm.example"]
    assert client.post(f"{door}pause/", {}).json()["paused_at"]
    assert client.post(f"{door}resume/", {}).json()["paused_at"] is None
    assert client.post(f"{door}explode/", {}).status_code == 404
    assert client.get(f"{door}sendings/").json()["results"] == []
    assert world.as_("lead").get(door).status_code == 404
    assert ReportSchedule.objects.get().owner == world.users["finance"]


def test_a_correction_is_seen_by_whose_it_is_and_answered_by_who_leads(world: World) -> None:
    row = Correction.objects.create(
        contractor=world.ana, engagement=world.engagement, kind=Correction.Kind.HOURS, seconds=18_000,
        worked_on=(world.at - timedelta(days=9)).date(), words="I worked five hours.", asked_at=world.at,
    )  # fmt: skip
    door = f"{API}corrections/{row.public_id}/"
    seen = {who: len(world.as_(who).get(f"{API}corrections/").json()["results"]) for who in world.users}
    assert seen == {"other lead": 0, "stranger": 0} | dict.fromkeys((*DESKS, *OTHERS), 1)

    assert world.as_("contractor").post(f"{door}accept/", {}).status_code == 403
    assert world.as_("stranger").post(f"{door}accept/", {}).status_code == 404
    lead = world.with_token("lead", "read", "records:write")
    assert _codes(lead.post(f"{door}decline/", {})) == {"answer": "refused"}
    accepted = lead.post(f"{door}accept/", {"answer": "You are right."}).json()
    assert (accepted["state"], accepted["answer"]) == ("accepted", "You are right.")
    assert HoursEntry.objects.get(engagement=world.engagement).seconds == 18_000
    assert lead.post(f"{door}accept/", {}).status_code == 409
    assert AuditEvent.objects.filter(verb="correction.accepted", by=world.users["lead"]).exists()


def _claim(world: World, **changes: object) -> dict[str, object]:
    day = (world.at - timedelta(days=9)).date().isoformat()
    body = {"engagement": str(world.engagement.public_id), "kind": "hours", "words": "I worked five hours."}
    return {**body, "worked_on": day, "seconds": 18_000, **changes}


def test_a_contractor_says_what_is_wrong_and_takes_it_back(world: World) -> None:
    ana = world.as_("contractor")
    made = ana.post(CORRECTIONS, _claim(world, pause=str(world.pause.public_id)))
    assert (made.status_code, made.json()["state"]) == (201, "open"), made.json()
    assert made.json()["pause"] == str(world.pause.public_id)
    assert ana.post(CORRECTIONS, _claim(world)).status_code == 409  # it waits already
    door = f"{CORRECTIONS}{made.json()['public_id']}/withdraw/"

    assert (
        world.as_("lead").post(door, {}).status_code,
        world.as_("stranger").post(door, {}).status_code,
    ) == (403, 404)
    assert ana.post(door, {}).json()["state"] == "withdrawn"
    assert Correction.objects.get().closed_at is not None


@pytest.mark.parametrize(("change", "field"), [
    ({"seconds": None}, "worked_on"), ({"worked_on": "2000-01-03"}, "worked_on"), ({"words": ""}, "words"),
    ({"kind": "rate"}, "starts_on"), ({"kind": "rate", "starts_on": "2026-01-05", "currency": "USD"}, "amount"),
    ({"kind": "dates", "starts_on": "2026-01-05", "ends_on": "2026-01-04"}, "ends_on"),
    ({"engagement": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}, "engagement"),
    ({"pause": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}, "pause"),
])  # fmt: skip
def test_a_claim_that_says_too_little_or_cannot_be_is_refused_by_its_field(
    world: World, change: dict[str, object], field: str
) -> None:
    answer = world.as_("contractor").post(CORRECTIONS, _claim(world, **change))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert world.as_("lead").post(CORRECTIONS, _claim(world)).status_code == 403
    assert not Correction.objects.exists()
