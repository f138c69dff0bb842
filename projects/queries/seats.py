"""Open seats for one contractor, with how each fits them and pays against what they have; and who fits a seat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Q, QuerySet, Value, When

from projects import access
from projects.domain.periods import local_day
from projects.domain.seats import ACCEPTED, OFFERED, WITHDRAWN, RateComparison, compare_rates
from projects.models import (
    Candidacy,
    Contractor,
    Engagement,
    OpenSeat,
    Pause,
    PauseExclusion,
    Rate,
    User,
)
from projects.models.pauses import PauseKind, PauseState

MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class CandidacyFacts:
    """Where this person and this seat stand; the terms are there once the seat was offered to them."""

    state: str
    words: str
    starts_on: date | None
    ends_on: date | None
    weekly_seconds: int | None
    amount_millionths: int | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatMatch:
    """One seat as it looks to one person. Rates are in millionths of `currency` for one unit of `basis`.

    `own` compares with what they are paid by the same unit in the same currency; None where they have no such rate.
    `hours_fit` says whether the hours asked are no more than those that stopped; None where either is not known.
    """

    seat_id: int
    title: str
    project_code: str
    project_name: str
    client_name: str
    seats_left: int
    basis: str
    currency: str
    lowest_millionths: int
    highest_millionths: int | None
    weekly_seconds: int | None
    countries: tuple[str, ...]
    opened_on: date
    closes_on: date | None
    skills_matched: tuple[str, ...]
    skills_missing: tuple[str, ...]
    hours_fit: bool | None
    own: RateComparison | None
    candidacy: CandidacyFacts | None

    @property
    def has_every_skill(self) -> bool:
        """Whether the person has told us of every skill that is asked for."""
        return not self.skills_missing


@dataclass(frozen=True, slots=True)
class _Person:
    """What matching needs of one contractor: who is paid what, how many hours stopped, and what they can do."""

    contractor: Contractor
    today: date
    skills: frozenset[str]
    projects: frozenset[int]
    rates: Mapping[tuple[str, str], int]
    free_seconds: int | None
    candidacies: Mapping[int, Candidacy]


def seats_for(contractor: Contractor, *, at: datetime) -> tuple[SeatMatch, ...]:
    """Seats open to this person, those offered to them first, then by fit and pay; a fixed number of queries.

    Open means: on a project that is neither stopped nor theirs already, to people in their country, with a seat left.
    A seat they were offered or have accepted stays in the list whatever has become of it.
    """
    person = _person(contractor, at=at)
    standing = [pk for pk, row in person.candidacies.items() if row.state in {OFFERED, ACCEPTED}]
    shown = Q(pk__in=offered_seats(person.today).values("pk")) | Q(pk__in=standing)
    rows = OpenSeat.objects.filter(shown).with_taken().select_related("project__client")
    matches = [_match(seat, person) for seat in rows if _is_for(seat, person)]
    return tuple(sorted(matches, key=_rank))


def seat_for(contractor: Contractor, seat_id: int, *, at: datetime) -> SeatMatch | None:
    """One of those seats; None where it is not open to this person."""
    return next((match for match in seats_for(contractor, at=at) if match.seat_id == seat_id), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a seat may be offered to: who asked for it, or who is on the reader's desk and stopped by a pause.

    What they are paid elsewhere is not told: whoever hosts the seat is not entitled to it.
    """

    contractor_id: int
    name: str
    country: str
    state: str
    words: str
    skills_matched: tuple[str, ...]
    skills_missing: tuple[str, ...]


def candidates_of(seat: OpenSeat, *, user: User, at: datetime) -> tuple[Candidate, ...]:
    """Who would like the seat, then people on the reader's desk whose work is paused, best fit first; at most 50."""
    asked = {row.contractor_id: row for row in seat.candidacies.all()}
    today = local_day(at, "UTC")
    stopped = Pause.objects.filter(state=PauseState.IN_EFFECT, kind=PauseKind.FULL)
    spared = PauseExclusion.objects.filter(pause__in=stopped.values("pk")).values("contractor")
    idle = Engagement.objects.active_on(today).filter(project__in=stopped.stopped_projects().values("pk"))
    idle = idle.exclude(contractor__in=spared)
    own = access.contractors_visible_to(user).filter(pk__in=idle.values("contractor"))
    own = own.filter(country__in=seat.countries) if seat.countries else own
    # Asked once for the project, not once for every person: with 30,000 people on the desk the page never came.
    there = Engagement.objects.active_on(today).filter(project=seat.project)
    own = own.exclude(pk__in=there.values("contractor"))
    people = Contractor.objects.filter(Q(pk__in=list(asked)) | Q(pk__in=own.values("pk")))
    known = Count("skills", filter=Q(skills__name__in=seat.skills))
    shown = people.annotate(known=known).prefetch_related("skills")
    first = Case(When(pk__in=list(asked), then=Value(0)), default=Value(1))
    rows = shown.order_by(first, "-known", "name", "pk")[:MOST_CANDIDATES]
    return tuple(_candidate(person, asked.get(person.pk), seat) for person in rows)


def _candidate(person: Contractor, row: Candidacy | None, seat: OpenSeat) -> Candidate:
    can = {skill.name for skill in person.skills.all()}
    return Candidate(
        contractor_id=person.pk,
        name=person.name,
        country=person.country,
        state=row.state if row else "",
        words=row.words if row else "",
        skills_matched=tuple(skill for skill in seat.skills if skill in can),
        skills_missing=tuple(skill for skill in seat.skills if skill not in can),
    )


def offered_seats(day: date) -> QuerySet[OpenSeat]:
    """Seats open on `day` on projects that no full pause stops."""
    stopped = Pause.objects.filter(state=PauseState.IN_EFFECT, kind=PauseKind.FULL)
    rows: QuerySet[OpenSeat] = OpenSeat.objects.open_on(day).exclude(
        project__in=stopped.stopped_projects().values("pk")
    )
    return rows


def is_open_to(country: str, seat: OpenSeat) -> bool:
    """Whether people in this country may take the seat; which countries is a list in one column, read here."""
    return not seat.countries or country in seat.countries


def _person(contractor: Contractor, *, at: datetime) -> _Person:
    today = local_day(at, contractor.time_zone)
    engagements = list(
        Engagement.objects.filter(contractor=contractor).active_on(today).select_related("project")
    )
    paused = _paused_of(engagements, contractor)
    rates = _rates_in_force(engagements, today)
    ordered = sorted(engagements, key=lambda each: (each.pk in paused, each.starts_on))
    stopped = [rates[pk].contracted_weekly_seconds for pk in paused if pk in rates]
    known = [seconds for seconds in stopped if seconds is not None]
    return _Person(
        contractor=contractor,
        today=today,
        skills=frozenset(contractor.skills.values_list("name", flat=True)),
        projects=frozenset(each.project_id for each in engagements),
        rates={
            (rates[each.pk].basis, rates[each.pk].currency): rates[each.pk].amount_millionths
            for each in ordered
            if each.pk in rates
        },
        free_seconds=sum(known) if stopped and len(known) == len(stopped) else None,
        candidacies={row.seat_id: row for row in Candidacy.objects.filter(contractor=contractor)},
    )


def _paused_of(engagements: Sequence[Engagement], contractor: Contractor) -> set[int]:
    """The engagements that some full pause stops today."""
    spared = PauseExclusion.objects.filter(contractor=contractor).values("pause")
    pauses = Pause.objects.filter(state=PauseState.IN_EFFECT, kind=PauseKind.FULL).exclude(pk__in=spared)
    stopped = pauses.stopped_projects().filter(pk__in=[each.project_id for each in engagements])
    projects = set(stopped.values_list("pk", flat=True))
    return {each.pk for each in engagements if each.project_id in projects}


def _rates_in_force(engagements: Sequence[Engagement], today: date) -> dict[int, Rate]:
    rows = Rate.objects.filter(engagement__in=engagements, starts_on__lte=today).order_by("starts_on")
    return {rate.engagement_id: rate for rate in rows}


def _is_for(seat: OpenSeat, person: _Person) -> bool:
    own = person.candidacies.get(seat.pk)
    if own is not None and own.state in {OFFERED, ACCEPTED}:
        return True
    is_elsewhere = seat.project_id not in person.projects
    return is_elsewhere and is_open_to(person.contractor.country, seat) and _left(seat) > 0


def _left(seat: OpenSeat) -> int:
    return max(0, seat.seats - int(getattr(seat, "taken", 0)))


def _match(seat: OpenSeat, person: _Person) -> SeatMatch:
    own_rate = person.rates.get((seat.basis, seat.currency))
    candidacy = person.candidacies.get(seat.pk)
    hours_known = seat.weekly_seconds is not None and person.free_seconds is not None
    return SeatMatch(
        seat_id=seat.pk,
        title=seat.title,
        project_code=seat.project.code,
        project_name=seat.project.name,
        client_name=seat.project.client.name,
        seats_left=_left(seat),
        basis=seat.basis,
        currency=seat.currency,
        lowest_millionths=seat.amount_millionths,
        highest_millionths=seat.highest_millionths,
        weekly_seconds=seat.weekly_seconds,
        countries=tuple(seat.countries),
        opened_on=seat.opened_on,
        closes_on=seat.closes_on,
        skills_matched=tuple(skill for skill in seat.skills if skill in person.skills),
        skills_missing=tuple(skill for skill in seat.skills if skill not in person.skills),
        hours_fit=(seat.weekly_seconds or 0) <= (person.free_seconds or 0) if hours_known else None,
        own=None
        if own_rate is None
        else compare_rates(own=own_rate, lowest=seat.amount_millionths, highest=seat.highest_millionths),
        candidacy=_facts(candidacy) if candidacy is not None and candidacy.state != WITHDRAWN else None,
    )


def _facts(row: Candidacy) -> CandidacyFacts:
    return CandidacyFacts(
        state=row.state,
        words=row.words,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        weekly_seconds=row.weekly_seconds,
        amount_millionths=row.amount_millionths,
        closed_at=row.closed_at,
    )


def _rank(match: SeatMatch) -> tuple[bool, int, int, str, int]:
    is_offered = match.candidacy is not None and match.candidacy.state == OFFERED
    pay = match.own.highest_bp if match.own else 0
    return (not is_offered, len(match.skills_missing), -pay, match.title, match.seat_id)
