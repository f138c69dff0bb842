"""Reference pay beside an estimate: the same engagement and the same paused days, under the policy of its run."""

from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from projects.domain.errors import UnableToEstimate
from projects.impact.inputs import FULL_BP, PauseSpan, PersonInputs
from projects.impact.policies.calendars import Span
from projects.impact.policies.reference import ReferencePay, ReferenceTerms, reference_of_spans
from projects.impact.results import EngagementEstimate
from projects.impact.workdays import covered_days, masked_ordinals

HALF = 0.5
"""A day counts as paused where the pause covers half of it or more: policies know whole days only."""


def reference_of_estimate(
    estimate: EngagementEstimate, person: PersonInputs, terms: ReferenceTerms, *, cap_currency: str = ""
) -> ReferencePay | None:
    """Reference pay of the paused days of an estimate, leave and earlier pauses left out of the look-back.

    A limit holds for pay in its own currency only. None where the policy cannot take the rate, where nothing lies
    before the pause, or where no day was paused for half of it.
    """
    engagement = next(one for one in person.engagements if one.engagement == estimate.engagement)
    spans = _paused(
        engagement.pauses, engagement.time_zone, engagement.workday, estimate.starts_on, estimate.ends_on
    )
    if not spans:
        return None
    if terms.monthly_cap_minor is not None and cap_currency != estimate.currency:
        terms = replace(terms, monthly_cap_minor=None)
    own = (span for span in person.masked if span.engagement in (None, engagement.engagement))
    try:
        return reference_of_spans(
            engagement, terms, spans, left_out=frozenset(masked_ordinals(own)), currency=estimate.currency
        )
    except UnableToEstimate:
        return None


@lru_cache(maxsize=4096)
def _paused(
    pauses: tuple[PauseSpan, ...],
    zone: str,
    workday: tuple[time, time] | None,
    starts_on: date,
    ends_on: date,
) -> tuple[tuple[Span, int], ...]:
    """Runs of paused days of [starts_on, ends_on), each with the share of its work that stops in basis points.

    Kept for the next person whom the same pauses stop.
    """
    covered = covered_days(pauses, ZoneInfo(zone), ends_on, workday).between(
        starts_on.toordinal(), ends_on.toordinal()
    )
    stopped = [
        (day, round((1 - one.remaining) * FULL_BP))
        for day, one in zip(covered.days, covered.in_order, strict=True)
        if one.share >= HALF
    ]
    edges = [
        place
        for place, (day, share) in enumerate(stopped)
        if (day - 1, share) != (stopped[place - 1] if place else None)
    ]
    return tuple(
        (Span(date.fromordinal(stopped[first][0]), date.fromordinal(stopped[end - 1][0])), stopped[first][1])
        for first, end in pairwise([*edges, len(stopped)])
    )
