"""Writes seats: what is open, what people can do, and the way of one person to one seat: interest, offer, answer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.domain.money import is_currency
from projects.domain.seats import (
    ACCEPTED,
    DECLINED,
    INTERESTED,
    OFFERED,
    WITHDRAWN,
    may_become,
    skills_named,
)
from projects.models import Candidacy, Contractor, ContractorSkill, OpenSeat, Project, User
from projects.models.work import PayBasis
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.telling import tell_of_seat
from projects.operations.work import RateFacts, engage
from projects.queries.seats import seat_for

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Work looking for somebody: rates in millionths, seconds a week, countries as ISO 3166 (empty: anywhere)."""

    title: str
    seats: int
    basis: str
    amount_millionths: int
    currency: str
    weekly_seconds: int | None
    countries: Sequence[str]
    skills: Sequence[str]
    opened_on: date
    closes_on: date | None = None
    highest_millionths: int | None = None


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What one person is offered: the term `[starts_on, ends_on)`, seconds a week and the rate in millionths."""

    starts_on: date
    amount_millionths: int
    weekly_seconds: int | None = None
    ends_on: date | None = None


def open_seat(*, project: Project, facts: SeatFacts, by: User | None, at: datetime) -> OpenSeat:
    """Offer work on a project. Raises NotAllowed or UnableToEngage."""
    _refuse_all_but_leads(project, by=by)
    columns = _seat_columns(facts)
    with transaction.atomic():
        seat = OpenSeat.objects.create(project=project, **columns)
        record(verb="seat.opened", subject_ref=seat.ref, before={}, after=columns, by=by, at=at)
        return seat


def change_seat(*, seat: OpenSeat, facts: SeatFacts, by: User | None, at: datetime) -> OpenSeat:
    """Change what is said of a seat; offers that stand keep their terms. Raises NotAllowed or UnableToEngage."""
    _refuse_all_but_leads(seat.project, by=by)
    columns = _seat_columns(facts)
    with transaction.atomic():
        fresh = _locked_seat(seat)
        if columns["seats"] < _taken(fresh):
            raise UnableToEngage(
                f"{_taken(fresh)} of these seats are promised already; there cannot be fewer.", field="seats"
            )
        before = {name: getattr(fresh, name) for name in columns}
        for name, value in columns.items():
            setattr(fresh, name, value)
        fresh.save()
        record(verb="seat.changed", subject_ref=fresh.ref, before=before, after=columns, by=by, at=at)
        return fresh


def close_seat(*, seat: OpenSeat, on: date, by: User | None, at: datetime) -> None:
    """Stop offering a seat from a day on; offers that stand may still be answered. Raises NotAllowed."""
    _refuse_all_but_leads(seat.project, by=by)
    with transaction.atomic():
        before = {"closes_on": seat.closes_on}
        OpenSeat.objects.filter(pk=seat.pk).update(closes_on=on)
        record(verb="seat.closed", subject_ref=seat.ref, before=before, after={"closes_on": on}, by=by, at=at)


def set_skills(
    *, contractor: Contractor, skills: Sequence[str], by: User | None, at: datetime
) -> tuple[str, ...]:
    """Keep what a contractor can do, in place of what stood before; as it stands: nothing is written.

    They say it themselves, or somebody who sees them on their desk. Raises NotAllowed or UnableToEngage.
    """
    named = skills_named(skills)
    is_own = by is not None and contractor.user_id == by.pk
    if by is not None and not is_own and not access.may_keep_skills_of(by, contractor):
        raise NotAllowed("You may change only your own skills and those of people on your projects.")
    with transaction.atomic():
        before = tuple(contractor.skills.order_by("name").values_list("name", flat=True))
        if before == named:
            return named
        contractor.skills.all().delete()
        ContractorSkill.objects.bulk_create(
            [ContractorSkill(contractor=contractor, name=name) for name in named]
        )
        record(
            verb="contractor.skills_set",
            subject_ref=f"contractor:{contractor.pk}",
            before={"skills": before},
            after={"skills": named},
            by=by,
            at=at,
        )
        return named


def express_interest(
    *, seat: OpenSeat, contractor: Contractor, by: User | None, at: datetime, words: str = ""
) -> Candidacy:
    """Say that this person would like the seat; saying it again changes nothing. The project's leads are told.

    Raises NotAllowed, or UnableToEngage where the seat is not open to them.
    """
    _refuse_all_but_self(contractor, by=by)
    if len(words) > MOST_WORDS:
        raise UnableToEngage(
            _("Say it in at most %(most)s characters.") % {"most": MOST_WORDS}, field="words"
        )
    with transaction.atomic():
        fresh = _locked_seat(seat)
        standing = Candidacy.objects.filter(seat=fresh, contractor=contractor).first()
        if standing is not None and standing.state in {INTERESTED, OFFERED, ACCEPTED}:
            return standing
        if seat_for(contractor, fresh.pk, at=at) is None:
            raise UnableToEngage(_("This seat is no longer open to you."), field="seat")
        row = standing or Candidacy(seat=fresh, contractor=contractor)
        row.interested_at, row.words = at, words.strip()
        return _moved(row, to=INTERESTED, by=by, at=at, tells="seat_interest")


def offer_seat(
    *, seat: OpenSeat, contractor: Contractor, terms: OfferTerms, by: User | None, at: datetime
) -> Candidacy:
    """Offer one of the seats to one person, on terms inside what the seat says; they are told at once.

    Raises NotAllowed or UnableToEngage.
    """
    _refuse_all_but_leads(seat.project, by=by)
    with transaction.atomic():
        fresh = _locked_seat(seat)
        standing = Candidacy.objects.filter(seat=fresh, contractor=contractor).first()
        if by is not None and not access.may_offer_to(by, contractor, standing):
            raise NotAllowed("Offer seats to people who asked for them, and to people on your own projects.")
        _refuse_unfit_offer(fresh, contractor, standing, terms, at=at)
        row = standing or Candidacy(seat=fresh, contractor=contractor)
        for name, value in asdict(terms).items():
            setattr(row, name, value)
        row.offered_at, row.offered_by, row.closed_at = at, by, None
        return _moved(row, to=OFFERED, by=by, at=at, tells="seat_offered")


def accept_offer(*, seat: OpenSeat, contractor: Contractor, by: User | None, at: datetime) -> Candidacy:
    """Take the seat that was offered: the person is engaged on its terms, and their estimates are reckoned anew.

    Raises NotAllowed, or UnableToEngage where no offer stands or the person is engaged there already.
    """
    _refuse_all_but_self(contractor, by=by)
    with transaction.atomic():
        fresh = _locked_seat(seat)
        row = _standing(fresh, contractor, state=OFFERED)
        if row.starts_on is None or row.amount_millionths is None:
            raise UnableToEngage(_("This offer has no terms."), field="seat")
        rate = RateFacts(
            row.starts_on, fresh.basis, row.amount_millionths, fresh.currency, row.weekly_seconds
        )
        row.engagement = engage(
            contractor=contractor,
            project=fresh.project,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            rate=rate,
            by=by,
            at=at,
        )
        _moved(row, to=ACCEPTED, by=by, at=at, tells="seat_accepted")
        ask_for_estimates_of(contractor_ids=[contractor.pk], reason="redeployed", at=at)
        return row


def decline_offer(*, seat: OpenSeat, contractor: Contractor, by: User | None, at: datetime) -> Candidacy:
    """Say no to the offer; the seat is free again. Raises NotAllowed or UnableToEngage."""
    _refuse_all_but_self(contractor, by=by)
    with transaction.atomic():
        row = _standing(_locked_seat(seat), contractor, state=OFFERED)
        return _moved(row, to=DECLINED, by=by, at=at, tells="seat_declined")


def withdraw_interest(*, seat: OpenSeat, contractor: Contractor, by: User | None, at: datetime) -> Candidacy:
    """Take the interest back before anything was offered. Raises NotAllowed or UnableToEngage."""
    _refuse_all_but_self(contractor, by=by)
    with transaction.atomic():
        row = _standing(_locked_seat(seat), contractor, state=INTERESTED)
        return _moved(row, to=WITHDRAWN, by=by, at=at)


def withdraw_offer(*, seat: OpenSeat, contractor: Contractor, by: User | None, at: datetime) -> Candidacy:
    """Take back an offer that was not answered; the person is told. Raises NotAllowed or UnableToEngage."""
    _refuse_all_but_leads(seat.project, by=by)
    with transaction.atomic():
        row = _standing(_locked_seat(seat), contractor, state=OFFERED)
        return _moved(row, to=WITHDRAWN, by=by, at=at, tells="seat_withdrawn")


def _moved(row: Candidacy, *, to: str, by: User | None, at: datetime, tells: str = "") -> Candidacy:
    """Write the new state with its audit row and the notice that tells it."""
    before = {"state": row.state} if row.pk else {}
    row.state = to
    row.closed_at = at if to in {ACCEPTED, DECLINED, WITHDRAWN} else None
    row.save()
    event = record(
        verb=f"seat.{to}",
        subject_ref=row.ref,
        before=before,
        after={"state": to, "seat": row.seat_id, "contractor": row.contractor_id},
        by=by,
        at=at,
    )
    if tells:
        tell_of_seat(candidacy=row, template=tells, key=f"{row.ref}:{event.number}", at=at)
    return row


def _standing(seat: OpenSeat, contractor: Contractor, *, state: str) -> Candidacy:
    row = Candidacy.objects.filter(seat=seat, contractor=contractor).select_related("contractor").first()
    if row is None or row.state != state:
        raise UnableToEngage(
            _("There is no offer to answer.")
            if state == OFFERED
            else _("There is no interest to take back."),
            field="seat",
        )
    row.seat = seat
    return row


def _locked_seat(seat: OpenSeat) -> OpenSeat:
    rows = OpenSeat.objects.select_related("project__client")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    fresh: OpenSeat = rows.get(pk=seat.pk)
    return fresh


def _taken(seat: OpenSeat) -> int:
    return Candidacy.objects.filter(seat=seat, state__in=[OFFERED, ACCEPTED]).count()


def _seat_columns(facts: SeatFacts) -> dict[str, Any]:
    if not facts.title.strip():
        raise UnableToEngage("A seat needs a title.", field="title")
    if facts.seats < 1:
        raise UnableToEngage("There must be at least one seat.", field="seats")
    if facts.basis not in PayBasis.values:
        raise UnableToEngage(f"“{facts.basis}” is not a pay basis.", field="basis")
    if not is_currency(facts.currency):
        raise UnableToEngage(f"“{facts.currency}” is not a currency, such as USD.", field="currency")
    if facts.amount_millionths < 0:
        raise UnableToEngage("A rate cannot be negative.", field="amount_millionths")
    if facts.highest_millionths is not None and facts.highest_millionths < facts.amount_millionths:
        raise UnableToEngage("The highest rate is below the lowest.", field="highest_millionths")
    if facts.closes_on is not None and facts.closes_on <= facts.opened_on:
        raise UnableToEngage("A seat cannot close before it opens.", field="closes_on")
    countries = sorted({country.strip().upper() for country in facts.countries if country.strip()})
    named = {"countries": countries, "skills": list(skills_named(facts.skills)), "title": facts.title.strip()}
    return asdict(facts) | named


def _refuse_unfit_offer(
    seat: OpenSeat, contractor: Contractor, standing: Candidacy | None, terms: OfferTerms, *, at: datetime
) -> None:
    if not may_become(standing.state if standing else None, OFFERED):
        raise UnableToEngage(f"{contractor.name} already has an offer of this seat.", field="contractor")
    if _taken(seat) >= seat.seats:
        raise UnableToEngage("Every one of these seats is promised to somebody.", field="seat")
    highest = seat.amount_millionths if seat.highest_millionths is None else seat.highest_millionths
    if not seat.amount_millionths <= terms.amount_millionths <= highest:
        raise UnableToEngage("The rate must lie in the seat’s range.", field="amount_millionths")
    if terms.ends_on is not None and terms.ends_on <= terms.starts_on:
        raise UnableToEngage("A term cannot end before it starts.", field="ends_on")
    if terms.starts_on < at.date():
        raise UnableToEngage("The first day must still be to come.", field="starts_on")
    if seat.project.ended_on and seat.project.ended_on <= terms.starts_on:
        raise UnableToEngage(f"{seat.project.code} ends before that day.", field="starts_on")


def _refuse_all_but_leads(project: Project, *, by: User | None) -> None:
    if by is not None and not access.may_pause(by, project=project):
        raise NotAllowed("You may keep seats of projects you lead only.")


def _refuse_all_but_self(contractor: Contractor, *, by: User | None) -> None:
    """Nobody answers for somebody else; without a person it is the system itself."""
    if by is not None and contractor.user_id != by.pk:
        raise NotAllowed("Only the contractor answers for themselves.")
