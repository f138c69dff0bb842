"""A body larger than a door takes is refused with 413 at every door programs knock at, and leaves nothing behind."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contractorhub.env import provider_settings
from contractorhub.slack.models import InboundEvent
from notifications.preferences import Category
from notifications.unsubscribing import unsubscribe_link
from notifications.wishes import wishes_of_one
from tests.factories import RoleGrantFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MIB = 1024 * 1024
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
DOORS = [
    ("/returns/mail/", "message/rfc822"),
    ("/returns/provider/", JSON),
    ("/slack/events", JSON),
    ("/slack/commands", FORM),
    ("/slack/interactivity", FORM),
    ("/account/login/", FORM),
    ("/api/v1/pauses/", JSON),
    ("/api/v1/hours-lock", JSON),
    ("/api/v1/webhooks/endpoints/", JSON),
]


@pytest.fixture
def client(settings: Any) -> Client:
    """Somebody of operations, with the secrets of every door in hand."""
    settings.RETURNS_SECRET = "s3cret"
    settings.SLACK_SIGNING_SECRET = "s3cret"
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = provider_settings("postmark", secret="post:mark", signing_key="")
    user = UserFactory.make(is_staff=True)
    RoleGrantFactory.make(user=user, role="operations")
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _knock(client: Client, door: str, body: bytes, kind: str) -> int:
    """Send a body with what the door asks for; the answer's status."""
    secrets = {"/returns/mail/": "Bearer s3cret", "/returns/provider/": "Basic cG9zdDptYXJr"}
    said = {"HTTP_AUTHORIZATION": secrets[door]} if door in secrets else {}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        status = client.post(door, body, content_type=kind, **said).status_code
    written = [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if "session" not in sql], written
    return status


@pytest.mark.parametrize(("door", "kind"), DOORS)
def test_a_body_beyond_the_bound_is_413_and_nothing_is_written(client: Client, door: str, kind: str) -> None:
    body = b'{"a": "' + b"x" * (5 * MIB) + b'"}' if kind == JSON else b"a=" + b"x" * (5 * MIB)

    assert _knock(client, door, body, kind) == 413

    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("door", ["/api/v1/hours/bulk/", "/api/v1/roster/bulk/"])
def test_the_bulk_doors_take_eight_mebibytes_and_no_more(client: Client, door: str) -> None:
    assert _knock(client, door, b'{"a": "' + b"x" * (6 * MIB) + b'"}', JSON) == 422
    assert _knock(client, door, b'{"a": "' + b"x" * (8 * MIB) + b'"}', JSON) == 413


def test_a_click_to_unsubscribe_with_a_long_body_is_413_and_unsubscribes_nobody(client: Client) -> None:
    link = unsubscribe_link(recipient_key="contractor:1", category=Category.UPDATE).partition("/unsubscribe/")

    assert _knock(client, f"/unsubscribe/{link[2]}", b"a=" + b"x" * 5_000, FORM) == 413

    assert wishes_of_one("contractor:1").ways == {}


def test_a_form_of_too_many_fields_is_413_too(client: Client) -> None:
    body = "&".join(f"a{number}=1" for number in range(5_001)).encode()

    assert _knock(client, "/account/login/", body, FORM) == 413


def test_a_file_beyond_a_hundred_megabytes_is_refused_by_its_length_alone(client: Client) -> None:
    file = SimpleUploadedFile("hours.csv", b"x")

    answer = client.post("/api/v1/imports/", {"kind": "hours", "file": file}, CONTENT_LENGTH=102 * 1_000_000)

    assert answer.status_code == 413
