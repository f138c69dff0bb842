"""How far a pause has been told and seen: delivered, opened in the portal and acknowledged are three facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from notifications import states
from notifications.status import delivery_status
from projects.models import Acknowledgement, Contractor, Pause
from projects.queries.recipients import contractors_reached


@dataclass(frozen=True, slots=True)
class PauseStatus:
    """The facts of one pause at one instant; counts of people and of deliveries."""

    pause: int
    public_id: str
    target: str
    state: str
    kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    next_update_by: datetime | None
    is_next_word_late: bool
    people: int
    seen: int
    acknowledged: int
    deliveries: Mapping[str, Mapping[str, int]]
    deliveries_total: int
    unknown: int
    failed: int
    is_drained: bool

    def as_json(self) -> dict[str, Any]:
        """The same facts as JSON answers write them."""
        return {name: getattr(self, name) for name in self.__slots__}


def status_of_pause(pause: Pause, *, at: datetime) -> PauseStatus:
    """Count people, deliveries, openings and acknowledgements of one pause."""
    told = delivery_status(pause.ref)
    marks = Acknowledgement.objects.filter(pause=pause).aggregate(
        seen=Count("opened_at"), acknowledged=Count("acknowledged_at")
    )
    late = pause.is_open and pause.next_update_by is not None and pause.next_update_by <= at
    return PauseStatus(
        pause=pause.pk,
        public_id=str(pause.public_id),
        target=pause.target_code,
        state=pause.state,
        kind=pause.kind,
        reason=pause.reason_code,
        starts_at=pause.starts_at,
        ends_at=pause.ends_at,
        next_update_by=pause.next_update_by,
        is_next_word_late=late,
        people=contractors_reached(pause).count(),
        seen=marks["seen"],
        acknowledged=marks["acknowledged"],
        deliveries=told.counts,
        deliveries_total=told.total,
        unknown=told.in_states(states.UNKNOWN),
        failed=told.in_states(states.FAILED, states.BOUNCED, states.SUPPRESSED),
        is_drained=told.is_drained,
    )


def people_who_have_not_seen(pause: Pause) -> list[Contractor]:
    """The people a pause stops who neither opened it in the portal nor acknowledged it."""
    seen = Acknowledgement.objects.filter(pause=pause).values("contractor")
    return list(contractors_reached(pause).exclude(pk__in=seen).order_by("name", "pk"))
