"""Closes periods: their figures are booked once, and what moves afterwards is booked in the next."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from projects.access import may_close_periods
from projects.domain.errors import NotAllowed, UnableToClose
from projects.domain.periods import monday_of
from projects.models import AccountingPeriod, PeriodLine, User
from projects.operations.bulk import insert_rows
from projects.operations.history import record
from projects.queries.periods import AMOUNTS, BookLine, last_period, lines_to_book
from projects.queries.quality import doubts

WEEK: Final = timedelta(weeks=1)
LINES_AT_ONCE: Final = 10_000
MOST_WEEKS: Final = 53
_COLUMNS: Final = (
    "period", "pause", "engagement", "currency", "week_starts_on", "run", "is_adjustment", *AMOUNTS,
)  # fmt: skip


def close_period(
    *, last_day: date, by: User | None, at: datetime, first_day: date | None = None
) -> AccountingPeriod:
    """Close the weeks from the end of the last closed period to the week of `last_day`, for good.

    `first_day` says where the first of all periods begins. Weeks that were closed before stay as they were booked: what
    has moved in them since is booked here, as adjustments. Raises NotAllowed, or UnableToClose with the field.
    """
    if by is not None and not may_close_periods(by):
        raise NotAllowed("Periods are closed by finance and operations.")
    today = at.astimezone(UTC).date()
    with transaction.atomic():
        _hold()
        first_week, last_week = _weeks(first_day, last_day, today=today)
        _refuse_gaps(today)
        period = AccountingPeriod.objects.create(
            first_week=first_week, last_week=last_week, as_of=today, closed_at=at, by=by, checksum=""
        )
        booked = _book(period, lines_to_book(first_week=first_week, last_week=last_week, as_of=today))
        period.checksum = booked.digest.hexdigest()
        AccountingPeriod.objects.filter(pk=period.pk).update(checksum=period.checksum)
        record(
            verb="period.closed",
            subject_ref=period.ref,
            before={},
            after={
                "first_week": first_week,
                "last_week": last_week,
                "lines": booked.lines,
                "adjustments": booked.adjustments,
                "checksum": period.checksum,
            },
            by=by,
            at=at,
        )
        return period


def _weeks(first_day: date | None, last_day: date, *, today: date) -> tuple[date, date]:
    earlier = last_period()
    if earlier is not None:
        first = earlier.last_week + WEEK
        if first_day is not None and monday_of(first_day) != first:
            raise UnableToClose(
                f"The next period begins on {first}, where the last one ended.", field="first_day"
            )
    elif first_day is None:
        raise UnableToClose("Say with which week the first period begins.", field="first_day")
    else:
        first = monday_of(first_day)
    last = monday_of(last_day)
    if last < first:
        raise UnableToClose(
            f"The last day, {last_day}, lies before the first week, {first}.", field="last_day"
        )
    if (last - first) // WEEK >= MOST_WEEKS:
        raise UnableToClose(f"A period has at most {MOST_WEEKS} weeks.", field="last_day")
    if last + WEEK > today:
        newest = monday_of(today) - timedelta(days=1)
        raise UnableToClose(
            f"The week of {last_day} is not over; the last day that can be closed is {newest}.",
            field="last_day",
        )
    return first, last


def _refuse_gaps(today: date) -> None:
    missing = [str(doubt.pause) for doubt in doubts(as_of=today, quiet_days=0, problems=("no_estimate",))]
    if missing:
        raise UnableToClose(f"Without a finished estimate: pause {', '.join(missing)}. Estimate first.")


@dataclass(slots=True)
class _Booked:
    """What was written so far."""

    lines: int = 0
    adjustments: int = 0
    digest: Any = field(default_factory=hashlib.sha256)


def _book(period: AccountingPeriod, lines: Iterator[BookLine]) -> _Booked:
    booked = _Booked()
    while part := list(islice(lines, LINES_AT_ONCE)):
        rows = [_row(period.pk, line) for line in part]
        insert_rows(PeriodLine, _COLUMNS, rows)
        booked.lines += len(rows)
        booked.adjustments += sum(line.is_adjustment for line in part)
        for row in rows:
            booked.digest.update(("|".join(map(str, row[1:])) + "\n").encode())
    return booked


def _row(period: int, line: BookLine) -> tuple[Any, ...]:
    pause, engagement, currency, week = line.key
    return (period, pause, engagement, currency, week, line.run, line.is_adjustment, *line.amounts)


def _hold() -> None:
    """Let one transaction at a time close; SQLite's IMMEDIATE transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(b"close period")])
