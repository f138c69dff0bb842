"""What two sessions do to one batch at the same moment."""

import threading

import pytest
from django.db import connection, connections, transaction

from notifications import outbox
from notifications.claims import claim_batch, release
from notifications.models import Batch, Delivery
from tests.factories.base import NOW
from tests.integration.notifications.conftest import Stage, message, people


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
