"""How old a provider's word may be: one that was kept and is said again days later is no news."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

MAY_BE_OLD: Final = timedelta(days=2)
"""Providers say what was not answered again, for a day at most; clocks differ by less."""


def recent(events: Sequence[Any], request: HttpRequest, *, provider: str, at: datetime) -> list[Any]:
    """The events whose signed time is near enough to now; an event that tells no time is taken as it comes.

    Mailgun signs no more than the time of its request, and that counts; the others sign the events with their times.
    """
    of_request = _mailgun_time(request) if provider == "mailgun" else None
    times = [(event, of_request or event.timestamp) for event in events]
    return [event for event, told_at in times if told_at is None or abs(at - told_at) <= MAY_BE_OLD]


def _mailgun_time(request: HttpRequest) -> datetime:
    """The time under the signature, which has been checked. Raises ValueError, LookupError or TypeError for none."""
    is_json = request.content_type == "application/json"
    signed = json.loads(request.body)["signature"] if is_json else request.POST
    return datetime.fromtimestamp(float(signed["timestamp"]), tz=UTC)
