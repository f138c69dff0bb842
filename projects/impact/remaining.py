"""How long a pause may still last: fixed scenarios, and from 200 completed pauses on what the past says."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from projects.impact.panel import HORIZONS

SCENARIO_WEEKS = HORIZONS
FEWEST_COMPLETED = 200
"""Under this many completed pauses a survival curve missed by up to .12 in the back-test on idle spells."""
SMALLEST_BIN = 20
TAIL_WEEKS = 4
WEEK = timedelta(weeks=1)
CHECKS = 5


@dataclass(frozen=True, slots=True)
class PastPause:
    """One pause's length in days so far; `is_over` False is a pause that still runs (censored)."""

    days: float
    is_over: bool
    reason: str
    client: str
    started_on: date


@dataclass(frozen=True, slots=True)
class ResumeChance:
    """Chance that work goes on within so many weeks from now, with a 95 % interval, and what it rests on.

    `honesty` is the largest gap between predicted and real shares on past pauses judged by older ones only
    (None where there were too few to check); `scope` says whose past: "reason and client", "reason" or
    "all".
    """

    weeks: int
    chance: float
    low: float
    high: float
    completed: int
    scope: str
    honesty: float | None


def scenario_ends(started_on: date, as_of: date) -> dict[int, date]:
    """Exclusive ends of the scenarios: 1, 2, 4, 8 and 13 weeks from today, or from the start of a pause to
    come."""
    first = max(started_on, as_of)
    return {weeks: first + timedelta(weeks=weeks) for weeks in SCENARIO_WEEKS}


def lost_by(
    weeks: Mapping[date, int], *, starts_on: date, until: date, ends: Mapping[int, date]
) -> dict[int, int]:
    """What is lost by each of the `ends` (exclusive), in minor units, from the `weeks` of an estimate by their Monday.

    The estimate covers [`starts_on`, `until`). A week that is cut counts by its weekdays; after `until` a weekday is
    worth the mean of the last four weeks.
    """
    tail = sorted(weeks)[-TAIL_WEEKS:]
    tail_days = sum(_weekdays(max(monday, starts_on), min(monday + WEEK, until)) for monday in tail)
    a_day = sum(weeks[monday] for monday in tail) / tail_days if tail_days else 0.0
    found = {}
    for scenario, end in ends.items():
        inside = sum(
            _part(lost, max(monday, starts_on), min(monday + WEEK, until), end)
            for monday, lost in weeks.items()
        )
        found[scenario] = round(inside + a_day * _weekdays(max(until, starts_on), end))
    return found


def _part(lost: int, first: date, last: date, end: date) -> float:
    """The part of what is lost over [first, last) that falls before `end`."""
    if end >= last:
        return float(lost)
    whole = _weekdays(first, last)
    return lost * _weekdays(first, end) / whole if whole else 0.0


def _weekdays(first: date, end: date) -> int:
    """Mondays to Fridays in [first, end)."""
    return int(np.busday_count(first, end)) if end > first else 0


def resume_chances(
    past: Sequence[PastPause], *, reason: str, client: str, days_so_far: float
) -> tuple[ResumeChance, ...]:
    """Kaplan-Meier chances of resuming within each scenario, given that the pause has lasted `days_so_far`.

    The narrowest set with 200 completed pauses is used: same reason and client, same reason, all. Empty
    with fewer than 200 completed in all, or when none has lasted as long as this one.
    """
    for scope, chosen in _scopes(past, reason, client):
        completed = sum(one.is_over for one in chosen)
        if completed >= FEWEST_COMPLETED:
            return _chances(chosen, completed, scope, days_so_far)
    return ()


def _scopes(past: Sequence[PastPause], reason: str, client: str) -> list[tuple[str, list[PastPause]]]:
    return [
        ("reason and client", [one for one in past if one.reason == reason and one.client == client]),
        ("reason", [one for one in past if one.reason == reason]),
        ("all", list(past)),
    ]


def _curve(past: Sequence[PastPause]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Days, survival and its 95 % bounds."""
    # Read when 200 pauses have ended: no process pays a second of its start for it.
    from scipy.stats import CensoredData, ecdf

    sample = CensoredData(
        uncensored=[one.days for one in past if one.is_over],
        right=[one.days for one in past if not one.is_over],
    )
    survival = ecdf(sample).sf
    with warnings.catch_warnings():
        # the interval has no value where nobody or everybody has resumed; those ends become 0 and 1 below
        warnings.simplefilter("ignore", RuntimeWarning)
        bounds = survival.confidence_interval(confidence_level=0.95, method="log-log")
    return (
        np.asarray(survival.quantiles),
        np.asarray(survival.probabilities),
        np.nan_to_num(np.asarray(bounds.low.probabilities), nan=0.0),
        np.nan_to_num(np.asarray(bounds.high.probabilities), nan=1.0),
    )


def _at(days: np.ndarray, values: np.ndarray, when: float) -> float:
    """Value of a step function that starts at 1."""
    place = int(np.searchsorted(days, when, side="right")) - 1
    return 1.0 if place < 0 else float(values[place])


def _chances(
    past: Sequence[PastPause], completed: int, scope: str, so_far: float
) -> tuple[ResumeChance, ...]:
    days, survival, low, high = _curve(past)
    alive = _at(days, survival, so_far)
    if alive <= 0:
        return ()
    honesty = _honesty(past)
    return tuple(
        ResumeChance(
            weeks,
            1 - _at(days, survival, so_far + 7 * weeks) / alive,
            max(0.0, 1 - _at(days, high, so_far + 7 * weeks) / alive),
            min(1.0, 1 - _at(days, low, so_far + 7 * weeks) / alive),
            completed,
            scope,
            honesty,
        )
        for weeks in SCENARIO_WEEKS
    )


def _honesty(past: Sequence[PastPause]) -> float | None:
    """Largest gap between predicted and real shares that were over within each scenario: the newer half of
    the completed pauses judged by the older half."""
    over = sorted((one for one in past if one.is_over), key=lambda one: one.started_on)
    older, newer = over[: len(over) // 2], over[len(over) // 2 :]
    if len(older) < SMALLEST_BIN * CHECKS or len(newer) < SMALLEST_BIN:
        return None
    days, survival, _, _ = _curve(older)
    gaps = (
        abs((1 - _at(days, survival, 7 * weeks)) - sum(one.days <= 7 * weeks for one in newer) / len(newer))
        for weeks in SCENARIO_WEEKS
    )
    return max(gaps)
