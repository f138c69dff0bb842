"""Stretches of one person: runs of paused days over all engagements that share one counterfactual."""

from dataclasses import dataclass
from datetime import date
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

    Pauses that overlap or touch, on whichever engagements, share one stretch and so one counterfactual; an
    earlier stretch is not history for a later one.
    """
    covered = [_covered(engagement, until) for engagement in person.engagements]
    runs = merged(
        Days(date.fromordinal(days.days[0]), date.fromordinal(days.days[-1] + 1)) for days in covered if days
    )
    out: list[Stretch] = []
    away = masked_ordinals(person.masked)
    for run in runs:
        origin, end = run.starts_on.toordinal(), run.ends_on.toordinal()
        inside = tuple(days.between(origin, end) for days in covered)
        out.append(Stretch(origin, end, inside, frozenset(away)))
        away |= set(range(origin, end))
    return out


def _covered(engagement: EngagementInputs, until: date) -> CoveredDays:
    if not engagement.pauses:
        return NO_DAYS
    last = until if engagement.ends_on is None else min(until, engagement.ends_on)
    days = covered_days(engagement.pauses, ZoneInfo(engagement.time_zone), last, engagement.workday)
    return days.between(engagement.starts_on.toordinal(), last.toordinal())
