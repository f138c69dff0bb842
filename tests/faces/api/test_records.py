"""Records made through the API, the validators and rates of every answer, and the page of tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample

from contractorhub.api import examples
from contractorhub.api.models import TokenGrant
from projects.models import AuditEvent, Contractor, Engagement, Rate, ScopeReassessment
from tests.faces.api.world import World, bearing, opening

API = "/api/v1/"


def _made(world: World, door: str, example: OpenApiExample, **changes: Any) -> dict[str, Any]:
    answer = world.with_token("operations", "records:write", "read").post(
        f"{API}{door}", {**example.value, **changes}
    )
    assert answer.status_code in {200, 201}, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_firm_can_be_recorded_from_client_to_rate_by_the_documented_examples(world: World) -> None:
    client = _made(world, "clients/", examples.CLIENT)
    project = _made(world, "projects/", examples.PROJECT, client=client["code"], leads=["lead@firm.example"])
    person = _made(world, "contractors/", examples.CONTRACTOR)
    term = _made(
        world, "engagements/", examples.ENGAGEMENT, contractor=person["public_id"], project=project["code"]
    )
    rate = _made(world, f"engagements/{term['public_id']}/rates/", examples.RATE, starts_on="2027-06-01")
    ended = _made(
        world, f"engagements/{term['public_id']}/end/", OpenApiExample("end", value={"ends_on": "2027-12-01"})
    )
    seat = _made(world, "open-seats/", examples.SEAT, project=project["code"])

    assert (project["client"]["code"], project["leads"][0]["email"]) == ("VELA", "lead@firm.example")
    assert (rate["amount"], ended["ends_on"]) == ("21.5", "2027-12-01")
    assert (seat["amount"], seat["highest_amount"]) == ("18", "22.5")
    closed = _made(
        world, f"open-seats/{seat['id']}/close/", OpenApiExample("close", value={"closes_on": "2027-03-01"})
    )
    assert closed["closes_on"] == "2027-03-01"
    assert rate["max_weekly_seconds"] == 162_000
    row = Engagement.objects.get(public_id=term["public_id"])
    assert (
        list(Rate.objects.filter(engagement=row).values_list("amount_millionths", flat=True))
        == [21_500_000] * 2
    )
    assert row.contractor.user is not None
    told = world.as_("operations").get(f"{API}contractors/{person['public_id']}/").json()
    assert "email" not in told
    assert AuditEvent.objects.filter(verb="client.made", by=world.users["operations"]).exists()


def test_a_reassessment_is_started_and_decided_by_a_lead(world: World) -> None:
    lead = world.with_token("other lead", "records:write", "read")
    started = lead.post(f"{API}reassessments/", {**examples.REASSESSMENT.value, "project": "HARP"})
    assert started.status_code == 201, started.content
    address = f"{API}reassessments/{started.json()['id']}/"
    decided = lead.post(f"{address}decide/", examples.DECISION.value)

    assert decided.json()["outcome"] == "reduced"
    assert lead.get(address).json()["new_weekly_seconds"] == 72_000
    assert lead.post(f"{address}decide/", examples.DECISION.value).status_code == 409
    assert ScopeReassessment.objects.get(pk=started.json()["id"]).decided_by == world.users["other lead"]


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
@pytest.mark.parametrize("who", ["lead", "finance", "contractor", "auditor"])
def test_only_operations_record_people_and_money(world: World, who: str) -> None:
    before = Contractor.objects.count()
    term = {**examples.ENGAGEMENT.value, "contractor": str(world.ana.public_id)}
    doors = {
        "clients/": examples.CLIENT.value,
        "projects/": examples.PROJECT.value,
        "contractors/": examples.CONTRACTOR.value,
        "engagements/": term,
        f"engagements/{world.engagement.public_id}/rates/": examples.RATE.value,
        f"engagements/{world.engagement.public_id}/end/": {"ends_on": "2099-01-01"},
    }
    for door, body in doors.items():
        assert world.as_(who).post(f"{API}{door}", body).status_code in {403, 404, 422}, door
    assert (Contractor.objects.count(), Engagement.objects.count(), Rate.objects.count()) == (before, 2, 1)


def test_a_token_without_the_scope_records_nothing(world: World) -> None:
    answer = world.with_token("operations", "read", "pauses:write").post(
        f"{API}clients/", examples.CLIENT.value
    )
    assert (answer.status_code, "scope" in answer.json()["detail"]) == (403, True)


def test_whoever_holds_an_answer_already_gets_an_empty_one(world: World) -> None:
    lead = world.as_("lead")
    for door in ("pauses/", f"pauses/{world.pause.public_id}/", "clients/ORION/", "me/", "estimates/"):
        first = lead.get(f"{API}{door}")
        again = lead.get(f"{API}{door}", HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "private" in first["Cache-Control"]


def test_an_act_on_something_that_was_changed_meanwhile_is_refused(world: World) -> None:
    lead, address = world.as_("lead"), f"{API}pauses/{world.pause.public_id}/"
    seen = lead.get(address)["ETag"]
    word = {"text": "Nothing new.", "next_update_by": opening()["next_update_by"]}
    assert lead.post(f"{address}updates/", word, HTTP_IF_MATCH=seen).status_code == 201

    late = lead.post(f"{address}resume/", {"text": "On."}, HTTP_IF_MATCH=seen)

    assert (late.status_code, late["Content-Type"]) == (412, "application/problem+json")
    fresh = lead.get(address)["ETag"]
    assert (
        lead.post(f"{address}resume/", {"text": "On."}, HTTP_IF_MATCH=f'"other", {fresh}').status_code == 200
    )


def test_every_answer_tells_how_much_of_the_rate_is_left(world: World) -> None:
    lead = world.with_token("lead", "read")
    first, second = lead.get(f"{API}me/"), lead.get(f"{API}clients/nobody/")
    assert first["RateLimit-Limit"] == "1200"
    assert int(second["RateLimit-Remaining"]) == int(first["RateLimit-Remaining"]) - 1
    assert 0 < int(first["RateLimit-Reset"]) <= 60


def test_a_token_is_made_shown_once_and_revoked_on_its_page(world: World, client: Client) -> None:
    lead, add = world.users["lead"], reverse("admin:api_tokengrant_add")
    lead.is_staff = True
    lead.save()
    client.force_login(lead)
    wrong = client.post(add, {"name": "", "days": 9_999})
    assert "This field is required" in wrong.content.decode()
    assert not TokenGrant.objects.exists()

    made = client.post(add, {"name": "Payroll", "scopes": ["read"], "days": 30})
    token = made.content.decode().partition("<code>hub_")[2].partition("</code>")[0]
    assert "no-store" in made["Cache-Control"]
    assert bearing(f"hub_{token}").get(f"{API}me/").status_code == 200
    listed = client.get(reverse("admin:api_tokengrant_changelist")).content.decode()
    assert "Payroll" in listed
    assert token not in listed

    grant = TokenGrant.objects.get()
    assert grant.token.expiry - timezone.now() > timedelta(days=29)
    client.post(reverse("admin:api_tokengrant_delete", args=[grant.pk]), {"post": "yes"})
    assert bearing(f"hub_{token}").get(f"{API}me/").status_code == 401
    assert set(AuditEvent.objects.filter(verb__startswith="token.").values_list("verb", flat=True)) == {
        "token.made",
        "token.revoked",
    }


def test_somebody_elses_tokens_are_seen_by_operations_only(world: World, client: Client) -> None:
    world.with_token("other lead", "read")
    for who, sees in (("lead", False), ("operations", True)):
        user = world.users[who]
        user.is_staff = True
        user.save()
        client.force_login(user)
        page = client.get(reverse("admin:api_tokengrant_changelist")).content.decode()
        assert ("other-lead@firm.example" in page) is sees
