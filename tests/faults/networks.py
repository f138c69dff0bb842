"""Faults of the far end: mail servers that refuse, cut, stall and throttle, a Slack that does all of that as well."""

import threading
import time
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from notifications import states
from notifications.models import Delivery, Lane
from tests.fakes.slack import Answer
from tests.fakes.smtp_sink import Act
from tests.faults.ledger import wait_until
from tests.faults.scene import Scene


def share_of(recipient: str, acts: Mapping[Act, int]) -> Act:
    """Give each so many people in a hundred one act, always the same for the same person."""
    number = zlib.crc32(recipient.encode()) % 100
    for act, percent in acts.items():
        if number < percent:
            return act
        number -= percent
    return Act.ACCEPT


def mixed_mail(scene: Scene) -> None:
    """10 % greylisted twice, 5 % 451 after DATA, 5 % accepted and cut, 5 % cut inside DATA, 1 % refused for good."""
    once = {Act.REFUSE_AFTER_DATA: 5, Act.CUT_BEFORE_REPLY: 5, Act.CUT_IN_DATA: 5}

    def plan(recipient: str, nth: int) -> Act:
        act = share_of(recipient, {Act.GREYLIST: 10, **once, Act.REFUSE_FOR_GOOD: 1})
        is_over = nth > (2 if act == Act.GREYLIST else 1)
        return Act.ACCEPT if is_over and act != Act.REFUSE_FOR_GOOD else act

    scene.sink.plan = plan
    scene.worker()
    scene.drain()
    refused = Delivery.objects.filter(state=states.FAILED)
    assert refused.exists()
    assert {scene.sink.tries[row.address] for row in refused} == {1}, "a dead address was tried again"


def everybody_421(scene: Scene, *, seconds: float = 3.0) -> None:
    """421 for everybody, for a while."""
    until: list[float] = []

    def plan(recipient: str, nth: int) -> Act:
        if not recipient:
            return Act.ACCEPT
        if not until and len(scene.sink.accepted) >= scene.people // 3:
            until.append(time.monotonic() + seconds)
        return Act.CLOSE_421 if until and time.monotonic() < until[0] else Act.ACCEPT

    scene.sink.plan = plan
    scene.worker()
    scene.drain()


def never_answered(scene: Scene) -> None:
    """1 % of the mails are never answered; their next try is."""
    scene.sink.plan = lambda recipient, nth: (
        share_of(recipient, {Act.NEVER_ANSWER: 1}) if nth == 1 else Act.ACCEPT
    )
    scene.worker()
    scene.drain()


ON_THE_WAY_SECONDS: Final = 0.4
"""By when every relay knows of a 429 that one of them was given; what others had on the wire comes until then."""
ON_THE_WAY_AT_MOST: Final = 6
"""Posts for each 429 that others may have had on the wire: each has one, and begins a few until the lane is parked."""


def slack_in_trouble(scene: Scene) -> None:
    """429 in bursts, 5xx, and replies lost after posting; once a 429 is known no post comes before its Retry-After."""
    assert scene.slack is not None
    posts = iter(range(10**9))
    known_at = [float("-inf")]
    early: list[str] = []
    on_the_way: list[str] = []
    throttles: list[str] = []
    lock = threading.Lock()

    def plan(channel: str, nth: int) -> Answer:
        with lock:
            number = next(posts)
            if time.monotonic() < known_at[0]:
                on_the_way.append(channel)
            if known_at[0] < time.monotonic() < known_at[0] + 2 - ON_THE_WAY_SECONDS - 0.05:
                early.append(channel)
            if number % 400 == 200:
                throttles.append(channel)
                known_at[0] = time.monotonic() + ON_THE_WAY_SECONDS
                return Answer(status=429, error="ratelimited", retry_after=2)
        if nth > 1:
            return Answer()
        trouble = zlib.crc32(channel.encode()) % 100
        if trouble < 3:
            return Answer(status=503, error="http")
        return Answer(is_lost_after_storing=trouble < 6)

    scene.slack.plan = plan
    _unpaced()
    scene.worker()
    scene.drain()
    assert not early, f"{len(early)} posts came before Retry-After had passed"
    assert len(on_the_way) <= ON_THE_WAY_AT_MOST * len(throttles), (
        f"{len(on_the_way)} posts for {len(throttles)}"
    )


def slack_token_revoked(scene: Scene) -> None:
    """The token is revoked half way; the lane says so and stands still until a person has mended it."""
    assert scene.slack is not None
    revoked = [True]
    slack = scene.slack

    def plan(channel: str, nth: int) -> Answer:
        is_dead = revoked[0] and len(slack.posts) >= scene.people // 2
        return Answer(error="token_revoked") if is_dead else Answer()

    slack.plan = plan
    _unpaced()
    scene.worker()
    wait_until(lambda: Lane.objects.filter(is_stopped=True).exists(), doing=scene.ring)
    wait_until(lambda: not Delivery.objects.filter(state=states.SENDING).exists())
    assert Lane.objects.get(is_stopped=True).parked_reason == "token_revoked"
    revoked[0] = False
    Lane.objects.update(is_stopped=False, parked_until=None, parked_reason="")
    scene.drain()


def _unpaced() -> None:
    """Two thousand people at Slack's own pace take seven minutes; a fault is seen at any pace."""
    Lane.objects.update(per_second=0)


Fault = Callable[[Scene], None]
