"""Who has not been told of a pause, has not opened it, has not acknowledged it: three facts, kept apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from notifications import states
from notifications.models import Delivery
from projects.models import Acknowledgement, Contractor, Pause
from projects.queries.recipients import contractors_reached

LACKS: Final = ("told", "opened", "acknowledged")
NEEDS_A_PERSON: Final = (states.UNKNOWN, states.FAILED, states.BOUNCED, states.SUPPRESSED, states.EXPIRED)


@dataclass(frozen=True, slots=True)
class Unseen:
    """One person and how far the news of a pause has come with them."""

    contractor: int
    name: str
    email: str
    country: str
    is_told: bool
    opened_at: datetime | None
    acknowledged_at: datetime | None


def people_lacking(pause: Pause, lack: str) -> QuerySet[Contractor]:
    """The people a pause stops whom no message has reached (`told`), or who have not opened or acknowledged it.

    Raises ValueError for any other `lack`.
    """
    if lack not in LACKS:
        raise ValueError(f"{lack!r} is none of {', '.join(LACKS)}.")
    marks = Acknowledgement.objects.filter(pause=pause, contractor=OuterRef("pk"))
    told = Delivery.objects.filter(
        notice__subject_ref=pause.ref,
        recipient__key=OuterRef("key"),
        state__in=[states.SENT, states.DELIVERED],
    )
    people = contractors_reached(pause).annotate(
        key=Concat(Value("contractor:"), Cast("pk", CharField()), output_field=CharField()),
        is_told=Exists(told),
        opened_at=Subquery(marks.values("opened_at")[:1]),
        acknowledged_at=Subquery(marks.values("acknowledged_at")[:1]),
    )
    lacking = {"told": {"is_told": False}}.get(lack, {f"{lack}_at__isnull": True})
    return people.filter(**lacking).order_by("name", "pk")


def rows_of(people: QuerySet[Contractor]) -> Iterator[Unseen]:
    """The same people as rows, streamed."""
    columns = ("pk", "name", "email", "country", "is_told", "opened_at", "acknowledged_at")
    for row in people.values_list(*columns).iterator(chunk_size=2_000):
        yield Unseen(*row)


def deliveries_that_need_a_person(pause: Pause) -> QuerySet[Delivery]:
    """Deliveries about this pause that nobody will send again by itself, those with an unknown outcome first."""
    rows = Delivery.objects.filter(notice__subject_ref=pause.ref, state__in=NEEDS_A_PERSON)
    return rows.select_related("recipient", "notice").order_by("-state", "recipient__name", "pk")
