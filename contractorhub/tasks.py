"""The roof's own background jobs."""

from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from contractorhub import jobs
from contractorhub.forgetting import forget_old

logger = structlog.get_logger(__name__)


@shared_task(name=jobs.FORGET, acks_late=True)
def forget(**_: Any) -> None:
    """Let go of what is past its time."""
    logger.info("forgotten", **forget_old(at=timezone.now()))
