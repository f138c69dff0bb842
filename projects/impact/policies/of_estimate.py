"""Reference pay beside an estimate: the same engagement and the same paused days, under the policy of its run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from projects.domain.errors import UnableToEstimate
from projects.impact.inputs import FULL_BP, EngagementInputs, PersonInputs
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
    spans = list(_paused(estimate, engagement))
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


def _paused(estimate: EngagementEstimate, engagement: EngagementInputs) -> Iterator[tuple[Span, int]]:
    """Runs of paused days of the estimate, each with the share of its work that stops in basis points."""
    covered = covered_days(
        engagement.pauses, ZoneInfo(engagement.time_zone), estimate.ends_on, engagement.workday
    ).between(estimate.starts_on.toordinal(), estimate.ends_on.toordinal())
    first = last = stopped = None
    for day, one in zip(covered.days, covered.in_order, strict=True):
        if one.share < HALF:
            continue
        share = round((1 - one.remaining) * FULL_BP)
        if (
            first is not None
            and last is not None
            and stopped is not None
            and (day, share) != (last + 1, stopped)
        ):
            yield Span(date.fromordinal(first), date.fromordinal(last)), stopped
            first = None
        first, last, stopped = (day if first is None else first), day, share
    if first is not None and last is not None and stopped is not None:
        yield Span(date.fromordinal(first), date.fromordinal(last)), stopped
