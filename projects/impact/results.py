"""What an estimate answers: amounts in integer minor units, their ranges, weeks and explaining lines."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

METHOD_VERSION = "2026.3"
"""Changes with every change of what the method answers; `tests/unit/impact/test_method_version.py` holds it to that."""

LineKind = Literal[
    "usual",
    "holidays",
    "leave",
    "contract",
    "ramp",
    "retention",
    "peers",
    "remaining",
    "fixed",
    "earned",
    "recovered",
    "standby",
    "note",
]
Reason = Literal[
    "no_history",
    "short_history",
    "no_rate",
    "no_calibration",
    "wide_calibration",
    "missing_timesheets",
    "other_currency",
    "worked_after_notice",
    "no_tasks_history",
]
Param = str | int


# A person's estimate holds a dozen of these three: a named tuple costs a third of a frozen dataclass.
class Line(NamedTuple):
    """One row of the table that explains the number.

    `label` names the sentence in the locale files (`impact.line.<kind>[.<variant>]`), `params` fill it.
    `seconds` is the work it speaks of (signed), None where it speaks of money only. `minor` is signed
    money: the lines of one estimate add up to its `lost_minor` exactly; a `note` line carries 0.
    """

    kind: LineKind
    label: str
    params: tuple[tuple[str, Param], ...]
    seconds: int | None
    minor: int


class WeekAmounts(NamedTuple):
    """One week, Monday first: the weeks of an estimate add up to its totals exactly."""

    starts_on: date
    expected_seconds: int
    expected_minor: int
    earned_minor: int
    recovered_minor: int
    standby_minor: int
    lost_minor: int


class PauseShare(NamedTuple):
    """How much of the engagement's loss falls to one pause; where two overlap a day belongs to the fuller
    one, then to the earlier, so nothing is counted twice and the shares add up to `lost_minor`."""

    pause: str
    expected_minor: int
    lost_minor: int
    days: int


@dataclass(frozen=True, slots=True)
class EngagementEstimate:
    """The answer for one paused engagement over [starts_on, ends_on), signed: a gain is a negative
    `lost_minor`.

    lost = expected - earned - recovered - standby, to the cent. The ranges are of `lost_minor`;
    low95 <= low80 <= lost <= high80 <= high95.
    """

    person: str
    engagement: str
    project: str
    client: str
    currency: str
    starts_on: date
    ends_on: date
    as_of: date
    method_version: str
    fingerprint: str
    usual_weekly_seconds: int
    expected_seconds: int
    expected_minor: int
    earned_minor: int
    recovered_minor: int
    standby_minor: int
    lost_minor: int
    low80_minor: int
    high80_minor: int
    low95_minor: int
    high95_minor: int
    spread_minor: int
    """Standard deviation of the hours' luck in money: `group_range` needs it."""
    is_provisional: bool
    reasons: tuple[Reason, ...]
    weeks: tuple[WeekAmounts, ...]
    lines: tuple[Line, ...]
    pauses: tuple[PauseShare, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A central value with its 80 % and 95 % ranges, in one unit."""

    central: float
    low80: float
    high80: float
    low95: float
    high95: float
