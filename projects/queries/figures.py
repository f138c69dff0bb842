"""Figures for those who watch the business: promised words, estimates, and work that somebody waits for."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, Min, Q

from projects.models import EstimateChunk, EstimateRun, JobRun, Pause, PauseUpdate, Upload
from projects.models.estimates import RunState
from projects.models.pauses import PauseState
from projects.queries.accuracy import COVER_WATCH
from projects.queries.kept_promises import SINCE

LOOKED_BACK: Final = timedelta(hours=24)
_SAMPLE: Final = 500
_UNFINISHED: Final = (RunState.QUEUED, RunState.RUNNING)
_WORKED_ON: Final = (Upload.State.CHECKING, Upload.State.APPLYING)


@dataclass(frozen=True, slots=True)
class PromiseFigures:
    """How promised words stand now; `due` and `kept` are those of the last ninety days, the overdue among the due."""

    pauses: Mapping[str, int]
    due_within_a_day: int
    late: int
    oldest_late_seconds: float
    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class EstimateFigures:
    """Runs by state (finished ones of the last day), what is still to be computed, and how long runs took."""

    runs: Mapping[str, int]
    chunks_waiting: int
    oldest_unfinished_seconds: float
    seconds_to_finish: tuple[float, float] | None
    """Median and 95th percentile of the runs that were done in the last day."""
    cover80: float | None
    """How many of the past outcomes the 80 % ranges held, as the latest nightly watch found it."""


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """Work of one kind that somebody waits for: how much, and since when the oldest."""

    count: int
    oldest_seconds: float


def promise_figures(*, at: datetime) -> PromiseFigures:
    """Read how promises stand, in three queries whatever their number."""
    in_effect = Pause.objects.filter(state=PauseState.IN_EFFECT)
    late = Q(next_update_by__lte=at)
    now = in_effect.aggregate(
        late=Count("pk", filter=late),
        oldest=Min("next_update_by", filter=late),
        unsaid=Count("pk", filter=late & Q(next_update_by__gt=at - SINCE)),
        soon=Count("pk", filter=Q(next_update_by__gt=at, next_update_by__lte=at + LOOKED_BACK)),
    )
    told = PauseUpdate.objects.filter(promised_by__gt=at - SINCE, promised_by__lte=at).exclude(
        pause__state=PauseState.VOID
    )
    said = told.aggregate(due=Count("pk"), kept=Count("pk", filter=Q(at__lte=F("promised_by"))))
    states = Pause.objects.filter(state__in=[PauseState.SCHEDULED, PauseState.IN_EFFECT])
    return PromiseFigures(
        pauses=dict(states.order_by().values_list("state").annotate(Count("pk"))),
        due_within_a_day=now["soon"],
        late=now["late"],
        oldest_late_seconds=_age(now["oldest"], at=at),
        due=said["due"] + now["unsaid"],
        kept=said["kept"],
    )


def estimate_figures(*, at: datetime) -> EstimateFigures:
    """Read how estimates stand, in five queries whatever their number."""
    unfinished = EstimateRun.objects.filter(state__in=_UNFINISHED)
    lately = EstimateRun.objects.filter(finished_at__gt=at - LOOKED_BACK, finished_at__lte=at)
    runs = (unfinished | lately).order_by().values_list("state").annotate(Count("pk"))
    done = lately.filter(state=RunState.DONE).order_by("-finished_at").values_list("asked_at", "finished_at")
    took = [(finished - asked).total_seconds() for asked, finished in done[:_SAMPLE] if finished is not None]
    watch = JobRun.objects.filter(kind=COVER_WATCH).order_by("-asked_at", "-pk").values_list("result").first()
    return EstimateFigures(
        runs=dict(runs),
        chunks_waiting=EstimateChunk.objects.filter(
            run__state=RunState.RUNNING, done_at__isnull=True
        ).count(),
        oldest_unfinished_seconds=_age(unfinished.aggregate(oldest=Min("asked_at"))["oldest"], at=at),
        seconds_to_finish=_median_and_p95(took),
        cover80=watch[0].get("cover80") if watch else None,
    )


def waiting_work(*, at: datetime) -> Mapping[str, WaitingWork]:
    """Jobs by kind, and files to take in as `upload`, that are asked for and not over; two queries."""
    jobs = JobRun.objects.filter(state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING]).order_by()
    found = {
        kind: WaitingWork(count, _age(oldest, at=at))
        for kind, count, oldest in jobs.values_list("kind").annotate(Count("pk"), Min("asked_at"))
    }
    files = Upload.objects.filter(state__in=_WORKED_ON).aggregate(count=Count("pk"), oldest=Min("asked_at"))
    return found | {"upload": WaitingWork(files["count"], _age(files["oldest"], at=at))}


def _age(since: datetime | None, *, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0


def _median_and_p95(seconds: list[float]) -> tuple[float, float] | None:
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else None
    return statistics.median(seconds), statistics.quantiles(seconds, n=20, method="inclusive")[-1]
