"""When a pause needs a second person before it opens: many people, much money a week, or a start in the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(minutes=15)
"""A start so little in the past is the time it took to write the pause, not backdating."""

MANY_PEOPLE = "many_people"
MUCH_MONEY = "much_money"
BACKDATED = "backdated"


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many people, and from how many euros of usual pay a week, a second person is needed; 0: never."""

    people: int
    weekly_euros: int


def reasons_for_second_person(
    *, people: int, weekly_euros: int, starts_at: datetime, at: datetime, limits: Limits
) -> tuple[str, ...]:
    """Why a second person is needed, by name; empty where one is enough."""
    reasons = {
        MANY_PEOPLE: 0 < limits.people <= people,
        MUCH_MONEY: 0 < limits.weekly_euros <= weekly_euros,
        BACKDATED: starts_at < at - GRACE,
    }
    return tuple(name for name, holds in reasons.items() if holds)
