"""The Celery application: where tasks are found and which of them run by the clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")

app = Celery("contractorhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
