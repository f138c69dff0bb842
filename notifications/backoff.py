"""How long to wait before the next try: exponential with jitter, as tenacity reckons it."""

from typing import Final, cast

from tenacity import RetryCallState, wait_exponential_jitter

MAX_TRIES: Final = 9
_WAIT: Final = wait_exponential_jitter(multiplier=10, exp_base=2.5, max=3_600, jitter=10)


class _Tries:
    """All that the wait asks of a call: how often it was tried."""

    def __init__(self, attempt_number: int) -> None:
        self.attempt_number = attempt_number


def seconds_until_next_try(tries: int) -> float:
    """Seconds to wait after `tries` tries (1 or more): about 10, 25, 62, … up to an hour, plus up to 10 of jitter."""
    return float(_WAIT(cast(RetryCallState, _Tries(tries))))


def is_out_of_tries(tries: int) -> bool:
    """Whether a passing trouble has lasted long enough to ask a person."""
    return tries >= MAX_TRIES
