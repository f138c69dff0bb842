"""Mail through real SMTP conversations: every answer of the server told apart, nobody lost, nobody doubled unseen."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from contractorhub.env import MailServer
from notifications.hold import let_out, outbound
from notifications.models import Attempt, Batch, Delivery, Lane, Notice, Outbound, Suppression
from notifications.models import Recipient as RecipientRow
from notifications.ports import Ports
from notifications.relay import relay
from notifications.rows import exchange
from notifications.sweep import settle_unknown
from tests.factories.base import NOW
from tests.fakes.smtp_sink import Act, Plan, SmtpSink, running_smtp_sink
from tests.integration.notifications.conftest import Stage, message, people

pytestmark = pytest.mark.django_db(transaction=True)
Server = Callable[..., SmtpSink]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """Start a mail server that behaves as planned, and point the product at it."""
    running = []

    def start(plan: Plan | None = None, **options: Any) -> SmtpSink:
        context = running_smtp_sink(plan, **options) if plan else running_smtp_sink(**options)
        running.append(context)
        sink = context.__enter__()
        settings.MAIL_SERVER = MailServer(kind="smtp", host="127.0.0.1", port=sink.port)
        settings.EMAIL_TIMEOUT = 2
        return sink

    yield start
    for context in running:
        context.__exit__(None, None, None)


def _relay(at: datetime = NOW) -> int:
    return relay(clock=lambda: at)


def _settle(at: datetime) -> int:
    return settle_unknown(at=at, ports=Ports(at=at))


def _states() -> dict[str, int]:
    rows = list(Delivery.objects.values_list("state", flat=True))
    return {state: rows.count(state) for state in sorted(set(rows))}


@pytest.mark.parametrize("offers_pipelining", [True, False])
def test_everybody_gets_one_mail_of_their_own(server: Server, stage: Stage, offers_pipelining: bool) -> None:
    sink = server(offers_pipelining=offers_pipelining)
    stage(message(), people(150))

    assert _relay() == 150

    assert set(sink.recipients().values()) == {1}
    assert len(sink.recipients()) == 150
    assert _states() == {"sent": 150}
    assert {mail.message_id for mail in sink.accepted} == set(
        Delivery.objects.values_list("message_id", flat=True)
    )


def test_a_mail_says_the_same_in_text_and_html_to_one_person_by_name(server: Server, stage: Stage) -> None:
    sink = server()
    stage(message(), people(1))

    _relay()

    mail = sink.accepted[0].message
    bodies = [mail.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    assert ["Hello Person 1, work is paused." in body.get_content() for body in bodies if body] == [
        True,
        True,
    ]
    assert mail["To"] == "Person 1 <person1@people.example>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_later_word_answers_the_first_mail_of_its_thread(server: Server, stage: Stage) -> None:
    sink = server()
    stage(message(), people(1))
    _relay()
    stage(message(key="pause:1:update:2", kind="pause.updated"), people(1))

    _relay()

    first, second = sink.accepted
    assert second.message["References"] == first.message_id


def test_a_refused_address_fails_once_and_stops_nobody_else(server: Server, stage: Stage) -> None:
    dead = "person2@people.example"
    sink = server(lambda recipient, _: Act.REFUSE_FOR_GOOD if recipient == dead else Act.ACCEPT)
    stage(message(), people(20))

    _relay()
    _relay(NOW + timedelta(hours=5))

    assert _states() == {"failed": 1, "sent": 19}
    assert sink.tries[dead] == 1
    assert "5.1.1" in Delivery.objects.get(address=dead).reason
    assert Suppression.objects.get().address == dead


def test_an_address_that_refused_for_good_is_not_tried_for_the_next_notice(
    server: Server, stage: Stage
) -> None:
    sink = server(lambda recipient, _: Act.REFUSE_FOR_GOOD)
    stage(message(), people(1))
    _relay()
    stage(message(key="later", kind="pause.updated"), people(1))

    _relay()

    assert sink.tries["person1@people.example"] == 1
    assert _states() == {"failed": 1, "suppressed": 1}


@pytest.mark.parametrize("trouble", [Act.GREYLIST, Act.REFUSE_AFTER_DATA, Act.CUT_IN_DATA])
def test_a_passing_trouble_is_tried_again_later(trouble: Act, server: Server, stage: Stage) -> None:
    sink = server(
        lambda recipient, nth: trouble if recipient.startswith("person3@") and nth == 1 else Act.ACCEPT
    )
    stage(message(), people(30))

    _relay()
    _relay(NOW + timedelta(minutes=2))
    _settle(NOW + timedelta(minutes=2))
    _relay(NOW + timedelta(minutes=2))

    assert _states() == {"sent": 30}
    assert len(sink.recipients()) == 30


def test_a_reply_lost_after_acceptance_is_unknown_and_repeated_once_under_the_same_name(
    server: Server, stage: Stage
) -> None:
    sink = server(
        lambda recipient, nth: (
            Act.CUT_BEFORE_REPLY if recipient.startswith("person3@") and nth == 1 else Act.ACCEPT
        )
    )
    stage(message(), people(10))

    _relay()
    assert _states() == {"sent": 9, "unknown": 1}
    assert _settle(NOW + timedelta(minutes=1)) == 1
    _relay(NOW + timedelta(minutes=1))

    assert _states() == {"sent": 10}
    doubled = [mail.message_id for mail in sink.accepted if mail.recipient.startswith("person3@")]
    assert len(doubled) == 2
    assert len(set(doubled)) == 1


def test_a_reply_lost_twice_stays_unknown_for_a_person(server: Server, stage: Stage) -> None:
    server(lambda recipient, nth: Act.CUT_BEFORE_REPLY)
    stage(message(), people(1))

    for minutes in range(0, 10, 2):
        _relay(NOW + timedelta(minutes=minutes))
        _settle(NOW + timedelta(minutes=minutes + 1))

    assert _states() == {"unknown": 1}


def test_a_server_that_never_answers_costs_one_mail_its_certainty_and_nobody_their_notice(
    server: Server, stage: Stage
) -> None:
    server(
        lambda recipient, nth: (
            Act.NEVER_ANSWER if recipient.startswith("person3@") and nth == 1 else Act.ACCEPT
        )
    )
    stage(message(), people(12))

    _relay()

    assert _states() == {"sent": 11, "unknown": 1}


def test_patience_asked_for_parks_the_lane_and_costs_nobody_a_try(server: Server, stage: Stage) -> None:
    sink = server(lambda recipient, nth: Act.CLOSE_421 if nth == 1 else Act.ACCEPT)
    stage(message(), people(5))

    _relay()
    assert set(Delivery.objects.values_list("state", "tries")) == {("queued", 0)}
    parked_until = Lane.objects.get().parked_until
    assert parked_until is not None
    assert parked_until > NOW
    for minutes in range(1, 8):
        _relay(NOW + timedelta(minutes=minutes))

    assert _states() == {"sent": 5}
    assert set(sink.recipients().values()) == {1}


def test_a_mail_server_that_is_down_loses_nothing(settings: Any, stage: Stage, server: Server) -> None:
    settings.MAIL_SERVER = MailServer(kind="smtp", host="127.0.0.1", port=1)
    stage(message(), people(5))
    _relay()
    assert _states() == {"deferred": 5}

    server()
    _relay(NOW + timedelta(minutes=5))

    assert _states() == {"sent": 5}


def test_a_notice_that_comes_too_late_is_not_sent(server: Server, stage: Stage) -> None:
    sink = server()
    stage(message(expires_at=NOW + timedelta(days=3)), people(2))

    _relay(NOW + timedelta(days=3))

    assert _states() == {"expired": 2}
    assert not sink.accepted


def test_the_business_is_asked_once_more_just_before_sending(
    server: Server, stage: Stage, settings: Any
) -> None:
    sink = server()
    stage(message(), people(3))
    settings.NOTIFICATIONS_RECHECK = f"{__name__}.person_2_has_left"

    _relay()

    assert _states() == {"cancelled": 1, "sent": 2}
    assert "person2@people.example" not in sink.recipients()
    assert Delivery.objects.get(state="cancelled").reason == "left the project"


def person_2_has_left(subject_ref: str, keys: list[str]) -> dict[str, str]:
    """Stand for the business: one of them is gone."""
    return {key: "left the project" for key in keys if key == "contractor:2"}


def test_what_a_dead_relay_was_sending_is_unknown_and_the_rest_goes_out(server: Server, stage: Stage) -> None:
    sink = server()
    stage(message(), people(10))
    sending = list(Delivery.objects.order_by("pk").values_list("pk", flat=True)[:4])
    batch = Delivery.objects.select_related("batch").first().batch
    token = Delivery.new_token()
    Delivery.objects.filter(pk__in=sending).update(state="sending", attempt_token=token, tries=1)
    type(batch).objects.filter(pk=batch.pk).update(lease_token=token, lease_until=NOW + timedelta(seconds=90))

    assert _relay(NOW + timedelta(seconds=30)) == 0
    _relay(NOW + timedelta(seconds=91))
    assert _states() == {"sent": 6, "unknown": 4}
    _settle(NOW + timedelta(seconds=180))
    _relay(NOW + timedelta(seconds=181))

    assert _states() == {"sent": 10}
    assert set(sink.recipients().values()) == {1}
    assert Attempt.objects.filter(outcome="ambiguous").count() == 4


def test_a_ledger_put_back_to_an_earlier_state_sends_nothing_until_a_person_says_so(
    server: Server, stage: Stage
) -> None:
    sink = server()
    stage(message(), people(3))
    outbound()
    before = {
        model: list(model.objects.values()) for model in (Notice, RecipientRow, Batch, Delivery, Outbound)
    }
    _relay()
    for model, rows in before.items():
        for row in rows:
            model.objects.filter(pk=row.pop("id")).update(**row)

    assert _relay() == 0
    assert "put back" in Outbound.objects.get().held_reason
    assert set(sink.recipients().values()) == {1}

    assert let_out(by_ref="user:1", at=NOW)
    assert _relay() == 3


def test_a_refused_sender_stops_the_lane_and_costs_nobody_anything(server: Server, stage: Stage) -> None:
    sink = server(lambda recipient, nth: Act.REFUSE_SENDER)
    stage(message(), people(5))
    _relay()
    assert set(Delivery.objects.values_list("state", "tries")) == {("queued", 0)}
    assert "sender" in Lane.objects.get().parked_reason

    sink.plan = lambda recipient, nth: Act.ACCEPT
    _relay(NOW + timedelta(minutes=1))

    assert _states() == {"sent": 5}


def test_a_late_relay_writes_nothing_over_what_happened_since(server: Server, stage: Stage) -> None:

    stage(message(), people(1))
    row = Delivery.objects.get()
    Delivery.objects.filter(pk=row.pk).update(state="sending", attempt_token=Delivery.new_token())

    late = (row.pk, Delivery.new_token(), "250 taken")
    recorded = exchange(sent=[late], take=None, at=NOW).recorded

    assert recorded == 0
    row.refresh_from_db()
    assert row.state == "sending"


@pytest.mark.parametrize(("category", "has_link"), [("update", True), ("critical", False)])
def test_only_what_is_not_critical_can_be_unsubscribed_from_with_one_click(
    server: Server, stage: Stage, category: str, has_link: bool
) -> None:
    sink = server()
    stage(message(category=category), people(1))

    _relay()

    mail = sink.accepted[0].message
    assert ("List-Unsubscribe" in mail) is has_link
    assert mail.get("List-Unsubscribe-Post") == ("List-Unsubscribe=One-Click" if has_link else None)


def test_what_comes_back_goes_to_the_return_address(server: Server, stage: Stage, settings: Any) -> None:
    sink = server()
    settings.RETURN_ADDRESS = "returns@firm.example"
    stage(message(), people(1))

    _relay()

    assert set(sink.senders) == {"returns@firm.example"}
