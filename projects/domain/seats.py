"""What may become of a person and an open seat, how skills are written, and how two rates compare."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from projects.domain.errors import UnableToEngage

INTERESTED = "interested"
OFFERED = "offered"
ACCEPTED = "accepted"
DECLINED = "declined"
WITHDRAWN = "withdrawn"

FOLLOWS: Mapping[str, frozenset[str]] = {
    INTERESTED: frozenset({OFFERED, WITHDRAWN}),
    OFFERED: frozenset({ACCEPTED, DECLINED, WITHDRAWN}),
    ACCEPTED: frozenset(),
    DECLINED: frozenset({INTERESTED, OFFERED}),
    WITHDRAWN: frozenset({INTERESTED, OFFERED}),
}

MOST_SKILLS = 40
MOST_SKILL_CHARACTERS = 60


def may_become(state: str | None, next_state: str) -> bool:
    """Whether a candidacy in `state` (None: there is none yet) may go on to `next_state`."""
    return next_state in (FOLLOWS[state] if state else {INTERESTED, OFFERED})


def skill_named(words: str) -> str:
    """A skill as it is kept and compared: lower case, single spaces."""
    return re.sub(r"\s+", " ", words).strip().lower()


def skills_named(words: Iterable[str]) -> tuple[str, ...]:
    """Skills as they are kept, each once, in order of the alphabet.

    Raises UnableToEngage for too many, or for one that is a whole sentence.
    """
    skills = sorted({named for each in words if (named := skill_named(each))})
    if len(skills) > MOST_SKILLS:
        raise UnableToEngage(f"Name at most {MOST_SKILLS} skills.", field="skills")
    for skill in skills:
        if len(skill) > MOST_SKILL_CHARACTERS:
            raise UnableToEngage(
                f"“{skill[:20]}…” is too long for a skill; at most {MOST_SKILL_CHARACTERS} characters.",
                field="skills",
            )
    return tuple(skills)


@dataclass(frozen=True, slots=True)
class RateComparison:
    """How a seat's range compares with what a person has: both ends in basis points of their own, -500 is 5 % less."""

    own_millionths: int
    lowest_bp: int
    highest_bp: int

    @property
    def direction(self) -> str:
        """`higher`, `lower`, `same`, or `either` where the range holds the person's own rate."""
        if self.lowest_bp == self.highest_bp == 0:
            return "same"
        if self.lowest_bp >= 0:
            return "higher"
        return "lower" if self.highest_bp <= 0 else "either"


def compare_rates(*, own: int, lowest: int, highest: int | None) -> RateComparison | None:
    """Compare a seat's rates with a person's, all in millionths of one currency and paid by the same unit."""
    if own <= 0:
        return None
    ends = (lowest, lowest if highest is None else highest)
    low, high = ((end - own) * 10_000 // own for end in ends)
    return RateComparison(own, low, high)
