"""Hours one by one, days off and usual weeks by the API, and one project of a paused client that goes on."""

from datetime import timedelta

import pytest

from projects.models import CalendarDay, HoursEntry, Pause, WorkingWeek
from tests.faces.api.world import World, opening
from tests.factories import EngagementFactory, HoursEntryFactory, ProjectFactory

HOURS, CALENDARS = "/api/v1/hours/", "/api/v1/calendars/"
EASTER = {"country": "PH", "day": "2026-04-06", "name": "Easter Monday"}


def _two_days(world: World) -> tuple[HoursEntry, HoursEntry]:
    day = world.at.date() - timedelta(days=20)
    mine = HoursEntryFactory.make(engagement=world.engagement, worked_on=day)
    theirs = EngagementFactory.make(project=world.harp)
    return mine, HoursEntryFactory.make(engagement=theirs, worked_on=day + timedelta(days=1))


def test_hours_are_those_of_the_engagements_one_sees(world: World) -> None:
    mine, theirs = _two_days(world)

    def seen(who: str) -> list[int]:
        return [row["id"] for row in world.as_(who).get(HOURS).json()["results"]]

    assert seen("finance") == [theirs.pk, mine.pk]
    assert (seen("lead"), seen("contractor"), seen("stranger")) == ([mine.pk], [mine.pk], [])
    row = world.as_("contractor").get(HOURS).json()["results"][0]
    assert (row["engagement"], row["project"], row["decision"]) == (
        str(world.engagement.public_id), "CHORDUS", None,
    )  # fmt: skip
    assert "rate" not in str(row)


def test_hours_are_filtered_by_engagement_project_and_day_and_come_in_pages(world: World) -> None:
    mine, theirs = _two_days(world)
    finance = world.as_("finance")

    def found(query: str) -> list[int]:
        return [row["id"] for row in finance.get(f"{HOURS}?{query}").json()["results"]]

    assert found(f"engagement={world.engagement.public_id}") == [mine.pk]
    assert found("project=HARP") == found("client=LYRA") == [theirs.pk]
    assert found(f"worked_from={theirs.worked_on}") == [theirs.pk]
    assert found(f"worked_before={theirs.worked_on}&contractor={world.ana.public_id}") == [mine.pk]
    first = finance.get(f"{HOURS}?page_size=1").json()
    second = finance.get(first["next"]).json()
    assert [first["results"][0]["id"], second["results"][0]["id"]] == [theirs.pk, mine.pk]
    assert second["next"] is None


def test_a_list_of_hours_asks_the_database_as_often_for_one_as_for_many(
    world: World, django_assert_max_num_queries: object
) -> None:
    for ago in range(30):
        HoursEntryFactory.make(
            engagement=world.engagement, worked_on=world.at.date() - timedelta(days=ago + 20)
        )
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(world.with_token("lead", "read").get(HOURS).json()["results"]) == 30


def test_operations_say_a_day_and_the_days_off_follow(world: World) -> None:
    operations, days = world.as_("operations"), f"{CALENDARS}days-off/?country=PH&year=2026"
    before = {each["day"] for each in operations.get(days).json()["days"]}
    said = operations.post(f"{CALENDARS}days/", EASTER)
    worked = operations.post(f"{CALENDARS}days/", {"country": "PH", "day": "2026-06-12", "is_holiday": False})
    after = operations.get(days).json()["days"]

    assert (said.status_code, worked.status_code) == (201, 201), said.json()
    assert {each["day"] for each in after} == (before | {"2026-04-06"}) - {"2026-06-12"}
    assert next(each for each in after if each["is_said"]) == {
        "day": "2026-04-06", "name": "Easter Monday", "is_said": True,
    }  # fmt: skip
    assert operations.delete(f"{CALENDARS}days/{worked.json()['id']}/").status_code == 204
    assert CalendarDay.objects.count() == 1
    assert len(operations.get(f"{CALENDARS}days/?country=PH&day_from=2026-04-06").json()["results"]) == 1


@pytest.mark.parametrize("who", ["lead", "finance", "auditor", "contractor"])
def test_nobody_but_operations_changes_a_calendar(world: World, who: str) -> None:
    week = {"country": "EG", "starts_on": "2026-03-01", "weekday_seconds": [28_800] * 5 + [0, 0]}
    assert world.as_(who).post(f"{CALENDARS}days/", EASTER).status_code == 403
    assert world.as_(who).post(f"{CALENDARS}weeks/", week).status_code == 403
    assert not CalendarDay.objects.exists()
    assert not WorkingWeek.objects.exists()


def test_calendars_are_read_by_people_with_a_desk(world: World) -> None:
    operations = world.as_("operations")
    week = {"country": "EG", "starts_on": "2026-03-01", "weekday_seconds": [28_800] * 5 + [0, 0]}
    assert operations.post(f"{CALENDARS}weeks/", week).status_code == 201
    idle = operations.post(f"{CALENDARS}weeks/", {**week, "weekday_seconds": [0] * 7})
    assert (idle.status_code, idle.json()["errors"][0]["field"]) == (422, "weekday_seconds")

    assert len(world.as_("lead").get(f"{CALENDARS}weeks/?country=EG").json()["results"]) == 1
    assert world.as_("contractor").get(f"{CALENDARS}weeks/").json()["results"] == []
    assert world.as_("contractor").get(f"{CALENDARS}days-off/?country=PH&year=2026").status_code == 403
    assert operations.get(f"{CALENDARS}days-off/?country=ZZ&year=2026").json()["days"] == []
    assert operations.get(f"{CALENDARS}days-off/?country=PH&year=1999").status_code == 400


def test_one_project_of_a_paused_client_goes_on_and_the_others_stay_paused(world: World) -> None:
    EngagementFactory.make(project=ProjectFactory.make(client=world.harp.client, code="LYRE"))
    operations = world.as_("operations")
    pause = operations.post("/api/v1/pauses/", opening(project=None, client="LYRA")).json()["public_id"]
    Pause.objects.filter(public_id=pause).update(starts_at=world.at - timedelta(hours=1))
    door = f"/api/v1/pauses/{pause}/release/"

    refused = world.as_("finance").post(door, {"project": "HARP"})
    done = operations.post(door, {"project": "HARP", "text": "Harp goes on."})
    last = operations.post(door, {"project": "LYRE"})
    strange = operations.post(door, {"project": "NOWHERE"})

    assert (refused.status_code, done.status_code, last.status_code) == (403, 201, 422), done.json()
    assert (done.json()["kind"], done.json()["text"]) == ("released", "HARP. Harp goes on.")
    assert strange.json()["errors"][0]["code"] == "unknown"
    assert operations.get(f"/api/v1/pauses/{pause}/").json()["state"] == "in_effect"
