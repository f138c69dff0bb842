"""Sums of one engagement's estimate in grains, week by week and line by line, rounded once so that all of
it adds up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import add, sub

from projects.impact.inputs import FxRate
from projects.impact.pay import RATE_SCALE, exchanged, rate_on, to_minor
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
    converted: dict[str, tuple[int, FxRate]] = field(default_factory=dict)
    """Money of other currencies that was taken in, and the last rate it was taken in at."""

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

    def in_own(self, grains: int, currency: str, day: date, rates: Sequence[FxRate]) -> int | None:
        """Money in this ledger's currency at the rate of its day, which is kept to be shown; None without a rate."""
        if currency == self.currency:
            return grains
        fx = rate_on(currency, self.currency, day, rates)
        if fx is None:
            self.reasons.add("other_currency")
            return None
        self.converted[currency] = (self.converted.get(currency, (0, fx))[0] + grains, fx)
        return exchanged(grains, currency, self.currency, fx)

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

    def totals(self) -> tuple[int, int, int, int, int]:
        """Expected, earned, recovered, standby and lost in minor units: what is left after each is rounded once, and
        each is the difference between two of those, so that what is lost never moves against its exact value."""
        return _columns([sum(week[column] for week in self.weeks.values()) for column in range(4)])

    def week_amounts(self) -> tuple[WeekAmounts, ...]:
        """Weeks whose columns add up to the totals: each is the difference of two rounded running sums."""
        out = []
        running, before = [0, 0, 0, 0], (0, 0, 0, 0, 0)
        for monday in sorted(self.weeks.keys() | self.week_seconds.keys()):
            grains = self.weeks.get(monday)
            if grains is not None:
                running = list(map(add, running, grains))
            now = _columns(running)
            out.append(
                WeekAmounts(
                    date.fromordinal(monday),
                    self.week_seconds.get(monday, 0),
                    *map(sub, now, before),
                )
            )
            before = now
        return tuple(out)

    def lines(self) -> tuple[Line, ...]:
        """Lines in minor units that add up to the totals, column by column, in the order they were entered."""
        columns = [MINOR_COLUMN.get(entry.kind, 0) for entry in self.entries]
        minors = [0] * len(self.entries)
        running = before = 0
        for place in sorted(range(len(columns)), key=columns.__getitem__):
            running += self.entries[place].grains
            now = to_minor(running)
            minors[place], before = now - before, now
        return (
            *(
                Line(entry.kind, entry.label, entry.params, entry.seconds, minor)
                for entry, minor in zip(self.entries, minors, strict=True)
            ),
            *self._rates_used(),
        )

    def _rates_used(self) -> Iterator[Line]:
        """A note for each other currency: how much of it was taken in, and at which rate, which stands beside it."""
        for currency, (grains, fx) in sorted(self.converted.items()):
            params = (
                ("currency", currency),
                ("minor", to_minor(grains)),
                ("base", fx.base),
                ("quote", fx.quote),
                ("rate", f"{(Decimal(fx.rate_e10) / RATE_SCALE).normalize():f}"),
                ("day", fx.day.isoformat()),
            )
            yield Line("note", "impact.line.note.converted", params, None, 0)

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


def _columns(grains: Sequence[int]) -> tuple[int, int, int, int, int]:
    """Expected, earned, recovered, standby and lost of exact sums: expected and lost rounded once, what lies between
    them as differences of what is left."""
    expected = to_minor(grains[0])
    if not (grains[1] or grains[2] or grains[3]):  # most weeks of most people
        return expected, 0, 0, 0, expected
    left, out = expected, [expected]
    exact = grains[0]
    for own in grains[1:]:
        if own:
            exact -= own
            after = to_minor(exact)
            out.append(left - after)
            left = after
        else:
            out.append(0)
    return out[0], out[1], out[2], out[3], left


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
