"""Writes exchange rates: what finance uploaded, and what the bank has published since."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToReport
from projects.imports.rates import RateRow, UnfitRates, read_rates
from projects.models import ExchangeRate, User
from projects.operations.history import record

SCALE: Final = Decimal(10) ** 10
MOST_BYTES: Final = 5_000_000


def upload_rates(*, data: bytes, file_name: str, by: User | None, at: datetime) -> int:
    """Take in a file of rates, all of it or nothing; rates that stand already are passed over.

    Returns how many were new. Raises NotAllowed, or UnableToReport that names the first unfit line.
    """
    if by is not None and not access.may_import(by):
        raise NotAllowed("Rates are uploaded by finance and operations.")
    if len(data) > MOST_BYTES:
        raise UnableToReport("A file of rates has at most 5 MB.", field="file")
    try:
        rows = read_rates(data, today=at.date())
    except UnfitRates as error:
        raise UnableToReport(str(error), field="file") from error
    with transaction.atomic():
        added = _add(rows, origin=ExchangeRate.Origin.UPLOADED, file_name=file_name[:255], by=by, at=at)
        record(
            verb="rates.uploaded",
            subject_ref="rates",
            before={},
            after={"file": file_name[:255], "rows": len(rows), "added": added},
            by=by,
            at=at,
        )
    return added


def keep_bank_rates(*, rows: Sequence[RateRow], at: datetime) -> int:
    """Keep rates that the bank has published; how many were new."""
    with transaction.atomic():
        added = _add(rows, origin=ExchangeRate.Origin.BANK, file_name="", by=None, at=at)
        if added:
            record(
                verb="rates.published",
                subject_ref="rates",
                before={},
                after={"until": max(row.on for row in rows).isoformat(), "added": added},
                by=None,
                at=at,
            )
    return added


def _add(rows: Sequence[RateRow], *, origin: str, file_name: str, by: User | None, at: datetime) -> int:
    standing = _standing(origin, {row.on for row in rows})
    new = [row for row in rows if standing.get((row.source, row.target, row.on)) != _scaled(row.rate)]
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(
                source=row.source,
                target=row.target,
                on=row.on,
                rate_e10=_scaled(row.rate),
                origin=origin,
                file_name=file_name,
                recorded_at=at,
                by=by,
            )
            for row in new
        ],
        batch_size=1_000,
    )
    return len(new)


def _standing(origin: str, days: Iterable[date]) -> dict[tuple[str, str, date], int]:
    """The newest word on each pair and day."""
    days = sorted(days)
    rows = ExchangeRate.objects.filter(origin=origin, on__gte=days[0], on__lte=days[-1]) if days else ()
    ordered = sorted(rows, key=lambda row: (row.recorded_at, row.pk))
    return {(row.source, row.target, row.on): row.rate_e10 for row in ordered}


def _scaled(rate: Decimal) -> int:
    return int(rate * SCALE)
