"""Keeps the promise of the next word alive: a reminder before it is due, an escalation once it is late."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from notifications import outbox
from projects.models import Pause, User
from projects.models.pauses import PauseState
from projects.notices import promise_message
from projects.queries.recipients import user_recipients

REMIND_BEFORE: Final = timedelta(hours=4)


def chase_next_words(*, at: datetime) -> int:
    """Remind the leads of every next word that is due within four hours, and tell leads, their managers and
    client owners of late ones.

    Each promise is reminded of once and escalated once. Returns how many notices were newly staged.
    """
    due = Pause.objects.filter(state=PauseState.IN_EFFECT, next_update_by__lte=at + REMIND_BEFORE)
    staged = 0
    for pause in due.select_related("project", "client", "project__client").order_by("pk"):
        is_late = pause.next_update_by is not None and pause.next_update_by <= at
        staged += _tell(pause=pause, template="promise_overdue" if is_late else "promise_due", at=at)
    return staged


def drop_reminders(*, pause: Pause, at: datetime) -> None:
    """Withdraw reminders that have not left yet, because the word has come."""
    outbox.supersede(subject_ref=_subject(pause), kinds=None, reason="the word has come", at=at)


def _tell(*, pause: Pause, template: str, at: datetime) -> bool:
    people = people_who_lead(pause, with_owners=template == "promise_overdue")
    with transaction.atomic():
        message = promise_message(template=template, pause=pause, subject_ref=_subject(pause), at=at)
        staged = outbox.stage(
            message, recipients=user_recipients(people, {"next_word": pause.next_update_by}), at=at
        )
        outbox.ring_after_commit()
    return staged.is_new


def _subject(pause: Pause) -> str:
    return f"promise:{pause.pk}"


def people_who_lead(pause: Pause, *, with_owners: bool) -> QuerySet[User]:
    """Whoever looks after a pause; with owners also the client's owners and everybody's managers."""
    if pause.project is not None:
        concerned = Q(led_projects=pause.project)
        owners = Q(owned_clients=pause.project.client_id)
    else:
        led = (
            Q(led_projects__code__in=pause.chosen)
            if pause.chosen
            else Q(led_projects__client=pause.client_id)
        )
        concerned = Q(owned_clients=pause.client_id) | led
        owners = Q(owned_clients=pause.client_id)
    who = (
        concerned | owners | Q(pk=pause.opened_by_id) if with_owners else concerned | Q(pk=pause.opened_by_id)
    )
    people = User.objects.filter(who, is_active=True)
    if with_owners:
        managers = User.objects.filter(concerned | Q(pk=pause.opened_by_id), is_active=True).values("manager")
        people = User.objects.filter(Q(pk__in=people.values("pk")) | Q(pk__in=managers), is_active=True)
    return people.distinct().order_by("pk")
