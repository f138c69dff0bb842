"""The events that integrations can receive: what each tells, and an example of its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_PAUSE: Final[Mapping[str, Any]] = {
    "pause": "6f1d2c1e-8a0b-4a53-9c7e-1c2b3d4e5f60",
    "target": {"kind": "project", "code": "CHORDUS"},
    "kind": "full",
    "remaining_share_bp": 0,
    "state": "in_effect",
    "reason_code": "security_incident",
    "starts_at": "2026-03-02T09:00:00Z",
    "ends_at": None,
    "next_update_by": "2026-03-04T16:00:00Z",
    "expected_resume": "unknown",
    "url": "https://hub.example/api/v1/pauses/6f1d2c1e-8a0b-4a53-9c7e-1c2b3d4e5f60/",
}


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: its name, one sentence that says when it comes, and an example of its data."""

    name: str
    says: str
    example: Mapping[str, Any]


PAUSE_OPENED: Final = EventType("pause.opened", "A pause was opened or has begun.", _PAUSE)
PAUSE_UPDATED: Final = EventType(
    "pause.updated",
    "The word on a pause that contractors read, or what is expected of its end, has changed.",
    {**_PAUSE, "text": "The client expects to know more on Friday."},
)
PAUSE_ENDED: Final = EventType(
    "pause.ended",
    "A pause has ended, or turned out to have been opened by mistake.",
    {**_PAUSE, "state": "ended", "ends_at": "2026-03-06T09:00:00Z"},
)
SCOPE_REASSESSED: Final = EventType(
    "scope.reassessed",
    "A project's scope is being reassessed, or it was decided what comes of it.",
    {
        "project": "CHORDUS",
        "pause": _PAUSE["pause"],
        "outcome": "reduced",
        "what_it_means": "From 9 March you work 20 hours a week.",
        "effective_on": "2026-03-09",
    },
)
DELIVERY_FAILED: Final = EventType(
    "delivery.failed",
    "Notices of a pause did not reach people and will not be tried again by themselves; at most 100 an event.",
    {
        "pause": _PAUSE["pause"],
        "count": 1,
        "deliveries": [
            {
                "contractor": "0d9f6a52-0a7f-4d3e-8f6b-2f0f6f1f9a11",
                "channel": "email",
                "state": "bounced",
                "reason": "5.1.1 the mailbox does not exist",
            }
        ],
    },
)
ESTIMATE_READY: Final = EventType(
    "estimate.ready",
    "The estimates of what a pause costs are computed; read them at the API, amounts never travel in events.",
    {"pause": _PAUSE["pause"], "as_of": "2026-03-02", "method_version": "2026.1", "reason": "opened"},
)
HOURS_LOCK_CHANGED: Final = EventType(
    "hours_lock.changed",
    "Hours on these projects are locked, reduced or open from now on; ask the hours lock about each person.",
    {"projects": ["CHORDUS"], "status": "paused", "pause": _PAUSE["pause"]},
)
REPORT_READY: Final = EventType(
    "report.ready",
    "A report was pulled and is kept; only integrations of people who may pull reports hear of it.",
    {
        "report": "0b1a6f8e-63f5-4a0b-9a54-52cf3a4f7a10",
        "name": "income_impact",
        "as_of": "2026-03-02",
        "checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
)
TEST: Final = EventType("webhook.test", "Somebody asked for a test event.", {"asked_by": "Lea Moreno"})

CATALOGUE: Final[Mapping[str, EventType]] = {
    event.name: event
    for event in (
        PAUSE_OPENED,
        PAUSE_UPDATED,
        PAUSE_ENDED,
        SCOPE_REASSESSED,
        DELIVERY_FAILED,
        ESTIMATE_READY,
        HOURS_LOCK_CHANGED,
        REPORT_READY,
    )
}
"""What an endpoint may ask for, by name."""
