"""Events kept once, worked on once: what one does and what is said back are one transaction, the saying follows."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q

from contractorhub.slack import calls, jobs
from contractorhub.slack.calls import Call, NotNow
from contractorhub.slack.models import InboundEvent, InboundState

LEASE: Final = timedelta(seconds=60)
MOST_TRIES: Final = 8
AT_ONCE: Final = 100
KEPT_FOR: Final = timedelta(days=30)
_OPEN: Final = (InboundState.RECEIVED, InboundState.WORKED)

Dispatch = Callable[[str, Any, datetime], Sequence[Call]]

logger = structlog.get_logger(__name__)


class Replayed(Exception):
    """The very same request, signature and all, came before."""


def receive(*, unique_id: str, signature: str, kind: str, team_id: str, payload: Any, at: datetime) -> bool:
    """Keep an event unless it is here already; whether it is new. Raises Replayed for a request sent a second time."""
    try:
        with transaction.atomic():
            event = InboundEvent.objects.create(
                unique_id=unique_id[:200],
                signature=signature[:80],
                kind=kind[:60],
                team_id=team_id[:20],
                payload=json.dumps(payload),
                due_at=at,
                received_at=at,
            )
            jobs.ring_after_commit(event.pk)
    except IntegrityError as error:
        if InboundEvent.objects.filter(signature=signature[:80]).exists():
            raise Replayed from error
        return False
    return True


def work_on_due(*, dispatch: Dispatch, at: datetime) -> int:
    """Work on every event that is due; how many were taken up."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    due = InboundEvent.objects.filter(free, state__in=_OPEN, due_at__lte=at).order_by("due_at", "pk")
    return sum(work_on(pk, dispatch=dispatch, at=at) for pk in due.values_list("pk", flat=True)[:AT_ONCE])


def work_on(event_id: int, *, dispatch: Dispatch, at: datetime) -> bool:
    """Work on one event and make its calls; whether it was ours to take up."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    mine = InboundEvent.objects.filter(free, pk=event_id, state__in=_OPEN, due_at__lte=at)
    if not mine.update(lease_until=at + LEASE):
        return False
    event = InboundEvent.objects.get(pk=event_id)
    try:
        if event.state == InboundState.RECEIVED:
            _work(event, dispatch=dispatch, at=at)
        _answer(event, at=at)
    except NotNow as later:
        _put_off(event, seconds=later.seconds, error="Slack cannot be reached", at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # one event that cannot be worked on must not stop the others
        logger.exception("slack.event_failed", inbound=event.pk, kind=event.kind)
        _put_off(event, seconds=2.0**event.tries, error=type(error).__name__, at=at)
    return True


def forget_old(*, at: datetime) -> int:
    """Forget events that are over for a month; how many."""
    over = InboundEvent.objects.filter(received_at__lt=at - KEPT_FOR).exclude(state__in=_OPEN)
    count, _by_model = over.delete()
    return count


def _work(event: InboundEvent, *, dispatch: Dispatch, at: datetime) -> None:
    """What the event does, and what is to be said about it, in one transaction: twice worked on is once done."""
    with transaction.atomic():
        decided = dispatch(event.kind, json.loads(event.payload or "null"), at)
        event.calls, event.state = calls.dump(decided), InboundState.WORKED
        event.save(update_fields=["calls", "state"])


def _answer(event: InboundEvent, *, at: datetime) -> None:
    """Make the calls one by one; each that is made is struck off, so that a crash repeats one at most."""
    waiting = calls.load(event.calls or "[]")
    while waiting:
        calls.make(waiting[0], team_id=event.team_id, at=at)
        waiting = waiting[1:]
        InboundEvent.objects.filter(pk=event.pk).update(calls=calls.dump(waiting))
    InboundEvent.objects.filter(pk=event.pk).update(
        state=InboundState.DONE, payload=None, calls=None, lease_until=None, error=""
    )


def _put_off(event: InboundEvent, *, seconds: float, error: str, at: datetime) -> None:
    is_over = event.tries + 1 >= MOST_TRIES
    held = InboundEvent.objects.filter(pk=event.pk, state__in=_OPEN)
    held.update(
        tries=event.tries + 1,
        due_at=at + timedelta(seconds=max(1.0, seconds)),
        lease_until=None,
        error=error[:200],
        **({"state": InboundState.FAILED} if is_over else {}),
    )
