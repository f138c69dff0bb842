"""Open seats and the people they were offered to, as it all stood at the end of a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from projects.models import Candidacy, OpenSeat
from projects.queries.register import end_of

OPEN: Final = "open"
"""The state of a seat that nobody has asked for yet."""


@dataclass(frozen=True, slots=True)
class SeatOffer:
    """One person and one seat, or a seat alone; rate in millionths, what came after the day is not known."""

    client: str
    project: str
    title: str
    seat: int
    seats: int
    contractor: str
    contractor_id: int | None
    state: str
    interested_at: datetime | None
    offered_at: datetime | None
    closed_at: datetime | None
    starts_on: date | None
    weekly_seconds: int | None
    amount_millionths: int
    basis: str
    currency: str

    @property
    def is_taken(self) -> bool:
        """Whether the person had said yes."""
        return self.state == Candidacy.State.ACCEPTED


def seat_offers(
    *, as_of: date, clients: Sequence[str] = (), projects: Sequence[str] = ()
) -> Iterator[SeatOffer]:
    """Every seat of these clients and projects that had been opened by the day; two queries."""
    end = end_of(as_of)
    seats = OpenSeat.objects.filter(opened_on__lte=as_of).select_related("project__client")
    if clients:
        seats = seats.filter(project__client__code__in=clients)
    if projects:
        seats = seats.filter(project__code__in=projects)
    known = Q(interested_at__lt=end) | Q(offered_at__lt=end)
    asked = Candidacy.objects.filter(known, seat__in=seats).select_related(
        "seat__project__client", "contractor"
    )
    taken = set()
    for one in asked:
        taken.add(one.seat_id)
        yield _offer(one.seat, one, end)
    for seat in seats:
        if seat.pk not in taken and (seat.closes_on is None or seat.closes_on > as_of):
            yield _offer(seat, None, end)


def _offer(seat: OpenSeat, one: Candidacy | None, end: datetime) -> SeatOffer:
    offered = one.amount_millionths if one is not None else None
    weekly = one.weekly_seconds if one is not None else None
    return SeatOffer(
        client=seat.project.client.code,
        project=seat.project.code,
        title=seat.title,
        seat=seat.pk,
        seats=seat.seats,
        contractor=one.contractor.name if one is not None else "",
        contractor_id=one.contractor_id if one is not None else None,
        state=_state(one, end),
        interested_at=_by(one.interested_at if one is not None else None, end),
        offered_at=_by(one.offered_at if one is not None else None, end),
        closed_at=_by(one.closed_at if one is not None else None, end),
        starts_on=one.starts_on if one is not None else None,
        weekly_seconds=seat.weekly_seconds if weekly is None else weekly,
        amount_millionths=seat.amount_millionths if offered is None else offered,
        basis=seat.basis,
        currency=seat.currency,
    )


def _state(one: Candidacy | None, end: datetime) -> str:
    """Where it stood then: an answer that came later had not been given."""
    if one is None:
        return OPEN
    if one.closed_at is not None and one.closed_at < end:
        return str(one.state)
    was_offered = one.offered_at is not None and one.offered_at < end
    return str(Candidacy.State.OFFERED if was_offered else Candidacy.State.INTERESTED)


def _by(instant: datetime | None, end: datetime) -> datetime | None:
    return instant if instant is not None and instant < end else None
