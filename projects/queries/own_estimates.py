"""A contractor's own estimates: what each pause costs them, with the weeks and lines that explain it."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, UUIDField

from projects.models import Contractor, EstimateRun, EstimateWeek, LostIncomeEstimate
from projects.models.estimates import RunState
from projects.models.pauses import PauseState
from projects.prepared import Prepared, Slot
from projects.queries.estimates import NEWEST_FIRST
from projects.queries.portal import estimate_facts
from projects.queries.portal_facts import EstimateFacts
from projects.queries.portal_rows import pauses_told_to

_PERSON: Final = Slot("person", BigIntegerField())


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """One week in minor units; `starts_on` is its Monday. The weeks add up to the estimate."""

    starts_on: date
    expected_minor: int
    earned_minor: int
    recovered_minor: int
    standby_minor: int
    lost_minor: int


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One explaining line: which sentence (`label`), what fills it, seconds of work or None, signed minor units."""

    kind: str
    label: str
    params: Mapping[str, Any]
    seconds: int | None
    minor: int


@dataclass(frozen=True, slots=True)
class OwnEstimate:
    """One estimate of one engagement and currency, whole."""

    project_name: str
    client_name: str
    time_zone: str
    pause_starts_at: datetime
    is_pause_open: bool
    facts: EstimateFacts
    expected_minor: int
    earned_minor: int
    recovered_minor: int
    standby_minor: int
    low95_minor: int
    high95_minor: int
    usual_weekly_seconds: int
    reasons: tuple[str, ...]
    policy: str
    method_version: str
    finished_at: datetime | None
    horizon_why: str
    weeks: tuple[WeekFacts, ...]
    lines: tuple[LineFacts, ...]


def own_estimates(contractor: Contractor) -> tuple[OwnEstimate, ...]:
    """The newest finished estimate of every pause that reached this person, latest pause first, without weeks."""
    rows = newest_estimates(contractor).defer("lines")
    return tuple(_estimate(row, weeks=(), lines=()) for row in rows)


def own_estimates_of_pause(contractor: Contractor, pause_public_id: uuid.UUID) -> tuple[OwnEstimate, ...]:
    """The newest finished estimates of one pause, whole; empty when there is none or the pause is another's."""
    rows: list[LostIncomeEstimate] = _NEWEST.instances(person=contractor.pk, public_id=pause_public_id)
    weeks = _weeks_of(contractor, rows[0].run) if rows else {}
    return tuple(_estimate(row, weeks=tuple(weeks[row.pk]), lines=_lines(row.lines)) for row in rows)


def newest_estimates(contractor: Contractor | Slot) -> QuerySet[LostIncomeEstimate]:
    """The newest finished estimate of each pause that reached this person; void pauses cost nobody anything."""
    done = EstimateRun.objects.filter(pause=OuterRef("run__pause"), state=RunState.DONE).order_by(
        *NEWEST_FIRST
    )
    rows = LostIncomeEstimate.objects.filter(
        engagement__contractor=contractor,
        run__pause__in=pauses_told_to(contractor),
        run=Subquery(done.values("pk")[:1]),
    )
    return (
        rows.exclude(run__pause__state=PauseState.VOID)
        .select_related("run__pause", "engagement__project__client")
        .order_by("-run__pause__starts_at", "engagement", "currency")
    )


_NEWEST: Final = Prepared(
    lambda: newest_estimates(_PERSON).filter(run__pause__public_id=Slot("public_id", UUIDField()))
)
_WEEKS: Final = Prepared(
    lambda: (
        EstimateWeek.objects.filter(
            estimate__engagement__contractor=_PERSON, estimate__run=Slot("run", BigIntegerField())
        )
        .order_by("week_starts_on")
        .values_list(
            "estimate",
            "week_starts_on",
            "expected_minor",
            "earned_minor",
            "recovered_minor",
            "standby_minor",
            "lost_minor",
        )
    )
)


def _weeks_of(contractor: Contractor, run: EstimateRun) -> Mapping[int, list[WeekFacts]]:
    """The weeks of a person's estimates of one run, in order, by estimate."""
    found: dict[int, list[WeekFacts]] = defaultdict(list)
    for estimate, *facts in _WEEKS.rows(person=contractor.pk, run=run.pk):
        found[estimate].append(WeekFacts(*facts))
    return found


def _lines(lines: Any) -> tuple[LineFacts, ...]:
    return tuple(
        LineFacts(
            kind=str(line["kind"]),
            label=str(line.get("label", "")),
            params=dict(line.get("params") or {}),
            seconds=line.get("seconds"),
            minor=int(line["minor"]),
        )
        for line in lines
    )


def _estimate(
    row: LostIncomeEstimate, *, weeks: tuple[WeekFacts, ...], lines: tuple[LineFacts, ...]
) -> OwnEstimate:
    run, project = row.run, row.engagement.project
    horizons = run.context.get("horizons", {}) if run.context else {}
    return OwnEstimate(
        project_name=project.code,
        client_name=project.client.name,
        time_zone=project.time_zone,
        pause_starts_at=run.pause.starts_at,
        is_pause_open=run.pause.is_open,
        facts=estimate_facts(row, run.pause.public_id),
        expected_minor=row.expected_minor,
        earned_minor=row.earned_minor,
        recovered_minor=row.recovered_minor,
        standby_minor=row.standby_minor,
        low95_minor=row.low95_minor,
        high95_minor=row.high95_minor,
        usual_weekly_seconds=row.usual_weekly_seconds,
        reasons=tuple(str(reason) for reason in row.reasons),
        policy=run.policy,
        method_version=run.method_version,
        finished_at=run.finished_at,
        horizon_why=str(horizons.get(str(project.pk), {}).get("why", "")),
        weeks=weeks,
        lines=lines,
    )
