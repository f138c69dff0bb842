"""The estimate of people's lost income: lost = expected - earned - recovered - standby, explained to the
cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from projects.domain.errors import UnableToEstimate
from projects.impact.context import FirmContext
from projects.impact.earnings import extra_work
from projects.impact.expected import Due, Expected, expect, weekly_hours
from projects.impact.fingerprint import fingerprint_person
from projects.impact.inputs import PersonInputs
from projects.impact.ledger import Ledger
from projects.impact.pricing import Book, Priced, price
from projects.impact.ranges import stretch_factors
from projects.impact.recovery import share_out
from projects.impact.results import METHOD_VERSION, EngagementEstimate, Reason
from projects.impact.stretches import Stretch, stretches
from projects.impact.usual import Usual, settle
from projects.impact.weeks import Asked, Weeks, read_weeks
from projects.impact.workdays import masked_ordinals, person_holidays

SHORT_HISTORY_WEEKS = 4
PROVISIONAL: frozenset[Reason] = frozenset(
    ("no_history", "short_history", "no_rate", "no_calibration", "no_tasks_history")
)


def estimate_person(
    person: PersonInputs, context: FirmContext, *, until: date
) -> tuple[EngagementEstimate, ...]:
    """Estimate one person; see `estimate_people`."""
    return estimate_people((person,), context, until=until)[0]


def estimate_people(
    people: Sequence[PersonInputs], context: FirmContext, *, until: date, context_mark: str = ""
) -> list[tuple[EngagementEstimate, ...]]:
    """One tuple a person, one estimate for each engagement that the pauses touch before `until` (exclusive
    local date), in the order of its engagements; two where its rate changes currency.

    Amounts are whole minor units of the rate's currency; `until` cuts open pauses. A person nobody paused
    gets an empty tuple. Raises UnableToEstimate for a paused engagement that has no rate. Cost: one pass
    over [104 x people] arrays, then work in proportion to the paused days.
    """
    plans = [(place, one) for place, person in enumerate(people) for one in stretches(person, until)]
    read = read_weeks([Asked(people[place], one.origin, one.masked) for place, one in plans], context)
    usual = settle(read, context)
    scenes = [
        _Scene(people[place], stretch, weeks, settled, context)
        for (place, stretch), weeks, settled in zip(plans, read, usual, strict=True)
    ]
    books = [Book() for _ in people]
    for (place, _), scene, expected in zip(plans, scenes, _expected(scenes, context), strict=True):
        _price_stretch(scene, expected, books[place])
    return [
        tuple(
            _close(person, key, ledger, fingerprint_person(person, until=until, context=context_mark))
            for key, ledger in sorted(book.ledgers.items())
        )
        for person, book in zip(people, books, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """One stretch of one person with what is known about it."""

    person: PersonInputs
    stretch: Stretch
    weeks: Weeks
    usual: Usual
    context: FirmContext


def _price_stretch(scene: _Scene, expected: Mapping[int, Expected], book: Book) -> None:
    """Earned, recovered and standby beside what was expected of every engagement paused in this stretch."""
    person, stretch, weeks, usual = scene.person, scene.stretch, scene.weeks, scene.usual
    hours = _stretch_hours(scene)
    is_cold = usual.tenure <= 0 or any(weeks.parts[place].cold_hours is not None for place in expected)
    factors, spread = stretch_factors(scene.context, usual, hours, stretch.weeks, is_cold=is_cold)
    priced: list[Priced] = []
    for place, due in expected.items():
        engagement = person.engagements[place]
        if not engagement.rates:
            raise UnableToEstimate(f"engagement {engagement.engagement} has no rate", field="rate")
        for one in price(person, place, weeks.parts[place], due, book):
            one.ledger.usual_weekly_seconds = round(weekly_hours(usual, weeks.parts[place]) * 3600)
            one.ledger.reasons |= _reasons(scene, place)
            priced.append(one)
    share_out(person, extra_work(person, stretch, weeks.parts, usual, scene.context), priced)
    for one in priced:
        one.ledger.spread = (one.ledger.spread**2 + (one.swing * spread) ** 2) ** 0.5
        one.ledger.swings = [
            kept + one.swing * (factor - 1) for kept, factor in zip(one.ledger.swings, factors, strict=True)
        ]


def _expected(scenes: Sequence[_Scene], context: FirmContext) -> list[dict[int, Expected]]:
    """What was expected in each scene, by the place of the engagement that is paused there."""
    places = [[place for place, days in enumerate(scene.stretch.covered) if days] for scene in scenes]
    dues = [_due(scene, place) for scene, paused in zip(scenes, places, strict=True) for place in paused]
    found = iter(expect(dues, context))
    return [{place: next(found) for place in paused} for paused in places]


def _due(scene: _Scene, place: int) -> Due:
    person, stretch, engagement = scene.person, scene.stretch, scene.person.engagements[place]
    first, last = date.fromordinal(stretch.origin), date.fromordinal(stretch.end)
    away = masked_ordinals(
        (span for span in person.masked if span.engagement in (None, engagement.engagement)),
        ("leave", "sickness"),
    )
    ends_on = engagement.ends_on or date.max
    return Due(
        person,
        engagement,
        scene.weeks.parts[place],
        scene.usual,
        stretch.origin,
        stretch.covered[place].between(engagement.starts_on.toordinal(), ends_on.toordinal()),
        holidays=frozenset() if scene.weeks.works_holidays else person_holidays(person, first, last),
        leave=frozenset(away),
    )


def _stretch_hours(scene: _Scene) -> float:
    """Hours of the whole person over the stretch before holidays: what the firm's scores are about."""
    cold = sum(
        part.cold_hours or 0.0
        for part, days in zip(scene.weeks.parts, scene.stretch.covered, strict=True)
        if days
    )
    return (scene.usual.rate + cold) * scene.stretch.weeks


def _reasons(scene: _Scene, place: int) -> set[Reason]:
    """Why the number is less sure than usual."""
    out: set[Reason] = set()
    if scene.weeks.parts[place].cold_hours is not None:
        out.add("no_history")
    elif scene.usual.tenure < SHORT_HISTORY_WEEKS:
        out.add("short_history")
    if not scene.context.horizons[0].quantiles.scores:
        out.add("no_calibration")
    elif not scene.context.is_calibrated:
        out.add("wide_calibration")
    if scene.weeks.is_missing_sheets:
        out.add("missing_timesheets")
    by_task = any(rate.basis == "task" for rate in scene.person.engagements[place].rates)
    if by_task and not scene.weeks.parts[place].pace.tasks:
        out.add("no_tasks_history")
    return out


def _close(
    person: PersonInputs, key: tuple[int, str], ledger: Ledger, fingerprint: str
) -> EngagementEstimate:
    """Round once and hand out; the ranges are rounded outward from the same central value."""
    engagement = person.engagements[key[0]]
    expected, earned, recovered, standby, lost = ledger.totals()
    low80, high80, low95, high95 = (lost + ledger.swing_minor(level) for level in range(4))
    return EngagementEstimate(
        person=person.person,
        engagement=engagement.engagement,
        project=engagement.project,
        client=engagement.client,
        currency=ledger.currency,
        starts_on=date.fromordinal(ledger.first),
        ends_on=date.fromordinal(ledger.end),
        as_of=person.as_of,
        method_version=METHOD_VERSION,
        fingerprint=fingerprint,
        usual_weekly_seconds=ledger.usual_weekly_seconds,
        expected_seconds=ledger.seconds,
        expected_minor=expected,
        earned_minor=earned,
        recovered_minor=recovered,
        standby_minor=standby,
        lost_minor=lost,
        low80_minor=low80,
        high80_minor=high80,
        low95_minor=low95,
        high95_minor=high95,
        spread_minor=ledger.spread_minor(),
        is_provisional=bool(ledger.reasons & PROVISIONAL),
        reasons=tuple(sorted(ledger.reasons)),
        weeks=ledger.week_amounts(),
        lines=ledger.lines(),
        pauses=ledger.shares(lost),
    )
