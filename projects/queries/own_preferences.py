"""How one contractor is told of things: the channels that reach them, and what they wish of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Final

from notifications.messages import Channel
from notifications.preferences import Category, Preferences, QuietHours, Way
from notifications.wishes import wishes_of_one
from notifications.workspaces import is_slack_connected
from projects.models import Contractor

CATEGORIES: Final = (Category.CRITICAL, Category.UPDATE)


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """One category of notices and how each channel serves it."""

    category: Category
    is_critical: bool
    ways: Mapping[Channel, Way]


@dataclass(frozen=True, slots=True)
class OwnPreferences:
    """What a settings page shows: one choice a category, each with a way for every channel in `channels`.

    `time_zone` is the clock on which quiet hours and the digest are meant.
    """

    locale: str
    time_zone: str
    channels: tuple[Channel, ...]
    choices: tuple[CategoryChoice, ...]
    quiet_hours: QuietHours | None
    digest_at: time | None


def channels_reaching(contractor: Contractor) -> tuple[Channel, ...]:
    """The channels on which this contractor can be reached today, first the one that is tried first."""
    has_slack = bool(contractor.slack_user_id and is_slack_connected())
    return (Channel.EMAIL, Channel.SLACK_DM) if has_slack else (Channel.EMAIL,)


def own_preferences(contractor: Contractor) -> OwnPreferences:
    """A contractor's choices as they hold now; one query."""
    wishes: Preferences = wishes_of_one(contractor_key(contractor))
    channels = channels_reaching(contractor)
    return OwnPreferences(
        locale=contractor.locale,
        time_zone=contractor.time_zone,
        channels=channels,
        choices=tuple(
            CategoryChoice(
                category,
                category == Category.CRITICAL,
                {channel: wishes.way(category, channel) for channel in channels},
            )
            for category in CATEGORIES
        ),
        quiet_hours=wishes.quiet_hours,
        digest_at=wishes.digest_at,
    )


def contractor_key(contractor: Contractor) -> str:
    """How notices name this contractor."""
    return f"contractor:{contractor.pk}"
