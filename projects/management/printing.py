"""How commands show sums with their ranges, and progress that is told from inside an operation."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress

from projects.domain.money import exponent_of, minor_to_decimal
from projects.management.base import money_json
from projects.queries.estimates import MoneyRange


def money_range(value: MoneyRange, currency: str) -> dict[str, Any]:
    """A sum and its ranges, each as `money_json`."""
    return {
        "central": money_json(value.central, currency),
        "low80": money_json(value.low80, currency),
        "high80": money_json(value.high80, currency),
        "low95": money_json(value.low95, currency),
        "high95": money_json(value.high95, currency),
    }


def words(value: MoneyRange, currency: str) -> str:
    """`1,234.50 USD (80 % range 900.00 to 1,500.00)`."""
    places = exponent_of(currency)
    central, low, high = (
        f"{minor_to_decimal(minor, currency):,.{places}f}"
        for minor in (value.central, value.low80, value.high80)
    )
    return f"{central} {currency} (80 % range {low} to {high})"


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while a terminal is watching; `tell(done, total)` moves it. Silent otherwise."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell
