"""How much of what people earn hangs on one client, month by month, from an even sample of the firm's people."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from projects.impact.exposure import concentration, dependence
from projects.impact.inputs import History, RateSpan
from projects.impact.pay import Pace, Terms, pay_of_seconds
from projects.models import Client
from projects.queries.impact import rates_of
from projects.queries.panels import Sample, read_sample

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthShares:
    """One month in one currency, whole months only; shares of what was earned, 0 to 1.

    `concentration` is the Herfindahl index: 1 where all comes from one client, 1 / n where n are equal.
    `mostly_dependent` is the share of the largest client's people who earn more than half of their income there.
    """

    month: date
    currency: str
    clients: int
    people: int
    largest: str
    largest_share: float
    concentration: float
    mostly_dependent: float


@dataclass(frozen=True, slots=True)
class _Earned:
    month: date
    currency: str
    client: int
    person: int
    grains: int


def concentration_by_month(*, as_of: date, months: int = MONTHS) -> tuple[MonthShares, ...]:
    """The whole months before `as_of`, oldest first; empty where nobody worked. At most 4,000 people are read."""
    end = as_of.replace(day=1)
    first = _months_before(end, months)
    sample = read_sample(origin=end, before=end, submitted={})
    by_month: dict[tuple[date, str], list[_Earned]] = defaultdict(list)
    for one in _earned(sample, first, end):
        by_month[one.month, one.currency].append(one)
    codes = dict(Client.objects.values_list("pk", "code"))
    return tuple(
        _shares(month, currency, rows, codes)
        for (month, currency), rows in sorted(by_month.items())
        if sum(row.grains for row in rows)
    )


def _months_before(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def _earned(sample: Sample, first: date, end: date) -> Iterator[_Earned]:
    """What each engagement earned a month, at the rate in force in the middle of it."""
    rates = rates_of([term.pk for term in sample.terms])
    starts = [first]
    while starts[-1] < end:
        starts.append(_months_before(starts[-1], -1))
    for term in sample.terms:
        own = rates.get(term.pk)
        if own is None:
            continue
        for month, seconds in _seconds_by_month(sample.histories[term.pk], starts):
            rate: RateSpan = Terms(own).on((month + timedelta(days=14)).toordinal())
            grains = pay_of_seconds(rate, seconds, Pace())
            yield _Earned(month, rate.currency, term.project.client_id, term.contractor_id, grains)


def _seconds_by_month(history: History, starts: list[date]) -> Iterator[tuple[date, int]]:
    edges = np.searchsorted(history.ordinals, [start.toordinal() for start in starts])
    sums = np.concatenate(([0], np.cumsum(history.seconds, dtype=np.int64)))[edges]
    for month, seconds in zip(starts, np.diff(sums).tolist(), strict=False):
        if seconds:
            yield month, seconds


def _shares(month: date, currency: str, rows: list[_Earned], codes: Mapping[int, str]) -> MonthShares:
    by_client: dict[int, int] = defaultdict(int)
    for row in rows:
        by_client[row.client] += row.grains
    largest = max(by_client, key=lambda client: (by_client[client], -client))
    depend = dependence((str(row.person), str(row.client), row.grains) for row in rows)
    return MonthShares(
        month,
        currency,
        len(by_client),
        len({row.person for row in rows}),
        codes[largest],
        by_client[largest] / sum(by_client.values()),
        concentration(by_client.values()),
        depend[str(largest)],
    )
