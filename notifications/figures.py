"""Figures for those who watch delivery: how soon a channel is told, what fails, what is unknown, what stands still."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from notifications import states
from notifications.messages import Channel
from notifications.models import Attempt, Delivery, Lane, Outbound
from notifications.status import oldest_due_seconds

LOOKED_BACK: Final = timedelta(hours=24)
_SAMPLE: Final = 2_000


@dataclass(frozen=True, slots=True)
class LaneFigure:
    """How one lane stands; `parked_seconds` is how long it is still to wait."""

    channel: str
    name: str
    is_stopped: bool
    parked_seconds: float


@dataclass(frozen=True, slots=True)
class DeliveryFigures:
    """The last day of delivery; seconds run from when a notice was promised to when its acceptance was recorded."""

    seconds_to_channel: Mapping[str, tuple[float, float]]
    in_state: Mapping[tuple[str, str], int]
    troubles: Mapping[tuple[str, str], int]
    oldest_due_seconds: float
    lanes: tuple[LaneFigure, ...]
    is_held: bool


def delivery_figures(*, at: datetime) -> DeliveryFigures:
    """Read the figures; `seconds_to_channel` gives the median and the 95th percentile of the latest deliveries."""
    since = at - LOOKED_BACK
    states_now = Delivery.objects.filter(notice__staged_at__gte=since).values_list("channel", "state")
    troubles = Attempt.objects.filter(at__gte=since).values_list("delivery__channel", "outcome")
    return DeliveryFigures(
        seconds_to_channel={
            channel.value: found for channel in Channel if (found := _seconds_to(channel, since=since))
        },
        in_state={
            (channel, state): count for channel, state, count in states_now.annotate(Count("pk")).order_by()
        },
        troubles={
            (channel, kind): count for channel, kind, count in troubles.annotate(Count("pk")).order_by()
        },
        oldest_due_seconds=oldest_due_seconds(at=at),
        lanes=tuple(_lane_figure(lane, at=at) for lane in Lane.objects.order_by("channel", "name")),
        is_held=Outbound.objects.filter(held_since__isnull=False).exists(),
    )


def _seconds_to(channel: Channel, *, since: datetime) -> tuple[float, float] | None:
    told = Delivery.objects.filter(channel=channel, state=states.SENT, notice__staged_at__gte=since)
    latest = told.order_by("-pk").values_list("notice__staged_at", "recorded_at")[:_SAMPLE]
    waits = [(recorded_at - staged_at).total_seconds() for staged_at, recorded_at in latest]
    if len(waits) < 2:
        return (waits[0], waits[0]) if waits else None
    return statistics.median(waits), statistics.quantiles(waits, n=20, method="inclusive")[-1]


def _lane_figure(lane: Lane, *, at: datetime) -> LaneFigure:
    left = (lane.parked_until - at).total_seconds() if lane.parked_until else 0.0
    return LaneFigure(lane.channel, lane.name, lane.is_stopped, max(0.0, left))
