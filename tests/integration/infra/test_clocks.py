"""Several clocks may run: one rings, the next goes on where it ends or falls silent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from contractorhub.lease import Lease
from tests.services.broker import BrokerService
from tests.services.processes import PYTHON, Part, running, wait_until
from tests.services.worker import process_env

TAKEN = "lease.taken"


@pytest.fixture
def shared(broker: BrokerService, settings: Any) -> Redis:
    """The cache that the clocks share."""
    settings.CACHE_URL = broker.cache_url
    return Redis.from_url(broker.cache_url)


def claim(name: str = "clock") -> Lease:
    """A claim that asks the cache every time."""
    return Lease(name, seconds=20, every_seconds=0)


@pytest.mark.worker
@pytest.mark.usefixtures("shared")
def test_one_of_several_holds_a_lease_until_it_gives_it_back() -> None:
    first, second = claim(), claim()
    assert [first.is_held(), second.is_held(), first.is_held()] == [True, False, True]
    second.give_back()  # what it does not hold it cannot give
    assert not claim().is_held()
    first.give_back()
    assert [second.is_held(), first.is_held()] == [True, False]


@pytest.mark.worker
def test_a_holder_that_fell_silent_is_overtaken_and_stands_back(shared: Redis) -> None:
    first, second = claim(), claim()
    assert first.is_held()
    assert 0 < shared.ttl("contractorhub:lease:clock") <= 20
    shared.flushdb()  # its time ran out, or somebody emptied the cache
    assert second.is_held()
    assert not first.is_held()
    first.give_back()
    assert second.is_held()


def test_a_cache_that_cannot_be_asked_stops_no_clock(settings: Any) -> None:
    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    lonely = claim()
    assert lonely.is_held()
    lonely.give_back()


def test_a_clock_that_shares_no_cache_with_another_rings() -> None:
    assert claim().is_held()


@pytest.fixture
def clock(broker: BrokerService, tmp_path: Path, transactional_db: None) -> Callable[[str], Part]:
    """Make a clock as the product starts it."""

    def make(name: str) -> Part:
        return Part(
            command=(PYTHON, "-m", "celery", "-A", "contractorhub", "beat", "--pidfile="),
            env=process_env(broker.env(), {"BEAT_SIGN_FILE": str(tmp_path / name)}),
            log=tmp_path / f"{name}.log",
            is_ready=lambda: (tmp_path / name).exists(),  # the sign of life, of one that stands by too
            patience_seconds=60,
        )

    return make


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_second_clock_goes_on_where_the_first_ends(
    end: str, clock: Callable[[str], Part], broker: BrokerService
) -> None:
    first, second = clock("first"), clock("second")
    with running(first), running(second):
        wait_until(lambda: TAKEN in first.log.read_text(), seconds=30, what="the first to ring")
        assert TAKEN not in second.log.read_text()
        getattr(first, end)()
        broker.client().delete("default")
        wait_until(lambda: TAKEN in second.log.read_text(), seconds=40, what="the second to ring")
        wait_until(lambda: broker.queued("default") > 0, seconds=40, what="a bell of the second")
