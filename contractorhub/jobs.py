"""Names of the roof's own jobs and when the clock runs them."""

from collections.abc import Mapping
from typing import Any, Final

from celery.schedules import crontab

FORGET: Final = "contractorhub.forget"

BEAT_SCHEDULE: Final[Mapping[str, Mapping[str, Any]]] = {
    FORGET: {
        "task": FORGET,
        "schedule": crontab(hour="4", minute="10"),
        "options": {"queue": "default", "expires": 6 * 3600},
    },
}
