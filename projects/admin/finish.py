"""When each channel will have told everybody, reckoned at the pace it usually goes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from notifications.messages import Channel
from notifications.status import earliest_finish
from projects.queries.previews import PausePreview


@dataclass(frozen=True, slots=True)
class Finish:
    """One channel: how many messages it carries and when the last will have left, at the earliest."""

    label: str
    messages: int
    at: datetime | None


def channel_label(channel: str) -> str:
    """What people call a channel."""
    labels = {
        Channel.SLACK_CHANNEL: _("Slack, project channel"),
        Channel.EMAIL: _("Email"),
        Channel.SLACK_DM: _("Slack, direct message"),
        Channel.WEBHOOK: _("Webhook"),
    }
    return labels.get(Channel(channel), channel) if channel in list(Channel) else channel


def earliest_finish_of(preview: PausePreview, *, at: datetime) -> tuple[Finish, ...]:
    """One line a channel, in the order in which they are sent; a channel nobody is reached on has no time."""
    reach = preview.reach
    counts = {
        Channel.SLACK_CHANNEL.value: len(reach.channels),
        Channel.EMAIL.value: reach.email,
        Channel.SLACK_DM.value: reach.slack,
    }
    ends = earliest_finish(counts, at=at)
    return tuple(
        Finish(channel_label(channel), count, ends[channel] if count else None)
        for channel, count in counts.items()
    )
