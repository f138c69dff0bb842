"""The Celery application: where tasks are found and which of them run by the clock."""

import os
from typing import Any

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

from contractorhub.jobs import BEAT_SCHEDULE as OWN_SCHEDULE
from contractorhub.slack.jobs import BEAT_SCHEDULE as SLACK_SCHEDULE
from notifications.jobs import BEAT_SCHEDULE as DELIVERY_SCHEDULE
from projects.jobs import BEAT_SCHEDULE as BUSINESS_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")

app = Celery("contractorhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {**DELIVERY_SCHEDULE, **BUSINESS_SCHEDULE, **SLACK_SCHEDULE, **OWN_SCHEDULE}
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Stop Celery from installing handlers of its own: `contractorhub.logs` has configured them already.

    Connecting to this signal is the documented way to say so; nothing of the business hangs on it.
    """
