"""Puts a fact on the timeline and stages its notices, inside the transaction of the fact itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

from django.db.models import QuerySet

from notifications import outbox
from notifications.messages import Recipient
from projects.desk_notices import approval_message, seat_message
from projects.domain.periods import local_day
from projects.models import (
    Approval,
    Candidacy,
    Contractor,
    Engagement,
    Pause,
    PauseUpdate,
    Project,
    ScopeReassessment,
    User,
)
from projects.notices import pause_message, scope_message
from projects.operations.events import announce_release, announce_scope, announce_word
from projects.operations.targets import projects_of
from projects.queries.open_work import work_words
from projects.queries.recipients import (
    channel_recipients,
    contractors_reached,
    engagements_reached,
    locales_of,
    people_recipients,
    recipients_of_pause,
    recipients_of_project,
    user_recipients,
)

EVERY_KIND: Final = None
SAYS_OPEN_WORK: Final = frozenset({"pause_opened", "pause_scheduled"})
OVERTAKEN: Final = "overtaken by a later word"


def put_on_timeline(
    *,
    pause: Pause,
    kind: str,
    text: str,
    by: User | None,
    at: datetime,
    promised_by: datetime | None = None,
    confidential_note: str = "",
    changes: dict[str, Any] | None = None,
) -> PauseUpdate:
    """Write one word on the timeline; `promised_by` is the next word that this one keeps (or is late for)."""
    return PauseUpdate.objects.create(
        pause=pause,
        kind=kind,
        text=text,
        confidential_note=confidential_note,
        next_update_by=pause.next_update_by if pause.is_open else None,
        promised_by=promised_by,
        at=at,
        by=by,
        changes=changes or {},
    )


def tell_everybody(*, pause: Pause, update: PauseUpdate, template: str, at: datetime) -> None:
    """Stage the notice of this word for the channels and everybody the pause stops."""
    people = contractors_reached(pause)
    projects = projects_of(pause, day=local_day(pause.starts_at, "UTC"))
    message = pause_message(template=template, pause=pause, update=update, locales=locales_of(people), at=at)
    words = work_words(pause, at=at) if template in SAYS_OPEN_WORK else None
    outbox.stage(message, recipients=recipients_of_pause(pause, projects, open_work=words), at=at)
    outbox.ring_after_commit()
    announce_word(pause=pause, update=update, at=at)


def tell_of_release(*, pause: Pause, project: Project, update: PauseUpdate, text: str, at: datetime) -> None:
    """Stage the notice that work goes on on one project of a paused client, for its channel and its people.

    It has a subject of its own: people who work on nothing else of the client are no longer due words of the pause.
    """
    everybody = contractors_reached(pause)
    on_it = Engagement.objects.filter(pk__in=engagements_reached(pause).values("pk"), project=project)
    people = everybody.filter(pk__in=on_it.values("contractor"))
    alone = PauseUpdate(pk=update.pk, pause=Pause(pk=pause.pk, project=project), text=text)
    alone.pause.starts_at, alone.pause.next_update_by = pause.starts_at, pause.next_update_by
    alone.pause.public_id = pause.public_id
    message = pause_message(
        template="pause_ended",
        pause=alone.pause,
        update=alone,
        locales=locales_of(people),
        at=at,
        key=f"{pause.ref}:update:{update.pk}",
    )
    times = {"since": pause.starts_at, "until": at, "next_word": None}
    recipients = chain(channel_recipients([project], times), people_recipients(people, times))
    outbox.stage(replace(message, subject_ref=f"release:{update.pk}"), recipients=recipients, at=at)
    outbox.ring_after_commit()
    announce_release(pause=pause, project=project, update=update, text=text, at=at)


def take_back_what_is_queued(*, pause: Pause, at: datetime) -> int:
    """Supersede every notice of this pause that has not left yet, so that a later word overtakes it."""
    return outbox.supersede(subject_ref=pause.ref, kinds=EVERY_KIND, reason=OVERTAKEN, at=at)


def tell_late_joiner(*, engagement: Engagement, at: datetime) -> int:
    """Tell somebody newly engaged on a paused project the current state, once; the number of pauses told."""
    told = 0
    pauses = Pause.objects.open().reaching(engagement.project).select_related("project", "client")
    for pause in pauses.order_by("pk"):
        if engagements_reached(pause).filter(pk=engagement.pk).exists():
            _tell_one(pause=pause, engagement=engagement, at=at)
            told += 1
    return told


def _tell_one(*, pause: Pause, engagement: Engagement, at: datetime) -> None:
    contractor = engagement.contractor
    message = pause_message(
        template="pause_opened" if pause.starts_at <= at else "pause_scheduled",
        pause=pause,
        update=pause.updates.latest("at"),
        locales={contractor.locale},
        at=at,
        key=f"{pause.ref}:joined:{contractor.pk}",
    )
    times = {"since": pause.starts_at, "until": pause.ends_at, "next_word": pause.next_update_by}
    alone = contractors_reached(pause).filter(pk=contractor.pk)
    recipients = people_recipients(alone, times, open_work=work_words(pause, at=at))
    outbox.stage(message, recipients=recipients, at=at)
    outbox.ring_after_commit()


def tell_of_scope(*, reassessment: ScopeReassessment, at: datetime) -> None:
    """Stage the notice of a reassessment for the project's channel and everybody engaged on it."""
    project = reassessment.project
    people = Engagement.objects.filter(project=project).active_on(local_day(at, project.time_zone))
    locales = set(people.order_by().values_list("contractor__locale", flat=True).distinct())
    message = scope_message(reassessment=reassessment, locales=locales, at=at)
    recipients: Iterable[Recipient] = recipients_of_project(
        project,
        day=local_day(at, project.time_zone),
        times={"next_word": reassessment.next_update_by},
    )
    outbox.stage(message, recipients=recipients, at=at)
    outbox.ring_after_commit()
    announce_scope(reassessment=reassessment, at=at)


def tell_of_seat(*, candidacy: Candidacy, template: str, key: str, at: datetime) -> None:
    """Stage what became of a person and a seat: offers go to the person, their answers to the project's leads."""
    project = candidacy.seat.project
    person = Contractor.objects.filter(pk=candidacy.contractor_id)
    goes_to_person = template in {"seat_offered", "seat_withdrawn"}
    recipients: Iterable[Recipient] = (
        people_recipients(person, {})
        if goes_to_person
        else user_recipients(project.leads.filter(is_active=True), {})
    )
    locales = {candidacy.contractor.locale} if goes_to_person else {"en"}
    message = seat_message(template=template, candidacy=candidacy, locales=locales, key=key, at=at)
    outbox.stage(message, recipients=recipients, at=at)
    outbox.ring_after_commit()


def tell_of_approval(*, approval: Approval, template: str, people: QuerySet[User], at: datetime) -> None:
    """Stage the request for a second word, or the word itself, for people at their desks."""
    message = approval_message(template=template, approval=approval, at=at)
    outbox.stage(message, recipients=user_recipients(people, {}), at=at)
    outbox.ring_after_commit()
