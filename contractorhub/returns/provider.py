"""From an event of a mail provider, as Anymail reads them all alike, to what became of a mail of ours."""

import json
from collections.abc import Mapping
from typing import Any, Final

import structlog
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils import timezone

from notifications.dsn import Fate, Returned, our_message_ids
from notifications.returns import take_back

_FATES: Final[Mapping[str, Fate]] = {
    EventType.DELIVERED: Fate.DELIVERED,
    EventType.DEFERRED: Fate.DELAYED,
    EventType.COMPLAINED: Fate.COMPLAINED,
    EventType.UNSUBSCRIBED: Fate.UNSUBSCRIBED,
    EventType.FAILED: Fate.BOUNCED,
}
_DEAD: Final = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})

logger = structlog.get_logger(__name__)


def take_event(sender: Any, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Record one event. Providers report it again until we answer; the same event again changes nothing."""
    fate = _fate_of(event)
    if fate is None:
        return
    words = json.dumps(event.esp_event, default=str)
    reason = " ".join(str(part) for part in (event.mta_response, event.description) if part)
    returned = Returned(fate, our_message_ids(words), reason[:280] or f"{esp_name} reported it")
    news = take_back(returned, at=timezone.now(), address=event.recipient or "")
    logger.info("mail.returned", provider=esp_name, fate=fate.value, news=news)


def _fate_of(event: AnymailTrackingEvent) -> Fate | None:
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED}:
        return Fate.DEAD if event.reject_reason in _DEAD else Fate.BOUNCED
    return _FATES.get(event.event_type)
