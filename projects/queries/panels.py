"""An even sample of the firm's people, their hours read once and laid side by side week by week."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Mod
from numpy.typing import NDArray

from projects.domain.periods import Days
from projects.impact.context import HISTORY_WEEKS, OFFICE_WEEK
from projects.impact.inputs import History
from projects.impact.panel import PanelWeeks
from projects.models import Engagement, Leave, Pause
from projects.queries.coverage import PauseFacts, ProjectTerms, days_touched, pieces_by_pause
from projects.queries.histories import histories_of

SAMPLED_PEOPLE = 4_000
"""An even sample of this many people stands for all, so that the cost does not grow with the firm."""
PROFILE_WEEKS = 26
HOUR = 3_600.0
Ordinals = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class SampledTerm:
    """One engagement of somebody in the sample who has worked on it."""

    pk: int
    contractor_id: int
    country: str
    project: ProjectTerms
    starts_on: date


@dataclass(frozen=True)
class Sample:
    """People with hours in the 104 weeks before `origin`: their engagements, histories and days that are no history.

    Histories reach from the first of those weeks to `before`.
    """

    origin: date
    before: date
    terms: tuple[SampledTerm, ...]
    histories: Mapping[int, History]
    away: Mapping[int, Ordinals]

    @cached_property
    def people(self) -> tuple[int, ...]:
        """Contractor ids, in order: the columns of every array."""
        return tuple(sorted({term.contractor_id for term in self.terms}))

    @cached_property
    def column(self) -> dict[int, int]:
        """The column of each contractor."""
        return {person: place for place, person in enumerate(self.people)}

    @property
    def first(self) -> int:
        """Ordinal of the first day of the 104 weeks."""
        return (self.origin - timedelta(weeks=HISTORY_WEEKS)).toordinal()


def read_sample(*, origin: date, before: date, submitted: Mapping[int, date]) -> Sample:
    """Read every k-th person's hours, in a constant number of queries; `submitted` says how far sheets are in."""
    first = origin - timedelta(weeks=HISTORY_WEEKS)
    engaged = _sampled_terms(first, origin)
    histories = histories_of([term.pk for term in engaged], since=first, before=before)
    terms = tuple(term for term in engaged if term.pk in histories)
    return Sample(
        origin, before, terms, histories, _away(terms, first=first, before=before, submitted=submitted)
    )


def panel_of(sample: Sample, labels: Mapping[int, int]) -> tuple[PanelWeeks, tuple[float, ...]]:
    """The weeks before the origin, with `labels` for main projects, and the pooled shares of the weekdays."""
    hours = np.zeros((HISTORY_WEEKS, len(sample.people)), np.float32)
    begun = np.full(len(sample.people), HISTORY_WEEKS * 7, np.int32)
    of_late: dict[int, Counter[int]] = {person: Counter() for person in sample.people}
    by_weekday = np.zeros(7)
    last = sample.origin.toordinal()
    for term in sample.terms:
        history, column = sample.histories[term.pk], sample.column[term.contractor_id]
        kept = (history.ordinals < last) & ~np.isin(history.ordinals, sample.away[term.contractor_id])
        days, seconds = history.ordinals[kept] - sample.first, history.seconds[kept]
        if not len(days):
            continue
        hours[:, column] += np.bincount(days // 7, seconds / HOUR, HISTORY_WEEKS)
        begun[column] = min(begun[column], days[0])
        recent = days >= (HISTORY_WEEKS - PROFILE_WEEKS) * 7
        by_weekday += np.bincount((days[recent] + sample.first + 6) % 7, seconds[recent], 7)
        of_late[term.contractor_id][term.project.pk] += int(seconds[recent].sum())
    main = [_main_project(of_late[person], labels) for person in sample.people]
    shares = by_weekday / by_weekday.sum() if by_weekday.sum() else np.asarray(OFFICE_WEEK)
    panel = PanelWeeks(hours, begun // 7, np.asarray(main, np.int32), _available(sample, shares, begun))
    return panel, tuple(shares.tolist())


def _main_project(of_late: Counter[int], labels: Mapping[int, int]) -> int:
    """The label of the project with most hours of late, -1 where there is none."""
    return labels.get(of_late.most_common(1)[0][0], -1) if of_late else -1


def _available(sample: Sample, shares: NDArray[Any], begun: Ordinals) -> NDArray[np.float32] | None:
    """The share of each week that counts as history: weeks x people; None when all of it does.

    Days of somebody's first week before they began do not, nor do days away.
    """
    available = np.ones((HISTORY_WEEKS, len(sample.people)), np.float32)
    is_whole = True
    for column, person in enumerate(sample.people):
        first = int(begun[column])
        before = np.arange(first - first % 7, first) + sample.first
        days = np.union1d(sample.away[person], before) if len(before) else sample.away[person]
        inside = days[(days >= sample.first) & (days < sample.first + 7 * HISTORY_WEEKS)]
        if len(inside):
            is_whole = False
            lost = shares[(inside + 6) % 7].astype(np.float32)
            np.subtract.at(available[:, column], (inside - sample.first) // 7, lost)
    return None if is_whole else np.clip(available, 0, 1)


def _sampled_terms(first: date, origin: date) -> list[SampledTerm]:
    engaged: QuerySet[Engagement] = Engagement.objects.overlapping(first, origin)
    people = engaged.values("contractor").distinct().count()
    every = max(1, -(-people // SAMPLED_PEOPLE))
    rows = engaged if every == 1 else engaged.annotate(turn=Mod("contractor_id", every)).filter(turn=0)
    return [
        SampledTerm(pk, person, country, ProjectTerms(project, client, zone), starts_on)
        for pk, person, country, project, client, zone, starts_on in rows.order_by("contractor_id", "pk").values_list(
            "pk", "contractor_id", "contractor__country", "project_id", "project__client_id", "project__time_zone",
            "starts_on",
        )
    ]  # fmt: skip


def _away(
    terms: Sequence[SampledTerm], *, first: date, before: date, submitted: Mapping[int, date]
) -> dict[int, Ordinals]:
    """Days that are no history: leave, pauses, and sheets not handed in yet."""
    spans: dict[int, list[Days]] = {term.contractor_id: [] for term in terms}
    leave = Leave.objects.filter(contractor__in=list(spans), ends_on__gt=first, starts_on__lt=before)
    for person, starts_on, ends_on in leave.values_list("contractor_id", "starts_on", "ends_on"):
        spans[person].append(Days(starts_on, ends_on))
    pauses = [PauseFacts.of(pause) for pause in Pause.objects.that_happened()]
    paused: dict[int, tuple[Days, ...]] = {}
    for term in terms:
        project = term.project
        if project.pk not in paused:
            paused[project.pk] = _paused_days(pauses, project, before)
        spans[term.contractor_id].extend(paused[project.pk])
        through = submitted.get(project.pk)
        if through is not None and through + timedelta(days=1) < before:
            spans[term.contractor_id].append(Days(through + timedelta(days=1), before))
    return {person: _ordinals(own) for person, own in spans.items()}


def _paused_days(pauses: Sequence[PauseFacts], project: ProjectTerms, as_of: date) -> tuple[Days, ...]:
    reaching = [
        pause
        for pause in pauses
        if pause.reaches(project_id=project.pk, client_id=project.client_id, contractor_id=0)
    ]
    parted = pieces_by_pause(reaching, project, as_of=as_of)
    return days_touched((piece for pieces in parted.values() for piece in pieces), project.time_zone)


def _ordinals(spans: Iterable[Days]) -> Ordinals:
    days = {day for span in spans for day in range(span.starts_on.toordinal(), span.ends_on.toordinal())}
    return np.fromiter(sorted(days), np.int32, len(days))
