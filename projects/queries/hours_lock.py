"""May this person log hours on this project at this instant: the answer in words contractors may read."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from projects import access
from projects.domain.periods import local_day
from projects.models import Engagement, Pause, PauseExclusion, PauseRelease, Project, User
from projects.models.pauses import PauseKind
from projects.wording import format_share

FAR = datetime.max.replace(tzinfo=UTC)
LockStatus = Literal[
    "open", "paused", "reduced", "excluded", "worked_before_notice", "not_engaged", "project_ended", "unknown"
]


@dataclass(frozen=True, slots=True)
class LockPair:
    """Whose hours on what: a public id or an email address, a project's code, and the instant that was worked."""

    contractor: str
    project: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LockAnswer:
    """Whether hours may be logged, and if not: why, since when, when the next word comes, and how to put it right."""

    contractor: str
    project: str
    status: LockStatus
    may_log: bool
    reason: str
    since: datetime | None = None
    until: datetime | None = None
    next_word_by: datetime | None = None
    how_to_correct: str = ""
    pause: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything that a set of pairs is answered from, read once."""

    contractors: Mapping[str, int]
    projects: Mapping[str, Project]
    terms: Mapping[tuple[int, int], Sequence[tuple[date, date | None]]]
    pauses: Mapping[tuple[str, int], Sequence[Pause]]
    excluded: frozenset[tuple[int, int]]
    released: Mapping[tuple[int, int], datetime]


def hours_lock(pairs: Sequence[LockPair], *, user: User) -> tuple[LockAnswer, ...]:
    """Answer every pair, in order, in the same number of queries for one as for a thousand.

    A person or a project that `user` may not see is `unknown`, exactly as one that does not exist.
    """
    facts = _facts_for(pairs, user=user)
    return tuple(_answer(pair, facts) for pair in pairs)


def _facts_for(pairs: Sequence[LockPair], *, user: User) -> _Facts:
    contractors = _contractors(pairs, user=user)
    codes = {pair.project for pair in pairs}
    visible = Q(pk__in=access.projects_visible_to(user).values("pk"))
    engaged = Engagement.objects.filter(contractor__user=user).values("project")
    rows = Project.objects.filter(visible | Q(pk__in=engaged), code__in=codes)
    leads = Prefetch("leads", queryset=User.objects.filter(is_active=True).order_by("name", "email"))
    projects = {row.code: row for row in rows.select_related("client").prefetch_related(leads)}
    pks = [row.pk for row in projects.values()]
    people = set(contractors.values())
    terms: dict[tuple[int, int], list[tuple[date, date | None]]] = defaultdict(list)
    engagements = Engagement.objects.filter(contractor__in=people, project__in=pks).order_by()
    for person, project, first, end in engagements.values_list(
        "contractor_id", "project_id", "starts_on", "ends_on"
    ):
        terms[(person, project)].append((first, end))
    pauses = _pauses(pairs, projects.values())
    stopping = [pause.pk for found in pauses.values() for pause in found]
    excluded = PauseExclusion.objects.filter(pause__in=stopping, contractor__in=people)
    released = PauseRelease.objects.filter(pause__in=stopping, project__in=pks)
    return _Facts(
        contractors,
        projects,
        terms,
        pauses,
        frozenset(excluded.values_list("pause_id", "contractor_id")),
        {
            (pause, project): at
            for pause, project, at in released.values_list("pause_id", "project_id", "released_at")
        },
    )


def _contractors(pairs: Sequence[LockPair], *, user: User) -> dict[str, int]:
    """Keys, as they were asked, of the people among them whom `user` may see."""
    emails = {pair.contractor.strip().lower() for pair in pairs if "@" in pair.contractor}
    ids = {key for pair in pairs if (key := _uuid_of(pair.contractor)) is not None}
    rows = access.contractors_visible_to(user).filter(Q(public_id__in=ids) | Q(email__in=emails))
    found: dict[str, int] = {}
    for pk, public_id, email in rows.values_list("pk", "public_id", "email"):
        found[str(public_id)] = found[email] = pk
    return found


def _uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def _pauses(pairs: Sequence[LockPair], projects: Iterable[Project]) -> dict[tuple[str, int], list[Pause]]:
    """Pauses in force at any of the instants, by the project or client they stop."""
    first, last = min(pair.at for pair in pairs), max(pair.at for pair in pairs)
    on = Q(project__in=[row.pk for row in projects]) | Q(client__in={row.client_id for row in projects})
    in_force = Q(ends_at__isnull=True) | Q(ends_at__gt=first)
    rows = Pause.objects.that_happened().filter(on, in_force, starts_at__lte=last)
    found: dict[tuple[str, int], list[Pause]] = defaultdict(list)
    for pause in rows.order_by("starts_at", "pk").defer("confidential_note"):
        kind, pk = ("project", pause.project_id) if pause.project_id else ("client", pause.client_id)
        found[(kind, pk or 0)].append(pause)
    return found


def _answer(pair: LockPair, facts: _Facts) -> LockAnswer:
    key = _uuid_of(pair.contractor)
    person = facts.contractors.get(str(key) if key else pair.contractor.strip().lower())
    project = facts.projects.get(pair.project)
    if person is None or project is None:
        return _said(pair, "unknown", False, _("There is no such contractor or project here."))
    day = local_day(pair.at, project.time_zone)
    terms = facts.terms.get((person, project.pk), ())
    if not any(first <= day and (end is None or end > day) for first, end in terms):
        words = _("There is no engagement on %(project)s on %(day)s.")
        return _said(pair, "not_engaged", False, words % {"project": project.code, "day": day}, project)
    if project.ended_on is not None and project.ended_on <= day:
        words = _("%(project)s ended on %(day)s.") % {"project": project.code, "day": project.ended_on}
        return _said(pair, "project_ended", False, words, project)
    reaching = [
        *facts.pauses.get(("project", project.pk), ()),
        *facts.pauses.get(("client", project.client_id), ()),
    ]
    stopping = [
        pause
        for pause in reaching
        if pause.starts_at <= pair.at
        and (pause.ends_at is None or pause.ends_at > pair.at)
        and facts.released.get((pause.pk, project.pk), FAR) > pair.at
    ]
    return _in_pauses(pair, project, person, stopping, facts)


def _in_pauses(
    pair: LockPair, project: Project, person: int, stopping: Sequence[Pause], facts: _Facts
) -> LockAnswer:
    """The strictest of the pauses decides: one that stops all work comes before one that reduces it."""
    mine = [pause for pause in stopping if (pause.pk, person) not in facts.excluded]
    told = [pause for pause in mine if pause.notice_sent_at is None or pause.notice_sent_at <= pair.at]
    for pause in sorted(told, key=lambda each: (each.kind != PauseKind.FULL, each.starts_at)):
        if pause.kind == PauseKind.FULL:
            return _said(pair, "paused", False, pause.why, project, pause)
        share = format_share(pause.remaining_share_bp, "en")
        words = _("Work is reduced to %(share)s of the usual hours. %(why)s")
        return _said(pair, "reduced", True, words % {"share": share, "why": pause.why}, project, pause)
    if mine:
        words = _("Worked before the notice of a pause, so it stays payable. %(why)s") % {"why": mine[0].why}
        return _said(pair, "worked_before_notice", True, words, project, mine[0])
    if stopping:
        words = _("%(project)s is paused, but not for this person.") % {"project": project.code}
        return _said(pair, "excluded", True, words, project, stopping[0])
    return _said(pair, "open", True, "", project)


def _said(
    pair: LockPair,
    status: LockStatus,
    may_log: bool,
    reason: str,
    project: Project | None = None,
    pause: Pause | None = None,
) -> LockAnswer:
    return LockAnswer(
        contractor=pair.contractor,
        project=pair.project,
        status=status,
        may_log=may_log,
        reason=reason,
        since=pause.starts_at if pause else None,
        until=pause.ends_at if pause else None,
        next_word_by=pause.next_update_by if pause and pause.is_open else None,
        how_to_correct="" if may_log or project is None else _way_to_correct(project, pause),
        pause=pause.public_id if pause else None,
    )


def _way_to_correct(project: Project, pause: Pause | None) -> str:
    leads = ", ".join(
        f"{lead.name} ({lead.email})" if lead.name else lead.email for lead in project.leads.all()
    )
    whom = leads or _("whoever looks after %(project)s") % {"project": project.code}
    if pause is None:
        return _("If this is wrong, ask %(whom)s to correct the engagement.") % {"whom": whom}
    words = _(
        "Hours worked before the pause can still be logged under the day they were worked. If you worked "
        "during the pause, write the day and the hours to %(whom)s; they are kept and decided on."
    )
    return words % {"whom": whom}
