"""Claims, looks again, sends, records: batch by batch, with no network inside a transaction."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from notifications import states
from notifications.channels.base import Outcome, Reply
from notifications.claims import claim_batch, keep_lease, release
from notifications.models import Batch, Delivery, Suppression
from notifications.pacing import take_tokens
from notifications.parcels import parcels_of
from notifications.ports import ClosablePort, Ports
from notifications.recording import record_replies

WINDOW: Final = 64  # as many as may become unknown when this process is killed
Clock = Callable[[], datetime]
Recheck = Callable[[Sequence[tuple[str, str]]], Mapping[tuple[str, str], str]]

logger = structlog.get_logger(__name__)


def relay(
    *,
    clock: Clock,
    channels: list[str] | None = None,
    ports: Ports | None = None,
    for_seconds: float | None = None,
) -> int:
    """Send whatever is due until nothing is, or until the time is up; the number of replies recorded."""
    held = ports or Ports(at=clock())
    stops_at = None if for_seconds is None else clock() + timedelta(seconds=for_seconds)
    recorded = 0
    try:
        while (stops_at is None or clock() < stops_at) and (
            batch := claim_batch(at=clock(), channels=channels)
        ):
            recorded += _send_batch(batch, port=held.of(batch.lane), clock=clock)
    finally:
        held.close()
    return recorded


def _send_batch(batch: Batch, *, port: ClosablePort, clock: Clock) -> int:
    """Send a claimed batch window by window; stop where the lane is parked or the lease was lost."""
    recorded = 0
    try:
        while keep_lease(batch, at=clock()):
            allowed = take_tokens(batch.lane, wanted=WINDOW, at=clock())
            if allowed == 0:
                _wait_for_tokens(batch, at=clock())
                break
            token, window = _take_window(batch, size=allowed, at=clock())
            if token is None:
                break
            replies = list(port.send(parcels_of(window))) if window else []
            recorded += record_replies(token=token, replies=replies, lane=batch.lane, at=clock())
            if any(reply.outcome in {Outcome.THROTTLED, Outcome.STOPPED} for reply in replies) or _is_down(
                replies
            ):
                break
    finally:
        release(batch, at=clock())
    logger.info("batch.relayed", batch=batch.pk, lane=batch.lane_id, recorded=recorded)
    return recorded


def _take_window(batch: Batch, *, size: int, at: datetime) -> tuple[uuid.UUID | None, list[Delivery]]:
    """Look again at the next rows, withdraw what is no longer due, and mark the rest as being sent.

    The token is None when no row is due; the list is empty when every row of the window was withdrawn.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        due = Delivery.objects.filter(batch=batch, state__in=states.WAITING, due_at__lte=at)
        rows = list(due.select_related("recipient", "notice").order_by("pk")[:size])
        if not rows:
            return None, []
        fit = _withdraw_unfit(rows, at=at)
        Delivery.objects.filter(pk__in=[row.pk for row in fit], state__in=states.WAITING).update(
            state=states.SENDING, attempt_token=token, tries=F("tries") + 1, recorded_at=at
        )
        taken = set(
            Delivery.objects.filter(pk__in=[row.pk for row in fit], attempt_token=token).values_list(
                "pk", flat=True
            )
        )
    return token, [row for row in fit if row.pk in taken]


def _withdraw_unfit(rows: Sequence[Delivery], *, at: datetime) -> list[Delivery]:
    """Mark rows that are too late, held back or no longer due, each with its reason; return the others."""
    withdrawn: dict[int, tuple[str, str]] = {
        row.pk: (states.EXPIRED, "too late to be of use") for row in rows if row.notice.expires_at <= at
    }
    channel = rows[0].channel
    held_back = dict(
        Suppression.objects.filter(channel=channel, address__in=[row.address for row in rows]).values_list(
            "address", "reason"
        )
    )
    reasons = _recheck()([(row.notice.subject_ref, row.recipient.key) for row in rows])
    for row in rows:
        reason = reasons.get((row.notice.subject_ref, row.recipient.key))
        if reason is not None:
            withdrawn.setdefault(row.pk, (states.CANCELLED, reason))
        elif row.address in held_back:
            withdrawn.setdefault(
                row.pk, (states.SUPPRESSED, f"this address refused before: {held_back[row.address]}")
            )
    for pk, (state, reason) in withdrawn.items():
        Delivery.objects.filter(pk=pk, state__in=states.WAITING).update(
            state=state, reason=reason[:300], recorded_at=at
        )
    return [row for row in rows if row.pk not in withdrawn]


def _recheck() -> Recheck:
    """The business's own last look, named in the settings; without one everybody stays due."""
    path = getattr(settings, "NOTIFICATIONS_RECHECK", "")
    if not path:
        return lambda pairs: {}
    found: Recheck = import_string(path)
    return found


def _wait_for_tokens(batch: Batch, *, at: datetime) -> None:
    """Let the lane's pace be kept by the due time of its rows, not by a sleeping worker."""
    wait = timedelta(seconds=max(0.2, 1.0 / batch.lane.per_second))
    Delivery.objects.filter(batch=batch, state__in=states.WAITING, due_at__lte=at).update(due_at=at + wait)


def _is_down(replies: Sequence[Reply]) -> bool:
    """Whether nobody answered at all: going on would only use up everybody's tries."""
    return bool(replies) and all(reply.code in {"connect", "connection", "not_tried"} for reply in replies)
