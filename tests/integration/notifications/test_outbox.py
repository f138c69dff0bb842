"""Promises: staged once, inside the fact's transaction, and withdrawn when a later word overtakes them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from notifications import jobs, outbox
from notifications.messages import Channel
from notifications.models import Delivery, Notice
from tests.factories.base import NOW
from tests.integration.notifications.conftest import Stage, message, people


@pytest.mark.django_db(transaction=True)
def test_a_promise_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.stage(message(), recipients=people(1), at=NOW)

    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_is_rolled_back_promised_nothing() -> None:
    with transaction.atomic():
        outbox.stage(message(), recipients=people(2), at=NOW)
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_the_same_key_staged_twice_is_one_notice(stage: Stage) -> None:
    first = stage(message(), people(3))
    second = stage(message(), people(3))

    assert (first.is_new, second.is_new) == (True, False)
    assert second.notice_id == first.notice_id
    assert Delivery.objects.count() == 3


@pytest.mark.django_db
def test_every_delivery_has_its_own_message_id_before_anything_is_sent(stage: Stage) -> None:
    stage(message(), people(700))

    names = set(Delivery.objects.values_list("message_id", flat=True))
    assert len(names) == 700
    assert all(name.startswith("<") and name.endswith("@contractorhub.example>") for name in names)


@pytest.mark.django_db
def test_what_has_not_left_is_superseded_and_what_has_left_stays(stage: Stage) -> None:
    stage(message(), people(3))
    gone = Delivery.objects.order_by("pk")[0]
    Delivery.objects.filter(pk=gone.pk).update(state="sent")

    with transaction.atomic():
        count = outbox.supersede(subject_ref="pause:1", kinds=None, reason="overtaken", at=NOW)

    assert count == 2
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "superseded", "superseded"]


@pytest.mark.django_db
def test_a_person_can_put_a_failed_delivery_back_but_not_a_sent_one(stage: Stage) -> None:
    stage(message(), people(2))
    failed, sent = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=failed.pk).update(state="failed", tries=9, reason="5.1.1")
    Delivery.objects.filter(pk=sent.pk).update(state="sent")

    with transaction.atomic():
        count = outbox.requeue(
            delivery_ids=[failed.pk, sent.pk], by_ref="user:1", at=NOW + timedelta(hours=1)
        )

    assert count == 1
    failed.refresh_from_db()
    assert (failed.state, failed.tries, failed.reason) == ("queued", 0, "requeued by user:1")


@pytest.mark.django_db
def test_the_channel_post_goes_before_mail_and_mail_before_direct_messages(stage: Stage) -> None:
    for channel in (Channel.SLACK_DM, Channel.EMAIL, Channel.SLACK_CHANNEL):
        stage(message(key=channel), people(1, channel=channel))

    urgency = dict(Delivery.objects.values_list("channel", "batch__priority"))
    assert urgency["slack_channel"] < urgency["email"] < urgency["slack_dm"]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps such plans")
@pytest.mark.django_db
def test_a_session_that_told_a_few_people_tells_thousands_without_reading_all_of_them_for_each(
    stage: Stage,
) -> None:
    # Who has a channel in reserve is watched, and the database looks whether the watched recipient is there.
    everybody = [person._replace(fallbacks={Channel.SLACK_DM: "U0TEST"}) for person in people(3_000)]
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")  # as a new session, whatever tests came before
        stage(message(key="a few"), everybody[:9])  # a plan is kept from the sixth on
        cursor.execute("ANALYZE notifications_recipient")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit would: here the plan is made and kept
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        stage(message(key="thousands"), everybody)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'notifications_recipient'"
        )
        (read_whole,) = cursor.fetchone()

    assert read_whole < 100


@pytest.mark.parametrize(("count", "rung"), [(10, 0), (900, 1), (10_000, 3)])
@pytest.mark.django_db
def test_more_relays_are_rung_where_there_are_batches_for_them(
    stage: Stage, count: int, rung: int, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        stage(message(), people(count))

    assert callbacks == [jobs.ring_relay] * rung
