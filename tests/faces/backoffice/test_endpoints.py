"""Leads connect an integration on their desk, see what was sent to it, and send again what failed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Delivery, Endpoint
from notifications.relay import relay
from projects.models import AuditEvent, User
from tests.faces.backoffice.world import Desk, make_desk
from tests.factories import RoleGrantFactory, UserFactory
from tests.fakes.receiver import Receiver, Said, running_receiver

LIST = "/admin/notifications/endpoint/"


@pytest.fixture
def desk(db: None) -> Desk:
    """A desk made for each test: one of them commits its rows, so that none may be kept for the module."""
    return make_desk()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which is allowed here; it is out of order at first."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with running_receiver(lambda number: Said(410 if number == 0 else 200)) as running:
        yield running


def connect(client: Client, url: str) -> Endpoint:
    """Connect an integration on the desk."""
    told = {"name": "Payroll", "url": url, "events": ["pause.opened", "pause.ended"]}
    assert client.post(f"{LIST}add/", told).status_code == 302
    return Endpoint.objects.get()


def page(client: Client, row: Endpoint, **act: Any) -> str:
    """The endpoint's page, after an act where one is named."""
    address = f"{LIST}{row.pk}/change/"
    answer = client.post(address, act, follow=True) if act else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_test_event_that_failed_is_seen_with_its_tries_and_sent_again(
    lea: Client, receiver: Receiver
) -> None:
    row = connect(lea, receiver.url)
    page(lea, row, act="test")
    relay(clock=timezone.now)

    assert "http_410" in page(lea, row)
    assert "Switched off since" in page(lea, row)
    assert "Events go there again" in page(lea, row, act="switch")
    chosen = Delivery.objects.get().pk
    assert "1 event is on its way again" in page(lea, row, act="replay", delivery=chosen)
    relay(clock=timezone.now)
    assert len(set(receiver.ids)) == 1
    assert "http_200" in page(lea, row)


@pytest.mark.django_db
def test_the_secret_is_shown_on_request_and_the_trail_tells_so(lea: Client) -> None:
    row = connect(lea, "https://hooks.example/")
    assert row.secret not in page(lea, row)

    assert row.secret in page(lea, row, act="secret")

    assert AuditEvent.objects.filter(verb="endpoint.secret_shown").count() == 1


@pytest.mark.django_db
def test_what_is_typed_wrong_stands_at_its_field_and_nothing_is_written(lea: Client) -> None:
    told = {"name": "Payroll", "url": "https://192.168.1.1/", "events": ["pause.opened"]}

    answer = lea.post(f"{LIST}add/", told)

    assert "this address is inside a private network" in answer.content.decode()
    assert not Endpoint.objects.exists()


@pytest.mark.django_db
def test_an_endpoint_of_somebody_else_does_not_exist(
    lea: Client, desk: Desk, signed_in: Callable[[User], Client]
) -> None:
    row = connect(lea, "https://hooks.example/")
    finance = UserFactory.make(is_staff=True)
    RoleGrantFactory.make(user=finance)

    other = signed_in(finance)

    assert other.get(f"{LIST}{row.pk}/change/").status_code == 404
    assert other.post(f"{LIST}{row.pk}/change/", {"act": "remove"}).status_code == 404
    assert Endpoint.objects.get().removed_at is None


@pytest.mark.django_db
def test_changing_rotating_and_disconnecting_leave_their_rows_in_the_trail(lea: Client) -> None:
    row = connect(lea, "https://hooks.example/")

    page(lea, row, act="change", name="Pay", url="https://hooks.example/2", events=["pause.updated"])
    page(lea, row, act="rotate")
    lea.post(f"{LIST}{row.pk}/change/", {"act": "remove"})

    verbs = AuditEvent.objects.filter(subject_ref=f"endpoint:{row.pk}").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == [
        f"endpoint.{verb}" for verb in ("added", "changed", "secret_rotated", "removed")
    ]
    assert lea.get(f"{LIST}{row.pk}/change/").status_code == 404
