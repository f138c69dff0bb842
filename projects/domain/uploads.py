"""Which state a file on its way into the record may have after which."""

from collections.abc import Mapping
from typing import Final

MAY_FOLLOW: Final[Mapping[str, frozenset[str]]] = {
    "checking": frozenset({"asking", "checked", "refused", "discarded"}),
    "asking": frozenset({"checking", "discarded"}),
    "checked": frozenset({"checking", "applying", "discarded"}),
    "applying": frozenset({"applied", "refused"}),
    "refused": frozenset({"checking", "discarded"}),
    "applied": frozenset({"undone"}),
    "undone": frozenset(),
    "discarded": frozenset(),
}


def states_before(state: str) -> frozenset[str]:
    """The states from which this one may be reached."""
    return frozenset(before for before, after in MAY_FOLLOW.items() if state in after)
