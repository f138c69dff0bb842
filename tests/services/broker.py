"""A real broker for tests: the Valkey server that the product embeds, on a port and in a folder of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from contractorhub.hub.broker import Broker
from contractorhub.hub.ports import free_port
from tests.services.processes import Part


@dataclass
class BrokerService:
    """The server's addresses, and the faults it can be made to suffer."""

    broker: Broker
    part: Part

    @property
    def tasks_url(self) -> str:
        """For CELERY_BROKER_URL."""
        return self.broker.tasks_url

    @property
    def cache_url(self) -> str:
        """For CACHE_URL."""
        return self.broker.cache_url

    def env(self) -> dict[str, str]:
        """The variables a process needs to use this broker."""
        return {"CELERY_BROKER_URL": self.tasks_url, "CACHE_URL": self.cache_url}

    def client(self) -> "redis.Redis":
        """Return a client of the queues' database."""
        return redis.Redis.from_url(self.tasks_url)

    def empty(self) -> None:
        """Forget everything, as an operator's FLUSHALL would."""
        self.client().flushall()

    def kill(self) -> None:
        """End the server at once."""
        self.part.kill()

    def start(self) -> None:
        """Start it again at the same address, with what its append-only file kept."""
        self.part.start()

    def queued(self, queue: str) -> int:
        """Return how many tasks wait in a queue."""
        return int(self.client().llen(queue))


def _answers(broker: Broker) -> bool:
    try:
        client = redis.Redis.from_url(broker.tasks_url, socket_connect_timeout=0.5, socket_timeout=0.5)
        return bool(client.ping())
    except redis.RedisError:
        return False


@contextmanager
def running_broker(folder: Path) -> Iterator[BrokerService]:
    """Start a Valkey server, or the one that TEST_REDIS_SERVER names, that keeps its state in `folder`."""
    broker = Broker(port=free_port(), password="for-tests-only", folder=folder / "broker")
    broker.write_config()
    program = os.environ.get("TEST_REDIS_SERVER", "")
    part = Part(
        command=[program, *broker.command()[1:]] if program else broker.command(),
        env={"PATH": "/usr/bin:/bin"},
        log=folder / "broker.log",
        is_ready=lambda: _answers(broker),
        patience_seconds=10,
    )
    part.start()
    try:
        yield BrokerService(broker, part)
    finally:
        part.stop(patience_seconds=3)
