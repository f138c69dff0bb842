"""Closed periods: what the next one would book, week by week, and sums of what was booked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Collate

from projects.models import AccountingPeriod, EstimateWeek, PeriodLine
from projects.queries.estimates import Amounts, latest_run_ids

AMOUNTS: Final = (
    "expected_seconds",
    "expected_minor",
    "earned_minor",
    "recovered_minor",
    "standby_minor",
    "lost_minor",
)
Key = tuple[int, int, str, date]
"""A week of an estimate: pause, engagement, currency, Monday."""
DIMENSIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {"is_adjustment": "is_adjustment"},
    "pause": {"pause": "pause_id"},
    "client": {"client": "engagement__project__client__code"},
    "project": {"project": "engagement__project__code"},
    "country": {"country": "engagement__contractor__country"},
    "contractor": {
        "contractor": "engagement__contractor__name",
        "contractor_id": "engagement__contractor_id",
    },
    "week": {"week": "week_starts_on"},
    "currency": {"currency": "currency"},
}
_TEXTS: Final = frozenset({"client", "project", "country", "contractor", "currency"})


@dataclass(frozen=True, slots=True)
class BookLine:
    """One week of one estimate as a period books it; `run` is None where no estimate is left of it."""

    key: Key
    run: int | None
    is_adjustment: bool
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CurrencyToBook:
    """What a period would book in one currency: its own weeks, and what has moved in weeks closed before."""

    currency: str
    own: Amounts
    moved: Amounts


@dataclass(frozen=True, slots=True)
class BookedRow:
    """Booked lines of one group, by the names of `DIMENSIONS`."""

    key: Mapping[str, Any]
    people: int
    amounts: Amounts


def last_period() -> AccountingPeriod | None:
    """The period that was closed last."""
    return AccountingPeriod.objects.order_by("-first_week").first()


def first_week_on_record() -> date | None:
    """The Monday with which the first closed period began."""
    return AccountingPeriod.objects.order_by("first_week").values_list("first_week", flat=True).first()


def lines_to_book(*, first_week: date, last_week: date, as_of: date) -> Iterator[BookLine]:
    """The lines of the weeks `[first_week, last_week]` by the latest estimates, and what moved in earlier closed weeks.

    Both sources stream in one order and are merged, so memory does not grow. Lines without any amount are left out.
    """
    earliest = first_week_on_record() or first_week
    keys = ("pause", "engagement", "currency", "week")
    current = _current(as_of, earliest, last_week).values_list(
        "estimate__run__pause_id",
        "estimate__engagement_id",
        _code("estimate__currency"),
        "week_starts_on",
        "estimate__run_id",
        *AMOUNTS,
    )
    current = current.order_by(
        "estimate__run__pause_id", "estimate__engagement_id", _code("estimate__currency"), "week_starts_on"
    )
    booked = (
        PeriodLine.objects.order_by()
        .annotate(code=_code("currency"))
        .values_list("pause_id", "engagement_id", "code", "week_starts_on")
        .annotate(**{f"sum_{name}": Sum(name) for name in AMOUNTS})
        .order_by("pause_id", "engagement_id", "code", "week_starts_on")
    )
    count = len(keys)
    now = ((row[:count], (True, row[count], row[count + 1 :])) for row in current.iterator(chunk_size=2_000))
    then = ((row[:count], (False, None, row[count:])) for row in booked.iterator(chunk_size=2_000))
    for key, group in groupby(_merged(now, then), key=itemgetter(0)):
        line = _line(key, {part[0]: part[1:] for _, part in group}, first_week)
        if any(line.amounts):
            yield line


def to_book(*, first_week: date, last_week: date, as_of: date) -> tuple[CurrencyToBook, ...]:
    """The sums of what `lines_to_book` gives, a row a currency; reckoned by the database."""
    earliest = first_week_on_record() or first_week
    weeks = _current(as_of, earliest, last_week)
    own = _by_currency(weeks.filter(week_starts_on__gte=first_week), "estimate__currency")
    before = _by_currency(weeks.filter(week_starts_on__lt=first_week), "estimate__currency")
    booked = _by_currency(PeriodLine.objects.order_by(), "currency")
    nothing = (0,) * len(AMOUNTS)
    return tuple(
        CurrencyToBook(
            code,
            Amounts(*own.get(code, nothing)),
            Amounts(
                *(
                    now - then
                    for now, then in zip(before.get(code, nothing), booked.get(code, nothing), strict=True)
                )
            ),
        )
        for code in sorted(own.keys() | before.keys() | booked.keys())
    )


def booked_rows(lines: QuerySet[PeriodLine], by: Sequence[str]) -> Iterator[BookedRow]:
    """Booked lines grouped by any of `DIMENSIONS`, in that order, texts by code point; one query."""
    fields = {name: path for each in by for name, path in DIMENSIONS[each].items()}
    keys = {f"key_{name}": _code(path) if name in _TEXTS else F(path) for name, path in fields.items()}
    rows: Iterator[Any] = (
        lines.order_by()
        .values(**keys)
        .annotate(
            people=Count("engagement__contractor", distinct=True),
            **{f"sum_{name}": Sum(name) for name in AMOUNTS},
        )
        .order_by(*keys)
        .iterator(chunk_size=2_000)
    )
    for row in rows:
        amounts = Amounts(*(int(row[f"sum_{name}"]) for name in AMOUNTS))
        yield BookedRow({name: row[f"key_{name}"] for name in fields}, row["people"], amounts)


def _current(as_of: date, first_week: date, last_week: date) -> QuerySet[EstimateWeek]:
    return EstimateWeek.objects.filter(
        estimate__run__in=latest_run_ids(as_of=as_of),
        week_starts_on__gte=first_week,
        week_starts_on__lt=last_week + timedelta(weeks=1),
    ).order_by()


def _by_currency(rows: QuerySet[Any], path: str) -> dict[str, tuple[int, ...]]:
    sums = {f"sum_{name}": Sum(name) for name in AMOUNTS}
    found = rows.values(code=F(path)).annotate(**sums)
    return {row["code"]: tuple(int(row[name]) for name in sums) for row in found}


def _code(path: str) -> Collate:
    """Text by code point on every database: two sources are merged by it."""
    return Collate(F(path), "C" if connection.vendor == "postgresql" else "BINARY")


def _merged(now: Iterator[Any], then: Iterator[Any]) -> Iterator[Any]:
    """Two sorted sources as one, without comparing what follows the keys."""
    left, right = next(now, None), next(then, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] <= right[0]):
            yield left
            left = next(now, None)
        else:
            yield right
            right = next(then, None)


def _line(key: Key, parts: Mapping[bool, tuple[int | None, tuple[int, ...]]], first_week: date) -> BookLine:
    nothing = (None, (0,) * len(AMOUNTS))
    (run, now), (_, then) = parts.get(True, nothing), parts.get(False, nothing)
    moved = tuple(int(a) - int(b) for a, b in zip(now, then, strict=True))
    return BookLine(key, run, key[3] < first_week, moved)
