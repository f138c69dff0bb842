"""What one session does while another is at work on the same ledger."""

import threading

import pytest
from django.db import connection, connections, transaction

from notifications import outbox
from notifications.claims import claim_batch, release
from notifications.models import Batch, Delivery
from notifications.relay import relay
from tests.factories.base import NOW
from tests.integration.notifications.conftest import MemoryPorts, Stage, message, people


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="an embedded database has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_what_is_put_back_in_the_queue_while_its_batch_is_closed_is_not_forgotten(stage: Stage) -> None:
    stage(message(), people(1))
    batch = claim_batch(at=NOW)
    assert batch is not None
    Delivery.objects.update(state="failed", reason="550 no such user")

    def close() -> None:
        release(batch, at=NOW)
        connections.close_all()

    closing = threading.Thread(target=close)
    with transaction.atomic():
        outbox.requeue(delivery_ids=[Delivery.objects.get().pk], by_ref="user:1", at=NOW)
        closing.start()
        # It waits for us now, or has looked already and would close what we have opened.
        closing.join(timeout=0.5)
    closing.join()

    assert Delivery.objects.get().state == "queued"
    assert not Batch.objects.get().is_done


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps such plans")
@pytest.mark.django_db(transaction=True)
def test_a_relay_that_sent_a_few_notices_sends_thousands_without_reading_the_ledger_for_each_handful(
    stage: Stage,
) -> None:
    def stage_thousands() -> None:
        stage(message(key="thousands"), people(3_000))
        connections.close_all()

    for number in range(12):  # the server keeps a plan from the sixth time on
        stage(message(key=f"a few {number}"), people(1))
        relay(clock=lambda: NOW, ports=MemoryPorts())
    elsewhere = threading.Thread(target=stage_thousands)
    elsewhere.start()
    elsewhere.join()
    before = _times_read_whole()

    relay(clock=lambda: NOW, ports=MemoryPorts())

    assert Delivery.objects.filter(state="sent").count() == 3_012
    assert _times_read_whole() - before < 20


def _times_read_whole() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'notifications_delivery'")
        return int(cursor.fetchone()[0])
