"""After a pause: estimate against what happened, realised cover of the ranges, and the alarm when it
drifts."""

from collections.abc import Sequence
from dataclasses import dataclass

DRIFT_CASES = 500
COVER_BAND = (0.72, 0.88)
"""An 80 % range that covers outside this band over the last 500 closed cases raises the alarm."""


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """One engagement of an ended pause, in minor units of one currency: what was estimated when it opened,
    and what was lost by the same arithmetic once everything was in (real hours of peers, real earnings)."""

    estimated_minor: int
    low80_minor: int
    high80_minor: int
    low95_minor: int
    high95_minor: int
    actual_minor: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How good past estimates were: shares of the actual sum; None where there is nothing to divide by."""

    cases: int
    error: float | None
    bias: float | None
    cover80: float | None
    cover95: float | None
    is_drifting: bool


def proportion(case: ClosedCase, *, said_days: int, real_days: int) -> ClosedCase:
    """The same case with what was said taken for the time the pause really lasted."""
    if said_days <= 0 or said_days == real_days:
        return case

    def taken(minor: int) -> int:
        return round(minor * real_days / said_days)

    return ClosedCase(
        taken(case.estimated_minor),
        taken(case.low80_minor),
        taken(case.high80_minor),
        taken(case.low95_minor),
        taken(case.high95_minor),
        case.actual_minor,
    )


def accuracy(cases: Sequence[ClosedCase]) -> Accuracy:
    """Judge closed cases of one currency, oldest first. `error` = sum |error| / sum |actual|; `bias` keeps
    the sign; the alarm looks at the last 500 and stays silent with fewer."""
    if not cases:
        return Accuracy(0, None, None, None, None, is_drifting=False)
    actual = sum(abs(case.actual_minor) for case in cases)
    misses = [case.estimated_minor - case.actual_minor for case in cases]
    recent = cases[-DRIFT_CASES:]
    cover = _cover80(recent)
    return Accuracy(
        len(cases),
        sum(abs(miss) for miss in misses) / actual if actual else None,
        sum(misses) / actual if actual else None,
        _cover80(cases),
        sum(case.low95_minor <= case.actual_minor <= case.high95_minor for case in cases) / len(cases),
        is_drifting=len(recent) >= DRIFT_CASES and not COVER_BAND[0] <= cover <= COVER_BAND[1],
    )


def _cover80(cases: Sequence[ClosedCase]) -> float:
    return sum(case.low80_minor <= case.actual_minor <= case.high80_minor for case in cases) / len(cases)
