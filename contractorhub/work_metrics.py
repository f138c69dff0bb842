"""The figures of promises, estimates, waiting work and the broker's queues, as Prometheus reads them."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from kombu.exceptions import ChannelError
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from projects.queries.figures import estimate_figures, promise_figures, waiting_work

ASKED_SOON: Final = {"socket_timeout": 3}
"""How a broker is asked by whoever somebody waits for; a worker listens to its own for longer."""

logger = structlog.get_logger(__name__)


class WorkMetrics(Collector):
    """Asked of the record whenever somebody looks; one part that cannot be read leaves the others readable."""

    def collect(self) -> Iterator[Metric]:
        """Yield promises, estimates and waiting work."""
        for read in (_promises, _estimates, _waiting):
            yield from _as_far_as_read(read)


class QueueMetrics(Collector):
    """How many tasks wait in each queue of the broker; none at all where it is away, which a check tells."""

    def collect(self) -> Iterator[Metric]:
        """Yield one gauge, a line a queue."""
        family = GaugeMetricFamily(
            "contractorhub_queue_tasks", "Tasks that wait in a queue of the broker.", labels=["queue"]
        )
        try:
            for queue, waiting in queue_lengths().items():
                family.add_metric([queue], waiting)
        except Exception as error:  # noqa: BLE001  # whatever a broker that is away answers with, the rest is read
            logger.warning("metrics.queues_not_read", error=type(error).__name__)
        yield family


def queue_lengths() -> dict[str, int]:
    """Ask the broker how many tasks wait in each queue that workers listen to.

    Raises, within seconds, whatever the broker's client raises where it does not answer.
    """
    with current_app.connection_for_read(transport_options=ASKED_SOON) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=3)
        channel = broker.default_channel
        return {queue: _length(channel, queue) for queue in settings.WORKER_QUEUES}


def _length(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except ChannelError:  # an empty queue does not exist for Redis
        return 0


def _as_far_as_read(read: Callable[[], Iterator[Metric]]) -> Iterator[Metric]:
    try:
        yield from list(read())
    except DatabaseError as error:
        logger.warning("metrics.work_not_read", part=read.__name__.strip("_"), error=type(error).__name__)


def _promises() -> Iterator[Metric]:
    figures = promise_figures(at=timezone.now())
    pauses = GaugeMetricFamily("contractorhub_pauses", "Pauses that stand, by state.", labels=["state"])
    for state in ("scheduled", "in_effect"):
        pauses.add_metric([state], figures.pauses.get(state, 0))
    yield pauses
    for name, says, value in (
        (
            "due_within_a_day",
            "Next words that are promised for the coming 24 hours.",
            figures.due_within_a_day,
        ),
        ("late", "Next words that are overdue and still unsaid.", figures.late),
        ("oldest_late_seconds", "How long the oldest unsaid word is overdue.", figures.oldest_late_seconds),
        ("due_90_days", "Promised words that came due in the last 90 days.", figures.due),
        ("kept_90_days", "Promised words of the last 90 days that came in time.", figures.kept),
    ):
        yield GaugeMetricFamily(f"contractorhub_promises_{name}", says, value=value)


def _estimates() -> Iterator[Metric]:
    figures = estimate_figures(at=timezone.now())
    runs = GaugeMetricFamily(
        "contractorhub_estimate_runs", "Estimate runs by state; finished ones of a day.", labels=["state"]
    )
    for state in ("queued", "running", "done", "failed"):
        runs.add_metric([state], figures.runs.get(state, 0))
    took = GaugeMetricFamily(
        "contractorhub_estimate_run_seconds",
        "Seconds from asking for a run to its end, runs of a day.",
        labels=["quantile"],
    )
    for quantile, seconds in zip(("0.5", "0.95"), figures.seconds_to_finish or (), strict=False):
        took.add_metric([quantile], seconds)
    cover = GaugeMetricFamily(
        "contractorhub_estimate_cover80", "Share of past outcomes that the 80 % ranges held.", labels=[]
    )
    if figures.cover80 is not None:
        cover.add_metric([], figures.cover80)
    yield from (runs, took, cover)
    yield GaugeMetricFamily(
        "contractorhub_estimate_chunks_waiting",
        "Parts of running estimates still to be computed.",
        value=figures.chunks_waiting,
    )
    yield GaugeMetricFamily(
        "contractorhub_estimate_oldest_unfinished_seconds",
        "How long the oldest unfinished run has waited.",
        value=figures.oldest_unfinished_seconds,
    )


def _waiting() -> Iterator[Metric]:
    count = GaugeMetricFamily(
        "contractorhub_work_waiting", "Long work that somebody waits for, by kind.", labels=["kind"]
    )
    oldest = GaugeMetricFamily(
        "contractorhub_work_oldest_seconds", "How long the oldest of it has waited.", labels=["kind"]
    )
    for kind, work in waiting_work(at=timezone.now()).items():
        count.add_metric([kind], work.count)
        oldest.add_metric([kind], work.oldest_seconds)
    yield from (count, oldest)
