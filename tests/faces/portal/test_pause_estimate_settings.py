"""The timeline, my estimate and settings as the person reads them."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from notifications.models import Batch, Delivery, Lane, Notice, Recipient
from projects.models import AuditEvent, Contractor, LostIncomeEstimate, PauseUpdate
from tests.faces.portal.test_the_status_page import text_of
from tests.faces.portal.world import World
from tests.factories import (
    EngagementFactory,
    EstimateRunFactory,
    LostIncomeEstimateFactory,
    PauseFactory,
    ProjectFactory,
    RateFactory,
)

pytestmark = pytest.mark.django_db


def deliver(world: World, *, to: str, channel: str, state: str, key: str) -> None:
    """A delivery as the relay leaves it."""
    notice, _new = Notice.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "kind": "pause.extended",
            "category": "update",
            "subject_ref": world.pause.ref,
            "thread_key": world.pause.ref,
            "contents": {},
            "staged_at": world.at,
            "expires_at": world.at + timedelta(days=3),
        },
    )
    lane, _new = Lane.objects.get_or_create(channel=channel, name="main")
    recipient, _new = Recipient.objects.get_or_create(
        notice=notice, key=to, defaults={"name": "Ana", "locale": "en", "time_zone": "UTC"}
    )
    Delivery.objects.create(
        notice=notice,
        recipient=recipient,
        batch=Batch.objects.create(notice=notice, lane=lane, priority=1, due_at=world.at),
        channel=channel,
        address="somewhere",
        state=state,
        reason="" if state in {"sent", "queued"} else "no such mailbox",
        due_at=world.at,
        recorded_at=world.at,
    )


def pause_path(world: World, tail: str = "") -> str:
    return f"/portal/pauses/{world.pause.public_id}/{tail}"


def test_the_timeline_tells_every_word_with_the_latest_first(ana: Client, world: World) -> None:
    page = text_of(ana, pause_path(world))

    told = page.split("Everything you were told")[-1]
    assert told.index("New expected dates") < told.index("The pause was announced")
    assert "Orion now expects its checks to take one to two weeks." in told


def test_the_timeline_says_when_a_word_came_late(ana: Client, world: World) -> None:
    assert "This word came 5 hours later than promised." in text_of(ana, pause_path(world))


def test_the_timeline_shows_what_a_word_changed(ana: Client, world: World) -> None:
    assert "Earliest day back: not known →" in text_of(ana, pause_path(world))


def test_the_timeline_says_by_which_channel_each_word_went(ana: Client, world: World) -> None:
    update = PauseUpdate.objects.get(kind=PauseUpdate.Kind.EXTENDED)
    key = f"{world.pause.ref}:update:{update.pk}"
    own = f"contractor:{world.ana.pk}"
    deliver(world, to=own, channel="email", state="sent", key=key)
    deliver(world, to=own, channel="slack_dm", state="bounced", key=key)
    deliver(world, to=f"project:{world.chordus.pk}", channel="slack_channel", state="queued", key=key)
    deliver(world, to="contractor:0", channel="email", state="failed", key=key)

    page = text_of(ana, pause_path(world))

    assert "Email to you: sent" in page
    assert "Slack message to you: it could not be delivered" in page
    assert "Project channel in Slack: on its way" in page
    assert page.count("Email to you") == 1


def test_the_estimate_is_explained_line_by_line_and_adds_up(ana: Client, world: World) -> None:
    page = text_of(ana, pause_path(world, "estimate/"))

    assert "$2,300.00 less" in page
    assert "at $12.50 an hour 256 $3,200.00" in page
    assert "Public holidays, on which you would not have worked -16 -$200.00" in page
    assert "Standby pay – -$600.00" in page
    assert "Lost $2,300.00" in page


def test_the_estimate_says_what_is_not_known(ana: Client, world: World) -> None:
    page = text_of(ana, pause_path(world, "estimate/"))

    assert "Some of your hours may not have been handed in yet." in page
    assert "How long the pause will last." in page
    assert "It is not a promise to pay" in page
    assert "In 8 of 10 cases like yours the true figure lies between $2,200.00 and $2,400.00." in page


def test_the_estimate_tells_what_if_the_pause_ends_after_each_week(ana: Client, world: World) -> None:
    page = text_of(ana, pause_path(world, "estimate/"))

    sums = re.findall(r"\$400\.00 (\$[\d,.]+)", page)
    assert sums == ["$700.00", "$1,100.00", "$1,500.00", "$1,900.00", "$2,300.00"]


def test_money_is_written_as_the_persons_own_region_writes_it(ana: Client, world: World) -> None:
    LostIncomeEstimate.objects.update(currency="PHP")

    assert "₱2,300.00 less" in text_of(ana, pause_path(world, "estimate/"))


def test_the_estimate_tells_what_if_it_lasts_far_beyond_what_is_counted(ana: Client, world: World) -> None:
    scenarios = ana.get(f"/portal/pauses/{world.pause.public_id}/estimate/").context["page"].scenarios

    assert len(scenarios) == 5
    lost = [int(re.sub(r"\D", "", scenario.lost)) for scenario in scenarios]
    assert lost == sorted(lost)
    assert lost[-1] > lost[0] > 0
    assert scenarios[-1].lost in text_of(ana, f"/portal/pauses/{world.pause.public_id}/estimate/")


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_from_two_hundred_past_pauses_on_each_length_has_a_chance(ana: Client, world: World) -> None:
    other = ProjectFactory.make()
    begun = world.at - timedelta(days=900)
    for number in range(200):
        starts_at = begun + timedelta(days=number)
        PauseFactory.make(
            project=other, starts_at=starts_at, ends_at=starts_at + timedelta(days=30 + number), state="ended"
        )
    page = text_of(ana, pause_path(world, "estimate/"))

    assert "Chance that it is over by then" in page
    assert "The chances come from 200 pauses that are over; they promise nothing." in page
    assert "Held against newer pauses they were off by up to" in page


def test_one_pause_leads_straight_to_its_estimate(ana: Client, world: World) -> None:
    assert ana.get("/portal/estimate/")["Location"] == pause_path(world, "estimate/")


def test_several_pauses_are_listed_each_with_its_cost(ana: Client, world: World) -> None:
    pause = PauseFactory.make(project=world.chordus.client.projects.get(code="MUSEN"), starts_at=world.at)
    engagement = EngagementFactory.make(
        contractor=world.ana, project=pause.project, ends_on=None, starts_on="2020-01-01"
    )
    LostIncomeEstimateFactory.make(run=EstimateRunFactory.make(pause=pause), engagement=engagement)

    page = text_of(ana, "/portal/estimate/")

    assert "$2,300.00" in page
    assert "$800.00" in page


def test_a_pause_without_an_estimate_says_when_there_will_be_one(ana: Client, world: World) -> None:
    LostIncomeEstimate.objects.all().delete()

    assert "There is no estimate for you yet" in text_of(ana, pause_path(world, "estimate/"))


def test_language_and_clock_are_kept_with_an_audit_row(ana: Client, world: World) -> None:
    ana.post("/portal/settings/", {"locale": "es", "time_zone": "America/Bogota"})

    fresh = Contractor.objects.get(pk=world.ana.pk)
    assert (fresh.locale, fresh.time_zone) == ("es", "America/Bogota")
    assert AuditEvent.objects.get(verb="contractor.settings_chosen").by == world.user


def test_keeping_the_language_keeps_the_region_too(ana: Client, world: World) -> None:
    ana.post("/portal/settings/", {"locale": "en", "time_zone": "Asia/Cebu"})
    ana.post("/portal/settings/", {"locale": "en", "time_zone": "Asia/Tokyo"})

    assert Contractor.objects.get(pk=world.ana.pk).locale == "en-PH"


@pytest.mark.parametrize(("field", "value"), [("locale", "tlh"), ("time_zone", "Mars/Olympus")])
def test_an_unknown_choice_gets_one_clear_error(field: str, value: str, ana: Client, world: World) -> None:
    typed = {"locale": "en", "time_zone": "Asia/Manila", field: value}

    page = ana.post("/portal/settings/", typed).content.decode()

    assert page.count('role="alert"') == 1
    assert not AuditEvent.objects.exists()


def test_a_right_to_left_language_turns_the_page_around(ana: Client, world: World) -> None:
    ana.post("/portal/settings/", {"locale": "ar", "time_zone": "Asia/Dubai"})

    page = ana.get("/portal/")

    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert page["Content-Language"] == "ar"


def test_a_copy_of_ones_data_holds_ones_own_rows(ana: Client, world: World) -> None:
    RateFactory.make(starts_on=world.at.date())  # somebody else's

    answer = ana.get("/portal/my-data.json")

    document = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert document["contractor"]["email"] == "ana@people.example"
    assert len(document["engagements"]) == 3
    assert [rate["amount_millionths"] for rate in document["rates"]] == [12_500_000]
    assert [pause["project.code"] for pause in document["pauses"]] == ["CHORDUS"]
    assert document["estimates"][0]["lost_minor"] == 230_000


def test_the_front_door_leads_each_to_their_own_pages(ana: Client, world: World) -> None:
    stranger = Client().get("/").content.decode()

    assert ana.get("/")["Location"] == "/portal/"
    assert all(door in stranger for door in ("I am a contractor", "I lead a project", "I work in finance"))
