"""The income impact as rows: what pauses cost as of a day, grouped as asked, added up by the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Collate

from projects.domain.errors import UnableToReport
from projects.impact.context import FirmContext
from projects.models import EstimateWeek, LostIncomeEstimate
from projects.queries.estimates import (
    SUMS,
    Amounts,
    GroupKind,
    MoneyRange,
    latest_run_ids,
    newest_context,
    total_of_sums,
)

Dimension = Literal["pause", "client", "project", "country", "contractor", "week"]
DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)

_FIELDS: Final[Mapping[Dimension, Mapping[str, str]]] = {
    "pause": {
        "pause": "run__pause_id",
        "pause_since": "run__pause__starts_at",
        "reason": "run__pause__reason_code",
    },
    "client": {"client": "engagement__project__client__code"},
    "project": {"project": "engagement__project__code"},
    "country": {"country": "engagement__contractor__country"},
    "contractor": {
        "contractor": "engagement__contractor__name",
        "contractor_id": "engagement__contractor_id",
    },
}
"""Which columns tell the rows of a dimension apart; a row's key has them in this order."""
WEEK_KEY: Final = "week"
TEXTS: Final = frozenset({"client", "project", "country", "contractor", "reason", "currency"})


@dataclass(frozen=True, slots=True)
class IncomeFilter:
    """Which estimates count: empty means all. Codes of clients and projects, ids of pauses, ISO countries.

    `first_week` and `last_week` are Mondays, both included; they count only where rows are grouped by week.
    """

    pauses: tuple[int, ...] = ()
    clients: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    contractors: tuple[int, ...] = ()
    currencies: tuple[str, ...] = ()
    first_week: date | None = None
    last_week: date | None = None


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """One group of estimates in one currency.

    `key` has the values of the dimensions asked for, by column name and in order. `so_far_minor` is what of the loss
    lies in weeks that had ended by the day. `lost` has no range where the row is one week: weeks of one person move
    together, so the range of a week is not that of its estimate.
    """

    key: Mapping[str, Any]
    currency: str
    people: int
    provisional_people: int
    amounts: Amounts
    so_far_minor: int
    lost: MoneyRange | None


def last_ended_week(as_of: date) -> date:
    """The Monday of the last week that had ended, Sunday included, when this day was over."""
    return as_of - timedelta(days=6 + (as_of.weekday() + 1) % 7)


def columns_of(by: Sequence[Dimension]) -> tuple[str, ...]:
    """The names in a row's key for these dimensions. Raises UnableToReport for an unknown or a doubled one."""
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise UnableToReport(
            f"“{unknown[0]}” is nothing to group by; choose from {', '.join(DIMENSIONS)}.", field="by"
        )
    if len(set(by)) != len(by):
        raise UnableToReport("Group by each thing once.", field="by")
    return tuple(name for dimension in by for name in _FIELDS.get(dimension, {WEEK_KEY: WEEK_KEY}))


def income_rows(
    *,
    as_of: date,
    by: Sequence[Dimension] = ("pause", "project"),
    only: IncomeFilter | None = None,
    within: QuerySet[LostIncomeEstimate] | None = None,
    runs: Sequence[int] | None = None,
    currency_at: int | None = None,
) -> Iterator[IncomeRow]:
    """The latest estimates as of a day, grouped by any nesting of dimensions and always by currency, in that order.

    `within` narrows to the estimates somebody may see (`access.estimates_visible_to`), `runs` names the estimate runs
    where they were looked up before. `currency_at` is the place of the currency among the dimensions, last by default.
    Texts are ordered by code point on every database. Two queries, whatever the size; rows stream. Raises
    UnableToReport for a dimension that is unknown or named twice.
    """
    columns_of(by)
    wanted = only or IncomeFilter()
    estimates = estimates_of(as_of=as_of, only=wanted, within=within, runs=runs)
    if WEEK_KEY in by:
        return _by_week(estimates, by, wanted, currency_at, last_ended_week(as_of))
    context = newest_context(latest_run_ids(as_of=as_of) if runs is None else runs, as_of=as_of)
    return _by_group(estimates, by, context, currency_at, last_ended_week(as_of))


def count_of_rows(
    *,
    as_of: date,
    by: Sequence[Dimension],
    only: IncomeFilter,
    within: QuerySet[LostIncomeEstimate] | None = None,
    runs: Sequence[int] | None = None,
) -> int:
    """How many rows `income_rows` will give; one query."""
    estimates = estimates_of(as_of=as_of, only=only, within=within, runs=runs).order_by()
    fields = _fields(by)
    if WEEK_KEY not in by:
        return int(estimates.values(*fields.values(), "currency").distinct().count())
    weeks = _weeks_of(estimates, only).values(*map(_of_week, fields.values()), "estimate__currency")
    return int(weeks.distinct().count())


def estimates_of(
    *,
    as_of: date,
    only: IncomeFilter,
    within: QuerySet[LostIncomeEstimate] | None = None,
    runs: Sequence[int] | None = None,
) -> QuerySet[LostIncomeEstimate]:
    """The estimates that count."""
    rows = within if within is not None else LostIncomeEstimate.objects.all()
    return rows.filter(_matches(only), run__in=latest_run_ids(as_of=as_of) if runs is None else runs)


def _by_group(
    estimates: QuerySet[LostIncomeEstimate],
    by: Sequence[Dimension],
    context: FirmContext,
    currency_at: int | None,
    ended: date,
) -> Iterator[IncomeRow]:
    fields = _fields(by)
    kind: GroupKind = "project" if {"project", "contractor"} & set(by) else "client" if by else "firm"
    keys = {f"key_{name}": _ordered(name, path) for name, path in fields.items()}
    rows = (
        estimates.order_by()
        .annotate(so_far=_so_far(ended))
        .values(**keys, key_currency=_ordered("currency", "currency"))
        .annotate(sum_so_far=Sum("so_far"), **SUMS)
    )
    found: Iterator[Any] = rows.order_by(*_order(by, currency_at)).iterator(chunk_size=2_000)
    for row in found:
        total = total_of_sums(row | {"currency": row["key_currency"]}, context, kind=kind)
        yield IncomeRow(
            {name: row[f"key_{name}"] for name in fields},
            total.currency,
            total.people,
            total.provisional_people,
            total.amounts,
            int(row["sum_so_far"]),
            total.lost,
        )


def _so_far(ended: date) -> Coalesce:
    """What an estimate's weeks up to the last one that ended add up to."""
    weeks = EstimateWeek.objects.filter(estimate=OuterRef("pk"), week_starts_on__lte=ended).order_by()
    return Coalesce(
        Subquery(weeks.values("estimate").annotate(so_far=Sum("lost_minor")).values("so_far")), Value(0)
    )


def _weeks_of(estimates: QuerySet[LostIncomeEstimate], wanted: IncomeFilter) -> QuerySet[EstimateWeek]:
    weeks = EstimateWeek.objects.filter(estimate__in=estimates.order_by().values("pk")).order_by()
    if wanted.first_week is not None:
        weeks = weeks.filter(week_starts_on__gte=wanted.first_week)
    if wanted.last_week is not None:
        weeks = weeks.filter(week_starts_on__lte=wanted.last_week)
    return weeks


def _by_week(
    estimates: QuerySet[LostIncomeEstimate],
    by: Sequence[Dimension],
    wanted: IncomeFilter,
    currency_at: int | None,
    ended: date,
) -> Iterator[IncomeRow]:
    fields = {name: _of_week(path) for name, path in _fields(by).items()}
    keys = {f"key_{name}": _ordered(name, path) for name, path in fields.items()}
    names = (
        "expected_seconds",
        "expected_minor",
        "earned_minor",
        "recovered_minor",
        "standby_minor",
        "lost_minor",
    )
    rows = (
        _weeks_of(estimates, wanted)
        .values(**keys, key_currency=_ordered("currency", "estimate__currency"))
        .annotate(
            people=Count("estimate__engagement__contractor", distinct=True),
            provisional=Count(
                "estimate__engagement__contractor", distinct=True, filter=Q(estimate__is_provisional=True)
            ),
            sum_so_far=Sum("lost_minor", filter=Q(week_starts_on__lte=ended), default=0),
            **{f"sum_{name}": Sum(name) for name in names},
        )
        .order_by(*_order(by, currency_at))
    )
    found: Iterator[Any] = rows.iterator(chunk_size=2_000)
    for row in found:
        yield IncomeRow(
            {name: row[f"key_{name}"] for name in fields},
            row["key_currency"],
            row["people"],
            row["provisional"],
            Amounts(*(int(row[f"sum_{name}"]) for name in names)),
            int(row["sum_so_far"]),
            None,
        )


def _fields(by: Sequence[Dimension]) -> dict[str, str]:
    return {
        name: path
        for dimension in by
        for name, path in _FIELDS.get(dimension, {WEEK_KEY: "week_starts_on"}).items()
    }


def _ordered(name: str, path: str) -> F | Collate:
    """A column that tells rows apart; texts in the order of their code points."""
    if name not in TEXTS:
        return F(path)
    return Collate(F(path), "C" if connection.vendor == "postgresql" else "BINARY")


def _order(by: Sequence[Dimension], currency_at: int | None) -> list[str]:
    names = [[f"key_{name}" for name in _FIELDS.get(each, {WEEK_KEY: ""})] for each in by]
    names.insert(len(by) if currency_at is None else currency_at, ["key_currency"])
    return [name for part in names for name in part]


def _of_week(path: str) -> str:
    return path if path == "week_starts_on" else f"estimate__{path}"


def _matches(wanted: IncomeFilter) -> Q:
    chosen = {
        "run__pause__in": wanted.pauses,
        "engagement__project__client__code__in": wanted.clients,
        "engagement__project__code__in": wanted.projects,
        "engagement__contractor__country__in": wanted.countries,
        "engagement__contractor__in": wanted.contractors,
        "currency__in": wanted.currencies,
    }
    return Q(**{name: values for name, values in chosen.items() if values})
