"""The Celery application: where tasks are found and which of them run by the clock."""

import os
from typing import Any

from celery import Celery, signals
from django.db import connections
from django_structlog.celery.steps import DjangoStructLogInitStep

from contractorhub.jobs import BEAT_SCHEDULE as OWN_SCHEDULE
from contractorhub.slack.jobs import BEAT_SCHEDULE as SLACK_SCHEDULE
from notifications.collector import leave_out_what_is_loaded
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


@signals.worker_process_init.connect
def leave_the_program_to_itself(**_: Any) -> None:
    """Spare a new process of the pool from looking over Django and all of us again and again."""
    leave_out_what_is_loaded()


@signals.task_prerun.connect
def leave_a_broken_connection(**_: Any) -> None:
    """Begin with a new connection where the last task found the old one broken.

    Connections outlive tasks (`CELERY_DB_REUSE_MAX`) and Celery does not look at them: after an outage of the database
    every task of the process would fail at the same dead one.
    """
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred:
            connection.close_if_unusable_or_obsolete()
