"""Goes on to a person's next channel when what they were told has stayed unopened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from notifications import states
from notifications.models import Delivery, Recipient, Watch
from notifications.outbox import fall_back

AT_ONCE: Final = 500
NOT_OPENED: Final = "it was not opened there"
_TAKEN_BACK: Final = (states.CANCELLED, states.SUPERSEDED, states.EXPIRED)
_ON_ITS_WAY: Final = (*states.WAITING, states.SENDING, states.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was told of a subject at an instant."""

    subject_ref: str
    recipient_key: str
    since: datetime


Opened = Callable[[Sequence[Told]], set[Told]]


def go_on_where_unopened(*, at: datetime) -> int:
    """Promise unopened notices on the next channel of everybody whose time is up; the number promised.

    The time runs from when a notice went out: one that still waits for its turn is looked at again later.
    """
    due = Watch.objects.filter(due_at__lte=at).select_related("recipient__notice").order_by("due_at")
    watches = list(due[:AT_ONCE])
    if not watches:
        return 0
    opened = _opened()([_told(watch.recipient) for watch in watches])
    promised = 0
    for watch in watches:
        with transaction.atomic():
            promised += _look(watch, is_opened=_told(watch.recipient) in opened, at=at)
    return promised


def _look(watch: Watch, *, is_opened: bool, at: datetime) -> int:
    person = watch.recipient
    is_over = person.notice.overtaken_at is not None or person.notice.expires_at <= at
    deliveries = list(Delivery.objects.filter(recipient=person).order_by("pk"))
    left = set(person.fallbacks) - {row.channel for row in deliveries}
    latest = deliveries[-1] if deliveries else None
    if is_opened or is_over or not left or latest is None or latest.state in _TAKEN_BACK:
        watch.delete()
        return 0
    patience = timedelta(seconds=settings.NOTICE_UNOPENED_SECONDS)
    is_on_its_way = latest.state in _ON_ITS_WAY
    if is_on_its_way or latest.recorded_at > at - patience:
        look_at = at + patience / 4 if is_on_its_way else latest.recorded_at + patience
        Watch.objects.filter(pk=watch.pk).update(due_at=look_at)
        return 0
    Watch.objects.filter(pk=watch.pk).update(due_at=at + patience)
    return fall_back(delivery_ids=[latest.pk], at=at, why=NOT_OPENED)


def _told(person: Recipient) -> Told:
    return Told(person.notice.subject_ref, person.key, person.notice.staged_at)


def _opened() -> Opened:
    """The business's word on who has opened what, named in the settings; without one nobody is known to have."""
    path = getattr(settings, "NOTIFICATIONS_OPENED", "")
    if not path:
        return lambda asked: set()
    found: Opened = import_string(path)
    return found
