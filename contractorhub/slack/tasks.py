"""Background jobs of the Slack app: each loads what it is named, and makes one call with the present time."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from contractorhub.slack import inbox, jobs, records
from contractorhub.slack.work import dispatch
from notifications import workspaces


@shared_task(name=jobs.WORK, acks_late=True)
def work(*, event_id: int, **_: Any) -> None:
    """Work on one event and send its answers."""
    inbox.work_on(event_id, dispatch=dispatch, at=timezone.now())


@shared_task(name=jobs.SWEEP, acks_late=True)
def sweep(**_: Any) -> None:
    """Work on what a bell missed or a crash left behind."""
    inbox.work_on_due(dispatch=dispatch, at=timezone.now())


@shared_task(name=jobs.RENEW_TOKENS, acks_late=True)
def renew_tokens(**_: Any) -> None:
    """Renew the tokens that would soon expire."""
    workspaces.renew_tokens(at=timezone.now())


@shared_task(name=jobs.FORGET, acks_late=True)
def forget(**_: Any) -> None:
    """Forget events that are over for a month, and messages that led to no pause."""
    inbox.forget_old(at=timezone.now())
    records.forget_messages(at=timezone.now())
