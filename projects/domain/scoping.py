"""What a scope reassessment may come to, and which terms each outcome needs."""

from collections.abc import Mapping
from datetime import date

from projects.domain.errors import UnableToReassess

PENDING = "pending"
OUTCOMES = frozenset({"unchanged", "reduced", "expanded", "cancelled"})


def refuse_unfit_outcome(
    *, outcome: str, what_it_means: str, terms: Mapping[str, int | str | date | None]
) -> None:
    """Raise UnableToReassess unless the outcome is known, explained, and carries the terms it needs."""
    if outcome not in OUTCOMES:
        raise UnableToReassess(
            f"“{outcome}” is not an outcome; choose one of {', '.join(sorted(OUTCOMES))}.", field="outcome"
        )
    if not what_it_means.strip():
        raise UnableToReassess("Say what the outcome means for contractors.", field="what_it_means")
    named = ("new_weekly_seconds", "new_rate_millionths", "new_end_on")
    changes = [name for name in named if terms.get(name) is not None]
    if outcome in {"reduced", "expanded"} and not changes:
        raise UnableToReassess(
            f"A scope that is {outcome} needs its new hours, rate or end date.", field="new_weekly_seconds"
        )
    if outcome in {"unchanged", "cancelled"} and changes:
        raise UnableToReassess(
            f"A scope that is {outcome} has no new hours, rate or end date.", field=changes[0]
        )
    if terms.get("new_rate_currency") and terms.get("new_rate_millionths") is None:
        raise UnableToReassess("A currency needs its new rate; or leave both out.", field="new_rate_currency")
