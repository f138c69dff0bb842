"""Privacy: the inventory names every field, erasing leaves every sum, and what is past its time goes by itself."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

import contractorhub
from contractorhub.forgetting import forget_old
from contractorhub.slack.models import Question, Sighting, SlackAccount
from notifications.models import Delivery, Recipient
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import Contractor, HoursEntry, LostIncomeEstimate, PayRead, User
from projects.operations.erasure import erase_contractor
from projects.operations.history import broken_seals
from projects.operations.pay_reads import Seen, note_pay_reads
from projects.queries.pay_reads import reads_of_pay
from tests.faces.access.world import World, make_world
from tests.factories import PauseFactory

INVENTORY = Path(contractorhub.__file__).parent / "data_inventory.toml"


def inventory() -> dict[str, Any]:
    """The inventory as it is read for the documentation."""
    return tomllib.loads(INVENTORY.read_text())


def test_the_inventory_names_every_field_of_every_model_and_no_other() -> None:
    told = {
        label: set(entry.get("personal", {})) | set(entry["other"]) for label, entry in inventory().items()
    }
    there = {
        model._meta.label: {field.name for field in model._meta.local_fields if field.name != "id"}
        for model in apps.get_models()
    }

    assert told.keys() == there.keys()
    assert {label for label in there if told[label] != there[label]} == set()


def test_each_personal_field_says_why_until_when_and_for_whom() -> None:
    for label, entry in inventory().items():
        if entry.get("personal"):
            assert all(entry["personal"].values()), label
            assert entry["about"], label
            assert entry["keep"], label
            assert entry["seen"], label


@pytest.fixture
def world(db: None) -> World:
    """Somebody whose term is over."""
    world = make_world()
    engagement = world.places["own"]["engagement"]
    engagement.ends_on = timezone.now().date() - timedelta(days=1)
    engagement.save()
    return world


def _sums() -> list[Any]:
    return [
        HoursEntry.objects.aggregate(Sum("seconds")),
        LostIncomeEstimate.objects.aggregate(Sum("lost_minor"), Sum("expected_minor")),
    ]


def _everything() -> str:
    """All text of all tables, as somebody with the database's file reads it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_erasing_leaves_every_sum_and_no_name(world: World) -> None:
    person, user = world.places["own"]["contractor"], world.users["contractor"]
    SlackAccount.objects.create(team_id="T1", slack_user_id="U1", user=user, linked_at=timezone.now())
    sums, name, email = _sums(), person.name, person.email

    erase_contractor(contractor=person, by=world.users["operations"], at=timezone.now())
    forget_old(at=timezone.now())

    assert _sums() == sums
    everything = _everything()
    assert name not in everything
    assert email not in everything
    assert not User.objects.get(pk=user.pk).is_active
    assert not SlackAccount.objects.filter(user=user).exists()
    assert list(broken_seals()) == []


def test_what_somebody_wrote_in_slack_goes_with_them_and_others_words_stay(world: World) -> None:
    person, pause, at = world.places["own"]["contractor"], PauseFactory.make(), timezone.now()
    Contractor.objects.filter(pk=person.pk).update(slack_user_id="T1/U0ANA2026")
    person.refresh_from_db()
    SlackAccount.objects.create(team_id="T2", slack_user_id="U0LINKED", user=person.user, linked_at=at)
    told = {"pause": pause, "team_id": "T1", "channel": "C1", "thread_ts": "1.0", "asked_at": at}
    closed = {"closed_at": at, "answer": "Paid on Friday."}
    for number, asker, more in ((1, "U0ANA2026", closed), (2, "U0LINKED", {}), (3, "U0OTHER26", {})):
        Question.objects.create(ts=f"1.{number}", asker=asker, text=f"Question {number}", **told, **more)
    Sighting.objects.create(team_id="T1", channel="C1", ts="2.1", author="U0ANA2026", text="Mine", seen_at=at)

    erase_contractor(contractor=person, by=world.users["operations"], at=at)

    assert set(Question.objects.values_list("asker", "text", "answer")) == {
        ("", "", "Paid on Friday."),
        ("U0OTHER26", "Question 3", ""),
    }
    assert (Sighting.objects.get().author, Sighting.objects.get().text) == ("", "")


def test_whoever_still_works_is_not_erased(world: World) -> None:
    person = world.places["client"]["contractor"]
    with pytest.raises(UnableToEngage, match="still engaged on MUSEN"):
        erase_contractor(contractor=person, by=world.users["operations"], at=timezone.now())
    with pytest.raises(NotAllowed):
        erase_contractor(contractor=person, by=world.users["finance"], at=timezone.now())


def test_what_is_past_its_time_goes(world: World, settings: Any) -> None:
    long_ago = timezone.now() - timedelta(days=800)
    note_pay_reads([Seen("rates", "desk")], by=world.users["finance"], at=long_ago)
    Recipient.objects.get().notice.__class__.objects.update(staged_at=long_ago)

    told = forget_old(at=timezone.now())

    assert (told["reads of pay"], told["readers of notices"]) == (1, 1)
    assert Recipient.objects.get().name == ""
    assert (Delivery.objects.get().address, Delivery.objects.get().state) == ("", "failed")
    settings.PAY_READ_MONTHS = settings.NOTICE_READER_MONTHS = 0
    note_pay_reads([Seen("rates", "desk")], by=world.users["finance"], at=long_ago)
    forget_old(at=timezone.now())
    assert PayRead.objects.count() == 1


def test_the_log_of_reads_is_for_those_it_is_about(world: World) -> None:
    ana, other = world.places["own"]["contractor"], world.places["foreign"]["contractor"]
    at, finance = timezone.now(), world.users["finance"]
    for seen in (
        Seen("rates", "desk", contractor=ana.pk),
        Seen("rates", "desk", contractor=ana.pk),
        Seen("list", "desk", project=world.places["foreign"]["project"].pk),
        Seen("report", "finance", "income-impact"),
    ):
        note_pay_reads([seen], by=finance, at=at)

    assert [(read.what, read.times) for read in reads_of_pay(ana)] == [("report", 1), ("rates", 2)]
    assert [read.what for read in reads_of_pay(other)] == ["report", "list"]
    assert Contractor.objects.count() > 1
