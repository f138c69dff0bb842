"""Who did what around a pause, a project or a contractor, from the audit trail; and versions of a pause to compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from projects import access
from projects.models import (
    AuditEvent,
    Candidacy,
    Contractor,
    Engagement,
    OpenSeat,
    Pause,
    Project,
    ScopeReassessment,
    User,
)

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Done:
    """One thing somebody did; `about` names the row it was done to, `subject` is how the audit trail calls it."""

    at: datetime
    by: str
    verb: str
    subject: str
    about: str


@dataclass(frozen=True, slots=True)
class Version:
    """How a pause stood after one change, and who made it."""

    number: int
    at: datetime
    by: str
    verb: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact in two versions."""

    name: str
    then: Any
    later: Any

    @property
    def differs(self) -> bool:
        """Whether it changed."""
        return bool(self.then != self.later)


def timeline_of_project(project: Project, *, user: User) -> tuple[Done, ...]:
    """What was done with a project, its pauses, scopes and seats; latest first, in a fixed number of queries."""
    names = {f"project:{project.pk}": project.code}
    reaching = Pause.objects.of_any([project.pk])
    visible = reaching.filter(pk__in=access.pauses_visible_to(user).values("pk"))
    names |= {row.ref: str(row) for row in visible.select_related("project", "client")}
    scopes = ScopeReassessment.objects.filter(project=project).select_related("project")
    names |= {row.ref: str(row) for row in scopes}
    names |= {row.ref: row.title for row in OpenSeat.objects.filter(project=project)}
    seats = Candidacy.objects.filter(seat__project=project).select_related("contractor", "seat")
    names |= {row.ref: f"{row.contractor}, {row.seat.title}" for row in seats}
    return _done(names)


def timeline_of_contractor(contractor: Contractor, *, user: User) -> tuple[Done, ...]:
    """What was done with a contractor and their terms on projects the reader may see; latest first."""
    names = {f"contractor:{contractor.pk}": contractor.name}
    terms = Engagement.objects.filter(
        pk__in=access.engagements_visible_to(user).values("pk"), contractor=contractor
    ).select_related("project", "contractor")
    names |= {f"engagement:{row.pk}": row.project.code for row in terms}
    projects = [row.project_id for row in terms]
    pauses = Pause.objects.of_any(projects).exclude(state="draft")
    names |= {row.ref: str(row) for row in pauses.select_related("project", "client")}
    seats = Candidacy.objects.filter(
        contractor=contractor, seat__project__in=access.projects_visible_to(user)
    )
    names |= {row.ref: str(row.seat) for row in seats.select_related("seat__project")}
    return _done(names)


def versions_of(pause: Pause) -> tuple[Version, ...]:
    """How a pause stood after each change, oldest first."""
    rows = AuditEvent.objects.filter(subject_ref=pause.ref, verb__startswith="pause.").select_related("by")
    return tuple(
        Version(row.number, row.at, _who(row), row.verb, row.after)
        for row in rows.order_by("number")
        if "state" in row.after
    )


def compared(then: Mapping[str, Any], later: Mapping[str, Any]) -> tuple[Compared, ...]:
    """Two sets of facts side by side, in the order in which they are first named."""
    names: Iterable[str] = dict.fromkeys([*then, *later])
    return tuple(Compared(name, then.get(name), later.get(name)) for name in names)


def _done(names: Mapping[str, str]) -> tuple[Done, ...]:
    rows = AuditEvent.objects.filter(subject_ref__in=list(names)).select_related("by").order_by("-number")
    return tuple(
        Done(row.at, _who(row), row.verb, row.subject_ref, names[row.subject_ref]) for row in rows[:SHOWN]
    )


def _who(row: AuditEvent) -> str:
    return str(row.by) if row.by else ""
