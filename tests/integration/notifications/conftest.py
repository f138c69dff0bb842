"""Something to say, and people to say it to."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from notifications import outbox
from notifications.messages import Channel, Content, Message, Recipient, placeholder
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
    *, key: str = "pause:1:opened", kind: str = "pause.opened", expires_at: datetime | None = None
) -> Message:
    """A short notice for every channel."""
    words = Content(
        subject="Work is paused",
        text=f"Hello {placeholder('name')}, work is paused.",
        html=f"<p>Hello {placeholder('name')}, work is paused.</p>",
        blocks=({"type": "section", "text": {"type": "mrkdwn", "text": f"Hello {placeholder('name')}"}},),
    )
    return Message(
        kind=kind,
        category="critical",
        subject_ref="pause:1",
        thread_key="pause:1",
        idempotency_key=key,
        contents={
            ("en", channel): words for channel in (Channel.EMAIL, Channel.SLACK_DM, Channel.SLACK_CHANNEL)
        },
        expires_at=expires_at or NOW + timedelta(days=3),
    )


@pytest.fixture
def stage(settings: object) -> Stage:
    """Stage in a transaction of its own; nobody withdraws unless a test says so."""
    settings.NOTIFICATIONS_RECHECK = ""  # type: ignore[attr-defined]

    def staged(said: Message, recipients: list[Recipient], at: datetime = NOW) -> outbox.StagedNotice:
        with transaction.atomic():
            return outbox.stage(said, recipients=recipients, at=at)

    return staged
