"""Something to say, and people to say it to."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from notifications import outbox
from notifications.channels.base import ChannelPort, Parcel, Reply
from notifications.channels.memory import MemoryChannel
from notifications.messages import Channel, Content, Message, Recipient, placeholder
from notifications.models import Lane
from notifications.ports import Ports
from tests.factories.base import NOW

Stage = Callable[..., outbox.StagedNotice]


def people(count: int, *, channel: Channel = Channel.EMAIL) -> list[Recipient]:
    """So many recipients on one channel."""
    addresses = {
        Channel.EMAIL: "person{n}@people.example",
        Channel.SLACK_DM: "U{n:08d}",
        Channel.SLACK_CHANNEL: "C{n:08d}",
    }
    return [
        Recipient(
            key=f"contractor:{n}",
            name=f"Person {n}",
            locale="en",
            time_zone="UTC",
            addresses={channel: addresses[channel].format(n=n)},
            fields={"name": f"Person {n}"},
        )
        for n in range(1, count + 1)
    ]


def message(
    *,
    key: str = "pause:1:opened",
    kind: str = "pause.opened",
    expires_at: datetime | None = None,
    category: str = "critical",
    subject: str = "Work is paused",
) -> Message:
    """A short notice for every channel."""
    words = Content(
        subject=subject,
        text=f"Hello {placeholder('name')}, work is paused.",
        html=f"<p>Hello {placeholder('name')}, work is paused.</p>",
        blocks=({"type": "section", "text": {"type": "mrkdwn", "text": f"Hello {placeholder('name')}"}},),
    )
    return Message(
        kind=kind,
        category=category,
        subject_ref="pause:1",
        thread_key="pause:1",
        idempotency_key=key,
        contents={
            ("en", channel): words for channel in (Channel.EMAIL, Channel.SLACK_DM, Channel.SLACK_CHANNEL)
        },
        expires_at=expires_at or NOW + timedelta(days=3),
    )


class MemoryPorts(Ports):
    """Channels that keep what they are given; `answer` says what became of it."""

    def __init__(self, answer: Callable[[Parcel], Reply] | None = None) -> None:
        super().__init__(at=NOW)
        self.channel = MemoryChannel(answer) if answer else MemoryChannel()

    def of(self, lane: Lane) -> ChannelPort:
        """One channel for all lanes."""
        self._made[lane.pk] = self.channel
        return self.channel

    def in_use(self) -> Iterable[ChannelPort]:
        """Never the same channel twice."""
        return [self.channel]

    @property
    def sent_to(self) -> list[str]:
        """The addresses in the order of sending."""
        return [parcel.address for parcel in self.channel.sent]


@pytest.fixture
def stage(settings: object) -> Stage:
    """Stage in a transaction of its own; nobody withdraws unless a test says so."""
    settings.NOTIFICATIONS_RECHECK = ""  # type: ignore[attr-defined]

    def staged(said: Message, recipients: list[Recipient], at: datetime = NOW) -> outbox.StagedNotice:
        with transaction.atomic():
            return outbox.stage(said, recipients=recipients, at=at)

    return staged
