"""Sums of one engagement's estimate in grains, week by week and line by line, rounded once so that all of
it adds up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from projects.impact.pay import to_minor
from projects.impact.results import Line, LineKind, Param, PauseShare, Reason, WeekAmounts
from projects.impact.workdays import Run

MINOR_COLUMN = {"earned": 1, "remaining": 1, "recovered": 2, "standby": 3}


@dataclass(slots=True)
class Entry:
    """A line before rounding: what it explains, of which column, in grains (already signed)."""

    kind: LineKind
    label: str
    params: tuple[tuple[str, Param], ...]
    seconds: int | None
    grains: int


@dataclass(slots=True)
class Ledger:
    """One engagement and currency. Amounts are grains (see `pay.UNIT`) until `close` rounds them."""

    currency: str
    first: int
    end: int
    seconds: int = 0
    usual_weekly_seconds: int = 0
    weeks: dict[int, list[int]] = field(default_factory=dict)
    week_seconds: dict[int, int] = field(default_factory=dict)
    pauses: dict[str, list[int]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    swings: list[float] = field(default_factory=lambda: [0.0] * 4)
    spread: float = 0.0
    reasons: set[Reason] = field(default_factory=set)
    days: dict[str, int] = field(default_factory=dict)

    def post(self, column: int, day: int, grains: int, pause: str) -> None:
        """Put grains of a day into a column, its week and its pause."""
        monday = day - (day + 6) % 7
        week = self.weeks.get(monday)
        if week is None:
            week = self.weeks[monday] = [0, 0, 0, 0]
        week[column] += grains
        own = self.pauses.get(pause)
        if own is None:
            own = self.pauses[pause] = [0, 0, 0, 0]
        own[column] += grains

    def post_expected(self, run: Run, seconds: int, grains: int) -> None:
        """Expected work of covered days of one week that fall to one pause."""
        self.post(0, run.monday, grains, run.pause)
        self.week_seconds[run.monday] = self.week_seconds.get(run.monday, 0) + seconds
        self.seconds += seconds
        self.days[run.pause] = self.days.get(run.pause, 0) + run.last - run.first

    def swing_minor(self, level: int) -> int:
        """How far a bound lies from the central value, in minor units."""
        return to_minor(round(self.swings[level]))

    def spread_minor(self) -> int:
        """Spread of the hours' luck in minor units."""
        return to_minor(round(self.spread))

    def totals(self) -> tuple[int, int, int, int]:
        """Expected, earned, recovered, standby in minor units, each rounded once."""
        grains = [sum(week[column] for week in self.weeks.values()) for column in range(4)]
        return to_minor(grains[0]), to_minor(grains[1]), to_minor(grains[2]), to_minor(grains[3])

    def week_amounts(self) -> tuple[WeekAmounts, ...]:
        """Weeks whose columns add up to the totals: each is the difference of two rounded running sums."""
        mondays = sorted(self.weeks.keys() | self.week_seconds.keys())
        columns = [_parts([self.weeks.get(monday, (0, 0, 0, 0))[c] for monday in mondays]) for c in range(4)]
        return tuple(
            WeekAmounts(
                date.fromordinal(monday),
                self.week_seconds.get(monday, 0),
                expected,
                earned,
                recovered,
                standby,
                expected - earned - recovered - standby,
            )
            for monday, expected, earned, recovered, standby in zip(mondays, *columns, strict=True)
        )

    def lines(self) -> tuple[Line, ...]:
        """Lines in minor units that add up to the totals, column by column."""
        running = [0, 0, 0, 0]
        out = []
        for entry in self.entries:
            column = MINOR_COLUMN.get(entry.kind, 0)
            before = to_minor(running[column])
            running[column] += entry.grains
            minor = to_minor(running[column]) - before
            out.append(Line(entry.kind, entry.label, entry.params, entry.seconds, minor))
        return tuple(out)

    def shares(self, lost: int) -> tuple[PauseShare, ...]:
        """What falls to each pause; the shares add up to expected and lost."""
        names = sorted(self.pauses)
        expected = _parts([self.pauses[name][0] for name in names])
        rest = _parts([self.pauses[name][0] - sum(self.pauses[name][1:]) for name in names])
        if rest:
            rest[-1] += lost - sum(rest)
        return tuple(
            PauseShare(name, due, gone, self.days.get(name, 0))
            for name, due, gone in zip(names, expected, rest, strict=True)
        )


def _parts(grains: Iterable[int]) -> list[int]:
    """Whole minor units of a series whose sum is the rounded sum."""
    out, running, before = [], 0, 0
    for amount in grains:
        if not amount:
            out.append(0)
            continue
        running += amount
        now = to_minor(running)
        out.append(now - before)
        before = now
    return out
