"""What a pause would cost before there is one: expected income at risk by week, with ranges, and who depends on it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from projects.domain.errors import UnableToEstimate
from projects.domain.periods import monday_of
from projects.impact.context import FirmContext
from projects.impact.estimate import estimate_people
from projects.impact.inputs import EngagementInputs, PersonInputs, StandbyTerms
from projects.impact.pay import Pace, Terms, pay_of_seconds
from projects.impact.results import EngagementEstimate
from projects.models import Client, Project
from projects.queries.calibration import firm_context, submitted_by_project
from projects.queries.coverage import PauseFacts, ProjectTerms, midnight
from projects.queries.estimates import GroupKind, MoneyRange, ranged
from projects.queries.impact import RunScope, engagements_stopped, people_of

PEOPLE_AT_A_TIME: Final = 1_000
MOST_WEEKS: Final = 52
DEPENDENCE_WEEKS: Final = 13
IMAGINED: Final = 0
"""The key of the pause that is asked about; real ones begin at 1."""


@dataclass(frozen=True, slots=True)
class WeekAtRisk:
    """Expected income of one week of the imagined pause, by its Monday."""

    starts_on: date
    lost: MoneyRange


@dataclass(frozen=True, slots=True)
class CurrencyAtRisk:
    """What is at risk in one currency, in minor units; the weeks add up to `lost.central`."""

    currency: str
    people: int
    lost: MoneyRange
    weeks: tuple[WeekAtRisk, ...]
    by_project: tuple[tuple[str, MoneyRange], ...]
    by_country: tuple[tuple[str, MoneyRange], ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a full pause of one client or project would cost over whole weeks from `starts_on`, a Monday.

    `mostly_dependent` of `people` earned more than half of their income of the last 13 weeks there. What real pauses
    stop already is not at risk a second time.
    """

    target: str
    kind: GroupKind
    as_of: date
    starts_on: date
    weeks: int
    people: int
    provisional_people: int
    mostly_dependent: int
    totals: tuple[CurrencyAtRisk, ...]


@dataclass(slots=True)
class _Sum:
    """A running sum: what is lost, the part that moves with hours, and the squares of people's own luck."""

    lost: int = 0
    shared: float = 0.0
    squares: float = 0.0

    def add(self, one: EngagementEstimate) -> None:
        self.lost += one.lost_minor
        self.shared += one.expected_minor if one.spread_minor else 0
        self.squares += float(one.spread_minor) ** 2


@dataclass(slots=True)
class _Sums:
    """Running sums of one currency."""

    people: set[str] = field(default_factory=set)
    whole: _Sum = field(default_factory=_Sum)
    weeks: Counter[date] = field(default_factory=Counter)
    projects: defaultdict[str, _Sum] = field(default_factory=lambda: defaultdict(_Sum))
    countries: defaultdict[str, _Sum] = field(default_factory=lambda: defaultdict(_Sum))


def exposure(
    *, target: Client | Project, weeks: int, at: datetime, tell: Callable[[int, int], None] | None = None
) -> Exposure:
    """Reckon a full pause that begins next Monday. Memory is bounded; cost grows with the people on the target.

    `tell(done, total)` hears of progress in people. Raises UnableToEstimate unless 1 to 52 weeks are asked for and
    somebody is engaged there.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise UnableToEstimate(f"Ask for 1 to {MOST_WEEKS} weeks, not {weeks}.", field="weeks")
    as_of = at.astimezone(UTC).date()
    scope = _imagined(target, starts_on=monday_of(as_of) + timedelta(weeks=1), weeks=weeks, as_of=as_of)
    stopped = engagements_stopped(scope).order_by("contractor_id")
    people = list(stopped.values_list("contractor_id", flat=True).distinct())
    if not people:
        raise UnableToEstimate(
            f"Nobody is engaged on {target.code} then, so nothing is at risk.", field="target"
        )
    context = firm_context(origin=as_of + timedelta(days=1), submitted=scope.submitted)
    sums: defaultdict[str, _Sums] = defaultdict(_Sums)
    provisional, dependent = set[str](), 0
    for first in range(0, len(people), PEOPLE_AT_A_TIME):
        part = people[first : first + PEOPLE_AT_A_TIME]
        inputs = people_of(scope, first_id=part[0], last_id=part[-1])
        for person, estimates in zip(
            inputs, estimate_people(inputs, context, until=scope.until), strict=True
        ):
            own = [one for one in estimates if _is_imagined(person, one)]
            provisional |= {one.person for one in own if one.is_provisional}
            _add(sums, own, person.country)
            dependent += _depends_on(person, scope, as_of)
        if tell is not None:
            tell(first + len(part), len(people))
    kind: GroupKind = "client" if isinstance(target, Client) else "project"
    return Exposure(
        target=target.code,
        kind=kind,
        as_of=as_of,
        starts_on=scope.starts_on,
        weeks=weeks,
        people=len(people),
        provisional_people=len(provisional),
        mostly_dependent=dependent,
        totals=_totals(sums, context, kind=kind, weeks=weeks),
    )


def _imagined(target: Client | Project, *, starts_on: date, weeks: int, as_of: date) -> RunScope:
    """The scope of a full pause that is not recorded, on whole local weeks of each project."""
    projects = [target] if isinstance(target, Project) else list(target.projects.all())
    zone = projects[0].time_zone if projects else "UTC"
    pause = PauseFacts(
        pk=IMAGINED,
        project_id=target.pk if isinstance(target, Project) else None,
        client_id=target.pk if isinstance(target, Client) else None,
        kind="full",
        remaining_bp=0,
        starts_at=midnight(starts_on, zone),
        ends_at=midnight(starts_on + timedelta(weeks=weeks), zone),
        expected_resume_on=None,
        standby=StandbyTerms(),
        notice_sent_at=None,
        reason="",
    )
    terms = {
        project.pk: ProjectTerms(
            project.pk, project.client_id, zone, project.planned_end_on, project.ended_on
        )
        for project in projects
    }
    return RunScope(pause, as_of, terms, submitted_by_project(as_of=as_of))


def _is_imagined(person: PersonInputs, estimate: EngagementEstimate) -> bool:
    own = next(one for one in person.engagements if one.engagement == estimate.engagement)
    return any(span.pause == str(IMAGINED) for span in own.pauses)


def _add(sums: defaultdict[str, _Sums], estimates: Iterable[EngagementEstimate], country: str) -> None:
    for one in estimates:
        own = sums[one.currency]
        own.people.add(one.person)
        for total in (own.whole, own.projects[one.project], own.countries[country]):
            total.add(one)
        for week in one.weeks:
            own.weeks[week.starts_on] += week.lost_minor


def _totals(
    sums: dict[str, _Sums], context: FirmContext, *, kind: GroupKind, weeks: int
) -> tuple[CurrencyAtRisk, ...]:
    names = dict(
        Project.objects.filter(pk__in={int(pk) for own in sums.values() for pk in own.projects}).values_list(
            "pk", "code"
        )
    )
    law = partial(ranged, context=context, kind=kind)
    return tuple(
        CurrencyAtRisk(
            currency,
            len(own.people),
            _range_of(own.whole, law, weeks),
            tuple(_weeks_of(own, law)),
            tuple(sorted((names[int(pk)], _range_of(one, law, weeks)) for pk, one in own.projects.items())),
            tuple(sorted((country, _range_of(one, law, weeks)) for country, one in own.countries.items())),
        )
        for currency, own in sorted(sums.items())
    )


def _range_of(one: _Sum, law: Callable[..., MoneyRange], weeks: float) -> MoneyRange:
    return law(one.lost, shared=one.shared, squares=one.squares, weeks=weeks)


def _weeks_of(own: _Sums, law: Callable[..., MoneyRange]) -> Iterator[WeekAtRisk]:
    """A week's luck is its part of the whole stretch's: the squares of independent weeks add up."""
    whole = own.whole
    for starts_on, lost in sorted(own.weeks.items()):
        share = lost / whole.lost if whole.lost else 0.0
        part = _Sum(lost, whole.shared * share, whole.squares * abs(share))
        yield WeekAtRisk(starts_on, _range_of(part, law, 1))


def _depends_on(person: PersonInputs, scope: RunScope, as_of: date) -> bool:
    """Whether more than half of the last 13 weeks' income came from the target; by hours where currencies differ."""
    since = as_of - timedelta(weeks=DEPENDENCE_WEEKS)
    worked = [(one, _seconds_since(one, since)) for one in person.engagements]
    paid = [(one, seconds) for one, seconds in worked if seconds and one.rates]
    currencies = {Terms(one.rates).on(as_of.toordinal()).currency for one, _ in paid}
    own = whole = 0
    for one, seconds in paid:
        income = seconds
        if len(currencies) == 1:
            income = pay_of_seconds(Terms(one.rates).on(as_of.toordinal()), seconds, Pace())
        whole += income
        own += income if int(one.project) in scope.terms else 0
    return 2 * own > whole


def _seconds_since(engagement: EngagementInputs, day: date) -> int:
    history = engagement.history
    return int(history.seconds[history.ordinals.searchsorted(day.toordinal()) :].sum())
