"""After the fact: whether the ranges said first held what pauses came to, over the newest closed cases."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Mod, RowNumber

from projects.impact.accuracy import DRIFT_CASES, Accuracy, ClosedCase, accuracy, proportion
from projects.models import JobRun, LostIncomeEstimate, Pause
from projects.models.pauses import PauseState
from projects.queries.estimates import done_runs

COVER_WATCH: Final = "estimate-cover"
"""The kind of the job run that keeps what the nightly watch found."""
COVER_SPAN: Final = timedelta(weeks=104)
CASES_A_PAUSE: Final = 100
# A multiplicative hash of the key scatters a sample over people, however their rows were made.
_SCATTERED = Mod(F("engagement_id") * Value(48_271), Value(2_147_483_647))


def realised_cover(*, at: datetime) -> Accuracy:
    """How often the ranges said first held what pauses came to, over the newest closed cases of the firm.

    A case is an engagement of a pause that is over and settled: what its first estimate said, for the time the pause
    really lasted, and what it came to. At most 100 of a pause count, so that one large pause, whose people share one
    shock, does not speak for all. `error` and `bias` are left out: currencies differ. Three queries.
    """
    found = accuracy(closed_cases(at=at))
    return replace(found, error=None, bias=None)


def closed_cases(*, at: datetime) -> list[ClosedCase]:
    """The newest 500 closed cases, those of the pause that was closed last at the end."""
    ended = Pause.objects.filter(state=PauseState.ENDED, closed_at__gt=at - COVER_SPAN, closed_at__lte=at)
    pairs = ended.annotate(first=_run("asked_at", before=True), last=_run("-asked_at", before=False))
    settled_by = dict(
        pairs.filter(first__isnull=False, last__isnull=False)
        .order_by("-closed_at", "-pk")
        .values_list("first", "last")[:DRIFT_CASES]
    )
    said = (
        LostIncomeEstimate.objects.filter(run__in=settled_by)
        .annotate(
            place=Window(RowNumber(), partition_by=F("run_id"), order_by=[_SCATTERED.asc(), F("pk").asc()])
        )
        .filter(place__lte=CASES_A_PAUSE)
    )
    rows = list(_figures(said))
    engagements = {row.engagement_id for row in rows}
    settled = {
        (row.run_id, row.engagement_id, row.currency): row
        for row in _figures(
            LostIncomeEstimate.objects.filter(run__in=settled_by.values(), engagement__in=engagements)
        )
    }
    newest_first = {run: place for place, run in enumerate(settled_by)}
    cases = [
        _closed(row, settled[key])
        for row in sorted(rows, key=lambda row: newest_first[row.run_id])
        if (key := (settled_by[row.run_id], row.engagement_id, row.currency)) in settled
    ]
    return cases[:DRIFT_CASES][::-1]


def newest_watch() -> Mapping[str, Any]:
    """What the last nightly watch found: cases, cover80, cover95, is_drifting; empty before the first."""
    kept = JobRun.objects.filter(kind=COVER_WATCH).order_by("-asked_at", "-pk").first()
    return {} if kept is None else kept.result


def _run(order: str, *, before: bool) -> Subquery:
    closed = OuterRef("closed_at")
    asked = {"asked_at__lt": closed} if before else {"asked_at__gte": closed}
    return Subquery(done_runs().filter(pause=OuterRef("pk"), **asked).order_by(order).values("pk")[:1])


def _figures(rows: QuerySet[LostIncomeEstimate]) -> QuerySet[LostIncomeEstimate]:
    return rows.defer("lines", "reasons").order_by("run", "engagement", "currency")


def _closed(said: LostIncomeEstimate, settled: LostIncomeEstimate) -> ClosedCase:
    case = ClosedCase(
        said.lost_minor,
        said.low80_minor,
        said.high80_minor,
        said.low95_minor,
        said.high95_minor,
        settled.lost_minor,
    )
    return proportion(
        case,
        said_days=(said.ends_on - said.starts_on).days,
        real_days=(settled.ends_on - settled.starts_on).days,
    )
