"""After the fact: what was first said of a pause against what it came to, and usual hours against hours worked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from projects.domain.periods import local_day
from projects.models import EstimateRun, HoursEntry, LostIncomeEstimate, Pause, Project
from projects.models.pauses import PauseState
from projects.queries.estimates import done_runs

MOST_WEEKS = 4
"""Usual hours are checked against at most so many whole weeks after the end of a pause."""


@dataclass(frozen=True, slots=True)
class LossAccuracy:
    """One currency of a pause that ended, people estimated both times only: minor units.

    `within80` and `within95` count the estimates whose settled loss lay inside the range that was said first.
    """

    pause_id: int
    currency: str
    estimates: int
    first_said_minor: int
    settled_minor: int
    within80: int
    within95: int


@dataclass(frozen=True, slots=True)
class HoursAccuracy:
    """Usual hours that estimates rest on, against hours worked in the whole weeks after the pause, by project."""

    pause_id: int
    project: str
    engagements: int
    weeks: int
    expected_seconds: int
    actual_seconds: int
    absolute_error_seconds: int

    @property
    def bias(self) -> float | None:
        """(expected - actual) / actual; None where nothing was worked."""
        return (
            (self.expected_seconds - self.actual_seconds) / self.actual_seconds
            if self.actual_seconds
            else None
        )

    @property
    def error(self) -> float | None:
        """Sum of absolute errors / sum of actual hours (WAPE); None where nothing was worked."""
        return self.absolute_error_seconds / self.actual_seconds if self.actual_seconds else None


def loss_accuracy_of(pause: Pause) -> tuple[LossAccuracy, ...]:
    """How the first estimate of a pause compares with the latest; empty until it has ended and was estimated twice."""
    first, last = _first_and_last(pause)
    if first is None or last is None:
        return ()
    said = {_key(row): row for row in _figures(first)}
    pairs: dict[str, list[tuple[LostIncomeEstimate, int]]] = defaultdict(list)
    for row in _figures(last):
        if _key(row) in said:
            pairs[row.currency].append((said[_key(row)], row.lost_minor))
    return tuple(
        LossAccuracy(
            pause_id=pause.pk,
            currency=currency,
            estimates=len(rows),
            first_said_minor=sum(row.lost_minor for row, _ in rows),
            settled_minor=sum(lost for _, lost in rows),
            within80=sum(row.low80_minor <= lost <= row.high80_minor for row, lost in rows),
            within95=sum(row.low95_minor <= lost <= row.high95_minor for row, lost in rows),
        )
        for currency, rows in sorted(pairs.items())
    )


def hours_accuracy_of(pause: Pause, *, as_of: date) -> tuple[HoursAccuracy, ...]:
    """Whether people went on to work their usual hours: whole weeks from the Monday after the pause up to `as_of`.

    Only engagements that ran through those weeks and were stopped by no pause in them. At most four weeks; empty until
    one is over.
    """
    _, last = _first_and_last(pause)
    if last is None or pause.ends_at is None:
        return ()
    ended_on = local_day(pause.ends_at, "UTC")
    starts_on = ended_on + timedelta(days=-ended_on.weekday() % 7)
    weeks = min(MOST_WEEKS, (as_of + timedelta(days=1) - starts_on).days // 7)
    if weeks < 1:
        return ()
    until = starts_on + timedelta(weeks=weeks)
    rows = (
        LostIncomeEstimate.objects.filter(run=last, engagement__starts_on__lt=starts_on)
        .filter(Q(engagement__ends_on__isnull=True) | Q(engagement__ends_on__gte=until))
        .exclude(engagement__project__in=_projects_paused(starts_on, until))
    )
    usual = dict(rows.values_list("engagement_id", "usual_weekly_seconds"))
    codes = dict(rows.values_list("engagement_id", "engagement__project__code"))
    worked = dict(
        HoursEntry.objects.filter(
            engagement__in=rows.values("engagement"), worked_on__gte=starts_on, worked_on__lt=until
        )
        .order_by()
        .values("engagement_id")
        .annotate(seconds=Sum("seconds"))
        .values_list("engagement_id", "seconds")
    )
    by_project: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for engagement_id, weekly in usual.items():
        by_project[codes[engagement_id]].append((weekly * weeks, worked.get(engagement_id, 0)))
    return tuple(_compared(pause.pk, project, weeks, pairs) for project, pairs in sorted(by_project.items()))


def _compared(pause_id: int, project: str, weeks: int, pairs: Sequence[tuple[int, int]]) -> HoursAccuracy:
    return HoursAccuracy(
        pause_id=pause_id,
        project=project,
        engagements=len(pairs),
        weeks=weeks,
        expected_seconds=sum(expected for expected, _ in pairs),
        actual_seconds=sum(actual for _, actual in pairs),
        absolute_error_seconds=sum(abs(expected - actual) for expected, actual in pairs),
    )


def _first_and_last(pause: Pause) -> tuple[EstimateRun | None, EstimateRun | None]:
    if pause.state != PauseState.ENDED or pause.closed_at is None:
        return None, None
    runs = done_runs().filter(pause=pause.pk).defer("context")
    last = runs.filter(asked_at__gte=pause.closed_at).first()
    first = runs.filter(asked_at__lt=pause.closed_at).order_by("asked_at", "pk").first()
    return first, last


def _figures(run: EstimateRun) -> Iterable[LostIncomeEstimate]:
    return LostIncomeEstimate.objects.filter(run=run).defer("lines", "reasons")


def _key(row: LostIncomeEstimate) -> tuple[int, str]:
    return row.engagement_id, row.currency


def _projects_paused(starts_on: date, until: date) -> set[int]:
    """Projects that some pause stops in these weeks."""
    pauses = Pause.objects.that_happened().filter(starts_at__date__lt=until)
    stopping = pauses.filter(Q(ends_at__isnull=True) | Q(ends_at__date__gt=starts_on))
    own = Project.objects.filter(pk__in=stopping.values("project"))
    of_clients = Project.objects.filter(client__in=stopping.values("client"))
    return {*own.values_list("pk", flat=True), *of_clients.values_list("pk", flat=True)}
