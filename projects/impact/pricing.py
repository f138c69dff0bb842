"""Prices one engagement's expected work: lines of the usual week and its adjustments, earnings, standby."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from projects.impact.earnings import (
    is_payable,
    paused_share,
    sheets_through,
    standby_a_day,
    standby_share,
)
from projects.impact.expected import STEPS, Expected
from projects.impact.inputs import EarnedEntry, PersonInputs, RateSpan
from projects.impact.ledger import Entry, Ledger
from projects.impact.pay import (
    FIXED,
    Terms,
    fixed_day_pay,
    pay_of_entry,
    pay_of_seconds,
    to_minor,
)
from projects.impact.results import LineKind
from projects.impact.weeks import Part
from projects.impact.workdays import runs_of

ADJUSTMENTS: tuple[LineKind, ...] = ("holidays", "leave", "contract", "ramp", "retention", "peers")


@dataclass(slots=True, eq=False)
class Priced:
    """One engagement and currency of a stretch: its ledger, the places of its days among those expected, and
    `swing`: the grains of loss that move with the hours."""

    ledger: Ledger
    due: Expected
    chosen: Sequence[int]
    swing: float

    @property
    def seconds(self) -> int:
        """Expected work."""
        return sum(self.due.seconds[place] for place in self.chosen)

    def pause_on(self, day: int) -> str:
        """The pause of that day, or of the nearest covered day where only another engagement is paused then."""
        days = self.due.covered.days
        nearest = min(self.chosen, key=lambda place: abs(days[place] - day))
        return self.due.covered.in_order[nearest].pause.pause


@dataclass(slots=True, eq=False)
class Book:
    """What has been posted of one person: a ledger for each place of an engagement and currency, and how many days
    of standby pay each pause has paid there."""

    ledgers: dict[tuple[int, str], Ledger] = field(default_factory=dict)
    standby_days: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))


def price(person: PersonInputs, place: int, part: Part, due: Expected, book: Book) -> Iterator[Priced]:
    """Post what was expected, earned on the paused engagement and paid as standby; one result a
    currency."""
    engagement = person.engagements[place]
    days = due.covered.days
    rates = Terms(engagement.rates).over(days)
    currencies = dict.fromkeys(rate.currency for rate in rates)
    for currency in currencies:
        chosen: Sequence[int] = range(len(days))
        if len(currencies) > 1:
            chosen = [i for i in chosen if rates[i].currency == currency]
        first, end = days[chosen[0]], days[chosen[-1]] + 1
        ledger = book.ledgers.setdefault((place, currency), Ledger(currency, first, end))
        ledger.first, ledger.end = min(ledger.first, first), max(ledger.end, end)
        yield _Pricing(person, place, part, due, rates, ledger, book.standby_days).run(chosen)


class _Pricing:
    """The work of pricing one engagement in one currency."""

    def __init__(
        self,
        person: PersonInputs,
        place: int,
        part: Part,
        due: Expected,
        rates: Sequence[RateSpan],
        ledger: Ledger,
        standby_days: dict[tuple[int, str], int],
    ) -> None:
        self.person, self.place, self.part, self.standby_days = person, place, part, standby_days
        self.engagement = engagement = person.engagements[place]
        self.due, self.rates, self.ledger = due, rates, ledger
        self.zone = ZoneInfo(engagement.time_zone)
        self.seconds = due.seconds
        self.days, self.covered = due.covered.days, due.covered.in_order
        self.sheets_through = sheets_through(person, engagement)

    def run(self, chosen: Sequence[int]) -> Priced:
        """All columns of the chosen days."""
        self.expected = [0] * len(self.days)
        swing = self._post_expected(chosen)
        swing -= self._post_earned(chosen)
        swing -= self._post_standby(chosen)
        return Priced(self.ledger, self.due, chosen, max(swing, 0.0))

    def _post_expected(self, chosen: Sequence[int]) -> float:
        """Expected pay by day, and the lines from a usual week to it. Returns the grains that move with
        hours."""
        moving = 0
        parted = self._by_rate(chosen)
        for rate, places in parted:
            grains = self._expected_pay(rate, places)
            moving += 0 if rate.basis in FIXED else sum(grains)
            for place, grain in zip(places, grains, strict=True):
                self.expected[place] = grain
        self._post_runs(chosen)
        for rate, places in parted:
            self._lines_of_rate(rate, places)
        return float(moving)

    def _by_rate(self, chosen: Sequence[int]) -> Sequence[tuple[RateSpan, Sequence[int]]]:
        """The chosen days under each rate, in order."""
        first = self.rates[chosen[0]]
        if first is self.rates[chosen[-1]]:  # days are in order, so no other rate was in force between them
            return [(first, chosen)]
        by_rate: dict[int, tuple[RateSpan, list[int]]] = {}
        for i in chosen:
            by_rate.setdefault(id(self.rates[i]), (self.rates[i], []))[1].append(i)
        return list(by_rate.values())

    def _expected_pay(self, rate: RateSpan, places: Sequence[int]) -> list[int]:
        """Grains that each of the days under one rate was expected to pay."""
        if rate.basis in FIXED:
            return [round(fixed_day_pay(rate, self.days[i]) * self.covered[i].share) for i in places]
        if rate.basis == "hour":  # most people's, and the same for every second
            a_second = pay_of_seconds(rate, 1, self.part.pace)
            return [self.seconds[i] * a_second for i in places]
        return [pay_of_seconds(rate, self.seconds[i], self.part.pace) for i in places]

    def _post_runs(self, chosen: Sequence[int]) -> None:
        """Post expected pay a week and pause at a time."""
        if len(chosen) == len(self.days):
            runs, seconds, expected = self.due.covered.runs, self.seconds, self.expected
        else:
            runs = runs_of([self.days[i] for i in chosen], [self.covered[i] for i in chosen])
            seconds = [self.seconds[i] for i in chosen]
            expected = [self.expected[i] for i in chosen]
        for run in runs:
            inside = slice(run.first, run.last)
            self.ledger.post_expected(run, sum(seconds[inside]), sum(expected[inside]))

    def _lines_of_rate(self, rate: RateSpan, chosen: Sequence[int]) -> None:
        """Lines of the days under one rate: the usual week first, then each step that changed something."""
        span = (
            ("days", len(chosen)),
            ("from", _iso(self.days[chosen[0]])),
            ("through", _iso(self.days[chosen[-1]])),
            ("rate_millionths", rate.amount_millionths),
            ("currency", rate.currency),
        )
        total = sum(self.expected[i] for i in chosen)
        is_all = len(chosen) == len(self.days)
        seconds: list[int] = self.due.totals if is_all else self.due.steps[:, chosen].sum(1).tolist()
        if rate.basis in FIXED:
            label = f"impact.line.fixed.{rate.basis}"
            self.ledger.entries.append(Entry("fixed", label, span, seconds[-1], total))
            return
        paid = [pay_of_seconds(rate, step, self.part.pace) for step in seconds[:-1]] + [total]
        label = f"impact.line.usual.{rate.basis}"
        self.ledger.entries.append(Entry("usual", label, span, seconds[0], paid[0]))
        for index, kind in enumerate(ADJUSTMENTS, start=1):
            changed, moved = seconds[index] - seconds[index - 1], paid[index] - paid[index - 1]
            if changed or moved:
                params = (("currency", rate.currency), ("step", STEPS[index]))
                self.ledger.entries.append(Entry(kind, f"impact.line.{kind}", params, changed, moved))

    def _post_earned(self, chosen: Sequence[int]) -> float:
        """Work really done in the paused hours; in a reduced pause also what may still be worked on days to
        come."""
        may_remain = any(pause.remaining_bp for pause in self.engagement.pauses)
        if not self.engagement.earned and not may_remain:
            return 0.0
        by_day: dict[int, list[EarnedEntry]] = defaultdict(list)
        for entry in self.engagement.earned:
            by_day[entry.day.toordinal()].append(entry)
        earned = seconds = planned = planned_seconds = moving = 0
        for i in chosen:
            covered, day = self.covered[i], self.days[i]
            got = [self._entry(entry, i) for entry in by_day.get(day, ())]
            done, worked = sum(grains for grains, _ in got), sum(spent for _, spent in got)
            earned, seconds = earned + done, seconds + worked
            if covered.remaining and day > self.sheets_through:
                grains = max(0, round(self.expected[i] * covered.remaining) - done)
                self.ledger.post(1, day, grains, covered.pause.pause)
                planned += grains
                moving += 0 if self.rates[i].basis in FIXED else grains
                planned_seconds += max(0, round(self.seconds[i] * covered.remaining) - worked)
        if earned:
            self._line("earned", "impact.line.earned", -seconds, -earned)
        if planned:
            self._line("remaining", "impact.line.remaining", -planned_seconds, -planned)
        return float(moving)

    def _entry(self, entry: EarnedEntry, i: int) -> tuple[int, int]:
        """Post one entry; grains and seconds that count as earned."""
        covered = self.covered[i]
        if not is_payable(entry, covered, self.zone):
            self.ledger.reasons.add("worked_after_notice")
            params = (("day", entry.day.isoformat()),)
            self.ledger.entries.append(
                Entry("note", "impact.line.note.worked_after_notice", params, entry.seconds, 0)
            )
            return 0, 0
        part = paused_share(entry, covered, float(self.due.whole[i]))
        grains, currency = pay_of_entry(self.rates[i], entry, self.part.pace)
        known = self.ledger.in_own(round(grains * part), currency, entry.day, self.person.fx)
        if known is None:
            return 0, 0
        self.ledger.post(1, self.days[i], known, covered.pause.pause)
        return known, round(entry.seconds * part)

    def _post_standby(self, chosen: Sequence[int]) -> float:
        """Standby pay by day. Returns the grains that move with hours."""
        total, moving = 0, 0.0
        if not any(pause.standby.share_bp or pause.standby.daily_minor for pause in self.engagement.pauses):
            return moving
        unknown: dict[str, int] = defaultdict(int)
        for i in chosen:
            covered, expected = self.covered[i], self.expected[i]
            terms = covered.pause.standby
            grains = standby_share(covered, expected)
            if terms.daily_minor:
                grains += self._a_day(i, unknown)
            self.ledger.post(3, self.days[i], grains, covered.pause.pause)
            total += grains
            if self.rates[i].basis not in FIXED:
                moving += expected * (1 - covered.remaining) * terms.share_bp / 10_000
        if total:
            self._line("standby", "impact.line.standby", None, -total)
        for currency, grains in sorted(unknown.items()):
            params = (("currency", currency), ("minor", to_minor(grains)))
            self.ledger.entries.append(Entry("note", "impact.line.note.other_currency", params, None, 0))
        return moving

    def _a_day(self, i: int, unknown: dict[str, int]) -> int:
        """The daily amount in the ledger's currency; one without a dated rate is kept in `unknown`, never paid off."""
        covered, key = self.covered[i], (self.place, self.covered[i].pause.pause)
        grains = standby_a_day(covered, self.expected[i], self.standby_days[key])
        self.standby_days[key] += self.expected[i] > 0
        own = covered.pause.standby.currency or self.ledger.currency
        day = date.fromordinal(self.days[i])
        known = self.ledger.in_own(grains, own, day, self.person.fx) if grains else 0
        if known is None:
            unknown[own] += grains
        return known or 0

    def _line(self, kind: LineKind, label: str, seconds: int | None, grains: int) -> None:
        params = (("currency", self.ledger.currency),)
        self.ledger.entries.append(Entry(kind, label, params, seconds, grains))


@lru_cache(maxsize=4096)
def _iso(ordinal: int) -> str:
    """A day as its lines name it."""
    return date.fromordinal(ordinal).isoformat()
