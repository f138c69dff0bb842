"""An amount in the currency that somebody asked to see as well, with the day of the rate it was worked out with."""

from dataclasses import dataclass

from contractorhub.portal.presenters.reader import Reader
from projects.domain.errors import UnableToReport
from projects.queries.exchange_rates import rate_known


@dataclass(frozen=True, slots=True)
class Also:
    """`amount` is rounded to whole units; `day` is the day of the rate."""

    amount: str
    day: str


def also(minor: int, currency: str, reader: Reader) -> Also | None:
    """The amount once more; None where nothing else was asked for, or there is no rate."""
    if reader.display_currency in {"", currency}:
        return None
    try:
        rate = rate_known(currency, reader.display_currency, as_of=reader.today)
    except UnableToReport:
        return None
    return Also(reader.about(rate.convert(minor), rate.target), reader.month_day_year(rate.on))
