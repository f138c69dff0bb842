"""Names of the Slack jobs, when the clock runs them, and the bell for one event."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import structlog
from celery import current_app
from celery.schedules import crontab
from django.db import transaction

from contractorhub.slack.bell import Bell

WORK: Final = "slack.work"
SWEEP: Final = "slack.sweep"
RENEW_TOKENS: Final = "slack.renew_tokens"
FORGET: Final = "slack.forget"
QUEUE: Final = "posts"  # a modal must open within three seconds, so its work waits behind no mail

BEAT_SCHEDULE: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {"task": name, "schedule": schedule, "options": {"queue": QUEUE, "expires": expires}}
    for name, schedule, expires in (
        (SWEEP, 20.0, 30),
        (RENEW_TOKENS, 600.0, 900),
        (FORGET, crontab(hour="3", minute="20"), 6 * 3600),
    )
}

logger = structlog.get_logger(__name__)


def ring_after_commit(event_id: int) -> None:
    """Ask for one event to be worked on once its row is kept; nobody waits until the broker has heard it."""
    transaction.on_commit(partial(_ring, event_id), robust=True)


def _ring(event_id: int) -> None:
    if not _bell.ring(event_id):
        logger.warning("slack.not_rung", inbound=event_id, error="too many wait already")


def _send(event_id: int) -> None:
    """A broker that is away is no error: the sweep finds the row."""
    try:
        current_app.send_task(WORK, kwargs={"event_id": event_id}, queue=QUEUE, retry=False)
    except Exception as error:  # noqa: BLE001 - the thread that rings must go on, whatever a broker does
        logger.warning("slack.not_rung", inbound=event_id, error=type(error).__name__)


_bell: Final = Bell(_send)
