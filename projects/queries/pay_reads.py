"""Who of the firm looked at what one contractor earns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from projects.models import Contractor, PayRead

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class ReadOfPay:
    """One line of the access log; `what` and `via` are `PayRead`'s, `name` is a report's."""

    who: str
    what: str
    via: str
    name: str
    first_at: datetime
    last_at: datetime
    times: int
    is_of_many: bool


def reads_of_pay(contractor: Contractor) -> list[ReadOfPay]:
    """Newest first: reads of this person alone, of projects they are engaged on, and of the whole firm."""
    own = contractor.engagements.values("project")
    of_many = Q(contractor__isnull=True) & (Q(project__isnull=True) | Q(project__in=own))
    rows = PayRead.objects.filter(Q(contractor=contractor) | of_many).select_related("by")
    return [
        ReadOfPay(
            str(row.by), row.what, row.via, row.name, row.first_at, row.last_at,
            row.times, row.contractor_id is None,
        )
        for row in rows.exclude(by=contractor.user_id)[:MOST_SHOWN]
    ]  # fmt: skip
