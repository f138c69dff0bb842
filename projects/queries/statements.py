"""Statements: the figures that one is made of, and what a stranger may learn of one by its code."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from projects.domain.periods import local_day
from projects.models import Contractor, LostIncomeEstimate, Pause, Statement
from projects.queries.own_estimates import newest_estimates

AMOUNTS = ("expected", "earned", "recovered", "standby", "lost")


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """What one pause cost on one engagement in whole weeks, in minor units; `ends_on` is exclusive, None while open."""

    project: str
    starts_on: date
    ends_on: date | None
    currency: str
    expected: int
    earned: int
    recovered: int
    standby: int
    lost: int
    low: int | None
    high: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """All that a third party learns: whether the statement is genuine and in force, its dates and its totals."""

    is_genuine: bool
    is_revoked: bool
    made_at: datetime
    starts_on: date
    ends_on: date
    totals: tuple[tuple[str, int], ...]


def statement_figures(
    contractor: Contractor, *, starts_on: date, ends_on: date
) -> tuple[StatementFigures, ...]:
    """What the weeks in `[starts_on, ends_on)` (both Mondays) cost this person, oldest pause first.

    The range is known only where those weeks hold the whole estimate: the range of a part is not a part of the range.
    """
    rows = newest_estimates(contractor).prefetch_related("weeks").order_by("run__pause__starts_at", "pk")
    found = (_figures(row, starts_on, ends_on) for row in rows)
    return tuple(figures for figures in found if figures is not None)


def _figures(row: LostIncomeEstimate, starts_on: date, ends_on: date) -> StatementFigures | None:
    weeks = list(row.weeks.all())
    inside = [week for week in weeks if starts_on <= week.week_starts_on < ends_on]
    if not inside:
        return None
    pause: Pause = row.run.pause
    zone = row.engagement.project.time_zone
    is_whole = len(inside) == len(weeks)
    sums = {name: sum(getattr(week, f"{name}_minor") for week in inside) for name in AMOUNTS}
    return StatementFigures(
        project=row.engagement.project.name,
        starts_on=local_day(pause.starts_at, zone),
        ends_on=local_day(pause.ends_at, zone) if pause.ends_at else None,
        currency=row.currency,
        low=row.low80_minor if is_whole else None,
        high=row.high80_minor if is_whole else None,
        why=pause.why,
        **sums,
    )


def statements_of(contractor: Contractor) -> tuple[Statement, ...]:
    """A contractor's statements, newest first."""
    return tuple(Statement.objects.filter(contractor=contractor).order_by("-made_at"))


def checksum_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of a statement's document in one canonical spelling."""
    spelled = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(spelled.encode()).hexdigest()


def totals_of(figures: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What was lost, by currency, in minor units: the sum of signed values."""
    totals: dict[str, int] = {}
    for each in figures:
        totals[each["currency"]] = totals.get(each["currency"], 0) + int(each["lost"])
    return totals


def verify(code: str) -> Verification | None:
    """What may be known of the statement with this code; None where there is none.

    It is genuine when what is kept still has the checksum, and the totals, that it was issued with.
    """
    row = Statement.objects.filter(code=code).first()
    if row is None:
        return None
    totals = totals_of(row.document["pauses"])
    is_genuine = checksum_of(row.document) == row.checksum and totals == row.totals
    return Verification(
        is_genuine=is_genuine,
        is_revoked=row.revoked_at is not None,
        made_at=row.made_at,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        totals=tuple(sorted(totals.items())),
    )
