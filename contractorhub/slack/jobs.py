"""Names of the Slack jobs, when the clock runs them, and how to ask for one event to be worked on."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from celery.schedules import crontab
from django.db import transaction

from notifications import bell

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


def ring_after_commit(event_id: int) -> None:
    """Ask for one event to be worked on once its row is kept; where the broker is away the sweep finds the row."""
    transaction.on_commit(partial(bell.ring, WORK, queue=QUEUE, event_id=event_id), robust=True)
