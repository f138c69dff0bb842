"""What is owed because of pauses: standby pay by their terms, and pay for notice that was given too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db.models import F, QuerySet, Sum

from projects.models import EstimateWeek, LostIncomeEstimate
from projects.queries.estimates import latest_run_ids

WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one pause owes one engagement in one currency, in minor units; days of notice as whole days.

    `standby_due` is of weeks that had begun by the day, `standby_to_come` of later ones as they are expected.
    """

    client: str
    pause: int
    project: str
    contractor: str
    contractor_id: int
    currency: str
    standby_due: int
    standby_to_come: int
    notice_agreed: int
    notice_given: int
    notice_missing: int
    notice_pay: int


def obligations(within: QuerySet[LostIncomeEstimate], *, as_of: date) -> Iterator[Obligation]:
    """What the latest estimates say is owed, nothing left out that is above zero; two queries, streamed."""
    rows = within.filter(run__in=latest_run_ids(as_of=as_of)).order_by()
    due = dict(
        EstimateWeek.objects.filter(estimate__in=rows.values("pk"), week_starts_on__lte=as_of)
        .order_by()
        .values("estimate_id")
        .annotate(due=Sum("standby_minor"))
        .filter(due__gt=0)
        .values_list("estimate_id", "due")
    )
    found: Iterator[Any] = rows.values(
        "pk", "currency", "standby_minor", "weekly_expected_minor",
        client=F("engagement__project__client__code"),
        agreed=F("engagement__project__client__notice_days"),
        project=F("engagement__project__code"),
        contractor=F("engagement__contractor__name"),
        contractor_id=F("engagement__contractor_id"),
        pause=F("run__pause_id"),
        starts_at=F("run__pause__starts_at"),
        ends_at=F("run__pause__ends_at"),
        opened_at=F("run__pause__opened_at"),
        told_at=F("run__pause__notice_sent_at"),
        remaining=F("run__pause__remaining_share_bp"),
        standby=F("run__pause__standby_share_bp"),
        a_day=F("run__pause__standby_daily_minor"),
        a_day_in=F("run__pause__standby_currency"),
        most_days=F("run__pause__standby_max_days"),
    ).iterator(chunk_size=2_000)  # fmt: skip
    for row in found:
        given, missing = _notice(row)
        owed = int(due.get(row["pk"], 0))
        pay = _notice_pay(row, missing)
        if row["standby_minor"] or pay:
            yield Obligation(
                client=row["client"],
                pause=row["pause"],
                project=row["project"],
                contractor=row["contractor"],
                contractor_id=row["contractor_id"],
                currency=row["currency"],
                standby_due=owed,
                standby_to_come=row["standby_minor"] - owed,
                notice_agreed=row["agreed"],
                notice_given=given,
                notice_missing=missing,
                notice_pay=pay,
            )


def _notice(row: dict[str, Any]) -> tuple[int, int]:
    """Whole days between the notice and the start, and the days missing to what was agreed, within the pause."""
    told = row["told_at"] or row["opened_at"]
    given = max(0, (row["starts_at"] - told) // timedelta(days=1))
    missing = max(0, row["agreed"] - given)
    if row["ends_at"] is not None:
        missing = min(missing, -((row["starts_at"] - row["ends_at"]) // timedelta(days=1)))
    return given, missing


def _notice_pay(row: dict[str, Any], missing: int) -> int:
    """A usual week's pay for the days that are missing, less what goes on and what standby pays; half up, once."""
    stopped = Decimal(WHOLE - row["remaining"]) / WHOLE * Decimal(WHOLE - row["standby"]) / WHOLE
    pay = Decimal(row["weekly_expected_minor"]) * missing / 7 * stopped
    if row["a_day_in"] == row["currency"]:
        pay -= row["a_day"] * min(Decimal(missing) * 5 / 7, Decimal(row["most_days"] or missing))
    return max(0, int(pay.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
