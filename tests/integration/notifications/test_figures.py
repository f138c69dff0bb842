"""What those who watch delivery see of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.channels.base import Outcome
from notifications.figures import delivery_figures
from notifications.models import Attempt, Delivery, Lane
from tests.factories.base import NOW
from tests.integration.notifications.conftest import Stage, message, people

pytestmark = pytest.mark.django_db(transaction=True)


def test_figures_tell_how_soon_a_channel_is_told_and_what_went_wrong(stage: Stage) -> None:
    stage(message(), people(20))
    for seconds, row in enumerate(Delivery.objects.order_by("pk")[:19], start=1):
        Delivery.objects.filter(pk=row.pk).update(state="sent", recorded_at=NOW + timedelta(seconds=seconds))
    unknown = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=unknown.pk).update(state="unknown")
    Attempt.objects.create(delivery=unknown, token=Delivery.new_token(), at=NOW, outcome=Outcome.AMBIGUOUS)
    Lane.objects.update(parked_until=NOW + timedelta(seconds=90))

    found = delivery_figures(at=NOW + timedelta(seconds=60))

    assert found.seconds_to_channel["email"] == (10.0, pytest.approx(18.1))
    assert found.in_state == {("email", "sent"): 19, ("email", "unknown"): 1}
    assert found.troubles == {("email", "ambiguous"): 1}
    assert found.oldest_due_seconds == 60
    assert [lane.parked_seconds for lane in found.lanes] == [30.0]


def test_prometheus_reads_them(stage: Stage, client: Client) -> None:
    stage(message(), people(1), timezone.now())

    body = client.get("/metrics").content.decode()

    assert 'contractorhub_deliveries{channel="email",state="queued"} 1.0' in body
    assert "contractorhub_outbound_held 0.0" in body
    assert 'contractorhub_lane_stopped{channel="email",lane="default"} 0.0' in body
