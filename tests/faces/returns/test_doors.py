"""What comes back of our mails: returned mail, signed words of providers, and people who want fewer of them."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from contractorhub.env import PROVIDERS, provider_settings
from notifications.messages import Channel, Recipient
from notifications.models import Delivery, Suppression, Trouble
from notifications.preferences import Category, Way
from notifications.relay import relay
from notifications.unsubscribing import unsubscribe_link
from notifications.wishes import wishes_of_one
from tests.fakes.returned_mail import bounce, complaint, out_of_office
from tests.integration.notifications.conftest import MemoryPorts, Stage, message, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]

KEY = "contractor:1"


@pytest.fixture
def mail(stage: Stage) -> Delivery:
    """A mail that was accepted, to somebody whom Slack reaches too when mail fails."""
    person = Recipient(
        KEY,
        "Ana",
        "en",
        "UTC",
        {Channel.EMAIL: "ana@people.example"},
        {"name": "Ana"},
        {Channel.SLACK_DM: "U1"},
    )
    stage(message(expires_at=timezone.now() + timedelta(days=3)), [person], timezone.now())
    relay(clock=timezone.now, ports=MemoryPorts())
    return Delivery.objects.get()


@pytest.fixture
def client() -> Client:
    """A caller that nobody trusts yet, and whose posts carry no CSRF token."""
    return Client(enforce_csrf_checks=True)


def states() -> dict[str, str]:
    """Where each channel's delivery stands."""
    return dict(Delivery.objects.values_list("channel", "state"))


@pytest.fixture
def hand_in(client: Client, settings: Any) -> Any:
    """Hand a returned mail in as the mail server does."""
    settings.RETURNS_SECRET = "s3cret"

    def handed(body: bytes, *, said: str = "s3cret") -> Any:
        return client.post(
            "/returns/mail/", body, content_type="message/rfc822", HTTP_AUTHORIZATION=f"Bearer {said}"
        )

    return handed


def test_a_hard_bounce_suppresses_the_address_tries_slack_and_waits_for_the_lead(
    mail: Delivery, hand_in: Any
) -> None:
    assert hand_in(bounce(mail.message_id)).content == b"1 recorded"
    assert hand_in(bounce(mail.message_id)).content == b"0 recorded"

    assert states() == {"email": "bounced", "slack_dm": "queued"}
    assert Suppression.objects.get().address == "ana@people.example"
    assert Trouble.objects.get().delivery == mail
    assert "No such user" in Delivery.objects.get(pk=mail.pk).reason


def test_a_full_mailbox_tries_slack_and_keeps_the_address(mail: Delivery, hand_in: Any) -> None:
    hand_in(bounce(mail.message_id, status="5.2.2", said="552 mailbox full"))

    assert states() == {"email": "bounced", "slack_dm": "queued"}
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("forged", [True, False])
def test_a_stranger_cannot_silence_anybody(mail: Delivery, hand_in: Any, forged: bool) -> None:
    guessed = f"<{mail.pk}.{'0' * 32}@contractorhub.example>"

    answer = hand_in(bounce(guessed)) if forged else hand_in(bounce(mail.message_id), said="wrong")

    assert answer.status_code == (200 if forged else 401)
    assert states() == {"email": "sent"}
    assert not Suppression.objects.exists()


def test_who_complains_gets_no_more_mail_and_a_robots_answer_changes_nothing(
    mail: Delivery, hand_in: Any
) -> None:
    hand_in(out_of_office(mail.message_id))
    assert not Suppression.objects.exists()

    hand_in(complaint(mail.message_id))

    assert Suppression.objects.get().reason == "the reader marked it as spam"
    assert states() == {"email": "sent"}
    assert Trouble.objects.count() == 1


def test_a_returned_mail_comes_in_by_a_pipe_or_a_file_too(mail: Delivery, tmp_path: Path) -> None:
    (tmp_path / "returned.eml").write_bytes(bounce(mail.message_id))
    said = StringIO()

    call_command("take_returned_mail", str(tmp_path / "returned.eml"), stdout=said)

    assert said.getvalue() == "1 reports read, 1 deliveries changed.\n"
    assert states()["email"] == "bounced"


def mailgun(
    event: str,
    mail: Delivery,
    *,
    key: str = "signing-key",
    signed_ago: timedelta = timedelta(0),
    **facts: Any,
) -> str:
    """An event as Mailgun posts it, signed with its key."""
    stamp, token = (
        str(int(time.time() - signed_ago.total_seconds())),
        hashlib.sha256(event.encode()).hexdigest()[:50],
    )
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "id": "DACSsAdVSeGpLid7TN03WA",
        "timestamp": time.time(),
        "recipient": mail.address,
        "message": {"headers": {"message-id": mail.message_id.strip("<>")}},
        **facts,
    }
    return json.dumps(
        {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data}
    )


@pytest.fixture
def tell(client: Client, settings: Any) -> Any:
    """Post an event as Mailgun does."""
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = provider_settings("mailgun", secret="", signing_key="signing-key")

    def told(body: str) -> int:
        return client.post("/returns/provider/", body, content_type="application/json").status_code

    return told


FAILED = {
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"code": 550, "message": "no such user"},
}


@pytest.mark.parametrize(
    ("event", "facts", "expected", "held_back"),
    [
        ("delivered", {}, {"email": "delivered"}, False),
        ("failed", FAILED, {"email": "bounced", "slack_dm": "queued"}, True),
        ("complained", {}, {"email": "sent"}, True),
        ("unsubscribed", {}, {"email": "sent"}, False),
        ("opened", {}, {"email": "sent"}, False),
    ],
)
def test_what_a_provider_reports_is_recorded(
    mail: Delivery, tell: Any, event: str, facts: Any, expected: Any, held_back: bool
) -> None:
    assert tell(mailgun(event, mail, **facts)) == 200
    assert tell(mailgun(event, mail, **facts)) == 200

    assert (states(), Suppression.objects.exists()) == (expected, held_back)
    is_muted = wishes_of_one(KEY).way(Category.UPDATE, Channel.EMAIL) == Way.NEVER
    assert is_muted is (event == "unsubscribed")


@pytest.mark.parametrize("signed_ago", [timedelta(days=3), timedelta(days=-3)])
def test_a_word_that_somebody_kept_changes_nothing_days_later(
    mail: Delivery, tell: Any, signed_ago: timedelta
) -> None:
    """The event's own time, which Mailgun does not sign, says now."""
    assert tell(mailgun("failed", mail, signed_ago=signed_ago, **FAILED)) == 200
    assert states() == {"email": "sent"}

    assert tell(mailgun("failed", mail, signed_ago=timedelta(hours=20), **FAILED)) == 200
    assert states() == {"email": "bounced", "slack_dm": "queued"}


@pytest.mark.parametrize(("days", "expected"), [(3, "sent"), (1, "bounced")])
def test_a_provider_that_signs_its_events_is_taken_by_their_time(
    mail: Delivery, client: Client, settings: Any, days: int, expected: str
) -> None:
    settings.MAIL_PROVIDER = "mailersend"
    settings.ANYMAIL = provider_settings("mailersend", secret="", signing_key="signing-key")
    told_at = (timezone.now() - timedelta(days=days)).isoformat()
    about = {"id": "1", "recipient": {"email": mail.address}, "message": {"id": mail.message_id}}
    data = {"id": "2", "type": "hard_bounced", "created_at": told_at, "email": about}
    body = json.dumps({"type": "activity.hard_bounced", "data": data})
    signature = hmac.new(b"signing-key", body.encode(), hashlib.sha256).hexdigest()

    answer = client.post(
        "/returns/provider/", body, content_type="application/json", headers={"Signature": signature}
    )

    assert (answer.status_code, states()["email"]) == (200, expected)


def test_a_forged_word_of_a_provider_is_refused(mail: Delivery, tell: Any) -> None:
    assert tell(mailgun("failed", mail, key="guessed", **FAILED)) == 400
    assert tell("{") == 400

    assert states() == {"email": "sent"}


def test_a_provider_with_a_secret_is_heard_by_it_alone(mail: Delivery, client: Client, settings: Any) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = provider_settings("postmark", secret="post:mark", signing_key="")
    body = {
        "RecordType": "Bounce", "ID": 901542550, "Type": "HardBounce", "TypeCode": 1, "Name": "Hard bounce",
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed", "Description": "The server could not deliver it",
        "Details": "smtp;550 5.1.1 unknown", "Email": "Ana@People.example", "BouncedAt": "2026-03-02T09:01:00Z",
    }  # fmt: skip

    def post(secret: str) -> int:
        basic = base64.b64encode(secret.encode()).decode()
        return client.post(
            "/returns/provider/", body, content_type="application/json", HTTP_AUTHORIZATION=f"Basic {basic}"
        ).status_code

    assert post("post:guess") == 400
    assert states() == {"email": "sent"}
    assert post("post:mark") == 200
    assert states() == {"email": "bounced", "slack_dm": "queued"}


def test_without_a_provider_the_door_is_shut(client: Client) -> None:
    assert client.post("/returns/provider/", "{}", content_type="application/json").status_code == 404


def test_one_click_unsubscribes_without_a_session_or_a_redirect(client: Client) -> None:
    address = unsubscribe_link(recipient_key=KEY, category=Category.UPDATE).partition("/unsubscribe/")[2]

    asked = client.get(f"/unsubscribe/{address}")
    assert wishes_of_one(KEY).ways == {}
    done = client.post(
        f"/unsubscribe/{address}",
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )

    assert (asked.status_code, done.status_code) == (200, 200)
    assert wishes_of_one(KEY).ways == {(Category.UPDATE, Channel.EMAIL): Way.NEVER}


def test_a_changed_link_unsubscribes_nobody_and_critical_notices_have_none(client: Client) -> None:
    address = unsubscribe_link(recipient_key=KEY, category=Category.UPDATE).partition("/unsubscribe/")[2]

    assert client.post(f"/unsubscribe/x{address}").status_code == 404
    assert unsubscribe_link(recipient_key=KEY, category=Category.CRITICAL) == ""


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_every_provider_that_can_be_named_is_heard_and_refuses_strangers(
    client: Client, settings: Any, provider: str
) -> None:
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = provider_settings(provider, secret="mail:room", signing_key="c2lnbmluZy1rZXk=")

    answer = client.post("/returns/provider/", "{}", content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("provider", "secret", "key"),
    [("carrier_pigeon", "a:b", "k"), ("mailgun", "a:b", ""), ("postmark", "ab", "k")],
)
def test_a_provider_whose_words_could_be_forged_is_refused_at_the_start(
    provider: str, secret: str, key: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAIL_PROVIDER"):
        provider_settings(provider, secret=secret, signing_key=key)


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"7",
        b"[]",
        b"[1]",
        b"{}",
        b'{"signature": 5, "event-data": []}',
        b"a=1&b",
    ],
)
def test_words_of_a_provider_that_have_not_its_shape_are_never_a_failure_of_ours(
    client: Client, settings: Any, provider: str, body: bytes
) -> None:
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = provider_settings(provider, secret="mail:room", signing_key="c2lnbmluZy1rZXk=")
    said = "Basic " + base64.b64encode(b"mail:room").decode()
    client.raise_request_exception = False

    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = client.post("/returns/provider/", body, content_type=kind, HTTP_AUTHORIZATION=said)
        assert answer.status_code in {200, 400}, (kind, answer.status_code)

    assert not Suppression.objects.exists()


def test_a_returned_mail_that_is_too_large_is_refused_unread(hand_in: Any) -> None:
    assert hand_in(b"x" * 1_000_001).status_code == 413
    assert hand_in(b"\xff\x00 no mail at all").content == b"0 recorded"
