"""Tells integrations what happened, in the transaction of the fact, where their owners may see what it is about."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from notifications.endpoints import listening
from notifications.events import Event, publish
from projects import access
from projects.domain.event_types import (
    DELIVERY_FAILED,
    ESTIMATE_READY,
    HOURS_LOCK_CHANGED,
    PAUSE_ENDED,
    PAUSE_OPENED,
    PAUSE_UPDATED,
    REPORT_READY,
    SCOPE_REASSESSED,
    EventType,
)
from projects.models import EstimateRun, Pause, PauseUpdate, Project, ReportRun, ScopeReassessment, User
from projects.models.pauses import PauseKind, PauseState

Facts = Mapping[str, Any] | Callable[[User], Mapping[str, Any]]
"""What an event tells: the same to all, or to each owner what they may see, if anything."""

_OF_A_WORD: Final[Mapping[str, EventType]] = {
    PauseUpdate.Kind.OPENED: PAUSE_OPENED,
    PauseUpdate.Kind.TOOK_EFFECT: PAUSE_OPENED,
    PauseUpdate.Kind.UPDATED: PAUSE_UPDATED,
    PauseUpdate.Kind.EXTENDED: PAUSE_UPDATED,
    PauseUpdate.Kind.ENDED: PAUSE_ENDED,
    PauseUpdate.Kind.VOIDED: PAUSE_ENDED,
}


def announce_word(*, pause: Pause, update: PauseUpdate, at: datetime) -> None:
    """Announce one word on the timeline of a pause, and the hours lock where the word moves it."""
    event = _OF_A_WORD.get(update.kind)
    if event is None:
        return
    data = {**facts_for_integrations(pause), "text": update.text}
    announce_about_pause(event, pause=pause, key=f"update:{update.pk}", data=data, at=at)
    was_in_force = event is PAUSE_ENDED and pause.starts_at <= at
    if was_in_force or (event is PAUSE_OPENED and pause.state == PauseState.IN_EFFECT):
        status = "open" if event is PAUSE_ENDED else _locked_as(pause)
        lock = _lock(pause, status)
        announce_about_pause(HOURS_LOCK_CHANGED, pause=pause, key=f"hours_lock:{update.pk}", data=lock, at=at)


def announce_release(*, pause: Pause, project: Project, update: PauseUpdate, text: str, at: datetime) -> None:
    """Announce that work goes on on one project of a paused client."""
    word = {**facts_for_integrations(pause), "text": text}
    announce_about_pause(PAUSE_UPDATED, pause=pause, key=f"update:{update.pk}", data=word, at=at)
    lock = _lock(Pause(project=project, public_id=pause.public_id), "open")
    announce_about_pause(HOURS_LOCK_CHANGED, pause=pause, key=f"hours_lock:{update.pk}", data=lock, at=at)


def announce_scope(*, reassessment: ScopeReassessment, at: datetime) -> None:
    """Announce that a scope is being reassessed, or what came of it."""
    data = {
        "project": reassessment.project.code,
        "pause": reassessment.pause.public_id if reassessment.pause else None,
        "outcome": reassessment.outcome,
        "what_it_means": reassessment.what_it_means,
        "effective_on": reassessment.effective_on,
    }
    _announce(
        SCOPE_REASSESSED,
        subject_ref=reassessment.ref,
        key=f"{reassessment.ref}:{reassessment.outcome}",
        data=data,
        may_hear=lambda user: access.projects_visible_to(user).filter(pk=reassessment.project_id).exists(),
        at=at,
    )


def announce_estimate(*, run: EstimateRun, at: datetime) -> None:
    """Announce that a run of estimates is done."""
    data = {
        "pause": run.pause.public_id,
        "as_of": run.as_of,
        "method_version": run.method_version,
        "reason": run.reason,
    }
    announce_about_pause(ESTIMATE_READY, pause=run.pause, key=f"estimate:{run.pk}", data=data, at=at)


def announce_report(*, run: ReportRun, at: datetime) -> None:
    """Announce a pulled report to integrations of people who may pull reports."""
    data = {"report": run.public_id, "name": run.name, "as_of": run.as_of, "checksum": run.checksum}
    key = f"report:{run.pk}"
    _announce(REPORT_READY, subject_ref=key, key=key, data=data, may_hear=access.may_pull_reports, at=at)


def announce_about_pause(event: EventType, *, pause: Pause, key: str, data: Facts, at: datetime) -> None:
    """Announce a fact of a pause to integrations of people who see it; whom it did not reach, to those who may know."""

    def may_hear(user: User) -> bool:
        if event is DELIVERY_FAILED:
            return access.may_see_deliveries(user, pause)
        return access.pauses_visible_to(user).filter(pk=pause.pk).exists()

    _announce(
        event,
        subject_ref=pause.ref,
        key=f"{pause.ref}:{key}",
        data=data,
        may_hear=may_hear,
        at=at,
    )


def facts_for_integrations(pause: Pause) -> dict[str, Any]:
    """A pause as events tell it; nothing confidential."""
    return {
        "pause": pause.public_id,
        "target": _target(pause),
        "kind": pause.kind,
        "remaining_share_bp": pause.remaining_share_bp,
        "state": pause.state,
        "reason_code": pause.reason_code,
        "starts_at": pause.starts_at,
        "ends_at": pause.ends_at,
        "next_update_by": pause.next_update_by if pause.is_open else None,
        "expected_resume": pause.expected_resume,
        "url": f"{settings.BASE_URL}/api/v1/pauses/{pause.public_id}/",
    }


def _target(pause: Pause) -> dict[str, Any]:
    if pause.project is not None:
        return {"kind": "project", "code": pause.project.code}
    code = pause.client.code if pause.client is not None else ""
    chosen = {"projects": list(pause.chosen)} if pause.chosen else {}
    return {"kind": "projects" if chosen else "client", "code": code, **chosen}


def _announce(
    event: EventType,
    *,
    subject_ref: str,
    key: str,
    data: Facts,
    may_hear: Callable[[User], bool],
    at: datetime,
) -> None:
    for endpoint in listening(event.name):
        if may_hear(endpoint.owner):
            told = data(endpoint.owner) if callable(data) else data
            once = f"{event.name}:{key}:{endpoint.pk}"
            if told:
                publish(Event(event.name, subject_ref, once, told), to=[endpoint], at=at)


def _locked_as(pause: Pause) -> str:
    return "paused" if pause.kind == PauseKind.FULL else "reduced"


def _lock(pause: Pause, status: str) -> Callable[[User], Mapping[str, Any]]:
    """What the hours lock says from now on, of those projects of the pause that the owner may see."""

    def told(user: User) -> Mapping[str, Any]:
        stopped = pause.named_projects().exclude(releases__pause=pause.pk)
        seen = access.projects_visible_to(user).filter(pk__in=stopped.values("pk")).order_by("code")
        codes = list(seen.values_list("code", flat=True))
        return {"projects": codes, "status": status, "pause": pause.public_id} if codes else {}

    return told
