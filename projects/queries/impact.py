"""Rows of the record -> what an estimate is made from, for some hundreds of people in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django.db.models import Q, QuerySet

from notifications.rows import is_one_of
from projects.domain.periods import Days, local_day
from projects.impact.inputs import (
    Basis,
    EngagementInputs,
    History,
    MaskedSpan,
    MaskKind,
    PauseSpan,
    PeerEvidence,
    PersonInputs,
    Ramp,
    RateSpan,
)
from projects.models import Engagement, Leave, Pause, PauseExclusion, Project, Rate, ScopeReassessment
from projects.models.pauses import PauseState
from projects.queries.calendars import calendars_of
from projects.queries.coverage import (
    PauseFacts,
    Piece,
    ProjectTerms,
    closed,
    days_touched,
    days_without,
    pieces_by_pause,
)
from projects.queries.earned import earned_in
from projects.queries.exchange import Exchange
from projects.queries.histories import histories_of
from projects.queries.paused_hours import decided_work

HISTORY_WEEKS = 104
RAMP_WEEKS = 13
"""A decided scope stands in for a person's own weeks this long; by then their own weeks show it."""
_NOTHING = History.empty()
_TERM_FIELDS = (
    "pk", "contractor_id", "contractor__country", "contractor__region", "starts_on", "ends_on",
    "candidacy__weekly_seconds", "project_id", "project__client_id", "project__time_zone",
    "project__planned_end_on", "project__ended_on",
)  # fmt: skip
_RATE_FIELDS = (
    "engagement_id", "starts_on", "basis", "amount_millionths", "currency", "contracted_weekly_seconds",
    "weekday_seconds", "max_weekly_seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunScope:
    """What one run asks: which pause, what was known as of which day, and how far each project's sheets are in.

    `terms` are the projects the pause stops. `submitted` maps a project to the last local date with
    hours, `peers` a country to what colleagues there worked since the pause began.
    """

    pause: PauseFacts
    as_of: date
    terms: Mapping[int, ProjectTerms]
    submitted: Mapping[int, date] = field(default_factory=dict)
    peers: Mapping[str, PeerEvidence] = field(default_factory=dict)

    @property
    def starts_on(self) -> date:
        """The first local day of the pause, wherever it begins first."""
        return min(
            (local_day(self.pause.starts_at, project.time_zone) for project in self.terms.values()),
            default=local_day(self.pause.starts_at, "UTC"),
        )

    @property
    def until(self) -> date:
        """First local date after everything that is priced."""
        return max(
            (self._last_day(project) + timedelta(days=1) for project in self.terms.values()),
            default=self.starts_on,
        )

    def _last_day(self, project: ProjectTerms) -> date:
        ends_at = closed(self.pause, project, as_of=self.as_of).ends_at
        return local_day(ends_at or self.pause.starts_at, project.time_zone)


def scope_of(
    pause: Pause,
    *,
    as_of: date,
    submitted: Mapping[int, date] | None = None,
    peers: Mapping[str, PeerEvidence] | None = None,
) -> RunScope:
    """The scope of a run over a pause: a pause that was closed after `as_of` counts as still open."""
    excluded = PauseExclusion.objects.filter(pause=pause.pk).values_list("contractor_id", flat=True)
    facts = facts_as_of(pause, as_of=as_of, excluded=excluded)
    terms = {row.pk: _terms_of(row) for row in pause.named_projects()}
    return RunScope(facts, as_of, terms, submitted or {}, peers or {})


def facts_as_of(pause: Pause, *, as_of: date, excluded: Iterable[int] = ()) -> PauseFacts:
    """The facts of a pause as they stood at the end of a day."""
    released = pause.releases.filter(released_at__lt=_end_of(as_of)) if pause.client_id and pause.pk else None
    let_go = dict(released.values_list("project_id", "released_at")) if released is not None else {}
    facts = PauseFacts.of(pause, excluded=frozenset(excluded), released=let_go)
    if pause.state == PauseState.ENDED and pause.closed_at and pause.closed_at >= _end_of(as_of):
        return replace(facts, ends_at=None)
    return facts


def engagements_stopped(scope: RunScope) -> QuerySet[Engagement]:
    """Engagements on the projects of the pause whose term shares a day with it, of nobody it spares."""
    last = scope.until
    rows = Engagement.objects.filter(project__in=list(scope.terms)).overlapping(scope.starts_on, last)
    running = Q(project__ended_on__isnull=True) | Q(project__ended_on__gt=scope.starts_on)
    return cast(
        "QuerySet[Engagement]", rows.filter(running).exclude(contractor__in=list(scope.pause.excluded))
    )


def people_of(scope: RunScope, *, first_id: int, last_id: int) -> list[PersonInputs]:
    """Everybody whom the pause stops with an id in `[first_id, last_id]`, in order of id.

    At most eleven queries, and three more where somebody is paid in two currencies.
    """
    stopped = engagements_stopped(scope).filter(contractor_id__gte=first_id, contractor_id__lte=last_id)
    ids = sorted(set(stopped.values_list("contractor_id", flat=True)))
    return _Assembly(scope, ids).people() if ids else []


@dataclass(frozen=True, slots=True)
class _Term:
    """One engagement row with what its project and person add."""

    pk: int
    contractor_id: int
    country: str
    region: str
    project: ProjectTerms
    starts_on: date
    ends_on: date | None
    agreed_weekly_seconds: int


class _Assembly:
    """Reads what some people's estimates need and puts it together, person by person."""

    def __init__(self, scope: RunScope, contractor_ids: Sequence[int]) -> None:
        self.scope = scope
        self.starts_on, self.until = scope.starts_on, scope.until
        self.since = self.starts_on - timedelta(weeks=HISTORY_WEEKS)
        self.covers: dict[tuple[int, ...], _Cover] = {}
        self.terms = _terms_by_person(contractor_ids, since=self.since)
        engagements = [term for terms in self.terms.values() for term in terms]
        self.pauses = _pauses_touching(scope, engagements, contractor_ids, since=self.since)
        self.rates = rates_of([term.pk for term in engagements])
        self.leave = _leave_of(contractor_ids, since=self.since, before=self.until)
        self.ramps = _ramps_of({term.project.pk for term in engagements}, as_of=scope.as_of)
        before = min(scope.as_of + timedelta(days=1), self.until)
        self.histories = histories_of([term.pk for term in engagements], since=self.since, before=before)
        self.calendars = calendars_of({term.country for term in engagements})
        self.decided = decided_work([term.pk for term in engagements], as_of=scope.as_of)
        self.exchange = Exchange(
            _currencies(self.rates.values(), self.pauses),
            first=min(self.starts_on, scope.as_of),
            last=min(scope.as_of, self.until),
        )

    def people(self) -> list[PersonInputs]:
        return [self._person(contractor_id, terms) for contractor_id, terms in self.terms.items()]

    def _person(self, contractor_id: int, terms: Sequence[_Term]) -> PersonInputs:
        masked = list(self.leave.get(contractor_id, ()))
        engagements = []
        for term in terms:
            cover = self._cover(term)
            masked += [
                MaskedSpan(days.starts_on, days.ends_on, "pause", str(term.pk)) for days in cover.elsewhere
            ]
            # Where nothing says what the work pays, it is left out: the person's other work is estimated all the same.
            engagements.append(self._engagement(term, cover if term.pk in self.rates else _NO_COVER))
        return PersonInputs(
            person=str(contractor_id),
            country=terms[0].country,
            region=terms[0].region or None,
            as_of=min(self.scope.as_of, self.until),
            engagements=tuple(engagements),
            masked=tuple(masked),
            extra_holidays=self.calendars.holidays(terms[0].country, terms[0].region),
            worked_holidays=self.calendars.worked(terms[0].country, terms[0].region),
            peers=self.scope.peers.get(terms[0].country),
            fx=self.exchange.rates_for(engagements),
        )

    def _engagement(self, term: _Term, cover: "_Cover") -> EngagementInputs:
        submitted = self.scope.submitted.get(term.project.pk)
        history = self.histories.get(term.pk, _NOTHING)
        return EngagementInputs(
            engagement=str(term.pk),
            project=str(term.project.pk),
            client=str(term.project.client_id),
            time_zone=term.project.time_zone,
            starts_on=term.starts_on,
            ends_on=_earlier(term.ends_on, term.project.ended_on),
            rates=self.calendars.with_weeks(self.rates.get(term.pk, ()), term.country, term.region),
            history=history,
            pauses=cover.spans,
            earned=earned_in(history, cover.touched, self.decided.get(term.pk, ()), since=self.starts_on),
            ramps=self.ramps.get(term.project.pk, ()),
            last_submitted_on=min(submitted, self.until) if submitted else None,
            is_redeployment=not cover.spans and term.starts_on >= self.starts_on,
            agreed_weekly_seconds=0 if cover.spans else term.agreed_weekly_seconds,
        )

    def _cover(self, term: _Term) -> "_Cover":
        """What the pauses make of one engagement; the same for everybody whom the same pauses stop on a project."""
        project = term.project
        reaching = tuple(
            pause
            for pause in self.pauses
            if pause.reaches(
                project_id=project.pk, client_id=project.client_id, contractor_id=term.contractor_id
            )
        )
        if not reaching:
            return _NO_COVER
        key = (project.pk, *(pause.pk for pause in reaching))
        if key not in self.covers:
            self.covers[key] = self._parted(project, reaching)
        return self.covers[key]

    def _parted(self, project: ProjectTerms, reaching: Sequence[PauseFacts]) -> "_Cover":
        """On an engagement this pause stops only its own pieces are priced.

        Elsewhere those of other pauses that overlap it are, so that extra work is shared with them; their results are
        not this run's.
        """
        own = self.scope.pause
        parted = pieces_by_pause(reaching, project, as_of=self.scope.as_of)
        if own.pk in parted:
            priced = parted.pop(own.pk)
        else:
            end = datetime.combine(self.until, time(), UTC)
            priced = tuple(
                piece
                for pieces in parted.values()
                for piece in pieces
                if piece.ends_at > own.starts_at and piece.starts_at < end
            )
        rest = [piece for pieces in parted.values() for piece in pieces if piece not in priced]
        touched = days_touched(priced, project.time_zone)
        elsewhere = days_without(days_touched(rest, project.time_zone), touched)
        return _Cover(tuple(_span_of(piece) for piece in priced), touched, elsewhere)


@dataclass(frozen=True, slots=True)
class _Cover:
    """The spans priced on an engagement, the local days they touch, and other paused days, which are no history."""

    spans: tuple[PauseSpan, ...] = ()
    touched: tuple[Days, ...] = ()
    elsewhere: tuple[Days, ...] = ()


_NO_COVER = _Cover()


def _span_of(piece: Piece) -> PauseSpan:
    pause = piece.pause
    return PauseSpan(
        pause=str(pause.pk),
        starts_at=piece.starts_at,
        ends_at=piece.ends_at,
        kind=pause.kind,
        remaining_bp=pause.remaining_bp,
        standby=pause.standby,
        notice_sent_at=pause.notice_sent_at,
        reason=pause.reason,
    )


# --- Reading -------------------------------------------------------------------------------------------------------
def _terms_by_person(contractor_ids: Sequence[int], *, since: date) -> dict[int, list[_Term]]:
    rows = (
        Engagement.objects.filter(is_one_of("contractor_id", contractor_ids))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=since))
        .order_by("contractor_id", "pk")
        .values_list(*_TERM_FIELDS)
    )
    projects: dict[int, ProjectTerms] = {}
    people: dict[int, list[_Term]] = {}
    for pk, person, country, region, starts_on, ends_on, agreed, *project_facts in rows:
        project = projects.get(project_facts[0])
        if project is None:
            project = projects[project_facts[0]] = ProjectTerms(*project_facts)
        term = _Term(pk, person, country, region, project, starts_on, ends_on, agreed or 0)
        people.setdefault(person, []).append(term)
    return people


def _pauses_touching(
    scope: RunScope, terms: Sequence[_Term], contractor_ids: Sequence[int], *, since: date
) -> list[PauseFacts]:
    """This run's pause and every other that touches these people's engagements since the history began."""
    projects = {term.project.pk: term.project.client_id for term in terms}
    others = list(
        Pause.objects.that_happened()
        .exclude(pk=scope.pause.pk)
        .filter(Q(project__in=list(projects)) | Q(client__in=set(projects.values())))
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=_end_of(since - timedelta(days=1))))
        .filter(opened_at__lt=_end_of(scope.as_of))
    )
    spared: dict[int, set[int]] = defaultdict(set)
    rows = PauseExclusion.objects.filter(
        is_one_of("contractor_id", contractor_ids), pause__in=[other.pk for other in others]
    )
    for pause_id, contractor_id in rows.values_list("pause_id", "contractor_id"):
        spared[pause_id].add(contractor_id)
    return [
        scope.pause,
        *(facts_as_of(other, as_of=scope.as_of, excluded=spared[other.pk]) for other in others),
    ]


def rates_of(engagement_ids: Sequence[int]) -> dict[int, tuple[RateSpan, ...]]:
    """The terms of each engagement, oldest first; engagements without any are absent."""
    rows = (
        Rate.objects.filter(is_one_of("engagement_id", engagement_ids))
        .order_by("engagement_id", "starts_on")
        .values_list(*_RATE_FIELDS)
    )
    found: dict[int, list[RateSpan]] = defaultdict(list)
    alike: dict[tuple[Any, ...], RateSpan] = {}
    for engagement_id, starts_on, basis, amount, currency, weekly, weekday, most in rows:
        pattern = tuple(weekday) if weekday and len(weekday) == 7 else None
        terms = (starts_on, cast(Basis, basis), amount, currency, weekly, pattern, most)
        found[engagement_id].append(alike.get(terms) or alike.setdefault(terms, RateSpan(*terms)))
    return {pk: tuple(spans) for pk, spans in found.items()}


def _currencies(rates: Iterable[Sequence[RateSpan]], pauses: Sequence[PauseFacts]) -> set[str]:
    """The currencies of everybody's pay and of standby pay."""
    paid = {rate.currency for spans in rates for rate in spans}
    return paid | {pause.standby.currency for pause in pauses if pause.standby.currency}


def _leave_of(contractor_ids: Sequence[int], *, since: date, before: date) -> dict[int, list[MaskedSpan]]:
    rows = Leave.objects.filter(
        is_one_of("contractor_id", contractor_ids), ends_on__gt=since, starts_on__lt=before
    )
    found: dict[int, list[MaskedSpan]] = defaultdict(list)
    for contractor_id, kind, starts_on, ends_on in rows.order_by(
        "contractor_id", "starts_on", "pk"
    ).values_list("contractor_id", "kind", "starts_on", "ends_on"):
        mask: MaskKind = "sickness" if kind == Leave.Kind.SICKNESS else "leave"
        found[contractor_id].append(MaskedSpan(starts_on, ends_on, mask))
    return found


def _ramps_of(project_ids: Collection[int], *, as_of: date) -> dict[int, tuple[Ramp, ...]]:
    """New weekly hours of a decided scope, for everybody on the project, from the day they take effect."""
    rows = ScopeReassessment.objects.filter(
        project__in=project_ids, decided_at__lt=_end_of(as_of), effective_on__isnull=False,
        new_weekly_seconds__isnull=False,
    ).order_by("effective_on", "pk")  # fmt: skip
    found: dict[int, list[Ramp]] = defaultdict(list)
    for project_id, effective_on, weekly in rows.values_list(
        "project_id", "effective_on", "new_weekly_seconds"
    ):
        if effective_on is not None and weekly is not None:
            found[project_id].append(Ramp(effective_on, effective_on + timedelta(weeks=RAMP_WEEKS), weekly))
    return {pk: tuple(ramps) for pk, ramps in found.items()}


def _terms_of(project: Project) -> ProjectTerms:
    return ProjectTerms(
        project.pk, project.client_id, project.time_zone, project.planned_end_on, project.ended_on
    )


def _end_of(day: date) -> datetime:
    """The instant at which a day is over in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
