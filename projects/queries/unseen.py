"""Who has not been told of a pause, has not opened it, has not acknowledged it: three facts, kept apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from notifications import states
from notifications.models import Delivery, Notice
from projects.models import Acknowledgement, Contractor, Pause, ToldByHand
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
    how_told: str | None


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
    by_hand = ToldByHand.objects.filter(pause=pause, contractor=OuterRef("pk"))
    people = contractors_reached(pause).annotate(
        key=Concat(Value("contractor:"), Cast("pk", CharField()), output_field=CharField()),
        is_told=Exists(told) | Exists(by_hand),
        how_told=Subquery(by_hand.values("note")[:1]),
        opened_at=Subquery(marks.values("opened_at")[:1]),
        acknowledged_at=Subquery(marks.values("acknowledged_at")[:1]),
    )
    lacking = {"told": {"is_told": False}}.get(lack, {f"{lack}_at__isnull": True})
    return people.filter(**lacking).order_by("name", "pk")


def rows_of(people: QuerySet[Contractor]) -> Iterator[Unseen]:
    """The same people as rows, streamed."""
    columns = ("pk", "name", "email", "country", "is_told", "opened_at", "acknowledged_at", "how_told")
    for row in people.values_list(*columns).iterator(chunk_size=2_000):
        yield Unseen(*row)


def deliveries_that_need_a_person(pause: Pause) -> QuerySet[Delivery]:
    """Deliveries about this pause that nobody will send again by itself, those with an unknown outcome first."""
    rows = Delivery.objects.filter(notice__subject_ref=pause.ref, state__in=NEEDS_A_PERSON)
    return rows.select_related("recipient", "notice").order_by("-state", "recipient__name", "pk")


def was_told_since(pause: Pause, kind: str, since: datetime) -> bool:
    """Whether a notice of this kind about the pause was staged after an instant."""
    return Notice.objects.filter(subject_ref=pause.ref, kind=kind, staged_at__gt=since).exists()


def failed_channels(pause: Pause, delivery_ids: Sequence[int]) -> dict[str, list[int]]:
    """Of these deliveries that need a person: the contractors by the channel that did not reach them."""
    rows = deliveries_that_need_a_person(pause).filter(pk__in=delivery_ids)
    found: dict[str, list[int]] = {}
    for channel, key in rows.values_list("channel", "recipient__key"):
        kind, _sep, number = key.partition(":")
        if kind == "contractor":
            found.setdefault(channel, []).append(int(number))
    return found
