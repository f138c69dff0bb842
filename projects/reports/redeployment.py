"""Redeployment: every open seat, who was offered it, what came of it, and what it pays a week."""

from collections import Counter
from decimal import Decimal
from typing import Final

from projects.domain.money import decimal_to_minor, rate_to_decimal
from projects.models import Candidacy
from projects.queries.redeployment import OPEN, SeatOffer, seat_offers
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

_STATES: Final = (
    (OPEN, "Open, nobody yet"),
    *((str(value), str(label)) for value, label in Candidacy.State.choices),
)
STATES: Final = Parameter("state", "State", Shape.MANY, "Only these.", lambda: _STATES)
PARAMETERS: Final = (STATES, CLIENTS, PROJECTS)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("project", "Project", Kind.CODE, "Where the seat is."),
    Column("seat", "Seat"),
    Column("seat_no", "Seat no.", Kind.CODE),
    Column("seats", "Seats", Kind.INTEGER, "Of this kind in all."),
    Column("contractor", "Contractor"),
    Column("contractor_no", "No.", Kind.CODE, "The number of the contractor; names may be shared."),
    Column("state", "State", Kind.CODE, "As it stood at the end of the day; open where nobody has asked yet."),
    Column("interested_at", "Interested", Kind.INSTANT),
    Column("offered_at", "Offered", Kind.INSTANT),
    Column("closed_at", "Answered", Kind.INSTANT),
    Column("starts_on", "Starts", Kind.DATE),
    Column("weekly", "Hours a week", Kind.HOURS, "Offered or, before that, asked for."),
    Column("rate", "Rate", Kind.RATE),
    Column("basis", "Paid by", Kind.CODE),
    Column("currency", "Currency", Kind.CODE),
    Column("weekly_pay", "A week pays", Kind.MONEY, "Of accepted seats paid by the hour.", Total.SUM, "currency"),
    Column("accepted", "Accepted", Kind.INTEGER, "1 where the seat was taken.", Total.SUM),
)  # fmt: skip
_METHOD: Final = (
    "One row for each person and seat, as it stood at the end of the day, and one for each seat that nobody had asked "
    "for yet. What people then earn on an accepted seat counts as recovered in the estimates of their pause."
)


def build(ask: Ask) -> Draft:
    """List the seats of the clients and projects asked for."""
    states = ask.texts("state")
    found = [
        offer
        for offer in seat_offers(as_of=ask.as_of, clients=ask.texts("client"), projects=ask.texts("project"))
        if not states or offer.state in states
    ]
    found.sort(key=_order)
    return Draft(
        columns=COLUMNS,
        rows=tuple(map(_row, found)),
        keys=("project", "seat_no", "contractor_no"),
        method=_METHOD,
        groups=("client", "project"),
        charts=_charts(found),
        inputs=tuple(map(repr, found)),
    )


def _order(offer: SeatOffer) -> tuple[str, str, str, int, str, int]:
    person = (offer.contractor, offer.contractor_id or 0)
    return (offer.client, offer.project, offer.title, offer.seat, *person)


def _row(offer: SeatOffer) -> tuple[Cell, ...]:
    return (
        offer.client, offer.project, offer.title, str(offer.seat), offer.seats, offer.contractor,
        str(offer.contractor_id or ""), offer.state, offer.interested_at, offer.offered_at, offer.closed_at,
        offer.starts_on, offer.weekly_seconds, rate_to_decimal(offer.amount_millionths), offer.basis, offer.currency,
        _weekly_pay(offer), int(offer.is_taken),
    )  # fmt: skip


def _weekly_pay(offer: SeatOffer) -> int | None:
    if not offer.is_taken or offer.basis != "hour" or offer.weekly_seconds is None:
        return None
    rate = rate_to_decimal(offer.amount_millionths)
    return decimal_to_minor(rate * Decimal(offer.weekly_seconds) / 3600, offer.currency)


def _charts(found: list[SeatOffer]) -> tuple[Chart, ...]:
    counted = Counter(offer.state for offer in found)
    bars = tuple(Bar(label, counted[name]) for name, label in _STATES if counted[name])
    return (Chart("Seats and people, by state", bars, Kind.INTEGER),) if bars else ()
