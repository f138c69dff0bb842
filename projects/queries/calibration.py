"""What the firm's own past says about any estimate: learned from the hours of an even sample of its people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Mod, RowNumber

from projects.domain.periods import Days
from projects.impact.context import HISTORY_WEEKS, OFFICE_WEEK, FirmContext, build_context
from projects.impact.inputs import History
from projects.impact.panel import PanelWeeks
from projects.models import Engagement, HoursEntry, Leave, Pause
from projects.queries.coverage import PauseFacts, ProjectTerms, days_touched, pieces_by_pause
from projects.queries.histories import histories_of

CALIBRATING_PEOPLE = 4_000
"""An even sample of this many people stands for all, so that the cost does not grow with the firm."""
SUBMITTING_PEOPLE = 200
"""So many engagements of a project tell how far its sheets are in."""
PROFILE_WEEKS = 26
HOUR = 3_600.0


def submitted_by_project(*, as_of: date) -> dict[int, date]:
    """The last local date with hours of every project, up to `as_of`: later days are not handed in yet, not idle.

    Judged by the project's first 200 engagements that were running within 5 weeks, in one query.
    """
    since = as_of - timedelta(weeks=5)
    last = (
        HoursEntry.objects.filter(engagement=OuterRef("pk"), worked_on__lte=as_of, worked_on__gt=since)
        .order_by("-worked_on")
        .values("worked_on")[:1]
    )
    numbered = (
        Engagement.objects.overlapping(since, as_of + timedelta(days=1))
        .annotate(place=Window(RowNumber(), partition_by=F("project_id"), order_by=F("pk").asc()))
        .filter(place__lte=SUBMITTING_PEOPLE)
        .values("pk")
    )
    rows = (
        Engagement.objects.filter(pk__in=numbered)
        .annotate(last=Subquery(last))
        .values("project_id")
        .annotate(through=Max("last"))
        .values_list("project_id", "through")
    )
    return {project_id: through for project_id, through in rows if through is not None}


def firm_context(*, origin: date, submitted: Mapping[int, date]) -> FirmContext:
    """Calibrate on the 104 weeks that end at `origin` (exclusive); empty where nobody has worked."""
    first = origin - timedelta(weeks=HISTORY_WEEKS)
    terms = _sampled_terms(first, origin)
    histories = histories_of([pk for pk, *_ in terms], since=first, before=origin)
    working = [term for term in terms if term[0] in histories]
    people = sorted({person for _, person, *_ in working})
    if not people:
        return FirmContext.empty(origin)
    away = _away(working, people, first=first, origin=origin, submitted=submitted)
    return _calibrated(working, people, histories, away, origin=origin)


Term = tuple[int, int, ProjectTerms]
"""Engagement, contractor, project."""


def _sampled_terms(first: date, origin: date) -> list[Term]:
    """Engagements of an even sample of the people engaged between two days: every k-th by id."""
    engaged: QuerySet[Engagement] = Engagement.objects.overlapping(first, origin)
    people = engaged.values("contractor").distinct().count()
    every = max(1, -(-people // CALIBRATING_PEOPLE))
    rows = engaged if every == 1 else engaged.annotate(turn=Mod("contractor_id", every)).filter(turn=0)
    return [
        (pk, person, ProjectTerms(project, client, zone))
        for pk, person, project, client, zone in rows.order_by("contractor_id", "pk").values_list(
            "pk", "contractor_id", "project_id", "project__client_id", "project__time_zone"
        )
    ]


def _calibrated(
    terms: Sequence[Term],
    people: Sequence[int],
    histories: Mapping[int, History],
    away: Mapping[int, Iterable[Days]],
    *,
    origin: date,
) -> FirmContext:
    first = (origin - timedelta(weeks=HISTORY_WEEKS)).toordinal()
    place = {person: index for index, person in enumerate(people)}
    missing = {person: _ordinals(away.get(person, ())) for person in people}
    hours = np.zeros((HISTORY_WEEKS, len(people)), np.float32)
    start = np.full(len(people), HISTORY_WEEKS, np.int32)
    of_late: dict[int, Counter[int]] = {person: Counter() for person in people}
    by_weekday = np.zeros(7)
    for pk, person, project in terms:
        history, column = histories[pk], place[person]
        kept = ~np.isin(history.ordinals, missing[person])
        days, seconds = history.ordinals[kept] - first, history.seconds[kept]
        if not len(days):
            continue
        hours[:, column] += np.bincount(days // 7, seconds / HOUR, HISTORY_WEEKS)
        start[column] = min(start[column], days[0] // 7)
        recent = days >= (HISTORY_WEEKS - PROFILE_WEEKS) * 7
        by_weekday += np.bincount((days[recent] + first + 6) % 7, seconds[recent], 7)
        of_late[person][project.pk] += int(seconds[recent].sum())
    projects = sorted({project.pk for *_, project in terms})
    label = {pk: index for index, pk in enumerate(projects)}
    main = [label[of_late[person].most_common(1)[0][0]] if of_late[person] else -1 for person in people]
    shares = by_weekday / by_weekday.sum() if by_weekday.sum() else np.asarray(OFFICE_WEEK)
    panel = PanelWeeks(hours, start, np.asarray(main, np.int32), _available(people, missing, first, shares))
    return build_context(
        panel, as_of=origin, projects=[str(pk) for pk in projects], weekday_shares=shares.tolist()
    )


def _available(
    people: Sequence[int], missing: Mapping[int, np.ndarray], first: int, shares: np.ndarray
) -> np.ndarray | None:
    """The share of each week that counts as history: weeks x people; None when all of it does."""
    if not any(len(days) for days in missing.values()):
        return None
    available = np.ones((HISTORY_WEEKS, len(people)), np.float32)
    for column, person in enumerate(people):
        days = missing[person]
        inside = days[(days >= first) & (days < first + 7 * HISTORY_WEEKS)]
        np.subtract.at(
            available[:, column], (inside - first) // 7, shares[(inside + 6) % 7].astype(np.float32)
        )
    return np.clip(available, 0, 1)


def _ordinals(spans: Iterable[Days]) -> np.ndarray:
    days = {day for span in spans for day in range(span.starts_on.toordinal(), span.ends_on.toordinal())}
    return np.fromiter(sorted(days), np.int32, len(days))


def _away(
    terms: Sequence[Term], people: Sequence[int], *, first: date, origin: date, submitted: Mapping[int, date]
) -> dict[int, list[Days]]:
    """Days that are no history: leave, pauses, and sheets not handed in yet."""
    away: dict[int, list[Days]] = {person: [] for person in people}
    for person, starts_on, ends_on in Leave.objects.filter(
        contractor__in=people, ends_on__gt=first, starts_on__lt=origin
    ).values_list("contractor_id", "starts_on", "ends_on"):
        away[person].append(Days(starts_on, ends_on))
    pauses = [PauseFacts.of(pause) for pause in Pause.objects.that_happened()]
    paused: dict[int, tuple[Days, ...]] = {}
    for _, person, project in terms:
        if project.pk not in paused:
            paused[project.pk] = _paused_days(pauses, project, origin)
        away[person].extend(paused[project.pk])
        through = submitted.get(project.pk)
        if through is not None and through + timedelta(days=1) < origin:
            away[person].append(Days(through + timedelta(days=1), origin))
    return away


def _paused_days(pauses: Sequence[PauseFacts], project: ProjectTerms, origin: date) -> tuple[Days, ...]:
    reaching = [
        pause
        for pause in pauses
        if pause.reaches(project_id=project.pk, client_id=project.client_id, contractor_id=0)
    ]
    parted = pieces_by_pause(reaching, project, as_of=origin)
    return days_touched((piece for pieces in parted.values() for piece in pieces), project.time_zone)
