"""The facts that an estimate is made from, as frozen values: what people worked, what they are paid, what
was paused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Basis = Literal["hour", "day", "week", "month", "task"]
MaskKind = Literal["leave", "sickness", "pause"]
PauseKind = Literal["full", "reduced"]
FULL_BP = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Work done on one engagement, one element per local date, sparse, in date order.

    `ordinals` are `date.toordinal()` (int32), `seconds` and `tasks` the totals of that date (int32). Days
    without work are simply absent. Build it with `from_days` or, for many people, straight from database
    arrays.
    """

    ordinals: NDArray[np.int32]
    seconds: NDArray[np.int32]
    tasks: NDArray[np.int32]

    @classmethod
    def from_columns(
        cls, ordinals: Sequence[int], seconds: Sequence[int], tasks: Sequence[int] | None = None
    ) -> "History":
        """Sort by date and add up dates that occur twice. Raises ValueError when a figure is negative."""
        days = np.asarray(ordinals, dtype=np.int32)
        worked = np.asarray(seconds, dtype=np.int64)
        counted = np.zeros(len(days), np.int64) if tasks is None else np.asarray(tasks, dtype=np.int64)
        if len(days) != len(worked) or len(days) != len(counted):
            raise ValueError("history columns differ in length")
        if (worked < 0).any() or (counted < 0).any():
            raise ValueError("history holds a negative figure")
        unique, place = np.unique(days, return_inverse=True)
        return cls(
            unique.astype(np.int32),
            np.bincount(place, worked, len(unique)).astype(np.int32),
            np.bincount(place, counted, len(unique)).astype(np.int32),
        )

    @classmethod
    def from_days(cls, rows: Iterable[tuple[date, int, int]]) -> "History":
        """Rows of (local date, seconds, tasks), in any order."""
        columns = [(day.toordinal(), seconds, tasks) for day, seconds, tasks in rows]
        return cls.from_columns([c[0] for c in columns], [c[1] for c in columns], [c[2] for c in columns])

    @classmethod
    def empty(cls) -> "History":
        """No work at all."""
        return cls.from_columns([], [])


@dataclass(frozen=True, slots=True)
class RateSpan:
    """Terms in force from a date until the next span of the engagement begins.

    `amount_millionths` is the pay for one unit of `basis` in millionths of the currency's unit (21.00 USD
    an hour is 21_000_000). `weekly_seconds` is the contracted week and `weekday_seconds` its pattern,
    Monday first; both may be missing. `max_weekly_seconds` caps what may be billed in a week.
    """

    starts_on: date
    basis: Basis
    amount_millionths: int
    currency: str
    weekly_seconds: int | None = None
    weekday_seconds: tuple[int, int, int, int, int, int, int] | None = None
    max_weekly_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class StandbyTerms:
    """What the client or the firm pays while work is paused; both parts may apply and are added.

    `share_bp` of the expected pay (basis points, 0..10000); `daily_minor` for each paused day on which
    work was expected, in minor units of `currency` (the rate's currency when None), for at most
    `max_days` such days.
    """

    share_bp: int = 0
    daily_minor: int = 0
    currency: str | None = None
    max_days: int | None = None


@dataclass(frozen=True, slots=True)
class PauseSpan:
    """One pause as it falls on one engagement: instants, half-open, timezone-aware; `ends_at` None is open.

    `remaining_bp` is the share of usual hours that a reduced pause leaves (basis points); a full pause
    leaves 0.
    `notice_sent_at` None means that nobody was told yet: then work inside the pause stays payable.
    """

    pause: str
    starts_at: datetime
    ends_at: datetime | None
    kind: PauseKind = "full"
    remaining_bp: int = 0
    standby: StandbyTerms = StandbyTerms()
    notice_sent_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ramp:
    """Planned hours a week on an engagement over [starts_on, ends_on): they replace its usual hours on
    those days."""

    starts_on: date
    ends_on: date
    weekly_seconds: int


@dataclass(frozen=True, slots=True)
class EarnedEntry:
    """Work really done on one local date inside the priced period.

    `minor` is the pay snapshot where the entry carries one (in `currency`), else the rate in force prices
    it.
    `ended_at` tells whether it was done before the notice was sent; without it the date decides (the day
    of the notice counts as before). Where a lead has decided, `is_payable` says so and the dates do not.
    """

    day: date
    seconds: int
    tasks: int = 0
    minor: int | None = None
    currency: str | None = None
    ended_at: datetime | None = None
    is_payable: bool | None = None


@dataclass(frozen=True, slots=True)
class MaskedSpan:
    """Days [starts_on, ends_on) that are not history: leave, sickness, an earlier pause.

    `engagement` None masks every engagement of the person (leave, sickness). A span that falls inside the
    priced period is leave the person would have taken anyway: no work is expected on those days.
    """

    starts_on: date
    ends_on: date
    kind: MaskKind
    engagement: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EngagementInputs:
    """A contractor's term on one project, [starts_on, ends_on), with its work, its terms and what pauses
    it.

    An engagement with no `pauses` is work on an un-paused project: its hours shape the person's usual
    week, and its
    `earned` beyond what was expected there counts as recovered. `is_redeployment` marks one begun because
    of the pause: all it earns counts as recovered, and `agreed_weekly_seconds`, the hours accepted on an open
    seat, stand in for its days whose sheets are not in. `last_submitted_on`: later days are missing, not zero.
    `workday` is the local window in which work happens, for pauses that begin or end within a day; None
    is the whole local day.
    """

    engagement: str
    project: str
    client: str
    time_zone: str
    starts_on: date
    ends_on: date | None
    rates: tuple[RateSpan, ...]
    history: History
    pauses: tuple[PauseSpan, ...] = ()
    earned: tuple[EarnedEntry, ...] = ()
    ramps: tuple[Ramp, ...] = ()
    last_submitted_on: date | None = None
    workday: tuple[time, time] | None = None
    is_redeployment: bool = False
    agreed_weekly_seconds: int = 0


@dataclass(frozen=True, slots=True)
class FxRate:
    """One unit of `base` is `rate_e10` ten-billionths of `quote` from `day` on. Without one, money
    earned in another currency is shown beside the loss and never subtracted from it."""

    day: date
    base: str
    quote: str
    rate_e10: int


@dataclass(frozen=True, slots=True)
class PeerEvidence:
    """What un-paused colleagues really worked against what was expected of them, over the weeks of the
    pause so far.

    Hours of active people on other projects of the same firm and country, recent arrivals left out;
    `mean_expected_hours` is the mean over every active person. See
    `projects.impact.evidence.peer_evidence`.
    """

    people: int
    actual_hours: float
    expected_hours: float
    mean_expected_hours: float
    through: date


@dataclass(frozen=True, slots=True, eq=False)
class PersonInputs:
    """Everything one person's estimate is made from. Engagement keys are unique; so are their order and
    result."""

    person: str
    country: str
    region: str | None
    as_of: date
    engagements: tuple[EngagementInputs, ...]
    masked: tuple[MaskedSpan, ...] = ()
    extra_holidays: tuple[date, ...] = ()
    worked_holidays: tuple[date, ...] = ()
    peers: PeerEvidence | None = None
    fx: tuple[FxRate, ...] = field(default=())
