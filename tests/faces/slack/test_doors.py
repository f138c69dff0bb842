"""The doors: who is not Slack, is late, repeats themselves or says nonsense is refused, and nothing is kept."""

import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from slack_sdk.signature import SignatureVerifier

from contractorhub.slack import inbox
from contractorhub.slack.models import InboundEvent
from contractorhub.slack.work import dispatch
from projects.models import Acknowledgement
from tests.faces.slack.conftest import SECRET, Firm
from tests.fakes.slack import Answer
from tests.fakes.slack_person import Product, send_raw

pytestmark = pytest.mark.once  # leads are followed on both engines; emptying a hundred tables a test is slow

DOORS = ("/slack/events", "/slack/commands", "/slack/interactivity")
EVENT = {
    "type": "event_callback",
    "team_id": "T0TEST",
    "event_id": "Ev1",
    "event": {"type": "app_home_opened"},
}


def test_forged_stale_and_oversize_requests_leave_nothing_behind(firm: Firm) -> None:
    for door in DOORS:
        _refuses_whoever_is_not_slack(firm, door)
    assert not InboundEvent.objects.exists()


def _refuses_whoever_is_not_slack(firm: Firm, door: str) -> None:
    body, product = json.dumps(EVENT).encode(), firm.product
    wrong = {
        "no signature": {"X-Slack-Signature": ""},
        "another signature": {"X-Slack-Signature": "v0=" + "0" * 64},
        "a signature beyond ASCII": {"X-Slack-Signature": "v0=\xe9"},
        "five minutes old": {"X-Slack-Request-Timestamp": str(int(time.time()) - 301)},
        "of tomorrow": {"X-Slack-Request-Timestamp": str(int(time.time()) + 86_400)},
        "a time that is no number": {"X-Slack-Request-Timestamp": "yesterday"},
    }
    for headers in wrong.values():
        assert product.send(door, body, kind="application/json", headers=headers).status == 401
    assert Product(product.url, "another secret").send(door, body, kind="application/json").status == 401
    unreadable = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=1"}
    assert send_raw(product.url + door, b"\xff\xfe", unreadable).status == 401
    assert product.send(door, b" " * (1024 * 1024 + 1), kind="application/json").status == 413


NONSENSE = [
    ("/slack/events", b"{"),
    ("/slack/events", b"[]"),
    ("/slack/events", b"[" * 100_000),
    ("/slack/events", json.dumps({**EVENT, "event_id": None}).encode()),
    ("/slack/events", json.dumps({**EVENT, "team_id": "T\x00"}).encode()),
    ("/slack/events", json.dumps({**EVENT, "event": "message"}).encode()),
    ("/slack/commands", b"command=%2Fpause"),
    ("/slack/commands", b"a=1&" * 200),
    ("/slack/interactivity", b""),
    ("/slack/interactivity", b"payload=%7B"),
    ("/slack/interactivity", urlencode({"payload": '{"type": "block_actions", "actions": []}'}).encode()),
    ("/slack/interactivity", urlencode({"payload": '{"type": "something"}'}).encode()),
    ("/slack/interactivity", urlencode({"payload": '{"type": "view_submission", "view": 3}'}).encode()),
]


def test_malformed_requests_are_refused_with_400(firm: Firm) -> None:
    for door, body in NONSENSE:
        kind = "application/json" if door.endswith("events") else "application/x-www-form-urlencoded"
        assert firm.product.send(door, body, kind=kind).status == 400, body[:80]
    assert not InboundEvent.objects.exists()


def test_without_a_signing_secret_nobody_comes_in_and_looking_is_not_answered(
    firm: Firm, settings: Any
) -> None:
    settings.SLACK_SIGNING_SECRET = ""

    assert firm.ana.command("status").status == 401
    assert firm.product.form("/slack/commands", {"ssl_check": "1"}).status == 401


def test_slack_proves_the_address_with_a_challenge(firm: Firm) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "unused"}).encode()

    assert firm.product.send("/slack/events", body, kind="application/json").json == {
        "challenge": "3eZbrw1aB"
    }
    assert firm.product.form("/slack/commands", {"ssl_check": "1"}).status == 200


def test_an_event_that_slack_sends_again_is_kept_once_and_a_replay_is_refused(firm: Firm) -> None:
    reply = firm.product.event(
        {"type": "app_home_opened", "user": "U0ANA"}, team_id="T0TEST", event_id="Ev7", tries=4
    )
    body, now = json.dumps(EVENT).encode(), str(int(time.time()))
    signed = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": _signature(now, body)}
    replies = [
        firm.product.send("/slack/events", body, kind="application/json", headers=signed) for _ in range(2)
    ]

    assert reply.status == 200
    assert [each.status for each in replies] == [200, 401]
    assert InboundEvent.objects.count() == 2


def test_a_double_click_under_one_trigger_is_one_event(firm: Firm) -> None:
    firm.pause()
    notice, trigger = firm.ana.heard[-1], firm.slack.new_trigger()

    statuses = [firm.ana.click(notice, "acknowledge", trigger_id=trigger).status for _ in range(2)]

    assert statuses == [200, 200]
    assert InboundEvent.objects.filter(kind="interaction").count() == 1


def test_slack_out_of_reach_delays_an_answer_and_repeats_no_act(firm: Firm) -> None:
    firm.pause()
    firm.slack.plan = lambda channel, nth: Answer(status=429, retry_after=30, error="ratelimited")
    firm.lea.command("update")
    firm.work()
    firm.lea.submit(firm.lea.modal["id"], text="Soon more.")
    firm.slack.views.clear()
    firm.work()
    row = InboundEvent.objects.exclude(state="done").get()
    assert (row.state, row.tries, row.error) == ("worked", 1, "Slack cannot be reached")
    assert (row.due_at - timezone.now()).total_seconds() > 20

    firm.slack.plan = lambda channel, nth: Answer()
    inbox.work_on_due(dispatch=dispatch, at=row.due_at)

    assert "on its way to everybody" in firm.lea.heard[-1].text
    assert firm.project.pauses.get().updates.filter(text="Soon more.").count() == 1


def test_an_event_nobody_can_work_on_is_given_up_and_stops_no_other(firm: Firm) -> None:
    firm.pause()
    inbox.receive(
        unique_id="broken",
        signature="v0=x",
        kind="command",
        team_id="T0TEST",
        payload=None,
        at=timezone.now(),
    )
    firm.ana.click(firm.ana.heard[-1], "acknowledge")
    firm.work()
    for hours in range(inbox.MOST_TRIES):
        inbox.work_on_due(dispatch=dispatch, at=timezone.now() + timedelta(hours=hours))

    assert Acknowledgement.objects.count() == 1
    row = InboundEvent.objects.get(unique_id="broken")
    assert (row.state, row.error) == ("failed", "Malformed")


def test_a_response_address_that_is_not_slacks_is_never_called(firm: Firm) -> None:
    fields = {
        "team_id": "T0TEST", "user_id": "U0ANA", "command": "/pause", "text": "", "trigger_id": "1.2.3",
        "response_url": "http://169.254.169.254/latest/",
    }  # fmt: skip
    firm.product.form("/slack/commands", fields)
    firm.work()

    assert InboundEvent.objects.get().state == "done"
    assert firm.ana.heard == []


def _signature(now: str, body: bytes) -> str:
    return SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body) or ""
