"""Finished estimates as rows: the latest of a pause, one person's with its lines and weeks, sums with their ranges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt
from typing import Any, Final, Literal

from django.db.models import (
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Cast
from django.utils.timezone import get_default_timezone

from projects.impact.context import FirmContext
from projects.impact.uncertainty import group_range
from projects.models import EstimateChunk, EstimateRun, LostIncomeEstimate, Pause
from projects.models.estimates import RunState
from projects.models.pauses import PauseState

GroupKind = Literal["project", "client", "firm"]
NEWEST_FIRST: Final = ("-as_of", "-asked_at", "-pk")


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """A sum in minor units with its 80 % and 95 % ranges; signed, a gain is negative."""

    central: int
    low80: int
    high80: int
    low95: int
    high95: int


@dataclass(frozen=True, slots=True)
class Amounts:
    """Expected less earned, recovered and standby is lost: whole minor units of one currency, and the work meant."""

    expected_seconds: int
    expected_minor: int
    earned_minor: int
    recovered_minor: int
    standby_minor: int
    lost_minor: int


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """The sum of some estimates in one currency."""

    currency: str
    people: int
    provisional_people: int
    weekly_expected_minor: int
    amounts: Amounts
    lost: MoneyRange
    reference_minor: int
    """Reference pay of those the run's policy covers; a second number, never part of `amounts`."""
    people_without_reference: int


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week, by its Monday."""

    starts_on: date
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class LineRow:
    """One row of the table that explains a number; `label` names its sentence, `params` fill it."""

    kind: str
    label: str
    params: Mapping[str, Any]
    seconds: int | None
    minor: int


@dataclass(frozen=True, slots=True)
class EstimateDetail:
    """One person's estimate on one engagement in one currency: lines and weeks add up to `amounts.lost_minor`."""

    run_id: int
    as_of: date
    method_version: str
    engagement_id: int
    currency: str
    starts_on: date
    ends_on: date
    horizon_why: str
    usual_weekly_seconds: int
    weekly_expected_minor: int
    amounts: Amounts
    lost: MoneyRange
    policy: str
    """The named policy of `reference_minor` and `guaranteed_minor`, which are None where it does not fit."""
    reference_minor: int | None
    guaranteed_minor: int | None
    is_provisional: bool
    reasons: tuple[str, ...]
    lines: tuple[LineRow, ...]
    weeks: tuple[WeekRow, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest run of a pause has come; `state` is none where nobody has asked yet."""

    state: str
    done: int
    total: int


def done_runs(*, as_of: date | None = None) -> QuerySet[EstimateRun]:
    """Finished runs that may be shown as of a day, newest first."""
    runs = EstimateRun.objects.filter(state=RunState.DONE)
    return (runs if as_of is None else runs.filter(as_of__lte=as_of)).order_by(*NEWEST_FIRST)


def latest_run(pause: Pause, *, as_of: date | None = None) -> EstimateRun | None:
    """The run whose figures hold for a pause as of a day; None before the first is done."""
    return done_runs(as_of=as_of).filter(pause=pause.pk).first()


def latest_run_ids(*, as_of: date | None = None) -> QuerySet[Any, Any]:
    """For use in a filter: of every pause that was not void as of the day, its latest run."""
    newest = done_runs(as_of=as_of).filter(pause=OuterRef("pk")).values("pk")[:1]
    void = Q(state=PauseState.VOID)
    if as_of is not None:
        end = datetime.combine(as_of + timedelta(days=1), time(), get_default_timezone())
        void &= Q(closed_at__lt=end)
    return Pause.objects.exclude(void).annotate(newest=Subquery(newest)).values("newest")


def latest_estimates(pause: Pause, *, as_of: date | None = None) -> QuerySet[LostIncomeEstimate]:
    """Everybody's estimates of a pause in its latest run; empty before the first is done."""
    run = latest_run(pause, as_of=as_of)
    rows = LostIncomeEstimate.objects.select_related("engagement__contractor", "engagement__project__client")
    return rows.filter(run=run) if run is not None else rows.none()


def progress_of(pause: Pause) -> Progress:
    """How far the run that was asked for last has come."""
    run = EstimateRun.objects.filter(pause=pause.pk).order_by("-asked_at", "-pk").first()
    if run is None:
        return Progress("none", 0, 0)
    done = EstimateChunk.objects.filter(run=run, done_at__isnull=False).count()
    return Progress(run.state, done, run.chunks_total)


def estimate_of(pause: Pause, engagement_id: int, *, as_of: date | None = None) -> tuple[EstimateDetail, ...]:
    """One engagement's estimate with its lines and weeks; two where its rate changed currency, none before a run."""
    run = latest_run(pause, as_of=as_of)
    if run is None:
        return ()
    rows = LostIncomeEstimate.objects.filter(run=run, engagement=engagement_id).select_related("engagement")
    return tuple(_detail(run, row) for row in rows.prefetch_related("weeks").order_by("currency"))


def totals_of(pause: Pause, *, as_of: date | None = None) -> tuple[CurrencyTotal, ...]:
    """What a pause costs everybody, a sum a currency, with the ranges of a sum of people."""
    run = latest_run(pause, as_of=as_of)
    return () if run is None else totals_of_run(run)


def totals_of_run(run: EstimateRun) -> tuple[CurrencyTotal, ...]:
    """The same for one finished run."""
    kind: GroupKind = "project" if run.pause.project_id else "client"
    return totals(LostIncomeEstimate.objects.filter(run=run), context_of(run), kind=kind)


def totals(
    estimates: QuerySet[LostIncomeEstimate], context: FirmContext, *, kind: GroupKind
) -> tuple[CurrencyTotal, ...]:
    """Sums of estimates, one a currency, reckoned by the database; one query."""
    rows = estimates.order_by().values("currency").annotate(**SUMS).order_by("currency")
    return tuple(total_of_sums(row, context, kind=kind) for row in rows)


def _float(name: str) -> Cast:
    return Cast(name, FloatField())


SUMS: Final[Mapping[str, Any]] = {
    "sum_seconds": Sum("expected_seconds"),
    "sum_expected": Sum("expected_minor"),
    "sum_earned": Sum("earned_minor"),
    "sum_recovered": Sum("recovered_minor"),
    "sum_standby": Sum("standby_minor"),
    "sum_lost": Sum("lost_minor"),
    "sum_weekly": Sum("weekly_expected_minor"),
    "sum_reference": Sum("reference_minor", default=0),
    "unreferenced": Count("engagement__contractor", distinct=True, filter=Q(reference_minor__isnull=True)),
    "sum_low80": Sum("low80_minor"),
    "sum_high80": Sum("high80_minor"),
    "sum_low95": Sum("low95_minor"),
    "sum_high95": Sum("high95_minor"),
    # In floating point: the squares of large currencies do not fit a database's whole numbers, and are no money.
    "squares": Sum(
        ExpressionWrapper(_float("spread_minor") * _float("spread_minor"), output_field=FloatField())
    ),
    "shared": Sum(F("expected_minor") - F("standby_minor"), filter=Q(spread_minor__gt=0)),
    "estimates": Count("pk"),
    "people": Count("engagement__contractor", distinct=True),
    "provisional": Count("engagement__contractor", distinct=True, filter=Q(is_provisional=True)),
    "first_on": Min("starts_on"),
    "last_on": Max("ends_on"),
}
"""What the sums of a group of estimates are reckoned from; `values()` names the group."""


def total_of_sums(row: Mapping[str, Any], context: FirmContext, *, kind: GroupKind) -> CurrencyTotal:
    """A currency's total from a row of `SUMS`."""
    weeks = max((row["last_on"] - row["first_on"]).days / 7, 1 / 7)
    amounts = Amounts(
        int(row["sum_seconds"]),
        int(row["sum_expected"]),
        int(row["sum_earned"]),
        int(row["sum_recovered"]),
        int(row["sum_standby"]),
        int(row["sum_lost"]),
    )
    if row["estimates"] == 1:
        lost = MoneyRange(
            amounts.lost_minor,
            *(int(row[name]) for name in ("sum_low80", "sum_high80", "sum_low95", "sum_high95")),
        )
    else:
        lost = ranged(
            amounts.lost_minor, shared=float(row["shared"] or 0), squares=float(row["squares"]), context=context,
            kind=kind, weeks=weeks,
        )  # fmt: skip
    return CurrencyTotal(
        row["currency"],
        row["people"],
        row["provisional"],
        int(row["sum_weekly"]),
        amounts,
        lost,
        int(row["sum_reference"]),
        row["unreferenced"],
    )


def ranged(
    central: int, *, shared: float, squares: float, context: FirmContext, kind: GroupKind, weeks: float
) -> MoneyRange:
    """The range of a sum of people: `shared` minor units move together, `squares` add up their own luck."""
    law = context.law(kind, weeks)
    found = group_range(float(central), shared, [sqrt(squares)], law)
    return MoneyRange(
        central, round(found.low80), round(found.high80), round(found.low95), round(found.high95)
    )


def context_of(run: EstimateRun) -> FirmContext:
    """What the firm's past said when the run was computed."""
    return (
        FirmContext.from_dict(run.context["firm"]) if "firm" in run.context else FirmContext.empty(run.as_of)
    )


def newest_context(run_ids: Iterable[int] | QuerySet[Any], *, as_of: date) -> FirmContext:
    """What the firm's past said in the newest of some runs."""
    run = EstimateRun.objects.filter(pk__in=run_ids).order_by(*NEWEST_FIRST).first()
    return FirmContext.empty(as_of) if run is None else context_of(run)


def _detail(run: EstimateRun, row: LostIncomeEstimate) -> EstimateDetail:
    horizon = run.context.get("horizons", {}).get(str(row.engagement.project_id), {})
    return EstimateDetail(
        run_id=run.pk,
        as_of=run.as_of,
        method_version=run.method_version,
        engagement_id=row.engagement_id,
        currency=row.currency,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        horizon_why=horizon.get("why", ""),
        usual_weekly_seconds=row.usual_weekly_seconds,
        weekly_expected_minor=row.weekly_expected_minor,
        amounts=amounts_of(row),
        lost=MoneyRange(row.lost_minor, row.low80_minor, row.high80_minor, row.low95_minor, row.high95_minor),
        policy=run.policy,
        reference_minor=row.reference_minor,
        guaranteed_minor=row.guaranteed_minor,
        is_provisional=row.is_provisional,
        reasons=tuple(row.reasons),
        lines=tuple(LineRow(**line) for line in row.lines),
        weeks=tuple(WeekRow(week.week_starts_on, amounts_of(week)) for week in row.weeks.all()),
    )


def amounts_of(row: Any) -> Amounts:
    """The amounts of an estimate or of one of its weeks."""
    return Amounts(
        row.expected_seconds,
        row.expected_minor,
        row.earned_minor,
        row.recovered_minor,
        row.standby_minor,
        row.lost_minor,
    )
