"""From a request's body to one operation on a seat and a person, as the asker, now."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.utils import timezone

from contractorhub.api.making import found, millionths, only, project_named, read
from contractorhub.api.serializers import making as asked_for
from contractorhub.api.serializers.seats import SeatInterestIn, SeatOfferIn
from projects import access
from projects.domain.errors import NotAllowed
from projects.models import Candidacy, Contractor, OpenSeat, User
from projects.operations import seats
from projects.operations.seats import OfferTerms, SeatFacts
from projects.queries.seats import candidates_of


def seat_by(user: User, body: Any) -> OpenSeat:
    """Open a seat."""
    asked = read(asked_for.OpenSeatIn, body)
    return seats.open_seat(
        project=project_named(user, asked), facts=_facts(asked), by=user, at=timezone.now()
    )


def changed_seat_by(user: User, seat: OpenSeat, body: Any) -> OpenSeat:
    """Say anew what a seat asks and pays."""
    facts = _facts(read(asked_for.SeatFactsIn, body))
    return seats.change_seat(seat=seat, facts=facts, by=user, at=timezone.now())


def _facts(asked: Mapping[str, Any]) -> SeatFacts:
    highest = asked["highest_amount"]
    return SeatFacts(
        **only(SeatFacts, asked),
        amount_millionths=millionths(asked["amount"]),
        highest_millionths=None if highest is None else millionths(highest),
    )


def closed_seat_by(user: User, seat: OpenSeat, body: Any) -> OpenSeat:
    """Offer a seat no more from a day on."""
    day: date = read(asked_for.CloseSeatIn, body)["closes_on"]
    seats.close_seat(seat=seat, on=day, by=user, at=timezone.now())
    seat.refresh_from_db()
    return seat


def candidates(user: User, seat: OpenSeat) -> list[dict[str, Any]]:
    """Who might take a seat, as people are named here. Raises NotAllowed for those who cannot offer it."""
    if not access.may_pause(user, project=seat.project):
        raise NotAllowed("Only people who lead this project see who might take the seat.")
    people = candidates_of(seat, user=user, at=timezone.now())
    named = Contractor.objects.in_bulk([each.contractor_id for each in people])
    return [
        {**asdict(each), "state": each.state or None, "contractor": named[each.contractor_id].public_id}
        for each in people
    ]


def offer_by(user: User, seat: OpenSeat, body: Any) -> Candidacy:
    """Offer a seat to one person."""
    asked = read(SeatOfferIn, body)
    known = access.contractors_visible_to(user) | Contractor.objects.filter(candidacies__seat=seat)
    person = found(known.filter(public_id=asked["contractor"]).distinct(), field="contractor")
    terms = OfferTerms(**only(OfferTerms, asked), amount_millionths=millionths(asked["amount"]))
    return seats.offer_seat(seat=seat, contractor=person, terms=terms, by=user, at=timezone.now())


def interest_by(user: User, seat: OpenSeat, body: Any) -> Candidacy:
    """Ask for a seat as the contractor the asker is."""
    contractor = access.own_contractor(user)
    if contractor is None:
        raise NotAllowed("Only contractors ask for seats.")
    words: str = read(SeatInterestIn, body)["words"]
    return seats.express_interest(seat=seat, contractor=contractor, words=words, by=user, at=timezone.now())


def _accepted_by(user: User, row: Candidacy) -> Candidacy:
    return seats.accept_offer(seat=row.seat, contractor=row.contractor, by=user, at=timezone.now())


def _declined_by(user: User, row: Candidacy) -> Candidacy:
    return seats.decline_offer(seat=row.seat, contractor=row.contractor, by=user, at=timezone.now())


def _taken_back_by(user: User, row: Candidacy) -> Candidacy:
    """What is one's own is taken back: a contractor's interest, a lead's offer."""
    is_own = row.contractor.user_id == user.pk
    take_back = seats.withdraw_interest if is_own else seats.withdraw_offer
    return take_back(seat=row.seat, contractor=row.contractor, by=user, at=timezone.now())


ACTS: Final[Mapping[str, Callable[[User, Candidacy], Candidacy]]] = {
    "accept": _accepted_by,
    "decline": _declined_by,
    "withdraw": _taken_back_by,
}
