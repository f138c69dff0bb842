"""How much longer a pause may last: what it costs if it lasts so long, and from 200 past pauses on the chances."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db.models import DateTimeField, QuerySet, Sum, UUIDField

from projects.impact.remaining import (
    FEWEST_COMPLETED,
    PastPause,
    ResumeChance,
    lost_by,
    resume_chances,
    scenario_ends,
)
from projects.models import EstimateRun, EstimateWeek, LostIncomeEstimate, Pause
from projects.prepared import Prepared, Slot
from projects.queries.estimates import (
    SUMS,
    CurrencyTotal,
    GroupKind,
    MoneyRange,
    context_of,
    latest_run,
    ranged,
    total_of_sums,
)

DAY_SECONDS = 86_400
_OPEN: Final = Prepared(
    lambda: (
        Pause.objects.open()
        .filter(public_id=Slot("public_id", UUIDField()))
        .select_related("project")
        .order_by()
    )
)
_ARE_ENOUGH_OVER: Final = Prepared(
    lambda: (
        Pause.objects.that_happened()
        .filter(ends_at__lte=Slot("at", DateTimeField()))
        .order_by()
        .values_list("pk")[:FEWEST_COMPLETED]
    )
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is lost in one currency from the start of a pause if it lasts so many weeks more."""

    weeks: int
    ends_on: date
    currency: str
    lost: MoneyRange


@dataclass(frozen=True, slots=True)
class Remaining:
    """Scenarios of an open pause, currency by currency, and the chances that work goes on within each.

    `chances` is empty before 200 pauses are over; `completed` counts those that are.
    """

    as_of: date
    scenarios: tuple[Scenario, ...]
    chances: tuple[ResumeChance, ...]
    completed: int

    def chance_within(self, weeks: int) -> ResumeChance | None:
        """The chance that belongs to a scenario."""
        return next((chance for chance in self.chances if chance.weeks == weeks), None)


def remaining_of(
    pause: Pause, *, at: datetime, within: QuerySet[LostIncomeEstimate] | None = None
) -> Remaining:
    """Reckon on from the latest estimate of an open pause; `within` narrows to the estimates somebody may see.

    Nothing is estimated anew: weeks beyond those of the estimate cost what its last ones do.
    """
    as_of = at.astimezone(UTC).date()
    past = past_pauses(at=at)
    run = latest_run(pause, as_of=as_of)
    so_far = max((at - pause.starts_at).total_seconds() / DAY_SECONDS, 0.0)
    chances = resume_chances(past, reason=pause.reason_code, client=_client_of(pause), days_so_far=so_far)
    completed = sum(one.is_over for one in past)
    if run is None:
        return Remaining(as_of, (), chances, completed)
    estimates = LostIncomeEstimate.objects.all() if within is None else within
    return Remaining(as_of, _scenarios(run, estimates.filter(run=run), as_of), chances, completed)


def chances_from_the_start(draft: Pause, *, at: datetime) -> tuple[tuple[ResumeChance, ...], int]:
    """How long past pauses of its reason and client lasted, before a pause begins; and how many are over in all."""
    past = past_pauses(at=at)
    chances = resume_chances(past, reason=draft.reason_code, client=_client_of(draft), days_so_far=0.0)
    return chances, sum(one.is_over for one in past)


def chances_of_open_pause(public_id: uuid.UUID, *, at: datetime) -> tuple[ResumeChance, ...]:
    """The chances that an open pause is over within each scenario; empty before enough past ones are over.

    Says nothing of anybody: lengths of past pauses, counted.
    """
    found: list[Pause] = _OPEN.instances(public_id=public_id)
    if not found or len(_ARE_ENOUGH_OVER.rows(at=at)) < FEWEST_COMPLETED:
        return ()
    pause = found[0]
    so_far = max((at - pause.starts_at).total_seconds() / DAY_SECONDS, 0.0)
    past = past_pauses(at=at)
    return resume_chances(past, reason=pause.reason_code, client=_client_of(pause), days_so_far=so_far)


def past_pauses(*, at: datetime) -> list[PastPause]:
    """Every pause that has begun by an instant and how long it lasted, or has lasted so far."""
    begun = Pause.objects.that_happened().filter(starts_at__lte=at).select_related("project")
    return [
        PastPause(
            days=(min(pause.ends_at or at, at) - pause.starts_at).total_seconds() / DAY_SECONDS,
            is_over=pause.ends_at is not None and pause.ends_at <= at,
            reason=pause.reason_code,
            client=_client_of(pause),
            started_on=pause.starts_at.astimezone(UTC).date(),
        )
        for pause in begun.only("starts_at", "ends_at", "reason_code", "client_id", "project__client_id")
    ]


def _client_of(pause: Pause) -> str:
    return str(pause.client_id if pause.project is None else pause.project.client_id)


def _scenarios(
    run: EstimateRun, estimates: QuerySet[LostIncomeEstimate], as_of: date
) -> tuple[Scenario, ...]:
    weeks = _weeks_by_currency(estimates)
    context = context_of(run)
    kind: GroupKind = "project" if run.pause.project_id else "client"
    found = []
    rows: Iterable[Mapping[str, Any]] = estimates.order_by().values("currency").annotate(**SUMS)
    for row in sorted(rows, key=lambda row: row["currency"]):
        starts_on, until = row["first_on"], row["last_on"]
        total = total_of_sums(row, context, kind=kind)
        ends = scenario_ends(starts_on, as_of)
        lost = lost_by(weeks[row["currency"]], starts_on=starts_on, until=until, ends=ends)
        for scenario, end in ends.items():
            length = max((end - starts_on).days / 7, 1 / 7)
            share = lost[scenario] / total.amounts.lost_minor if total.amounts.lost_minor else 0.0
            if row["estimates"] == 1:
                spread = _stretched(total, lost[scenario], share)
            else:
                spread = ranged(
                    lost[scenario],
                    shared=float(row["shared"] or 0) * share,
                    squares=float(row["squares"]) * abs(share),
                    context=context,
                    kind=kind,
                    weeks=length,
                )
            found.append(Scenario(scenario, end, row["currency"], spread))
    return tuple(found)


def _stretched(total: CurrencyTotal, lost: int, share: float) -> MoneyRange:
    """One person's range, in proportion to the loss."""
    whole = total.lost

    def bound(minor: int) -> int:
        return lost + round((minor - whole.central) * abs(share))

    return MoneyRange(lost, bound(whole.low80), bound(whole.high80), bound(whole.low95), bound(whole.high95))


def _weeks_by_currency(estimates: QuerySet[LostIncomeEstimate]) -> Mapping[str, Mapping[date, int]]:
    rows = (
        EstimateWeek.objects.filter(estimate__in=estimates.order_by().values("pk"))
        .order_by()
        .values_list("estimate__currency", "week_starts_on")
        .annotate(lost=Sum("lost_minor"))
    )
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for currency, monday, lost in rows:
        found[currency][monday] = int(lost)
    return found
