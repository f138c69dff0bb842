"""The range of one person's hours over a stretch of any length, from the firm's quantiles at the calibrated
ones."""

import numpy as np

from projects.impact.context import FirmContext, HorizonContext
from projects.impact.panel import Doubles
from projects.impact.uncertainty import scale
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
    expected = np.asarray([hours], dtype=np.float32)
    spread = float(scale(expected, np.asarray([usual.variance], dtype=np.float32), weeks)[0])
    if is_cold:
        spread = float(np.hypot(spread, COLD_SHARE * hours))
    levels = _levels(context, hours / max(weeks, 1e-9), weeks)
    capacity = context.horizon_of(weeks).quantiles.capacity * max(weeks, 1 / 7)
    most = max(capacity, hours)
    bounds = np.clip(hours + levels * spread, 0, most) / hours
    low80, high80, low95, high95 = (float(bound) for bound in bounds)
    near_low, near_high = min(low80, 1.0), max(high80, 1.0)
    return (near_low, near_high, min(low95, near_low), max(high95, near_high)), spread / hours


def _levels(context: FirmContext, rate: float, weeks: float) -> Doubles:
    """Quantiles at `weeks`, between those of the two nearest calibrated lengths."""
    below = [h for h in context.horizons if h.weeks <= weeks]
    above = [h for h in context.horizons if h.weeks >= weeks]
    if not below or not above:
        return _of(above[0] if above else below[-1], rate)
    low, high = below[-1], above[0]
    if low.weeks == high.weeks:
        return _of(low, rate)
    part = (weeks - low.weeks) / (high.weeks - low.weeks)
    return (1 - part) * _of(low, rate) + part * _of(high, rate)


def _of(horizon: HorizonContext, rate: float) -> Doubles:
    return np.asarray(horizon.quantiles.of(np.asarray([rate], dtype=np.float32))[0])
