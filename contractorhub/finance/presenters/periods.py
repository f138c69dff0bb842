"""What the next period would book, in words."""

from dataclasses import dataclass
from datetime import date

from projects.domain.money import format_money
from projects.domain.periods import monday_of
from projects.queries.periods import to_book


@dataclass(frozen=True, slots=True)
class ForetoldWords:
    """One currency: what its own weeks lost, what standby pays, and what has moved in weeks closed before."""

    currency: str
    lost: str
    standby: str
    moved: str
    has_moved: bool


def foretold(first: date, until: date, *, as_of: date) -> tuple[ForetoldWords, ...]:
    """The sums that closing now would book, a row a currency."""
    return tuple(
        ForetoldWords(
            one.currency,
            format_money(one.own.lost_minor, one.currency),
            format_money(one.own.standby_minor, one.currency),
            format_money(one.moved.lost_minor, one.currency),
            one.moved.lost_minor != 0,
        )
        for one in to_book(first_week=first, last_week=monday_of(until), as_of=as_of)
    )
