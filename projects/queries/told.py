"""How far pauses were told by the end of a day: deliveries by channel, counted by the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Max, Min, Q

from notifications import states
from notifications.models import Delivery
from projects.queries.register import end_of

REACHED: Final = (states.SENT, states.DELIVERED)
REFUSED: Final = (states.FAILED, states.BOUNCED, states.SUPPRESSED, states.EXPIRED)
WITHDRAWN: Final = (states.CANCELLED, states.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Told:
    """The deliveries of one pause on one channel; the counts by outcome add up to `promised`."""

    pause: int
    channel: str
    notices: int
    promised: int
    reached: int
    refused: int
    unknown: int
    withdrawn: int
    waiting: int
    first_at: datetime | None
    last_at: datetime | None


def deliveries_by_pause(*, as_of: date) -> Iterator[Told]:
    """Deliveries about pauses that were promised by the end of the day, by pause and channel; one query.

    What was recorded later counts as waiting still.
    """
    end = end_of(as_of)
    by_then = Q(recorded_at__lt=end)
    rows = (
        Delivery.objects.filter(notice__subject_ref__startswith="pause:", notice__staged_at__lt=end)
        .order_by()
        .values("notice__subject_ref", "channel")
        .annotate(
            notices=Count("notice", distinct=True),
            promised=Count("pk"),
            reached=Count("pk", filter=by_then & Q(state__in=REACHED)),
            refused=Count("pk", filter=by_then & Q(state__in=REFUSED)),
            unknown=Count("pk", filter=by_then & Q(state=states.UNKNOWN)),
            withdrawn=Count("pk", filter=by_then & Q(state__in=WITHDRAWN)),
            first_at=Min("notice__staged_at"),
            last_at=Max("recorded_at", filter=by_then & Q(state__in=REACHED)),
        )
    )
    for row in rows.order_by("notice__subject_ref", "channel"):
        settled = row["reached"] + row["refused"] + row["unknown"] + row["withdrawn"]
        yield Told(
            pause=int(row["notice__subject_ref"].partition(":")[2]),
            channel=row["channel"],
            notices=row["notices"],
            promised=row["promised"],
            reached=row["reached"],
            refused=row["refused"],
            unknown=row["unknown"],
            withdrawn=row["withdrawn"],
            waiting=row["promised"] - settled,
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
