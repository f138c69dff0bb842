"""Leads hear whom a notice did not reach: by name, with the reason, and not once for each of hundreds."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from notifications.endpoints import switch_off
from notifications.models import Delivery, Endpoint, Notice, Recipient, Trouble
from notifications.troubles import note_troubles
from projects.models import Pause, Project, User
from projects.operations.endpoints import EndpointFacts, add_endpoint
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.operations.unreached import tell_of_switched_off, tell_of_unreached
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


@pytest.fixture
def pause(project: Project, answers: PauseAnswers, terms: PauseTerms, lead: User) -> Pause:
    """A pause of three people, whose lead has an integration."""
    facts = EndpointFacts("Payroll", "https://hooks.example/", ("delivery.failed",))
    add_endpoint(facts=facts, by=lead, at=NOW)
    return open_pause(project=project, answers=answers, terms=terms, by=lead, at=NOW)


def fail(number: int, at: datetime = NOW) -> Recipient:
    """Let the mail of one of the three come back."""
    row = Delivery.objects.filter(channel="email", notice__kind="pause.opened").order_by("pk")[number]
    Delivery.objects.filter(pk=row.pk).update(state="bounced", reason="5.1.1 no such user")
    with transaction.atomic():
        note_troubles([row.pk], at=at)
    return row.recipient


def told() -> list[Notice]:
    """What leads were told."""
    return list(Notice.objects.filter(kind="people.unreached").order_by("pk"))


def test_the_lead_hears_whom_it_was_and_why(pause: Pause, lead: User) -> None:
    person = fail(0)

    assert tell_of_unreached(at=NOW) == 1

    (notice,) = told()
    words = notice.contents["en"]["email"]["text"]
    assert f"{person.name} (email, no other channel): 5.1.1 no such user" in words
    assert list(notice.deliveries.values_list("address", flat=True)) == [lead.email]
    assert not Trouble.objects.exists()


def test_many_failures_are_one_notice_and_the_next_comes_a_quarter_of_an_hour_later(pause: Pause) -> None:
    fail(0)
    fail(1)
    assert tell_of_unreached(at=NOW) == 2
    fail(2)

    assert tell_of_unreached(at=NOW + QUARTER / 2) == 0
    assert tell_of_unreached(at=NOW + QUARTER * 1.1) == 1

    assert [notice.contents["en"]["email"]["subject"] for notice in told()] == [
        "Not reached on Chordus: 2",
        "Not reached on Chordus: 1",
    ]


def test_integrations_hear_it_with_the_contractors_own_id(pause: Pause) -> None:
    fail(0)

    tell_of_unreached(at=NOW)

    body = Notice.objects.get(kind="delivery.failed").contents["en"]["webhook"]["text"]
    assert str(pause.public_id) in body
    assert '"state": "bounced"' in body
    assert Delivery.objects.filter(address=str(Endpoint.objects.get().public_id)).count() == 1


def test_what_is_about_no_pause_is_left_to_the_list_of_deliveries(pause: Pause) -> None:
    fail(0)
    Notice.objects.update(subject_ref="scope:1")

    assert tell_of_unreached(at=NOW) == 0
    assert not Trouble.objects.exists()


def test_the_owner_of_an_integration_that_was_switched_off_hears_it_once(pause: Pause, lead: User) -> None:
    endpoint = Endpoint.objects.get()
    switch_off(endpoint, reason="every delivery failed for 72 hours", at=NOW)
    assert tell_of_switched_off(at=NOW) == 0  # it never failed: a person did it
    Endpoint.objects.update(failures=9)

    assert [tell_of_switched_off(at=NOW + QUARTER) for _time in range(2)] == [1, 0]

    notice = Notice.objects.get(kind="endpoint.switched_off")
    assert "every delivery failed for 72 hours" in notice.contents["en"]["email"]["text"]
    assert notice.deliveries.get().address == lead.email
