"""Brings the bank's rates up to date; where the bank cannot be reached, the last known ones go on."""

from datetime import datetime

import structlog

from projects.bank import BankIsAway, published_since
from projects.operations.rates import keep_bank_rates
from projects.queries.exchange_rates import last_day_of_rates

logger = structlog.get_logger(__name__)


def update_rates(*, at: datetime) -> int:
    """Fetch what was published after the history at hand and keep it; how many rates were new. Raises BankIsAway."""
    rows = published_since(last_day_of_rates())
    return keep_bank_rates(rows=rows, at=at) if rows else 0


def try_to_update_rates(*, at: datetime) -> int:
    """The same for the clock: a bank that is away is logged and asked again tomorrow."""
    try:
        return update_rates(at=at)
    except BankIsAway as error:
        logger.warning("rates.bank_is_away", error=str(error))
        return 0
