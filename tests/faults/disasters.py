"""Disasters that a drill adds to the faults: mail refused for an hour, the whole fleet killed, a bad deploy."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications import states
from notifications.models import Batch, Delivery, Lane, Notice
from tests.fakes.smtp_sink import Act
from tests.faults.ledger import wait_until
from tests.faults.scene import Scene

QUARTER = timedelta(minutes=15)
FLEET = 3


def mail_refused_for_an_hour(scene: Scene) -> None:
    """421 for everybody, four quarters of an hour long: no attempt is spent, and then everybody is told.

    Nobody waits for the hour: each quarter passes by bringing every time in the ledger forward.
    """
    is_refused = [True]
    scene.sink.plan = lambda recipient, nth: Act.CLOSE_421 if is_refused[0] else Act.ACCEPT
    scene.worker()
    for _quarter in range(4):
        wait_until(_all_wait, doing=scene.ring)
        assert not scene.arrivals()
        _pass(QUARTER)
    assert not Delivery.objects.filter(state=states.FAILED).exists(), "somebody was given up"
    is_refused[0] = False
    _pass(QUARTER)
    scene.drain()


def _all_wait() -> bool:
    """Whether the lane is parked and no relay holds a row any more."""
    is_parked = Lane.objects.filter(channel="email", parked_until__gt=timezone.now()).exists()
    return is_parked and not Batch.objects.filter(lease_until__isnull=False).exists()


def _pass(span: timedelta) -> None:
    with transaction.atomic():
        Lane.objects.exclude(parked_until=None).update(parked_until=F("parked_until") - span)
        Batch.objects.update(due_at=F("due_at") - span)
        Delivery.objects.update(due_at=F("due_at") - span)
        Notice.objects.update(expires_at=F("expires_at") - span)


def fleet_killed(scene: Scene) -> None:
    """kill -9 of every worker there is, at one moment; new ones are started."""
    scene.sink.latency_seconds = 0.05  # slow enough to be met in the middle of telling a few people
    fleet = [scene.worker() for _ in range(FLEET)]
    scene.wait_for(1 / 3)
    for worker in fleet:
        worker.kill()
    assert Delivery.objects.exclude(state__in=states.OVER).exists(), "the fleet was done already"
    for worker in fleet:
        worker.start()
    scene.drain()


def bad_deploy_rolled_back(scene: Scene) -> None:
    """A version whose every relay fails takes the place of one that works; it is taken back."""
    good = scene.worker()
    scene.wait_for(1 / 3)
    assert good.stop(patience_seconds=20) == 0, "the worker had to be killed"
    told = len(scene.arrivals())
    bad = scene.worker(program="tests.faults.bad_deploy")
    wait_until(lambda: bad.log.read_text(errors="replace").count("a bad deploy") >= 3, doing=scene.ring)
    bad.stop(patience_seconds=20)
    assert len(scene.arrivals()) == told, "the bad version told somebody something"
    good.start()
    scene.drain()
