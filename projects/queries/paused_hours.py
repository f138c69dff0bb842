"""Hours that were logged inside a full pause: how they stand, what was decided, and what the estimate makes of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from notifications.rows import is_one_of
from projects.domain.paused_hours import Finding, Stop
from projects.models import HoursDecision, HoursEntry, Pause, PauseExclusion, Project
from projects.models.pauses import PauseKind
from projects.queries.register import end_of


@dataclass(frozen=True, slots=True)
class PausedHours:
    """One entry inside a pause. `verdict` is "" until a lead has decided; `moved_to` is the day it was moved to."""

    entry_id: int
    pause_id: int
    client: str
    project: str
    contractor_id: int
    contractor: str
    dated_on: date
    started_at: datetime | None
    seconds: int
    tasks: int | None
    source: str
    recorded_at: datetime
    finding: Finding
    verdict: str = ""
    moved_to: date | None = None
    reason: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""

    @property
    def is_payable(self) -> bool:
        """Whether they are paid as things stand: as decided, else as the notice says."""
        if self.verdict:
            return self.verdict == HoursDecision.Verdict.PAYABLE
        return self.finding is Finding.BEFORE_NOTICE


@dataclass(frozen=True, slots=True)
class DecidedWork:
    """Work on one day of an engagement that a lead has decided on."""

    ordinal: int
    seconds: int
    tasks: int
    is_payable: bool


_COLUMNS: Final = {
    "entry_id": F("pk"),
    "client": F("engagement__project__client__code"),
    "project": F("engagement__project__code"),
    "contractor_id": F("engagement__contractor_id"),
    "contractor": F("engagement__contractor__name"),
    "dated_on": F("worked_on"),
}
_AS_THEY_ARE: Final = ("started_at", "seconds", "tasks", "source", "recorded_at")


def stopping_fully(pauses: QuerySet[Pause]) -> QuerySet[Pause]:
    """The pauses among these inside which no hours are expected at all."""
    found: QuerySet[Pause] = pauses.exclude(state__in=["draft", "void"]).filter(kind=PauseKind.FULL)
    return found


def paused_hours(
    pauses: QuerySet[Pause],
    *,
    as_of: date,
    projects: QuerySet[Project] | None = None,
    entries: Sequence[int] | None = None,
) -> Iterator[PausedHours]:
    """Every entry inside these pauses as it stood at the end of `as_of`, by pause, project, person and day.

    An entry inside two pauses belongs to the one that began first. `projects` and `entries` narrow what is looked at;
    as many queries as there are projects under the pauses, and one for the decisions.
    """
    seen: set[int] = set()
    stopping = stopping_fully(pauses).filter(opened_at__lt=end_of(as_of))
    for pause in stopping.select_related("project").order_by("starts_at", "pk"):
        decided = _decisions_of(pause, as_of=as_of)
        rows = [
            row
            for project in _projects_under(pause, within=projects)
            for row in _rows_of(pause, project, decided, as_of=as_of, entries=entries)
            if row.entry_id not in seen
        ]
        seen.update(row.entry_id for row in rows)
        yield from sorted(rows, key=lambda row: (row.project, row.contractor, row.dated_on, row.entry_id))


def decided_work(engagement_ids: Sequence[int], *, as_of: date) -> dict[int, list[DecidedWork]]:
    """Work inside pauses that was decided on by the end of `as_of`, by engagement; moved work is elsewhere by then."""
    rows = (
        HoursDecision.objects.filter(
            is_one_of("entry__engagement_id", engagement_ids), decided_at__lt=end_of(as_of)
        )
        .exclude(verdict=HoursDecision.Verdict.REDATED)
        .exclude(pause__state="void")
    )
    found: dict[int, list[DecidedWork]] = defaultdict(list)
    for engagement_id, day, seconds, tasks, verdict in rows.order_by("entry").values_list(
        "entry__engagement_id", "entry__worked_on", "entry__seconds", "entry__tasks", "verdict"
    ):
        is_payable = verdict == HoursDecision.Verdict.PAYABLE
        found[engagement_id].append(DecidedWork(day.toordinal(), seconds, tasks or 0, is_payable))
    return found


def _projects_under(pause: Pause, *, within: QuerySet[Project] | None) -> Iterable[Project]:
    rows = pause.named_projects()
    return rows.filter(pk__in=within.values("pk")) if within is not None else rows


def _decisions_of(pause: Pause, *, as_of: date) -> dict[int, HoursDecision]:
    rows = HoursDecision.objects.filter(pause=pause, decided_at__lt=end_of(as_of)).select_related(
        "decided_by"
    )
    return {row.entry_id: row for row in rows}


def _rows_of(
    pause: Pause,
    project: Project,
    decided: dict[int, HoursDecision],
    *,
    as_of: date,
    entries: Sequence[int] | None,
) -> Iterator[PausedHours]:
    released = pause.releases.filter(project=project).values_list("released_at", flat=True).first()
    stop = Stop(pause.starts_at, released or pause.ends_at, pause.notice_sent_at, project.time_zone)
    known = HoursEntry.objects.filter(engagement__project=project, recorded_at__lt=end_of(as_of))
    spared = PauseExclusion.objects.filter(pause=pause).values("contractor")
    known = known.exclude(engagement__contractor__in=spared)
    if entries is not None:
        known = known.filter(pk__in=entries)
    # Hours that were moved to another day are found by their decision, which keeps the day they were logged under.
    rows = known.filter(_inside(stop, as_of=as_of) | Q(decision__pause=pause))
    for facts in rows.order_by().values(*_AS_THEY_ARE, decided_on=F("decision__dated_on"), **_COLUMNS):
        yield _told(facts, stop, pause, decided.get(facts["entry_id"]))


def _inside(stop: Stop, *, as_of: date) -> Q:
    """Entries inside the pause: those that began in it, and of those without an hour the ones on its whole days."""
    touched, whole = stop.touched_days(through=as_of), stop.whole_days(through=as_of)
    began = Q(started_at__gte=stop.starts_at)
    if stop.ends_at is not None:
        began &= Q(started_at__lt=stop.ends_at)
    undated = Q(started_at__isnull=True, worked_on__gte=whole.starts_on, worked_on__lt=whole.ends_on)
    return Q(worked_on__gte=touched.starts_on, worked_on__lt=touched.ends_on) & (began | undated)


def _told(facts: dict[str, Any], stop: Stop, pause: Pause, decision: HoursDecision | None) -> PausedHours:
    now_on, decided_on = facts["dated_on"], facts.pop("decided_on")
    facts["dated_on"] = decided_on or now_on
    if decision is None:
        finding = stop.finding(
            worked_on=facts["dated_on"], started_at=facts["started_at"], recorded_at=facts["recorded_at"]
        )
        return PausedHours(pause_id=pause.pk, finding=finding, **facts)
    by = decision.decided_by
    return PausedHours(
        pause_id=pause.pk,
        finding=Finding(decision.finding),
        verdict=decision.verdict,
        moved_to=now_on if decision.verdict == HoursDecision.Verdict.REDATED else None,
        reason=decision.reason,
        decided_at=decision.decided_at,
        decided_by=(by.name or by.email) if by is not None else "",
        **facts,
    )
