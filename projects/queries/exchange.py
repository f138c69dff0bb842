"""The dated rates that estimates of people who are paid in several currencies are made with."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from typing import Final

from projects.domain.periods import monday_of
from projects.impact.inputs import EngagementInputs, FxRate
from projects.impact.pay import RATE_SCALE
from projects.queries.exchange_rates import RateBook

WEEK: Final = timedelta(weeks=1)


class Exchange:
    """Rates from the start of a pause to the day of its estimate: what was known on the first day and on every Monday.

    One rate a week: an estimate is then made again when a week is over, not whenever a bank has published. Nothing
    is read before somebody is paid in two currencies; then three queries for everybody.
    """

    def __init__(self, currencies: Collection[str], *, first: date, last: date) -> None:
        self.currencies, self.first, self.last = currencies, first, last
        self._known: dict[frozenset[str], tuple[FxRate, ...]] = {}

    def rates_for(self, engagements: Sequence[EngagementInputs]) -> tuple[FxRate, ...]:
        """The rates between the currencies of one person's engagements and of the standby pay on them."""
        codes = {rate.currency for one in engagements for rate in one.rates}
        codes |= {
            span.standby.currency for one in engagements for span in one.pauses if span.standby.currency
        }
        if len(codes) < 2:
            return ()
        key = frozenset(codes)
        if key not in self._known:
            pairs = combinations(sorted(codes), 2)
            self._known[key] = tuple(rate for pair in pairs for rate in self._of_pair(*pair))
        return self._known[key]

    def _of_pair(self, one: str, other: str) -> Iterator[FxRate]:
        """The pair's rates, the dearer currency first so that no digit is lost; a rate that still holds only once."""
        said: date | None = None
        for day in self._days():
            dated = self._book.on(one, other, day)
            if dated is not None and dated.rate < 1:
                dated = self._book.on(other, one, day)
            if dated is not None and dated.on != said:
                said = dated.on
                yield FxRate(dated.on, dated.source, dated.target, round(dated.rate * RATE_SCALE))

    def _days(self) -> Iterator[date]:
        yield self.first
        day = monday_of(self.first) + WEEK
        while day <= self.last:
            yield day
            day += WEEK

    @cached_property
    def _book(self) -> RateBook:
        return RateBook.of(self.currencies, first=self.first, last=self.last)
