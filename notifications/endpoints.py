"""The endpoints of webhooks: where a lane leads, which secrets sign, and when a failing one is switched off."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F

from notifications import states
from notifications.channels.base import NOT_TRIED, Outcome, Reply
from notifications.channels.webhook import GONE, SWITCHED_OFF, Destination
from notifications.messages import Channel
from notifications.models import Batch, Delivery, Endpoint

FEWEST_FAILURES: Final = 5
OVERLAP: Final = timedelta(hours=24)
OFF: Final = "the endpoint was switched off"
BY_HAND: Final = "switched off by hand"

logger = structlog.get_logger(__name__)


def new_secret() -> str:
    """A fresh signing secret in the form that Standard Webhooks libraries take."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def listening(event: str) -> list[Endpoint]:
    """The endpoints that receive this event now, with their owners."""
    living = Endpoint.objects.filter(disabled_at__isnull=True, removed_at__isnull=True)
    # Which events is a list in one column, which SQLite cannot search; endpoints are few.
    return [row for row in living.select_related("owner").order_by("pk") if event in row.events]


def destination_of(lane_name: str, *, at: datetime) -> Destination | None:
    """Where a webhook lane leads now; None once its endpoint was switched off or removed."""
    row = _endpoint_of(lane_name)
    if row is None or not row.is_enabled:
        return None
    secrets_ = [row.secret]
    if row.previous_secret and row.previous_until is not None and row.previous_until > at:
        secrets_.append(row.previous_secret)
    return Destination(row.url, tuple(secrets_))


def note_outcomes(lane_name: str, replies: Sequence[Reply], *, at: datetime) -> None:
    """Remember since when an endpoint fails; switch it off when it asked so, or has failed for too long."""
    heard = [reply for reply in replies if reply.code not in {NOT_TRIED, SWITCHED_OFF}]
    row = _endpoint_of(lane_name)
    if row is None or not row.is_enabled or not heard:
        return
    if any(reply.outcome == Outcome.SENT for reply in heard):
        if row.failing_since is not None:
            Endpoint.objects.filter(pk=row.pk).update(failing_since=None, failures=0)
        return
    failures = sum(reply.outcome != Outcome.THROTTLED for reply in heard)
    since = row.failing_since or at
    if failures:
        Endpoint.objects.filter(pk=row.pk).update(failing_since=since, failures=F("failures") + failures)
    if any(reply.code == GONE for reply in heard):
        switch_off(row, reason="it answered 410: it wants no more events", at=at)
    elif row.failures + failures >= FEWEST_FAILURES and at - since >= _longest_failing():
        hours = round((at - since).total_seconds() / 3600)
        switch_off(row, reason=f"every delivery failed for {hours} hours", at=at)


def switched_off_since(since: datetime) -> list[Endpoint]:
    """Endpoints that were switched off since then for their failures, not by a person."""
    rows = Endpoint.objects.filter(disabled_at__gt=since, removed_at__isnull=True, failures__gt=0)
    return list(rows.exclude(disabled_reason=BY_HAND).select_related("owner").order_by("pk"))


def switch_off(row: Endpoint, *, reason: str, at: datetime) -> None:
    """Send nothing more to an endpoint; what waits for it fails, and can be sent again once it is back."""
    Endpoint.objects.filter(pk=row.pk, disabled_at__isnull=True).update(
        disabled_at=at, disabled_reason=reason[:300]
    )
    waiting = Batch.objects.filter(
        lane__channel=Channel.WEBHOOK, lane__name=str(row.public_id), is_done=False
    ).values("pk")
    Delivery.objects.filter(batch__in=waiting, state__in=states.WAITING).update(
        state=states.FAILED, reason=OFF, recorded_at=at
    )
    logger.warning("webhook.switched_off", endpoint=row.pk, reason=reason)


def allows_private() -> bool:
    """Whether this firm's receivers may be inside its own network."""
    return bool(settings.WEBHOOKS_MAY_BE_PRIVATE)


def _longest_failing() -> timedelta:
    return timedelta(seconds=settings.WEBHOOK_FAILING_SECONDS)


def _endpoint_of(lane_name: str) -> Endpoint | None:
    try:
        public_id = UUID(lane_name)
    except ValueError:
        return None
    return Endpoint.objects.filter(public_id=public_id).first()
