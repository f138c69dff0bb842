"""Stretches of one person: runs of paused days over all engagements that share one counterfactual."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from projects.domain.periods import Days, merged
from projects.impact.inputs import EngagementInputs, PersonInputs
from projects.impact.workdays import CoveredDays, covered_days, masked_ordinals

NO_DAYS = CoveredDays()


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Days [origin, end) as ordinals during which some engagement is paused without a break, the covered
    days of each engagement (empty where it is not paused), and what is not history before the origin."""

    origin: int
    end: int
    covered: tuple[CoveredDays, ...]
    masked: frozenset[int]

    @property
    def weeks(self) -> float:
        """Length in weeks."""
        return (self.end - self.origin) / 7


def stretches(person: PersonInputs, until: date) -> list[Stretch]:
    """The person's stretches before `until`, in order.

    Pauses that overlap or touch, on whichever engagements, share one stretch and so one counterfactual, also where
    what lies between them is another pause; an earlier stretch is not history for a later one.
    """
    covered = [_covered(engagement, until) for engagement in person.engagements]
    runs = merged(run for days in covered if days for run in _unbroken(days.days))
    out: list[Stretch] = []
    away = masked_ordinals(person.masked)
    for run in _bridged(runs, person) if len(runs) > 1 else runs:
        origin, end = run.starts_on.toordinal(), run.ends_on.toordinal()
        inside = tuple(days.between(origin, end) for days in covered)
        out.append(Stretch(origin, end, inside, frozenset(away)))
        away |= set(range(origin, end))
    return out


def _bridged(runs: Sequence[Days], person: PersonInputs) -> Iterator[Days]:
    """The runs, those with nothing but other paused days between them joined."""
    others = [Days(span.starts_on, span.ends_on) for span in person.masked if span.kind == "pause"]
    for whole in merged([*runs, *others]):
        inside = [run for run in runs if whole.starts_on <= run.starts_on < whole.ends_on]
        if inside:
            yield Days(inside[0].starts_on, inside[-1].ends_on)


def _unbroken(days: Sequence[int]) -> Iterator[Days]:
    """Runs of days without a gap: two pauses of one engagement with work between them are two stretches."""
    first = days[0]
    if days[-1] - first + 1 != len(days):
        for day, later in pairwise(days):
            if later != day + 1:
                yield Days(date.fromordinal(first), date.fromordinal(day + 1))
                first = later
    yield Days(date.fromordinal(first), date.fromordinal(days[-1] + 1))


def _covered(engagement: EngagementInputs, until: date) -> CoveredDays:
    if not engagement.pauses:
        return NO_DAYS
    last = until if engagement.ends_on is None else min(until, engagement.ends_on)
    days = covered_days(engagement.pauses, ZoneInfo(engagement.time_zone), last, engagement.workday)
    return days.between(engagement.starts_on.toordinal(), last.toordinal())
