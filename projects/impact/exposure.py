"""What a pause would cost before there is one: expected income at risk, dependence on a client,
concentration."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from projects.impact.context import FirmContext
from projects.impact.inputs import EngagementInputs, PauseSpan, PersonInputs
from projects.impact.results import EngagementEstimate, Range
from projects.impact.uncertainty import group_range

WHAT_IF = "what-if"


@dataclass(frozen=True, slots=True)
class GroupLoss:
    """A sum of estimates of one currency: signed minor units with both ranges, people in it."""

    key: str
    currency: str
    people: int
    expected_minor: int
    lost_minor: int
    low80_minor: int
    high80_minor: int
    low95_minor: int
    high95_minor: int


def suppose_paused(
    person: PersonInputs, is_hit: Callable[[EngagementInputs], bool], *, starts_on: date, ends_on: date
) -> PersonInputs:
    """The same person with a full pause over [starts_on, ends_on) on every engagement that `is_hit`."""

    def paused(engagement: EngagementInputs) -> EngagementInputs:
        zone = ZoneInfo(engagement.time_zone)
        starts_at, ends_at = (datetime.combine(day, time(0), zone) for day in (starts_on, ends_on))
        span = PauseSpan(WHAT_IF, starts_at, ends_at)
        return replace(engagement, pauses=(*engagement.pauses, span))

    engagements = tuple(paused(one) if is_hit(one) else one for one in person.engagements)
    return replace(person, engagements=engagements)


def group_losses(
    estimates: Iterable[EngagementEstimate],
    key: Callable[[EngagementEstimate], str],
    context: FirmContext,
    *,
    kind: str,
    weeks: float,
) -> tuple[GroupLoss, ...]:
    """Sums by key and currency (never across currencies), with the range of own luck plus shared shock.

    `kind` (project, client, firm) names the law, `weeks` the length of the stretch. The central value is
    the sum of the rows, to the cent.
    """
    rows: dict[tuple[str, str], list[EngagementEstimate]] = defaultdict(list)
    for estimate in estimates:
        rows[key(estimate), estimate.currency].append(estimate)
    return tuple(
        _sum(name, currency, some, context, kind, weeks) for (name, currency), some in sorted(rows.items())
    )


def _sum(
    name: str,
    currency: str,
    rows: Sequence[EngagementEstimate],
    context: FirmContext,
    kind: str,
    weeks: float,
) -> GroupLoss:
    lost = sum(row.lost_minor for row in rows)
    moving = sum(_moving(row) for row in rows)
    got: Range = group_range(lost, moving, [row.spread_minor for row in rows], context.law(kind, weeks))
    return GroupLoss(
        name,
        currency,
        len({row.person for row in rows}),
        sum(row.expected_minor for row in rows),
        lost,
        *(round(bound) for bound in (got.low80, got.high80, got.low95, got.high95)),
    )


def _moving(row: EngagementEstimate) -> float:
    """The part of a loss that moves with hours: none of fixed pay."""
    fixed = sum(line.minor for line in row.lines if line.kind == "fixed")
    return float(row.expected_minor - fixed)


def dependence(shares: Iterable[tuple[str, str, int]]) -> dict[str, float]:
    """Share of each client's people for whom it is most of their income.

    Rows of (person, client, expected minor units a week, in one common currency).
    """
    by_person: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for person, client, minor in shares:
        by_person[person][client] += minor
    people: dict[str, int] = defaultdict(int)
    mostly: dict[str, int] = defaultdict(int)
    for incomes in by_person.values():
        whole = sum(incomes.values())
        for client, minor in incomes.items():
            people[client] += 1
            mostly[client] += 2 * minor > whole
    return {client: mostly[client] / count for client, count in sorted(people.items())}


def concentration(amounts: Iterable[int]) -> float:
    """Herfindahl index of non-negative amounts: 1 when all falls to one client, 1 / n when n are equal; 0
    of nothing."""
    known = list(amounts)
    whole = sum(known)
    return sum(amount * amount for amount in known) / whole**2 if whole else 0.0
