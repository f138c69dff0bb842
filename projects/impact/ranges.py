"""The range of one person's hours over a stretch of any length, from the firm's quantiles at the calibrated
ones."""

from math import hypot, sqrt

from projects.impact.context import FirmContext
from projects.impact.uncertainty import MODEL_SHARE, SMALLEST_SCALE, own_luck
from projects.impact.usual import Usual

COLD_SHARE = 0.5
"""Nobody new is known better than to half of what the contract says (back-test: cold starts)."""


def stretch_factors(
    context: FirmContext, usual: Usual, hours: float, weeks: float, *, is_cold: bool
) -> tuple[tuple[float, float, float, float], float]:
    """low80, high80, low95, high95 as multiples of the expected `hours` of `weeks` weeks, and s / hours.

    Without expected hours there is nothing to multiply: (1, 1, 1, 1) and 0.
    """
    if hours <= 0:
        return (1.0, 1.0, 1.0, 1.0), 0.0
    luck = own_luck(weeks, usual.tenure) * usual.variance
    spread = max(sqrt(luck + (MODEL_SHARE * hours) ** 2), SMALLEST_SCALE)
    if is_cold:
        spread = hypot(spread, COLD_SHARE * hours)
    most = max(context.horizon_of(weeks).quantiles.capacity * max(weeks, 1 / 7), hours)
    low80, high80, low95, high95 = (
        min(max(hours + level * spread, 0.0), most) / hours
        for level in _levels(context, hours / max(weeks, 1e-9), usual.tenure, weeks)
    )
    near_low, near_high = min(low80, 1.0), max(high80, 1.0)
    return (near_low, near_high, min(low95, near_low), max(high95, near_high)), spread / hours


def _levels(context: FirmContext, rate: float, tenure: float, weeks: float) -> list[float]:
    """Quantiles at `weeks`, between those of the two nearest calibrated lengths."""
    below = [h for h in context.horizons if h.weeks <= weeks]
    above = [h for h in context.horizons if h.weeks >= weeks]
    if not below or not above:
        return (above[0] if above else below[-1]).quantiles.of_one(rate, tenure)
    low, high = below[-1], above[0]
    if low.weeks == high.weeks:
        return low.quantiles.of_one(rate, tenure)
    part = (weeks - low.weeks) / (high.weeks - low.weeks)
    sides = zip(low.quantiles.of_one(rate, tenure), high.quantiles.of_one(rate, tenure), strict=True)
    return [(1 - part) * near + part * far for near, far in sides]
