"""Publishes events to the endpoints of integrations: each is promised like any notice, and can be sent again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder

from notifications import outbox
from notifications.messages import Channel, Content, Message, Recipient
from notifications.models import Endpoint
from notifications.preferences import Category

GOOD_FOR: Final = timedelta(days=30)  # tries end after two days; a person may send it again for a month


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its type, what it is about, its facts, and a key under which it is published once."""

    type: str
    subject_ref: str
    key: str
    data: Mapping[str, Any]


def publish(event: Event, *, to: Iterable[Endpoint], at: datetime) -> int:
    """Promise an event to endpoints, inside the caller's transaction; the number promised.

    The same key again adds nothing. No later word takes an event back: receivers keep a record of their own.
    """
    recipients = [
        Recipient(
            key=f"endpoint:{endpoint.pk}",
            name=endpoint.name,
            locale="en",
            time_zone="UTC",
            addresses={Channel.WEBHOOK: str(endpoint.public_id)},
        )
        for endpoint in to
    ]
    if not recipients:
        return 0
    body = json.dumps({"type": event.type, "timestamp": at, "data": dict(event.data)}, cls=DjangoJSONEncoder)
    message = Message(
        kind=event.type,
        category=Category.CRITICAL,
        subject_ref=f"event:{event.subject_ref}",
        thread_key=f"event:{event.subject_ref}",
        idempotency_key=f"event:{event.key}",
        contents={("en", Channel.WEBHOOK): Content(subject=event.type, text=body)},
        expires_at=at + GOOD_FOR,
    )
    staged = outbox.stage(message, recipients=recipients, at=at)
    outbox.ring_after_commit()
    return staged.deliveries.get(Channel.WEBHOOK.value, 0)
