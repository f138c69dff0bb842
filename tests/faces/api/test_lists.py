"""Lists: what a row tells, pages and their bounds, filters, and as many queries for forty rows as for three."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Delivery
from projects.models import Pause
from projects.models.pauses import PauseState
from projects.operations.pause_changes import update_pause
from tests.faces.api.world import World
from tests.factories import (
    ClientFactory,
    ContractorFactory,
    EngagementFactory,
    EstimateRunFactory,
    EstimateWeekFactory,
    LostIncomeEstimateFactory,
    OpenSeatFactory,
    PauseFactory,
    ProjectFactory,
    RateFactory,
    ScopeReassessmentFactory,
)


def test_a_pause_tells_its_six_answers_and_its_target(world: World) -> None:
    row = world.as_("contractor").get("/api/v1/pauses/").json()["results"][0]
    assert row["target"] == {"kind": "project", "code": "CHORDUS", "name": "Chords", "projects": []}
    assert row["state"] == "in_effect"
    assert row["opened_by"] == "Lead"
    assert all(
        row[name]
        for name in (
            "what_stopped",
            "starts_at",
            "why",
            "what_happens_to_pay",
            "next_update_by",
            "what_to_do_now",
        )
    )
    assert "confidential_note" not in row


def test_an_estimate_tells_its_ranges_lines_and_weeks_that_add_up(world: World) -> None:
    row = world.as_("contractor").get("/api/v1/estimates/").json()["results"][0]
    assert row["pause"] == str(world.pause.public_id)
    assert (row["lost_minor"], row["currency"]) == (80_000, "USD")
    assert row["low95_minor"] <= row["low80_minor"] <= row["high80_minor"] <= row["high95_minor"]
    assert sum(line["minor"] for line in row["lines"]) == row["lost_minor"]
    assert sum(week["lost_minor"] for week in row["weeks"]) == row["lost_minor"]


def test_deliveries_tell_state_and_recipient_and_never_an_address(world: World) -> None:
    delivery = Delivery.objects.get(channel="email")
    Delivery.objects.update(
        state="failed", reason=f"550 5.1.1 <{delivery.address}>: no such user, ask x@mx.example"
    )
    answer = world.as_("lead").get(f"/api/v1/pauses/{world.pause.public_id}/deliveries/")
    row = answer.json()["results"][0]
    assert (row["recipient"], row["channel"], row["state"]) == ("Ana", "email", "failed")
    assert row["reason"].startswith("550 5.1.1 <(address)>: no such user")
    assert "@" not in answer.content.decode()


def test_the_timeline_tells_the_newest_word_first(world: World) -> None:
    promise = world.at + timedelta(days=5)
    update_pause(pause=world.pause, text="Still nothing.", next_update_by=promise, by=None, at=world.at)
    rows = world.as_("contractor").get(f"/api/v1/pauses/{world.pause.public_id}/updates/").json()["results"]
    assert [row["kind"] for row in rows] == ["updated", "opened"]
    assert rows[0]["promised_by"] == str(
        world.pause.next_update_by and world.pause.next_update_by.isoformat()
    ).replace("+00:00", "Z")


def test_pages_follow_each_other_to_the_last_row_without_a_gap(world: World) -> None:
    for _ in range(7):
        ClientFactory.make()
    client, codes = world.as_("operations"), []
    address: str | None = "/api/v1/clients/?page_size=4"
    while address:
        page = client.get(address).json()
        assert len(page["results"]) <= 4
        codes += [row["code"] for row in page["results"]]
        address = page["next"]
    assert len(codes) == len(set(codes)) == 9


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", {"CHORDUS", "OLD"}),
        ("?is_open=true", {"CHORDUS"}),
        ("?is_open=false", {"OLD"}),
        ("?state=ended&state=void", {"OLD"}),
        ("?client=ORION", {"CHORDUS"}),
        ("?project=OLD", {"OLD"}),
        ("?reason_code=budget", set()),
        ("?starts_before=2025-01-01T00:00:00Z", {"OLD"}),
        ("?starts_from=2025-01-01T00:00:00%2B08:00", {"CHORDUS"}),
    ],
)
def test_pauses_are_filtered_by_field_and_by_time(world: World, query: str, codes: set[str]) -> None:
    old = world.at.replace(year=2024, month=5, day=3)
    PauseFactory.make(
        project=ProjectFactory.make(code="OLD"),
        state=PauseState.ENDED,
        starts_at=old,
        ends_at=old + timedelta(days=3),
    )
    rows = world.as_("operations").get(f"/api/v1/pauses/{query}").json()["results"]
    assert {row["target"]["code"] for row in rows} == codes


@pytest.mark.parametrize(
    ("door", "query", "count"),
    [
        ("projects", "running_on=2026-01-05", 2),
        ("projects", "client=LYRA", 1),
        ("engagements", "project=HARP", 1),
        ("engagements", "active_on=2020-01-01", 0),
        ("engagements", "country=PH", 2),
        ("estimates", "currency=EUR", 0),
        ("estimates", "project=CHORDUS", 1),
        ("reassessments", "outcome=pending", 1),
        ("open-seats", "open_on=2020-01-01", 0),
        ("clients", "name=ori", 1),
    ],
)
def test_other_lists_are_filtered_too(world: World, door: str, query: str, count: int) -> None:
    rows = world.as_("operations").get(f"/api/v1/{door}/?{query}").json()["results"]
    assert len(rows) == count


def _more_pauses(world: World) -> None:
    PauseFactory.make()


def _more_engagements(world: World) -> None:
    RateFactory.make(
        engagement=EngagementFactory.make(project=ProjectFactory.make(leads=[world.users["lead"]]))
    )


def _more_estimates(world: World) -> None:
    run = EstimateRunFactory.make(asked_at=world.at, finished_at=world.at)
    EstimateWeekFactory.make(estimate=LostIncomeEstimateFactory.make(run=run))


def _more_deliveries(world: World) -> None:
    EngagementFactory.make(project=world.chordus, contractor=ContractorFactory.make())
    update_pause(
        pause=Pause.objects.get(pk=world.pause.pk),
        text="Still nothing.",
        next_update_by=world.at + timedelta(days=5),
        by=world.users["lead"],
        at=world.at,
    )


def _more_reassessments(world: World) -> None:
    ScopeReassessmentFactory.make(project=ProjectFactory.make(leads=[world.users["lead"]]))


def _more_seats(world: World) -> None:
    OpenSeatFactory.make()


@pytest.mark.once
@pytest.mark.parametrize("who", ["lead", "operations"])
@pytest.mark.parametrize(
    ("door", "add"),
    [
        ("clients/", _more_engagements),
        ("projects/", _more_engagements),
        ("engagements/", _more_engagements),
        ("pauses/", _more_pauses),
        ("pauses/{pause}/updates/", _more_deliveries),
        ("pauses/{pause}/deliveries/", _more_deliveries),
        ("estimates/", _more_estimates),
        ("reassessments/", _more_reassessments),
        ("open-seats/", _more_seats),
    ],
)
def test_forty_rows_take_as_many_queries_as_three(
    world: World, who: str, door: str, add: Callable[[World], None]
) -> None:
    client, address = world.as_(who), "/api/v1/" + door.format(pause=world.pause.public_id)

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            rows = client.get(f"{address}?page_size=200").json()["results"]
        return len(asked), len(rows)

    for _ in range(2):
        add(world)
    few, some = queries()
    for _ in range(37 if who == "operations" else 12):
        add(world)
    many, all_ = queries()
    assert many == few
    assert all_ >= some
    assert few <= 16
