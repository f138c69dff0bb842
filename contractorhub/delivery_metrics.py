"""The figures of delivery as Prometheus reads them."""

from collections.abc import Iterator

import structlog
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from notifications.figures import DeliveryFigures, LaneFigure, delivery_figures

logger = structlog.get_logger(__name__)


class DeliveryMetrics(Collector):
    """Asked of the ledger whenever somebody looks; nothing is counted twice, whichever process answers."""

    def collect(self) -> Iterator[Metric]:
        """Yield times to each channel, deliveries by state, troubles by class, the oldest due one, and the lanes."""
        try:
            figures = delivery_figures(at=timezone.now())
        except DatabaseError as error:  # the other figures must still be read, that one above all
            logger.warning("metrics.delivery_not_read", error=type(error).__name__)
            return
        yield _times(figures)
        yield from _counts(figures)
        oldest = GaugeMetricFamily(
            "contractorhub_delivery_oldest_due_seconds", "How long the oldest due batch has waited."
        )
        oldest.add_metric([], figures.oldest_due_seconds)
        held = GaugeMetricFamily(
            "contractorhub_outbound_held", "1 while nothing may leave until a person says so."
        )
        held.add_metric([], float(figures.is_held))
        yield from (oldest, held)
        yield from _lanes(figures.lanes)


def _times(figures: DeliveryFigures) -> Metric:
    family = GaugeMetricFamily(
        "contractorhub_delivery_seconds_to_channel",
        "Seconds from the promise of a notice to its recorded acceptance, latest deliveries of a day.",
        labels=["channel", "quantile"],
    )
    for channel, (median, p95) in figures.seconds_to_channel.items():
        family.add_metric([channel, "0.5"], median)
        family.add_metric([channel, "0.95"], p95)
    return family


def _counts(figures: DeliveryFigures) -> Iterator[Metric]:
    in_state = GaugeMetricFamily(
        "contractorhub_deliveries", "Deliveries of notices of a day, by state.", labels=["channel", "state"]
    )
    troubles = GaugeMetricFamily(
        "contractorhub_delivery_troubles",
        "Tries of a day that did not simply succeed, by class.",
        labels=["channel", "class"],
    )
    for labels, count in figures.in_state.items():
        in_state.add_metric(labels, count)
    for labels, count in figures.troubles.items():
        troubles.add_metric(labels, count)
    yield from (in_state, troubles)


def _lanes(lanes: tuple[LaneFigure, ...]) -> Iterator[Metric]:
    stopped = GaugeMetricFamily(
        "contractorhub_lane_stopped", "1 where a lane waits for a person.", labels=["channel", "lane"]
    )
    parked = GaugeMetricFamily(
        "contractorhub_lane_parked_seconds", "How long a lane is still parked.", labels=["channel", "lane"]
    )
    for lane in lanes:
        stopped.add_metric([lane.channel, lane.name], float(lane.is_stopped))
        parked.add_metric([lane.channel, lane.name], lane.parked_seconds)
    yield from (stopped, parked)
