"""Writes estimates and their weeks in bulk: COPY on PostgreSQL, batches elsewhere; carries over what did not change."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from notifications.rows import new_ids, plan_afresh_after
from projects.impact.inputs import PersonInputs
from projects.impact.pay import FIXED, Pace, Terms, pay_of_seconds, to_minor
from projects.impact.policies.reference import ReferencePay
from projects.impact.results import EngagementEstimate
from projects.models import EstimateRun, EstimateWeek, LostIncomeEstimate

ESTIMATE_COLUMNS: Final = (
    "engagement_id", "currency", "starts_on", "ends_on", "expected_seconds", "expected_minor", "earned_minor",
    "recovered_minor", "standby_minor", "lost_minor", "low80_minor", "high80_minor", "low95_minor", "high95_minor",
    "spread_minor", "usual_weekly_seconds", "weekly_expected_minor", "is_provisional", "reasons", "lines",
    "inputs_fingerprint", "reference_minor", "guaranteed_minor",
)  # fmt: skip
WEEK_COLUMNS: Final = (
    "week_starts_on", "expected_seconds", "expected_minor", "earned_minor", "recovered_minor", "standby_minor",
    "lost_minor",
)  # fmt: skip
_BATCH = 500
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ESTIMATES: Final = LostIncomeEstimate._meta.db_table
_WEEKS: Final = EstimateWeek._meta.db_table


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One estimate as its row holds it, in the order of `ESTIMATE_COLUMNS`, and its weeks by `WEEK_COLUMNS`."""

    values: tuple[Any, ...]
    weeks: tuple[tuple[Any, ...], ...]


def row_of(estimate: EngagementEstimate, person: PersonInputs, reference: ReferencePay | None) -> EstimateRow:
    """What is kept of an estimate, with the reference pay of the same days beside it."""
    lines = [
        {
            "kind": line.kind,
            "label": line.label,
            "params": dict(line.params),
            "seconds": line.seconds,
            "minor": line.minor,
        }
        for line in estimate.lines
    ]
    return EstimateRow(
        (
            int(estimate.engagement), estimate.currency, estimate.starts_on, estimate.ends_on,
            estimate.expected_seconds, estimate.expected_minor, estimate.earned_minor, estimate.recovered_minor,
            estimate.standby_minor, estimate.lost_minor, estimate.low80_minor, estimate.high80_minor,
            estimate.low95_minor, estimate.high95_minor, estimate.spread_minor, estimate.usual_weekly_seconds,
            weekly_expected(estimate, person), estimate.is_provisional, list(estimate.reasons), lines,
            estimate.fingerprint, reference.reference_minor if reference else None,
            reference.guaranteed_minor if reference else None,
        ),
        tuple(
            (
                week.starts_on, week.expected_seconds, week.expected_minor, week.earned_minor, week.recovered_minor,
                week.standby_minor, week.lost_minor,
            )
            for week in estimate.weeks
        ),
    )  # fmt: skip


def weekly_expected(estimate: EngagementEstimate, person: PersonInputs) -> int:
    """Pay of a usual week without the pause, in minor units, under the terms of the estimate's first day.

    Fixed pay by what one week of it is; other pay by the estimate's own average for a second of expected work.
    """
    terms = next(one for one in person.engagements if one.engagement == estimate.engagement)
    is_simple = estimate.expected_seconds and not any(rate.basis in FIXED for rate in terms.rates)
    if is_simple:
        return round(estimate.expected_minor * estimate.usual_weekly_seconds / estimate.expected_seconds)
    own = [rate for rate in terms.rates if rate.currency == estimate.currency]
    rate = Terms(own).on(estimate.starts_on.toordinal())
    if rate.basis in FIXED:
        week = rate.weekly_seconds or sum(rate.weekday_seconds or ()) or Pace().week_seconds
        return to_minor(pay_of_seconds(rate, week, Pace()))
    if estimate.expected_seconds:
        return round(estimate.expected_minor * estimate.usual_weekly_seconds / estimate.expected_seconds)
    return to_minor(pay_of_seconds(rate, estimate.usual_weekly_seconds, Pace()))


def write_estimates(run: EstimateRun, rows: Sequence[EstimateRow]) -> None:
    """Add estimates with their weeks to a run, inside the caller's transaction."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(run, rows)
    else:
        _insert(run, rows)


def carry_over(run: EstimateRun, *, earlier: EstimateRun, engagement_ids: Sequence[int]) -> None:
    """Take estimates whose inputs did not change, with their weeks, from an earlier run into this one."""
    for first in range(0, len(engagement_ids), _BATCH):
        ids = ",".join(str(int(pk)) for pk in engagement_ids[first : first + _BATCH])
        columns, weeks = ", ".join(ESTIMATE_COLUMNS), ", ".join(WEEK_COLUMNS)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_ESTIMATES} (run_id, {columns}) SELECT %s, {columns} FROM {_ESTIMATES} "  # noqa: S608 - our own names
                f"WHERE run_id = %s AND engagement_id IN ({ids})",
                [run.pk, earlier.pk],
            )
            cursor.execute(
                f"INSERT INTO {_WEEKS} (estimate_id, {weeks}) "  # noqa: S608 - our own names
                f"SELECT fresh.id, {', '.join(f'week.{name}' for name in WEEK_COLUMNS)} FROM {_WEEKS} week "
                f"JOIN {_ESTIMATES} old ON old.id = week.estimate_id JOIN {_ESTIMATES} fresh ON fresh.run_id = %s "
                "AND fresh.engagement_id = old.engagement_id AND fresh.currency = old.currency "
                f"WHERE old.run_id = %s AND old.engagement_id IN ({ids})",
                [run.pk, earlier.pk],
            )
            plan_afresh_after(cursor.rowcount)


def _insert(run: EstimateRun, rows: Sequence[EstimateRow]) -> None:
    estimates = LostIncomeEstimate.objects.bulk_create(
        (LostIncomeEstimate(run=run, **dict(zip(ESTIMATE_COLUMNS, row.values, strict=True))) for row in rows),
        batch_size=_BATCH,
    )
    EstimateWeek.objects.bulk_create(
        (
            EstimateWeek(estimate=estimate, **dict(zip(WEEK_COLUMNS, week, strict=True)))
            for estimate, row in zip(estimates, rows, strict=True)
            for week in row.weeks
        ),
        batch_size=_BATCH,
    )


def _copy(run: EstimateRun, rows: Sequence[EstimateRow]) -> None:
    ids = new_ids(LostIncomeEstimate, len(rows))
    with connection.cursor() as cursor:
        estimates = (_text((pk, run.pk, *row.values)) for pk, row in zip(ids, rows, strict=True))
        _send(cursor, f"COPY {_ESTIMATES} (id, run_id, {', '.join(ESTIMATE_COLUMNS)}) FROM STDIN", estimates)
        weeks = (
            "\t".join(map(str, (pk, *week))) + "\n"
            for pk, row in zip(ids, rows, strict=True)
            for week in row.weeks
        )
        _send(cursor, f"COPY {_WEEKS} (estimate_id, {', '.join(WEEK_COLUMNS)}) FROM STDIN", weeks)
        plan_afresh_after(cursor.rowcount)


def _send(cursor: Any, statement: str, lines: Iterable[str]) -> None:
    with cursor.copy(statement) as copy:
        for block in _blocks(lines):
            copy.write(block)


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """Lines joined by the thousand: a call for each would cost more than the row."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == 1_000:
            yield "".join(block)
            block = []
    yield "".join(block)


def _text(values: Iterable[Any]) -> str:
    """One line of COPY's text format."""
    return "\t".join([_CELLS.get(type(value), str)(value) for value in values]) + "\n"


# Numbers, words without a tab, and dates are as `str` writes them. JSON holds no raw tab or line break.
_CELLS: Final[Mapping[type, Callable[[Any], str]]] = {
    type(None): lambda _value: "\\N",
    bool: lambda value: "t" if value else "f",
    list: lambda value: _as_json(value).replace("\\", "\\\\"),
}
