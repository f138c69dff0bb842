"""How long to wait before the next try: exponential with jitter, as tenacity reckons it."""

from dataclasses import dataclass
from typing import Final, cast

from tenacity import RetryCallState, wait_exponential_jitter

from notifications.messages import Channel


class _Tries:
    """All that the wait asks of a call: how often it was tried."""

    def __init__(self, attempt_number: int) -> None:
        self.attempt_number = attempt_number


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a passing trouble is tried, and how far apart in seconds the tries may come to lie."""

    max_tries: int
    longest_wait: int

    def seconds_until_next_try(self, tries: int) -> float:
        """Seconds to wait after `tries` tries (1 or more): about 10, 25, 62, … and up to 10 of jitter."""
        wait = wait_exponential_jitter(multiplier=10, exp_base=2.5, max=self.longest_wait, jitter=10)
        return float(wait(cast(RetryCallState, _Tries(tries))))

    def is_over(self, tries: int) -> bool:
        """Whether the trouble has lasted long enough to ask a person."""
        return tries >= self.max_tries


_USUAL: Final = Patience(max_tries=9, longest_wait=3_600)
_WEBHOOK: Final = Patience(
    max_tries=16, longest_wait=6 * 3_600
)  # two days: a receiver may be down for a weekend


def patience_of(channel: str) -> Patience:
    """How patient we are with this channel."""
    return _WEBHOOK if channel == Channel.WEBHOOK else _USUAL
