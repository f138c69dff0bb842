"""Ids of Slack's members lie sealed, are found all the same, and move under a new key while people are told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from contractorhub.forgetting import forget_old
from contractorhub.member_seals import sealed_columns
from contractorhub.slack.models import Question, Sighting, SlackAccount
from contractorhub.slack.payloads import Who
from contractorhub.slack.people import person_of
from notifications.messages import Channel
from notifications.models import Delivery, Lane, Suppression
from notifications.outbox import fall_back, stage
from notifications.relay import relay
from notifications.sealing import forms_of, open_sealed, seal, unseal
from projects.models import Contractor
from projects.queries.own_data import own_data
from tests.faces.access.asking import BACKEND
from tests.factories import ContractorFactory, PauseFactory, UserFactory
from tests.factories.base import NOW
from tests.integration.notifications.conftest import MemoryPorts, message, people

pytestmark = pytest.mark.django_db
ANA, BEN = "U0ANA2026", "T0OTHER/U0BEN2026"


@pytest.fixture
def keys(settings: Any) -> Callable[..., None]:
    """Set the keys as a restart with other variables would."""

    def set_keys(*values: str) -> None:
        settings.SALT_KEY = list(values)

    return set_keys


def lies(table: str, column: str) -> list[str]:
    """What stands in a column, as somebody reads it who has the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [str(value) for (value,) in cursor.fetchall()]


def lies_plain(contractor: Contractor, address: str) -> None:
    """Put an address back as it lay before addresses were sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_contractor SET slack_user_id = %s WHERE id = %s", [address, contractor.pk]
        )


@pytest.mark.parametrize("address", [ANA, BEN, "W01"])
def test_a_member_seals_to_one_text_that_says_only_the_workspace(address: str) -> None:
    sealed = seal(address)

    assert unseal(sealed) == address
    assert seal(address) == seal(sealed) == sealed
    assert address.rpartition("/")[2] not in sealed
    assert sealed.rpartition("/")[0] == address.rpartition("/")[0]


@pytest.mark.parametrize(
    "address", ["", "C0CHANNEL", "ana@people.example", "a~b@x.example", "~short", "T1/C2"]
)
def test_what_names_no_member_stays_as_it_is(address: str) -> None:
    assert seal(address) == unseal(address) == address
    assert forms_of(address) == [address]


def test_a_text_that_was_tampered_with_opens_to_nothing() -> None:
    sealed = seal(ANA)
    other = sealed[:-3] + ("AAA" if not sealed.endswith("AAA") else "BBB")

    assert open_sealed(other) == ""


def test_no_column_holds_a_members_id_in_plain_and_each_is_found_by_it() -> None:
    ContractorFactory.make(slack_user_id=ANA)
    ContractorFactory.make(slack_user_id=BEN)
    SlackAccount.objects.create(team_id="T1", slack_user_id="U0LEAD", user=UserFactory.make(), linked_at=NOW)
    Suppression.objects.create(channel=Channel.SLACK_DM, address=ANA, reason="gone", since=NOW)

    assert not {ANA, BEN} & set(lies("projects_contractor", "slack_user_id"))
    assert lies("slack_slackaccount", "slack_user_id") != ["U0LEAD"]
    assert lies("notifications_suppression", "address") == [seal(ANA)]
    assert sorted(Contractor.objects.values_list("slack_user_id", flat=True)) == sorted([ANA, BEN])
    assert Contractor.objects.get(slack_user_id=BEN).slack_user_id == BEN
    assert Contractor.objects.filter(slack_user_id__in=[ANA, BEN, "U0NOBODY"]).count() == 2
    assert Contractor.objects.exclude(slack_user_id="").count() == 2
    assert Contractor.objects.filter(slack_user_id__in=Suppression.objects.values("address")).count() == 1
    assert SlackAccount.objects.get(team_id="T1", slack_user_id="U0LEAD").slack_user_id == "U0LEAD"


def test_the_desk_finds_a_contractor_by_their_slack_id_and_an_export_holds_it(client: Client) -> None:
    ana = ContractorFactory.make(name="Ana", slack_user_id=ANA)
    ContractorFactory.make(name="Ben", slack_user_id=BEN)
    client.force_login(UserFactory.make(is_staff=True, is_superuser=True), backend=BACKEND)

    found = client.get("/admin/projects/contractor/", {"q": ANA})

    assert [row.name for row in found.context["cl"].result_list] == ["Ana"]
    assert own_data(ana, at=NOW)["contractor"]["slack_user_id"] == ANA


def test_somebody_kept_in_plain_before_is_found_and_sealed_the_night_after() -> None:
    ana = ContractorFactory.make(slack_user_id=ANA)
    lies_plain(ana, ANA)

    assert Contractor.objects.get(slack_user_id=ANA) == ana
    assert forget_old(at=NOW)["ids of Slack's members sealed"] == 1
    assert lies("projects_contractor", "slack_user_id") == [seal(ANA)]
    assert forget_old(at=NOW)["ids of Slack's members sealed"] == 0


def test_a_new_key_takes_over_without_anybody_being_lost_meanwhile(keys: Callable[..., None]) -> None:
    keys("old")
    ana, user = ContractorFactory.make(slack_user_id=ANA), UserFactory.make()
    SlackAccount.objects.create(team_id="T1", slack_user_id="U0LEAD", user=user, linked_at=NOW)
    Suppression.objects.create(channel=Channel.SLACK_DM, address=ANA, reason="gone", since=NOW)
    before = lies("projects_contractor", "slack_user_id")

    keys("new", "old")
    assert person_of(Who("T1", "U0LEAD")).user == user
    assert Contractor.objects.get(slack_user_id=ANA) == ana
    call_command("rotate_field_keys")
    assert lies("projects_contractor", "slack_user_id") != before

    keys("new")
    assert Contractor.objects.get(slack_user_id=ANA).slack_user_id == ANA
    assert SlackAccount.objects.get(slack_user_id="U0LEAD").user == user
    assert Suppression.objects.get(address=ANA).address == ANA
    rotated = lies("projects_contractor", "slack_user_id")
    call_command("rotate_field_keys")
    assert lies("projects_contractor", "slack_user_id") == rotated


def test_a_notice_lies_sealed_in_the_ledger_and_reaches_its_reader_after_the_keys_moved(
    keys: Callable[..., None], settings: Any
) -> None:
    keys("old")
    settings.NOTIFICATIONS_RECHECK = ""
    direct, reserve = people(1, channel=Channel.SLACK_DM)[0], {Channel.SLACK_DM: BEN}
    mailed = people(2)[1]._replace(fallbacks=reserve)
    stage(message(), recipients=[direct, mailed], at=NOW)
    assert sorted(lies("notifications_delivery", "address")) == [
        "person2@people.example",
        seal("U00000001"),
    ]
    assert BEN not in str(lies("notifications_recipient", "fallbacks"))

    keys("new", "old")
    call_command("rotate_field_keys")
    keys("new")
    fall_back(
        delivery_ids=Delivery.objects.filter(channel=Channel.EMAIL).values_list("pk", flat=True), at=NOW
    )
    ports = MemoryPorts()
    for second in range(3):
        relay(clock=lambda now=NOW + timedelta(seconds=second): now, ports=ports)

    assert set(ports.sent_to) == {"person2@people.example", "U00000001", BEN}
    assert {lane.name for lane in Lane.objects.filter(channel=Channel.SLACK_DM)} == {"default", "T0OTHER"}


def test_words_written_in_slack_lie_encrypted_and_an_empty_text_stays_one() -> None:
    pause = PauseFactory.make()
    facts = {"team_id": "T1", "channel": "C1", "asked_at": NOW, "thread_ts": "1.0"}
    Question.objects.create(pause=pause, ts="1.1", asker=ANA, text="Am I paid for May?", **facts)
    Sighting.objects.create(team_id="T1", channel="C1", ts="1.2", author=ANA, text="", seen_at=NOW)

    assert "May" not in str(lies("slack_question", "text"))
    assert (Question.objects.get().text, Question.objects.get().asker) == ("Am I paid for May?", ANA)
    assert (Sighting.objects.get().text, Sighting.objects.get().author) == ("", ANA)


def test_an_id_that_no_key_opens_is_told_and_left_alone(keys: Callable[..., None]) -> None:
    keys("lost")
    ContractorFactory.make(slack_user_id=ANA)
    before = lies("projects_contractor", "slack_user_id")
    keys("new")

    with pytest.raises(CommandError, match="1 values open under none of the keys"):
        call_command("rotate_field_keys")

    assert lies("projects_contractor", "slack_user_id") == before


def test_every_sealed_column_is_one_the_rotation_knows() -> None:
    known = {f"{model._meta.label}.{field.name}" for model, field in sealed_columns()}

    assert known == {
        "notifications.Delivery.address",
        "notifications.Suppression.address",
        "projects.Contractor.slack_user_id",
        "slack.Question.asker",
        "slack.Sighting.author",
        "slack.SlackAccount.slack_user_id",
    }
