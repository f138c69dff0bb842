"""Redeployment: every open seat, who was offered it, what came of it, and what it pays a week."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q

from projects.domain.money import decimal_to_minor, rate_to_decimal
from projects.models import Candidacy, OpenSeat
from projects.queries.register import end_of
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

_STATES: Final = (
    ("open", "Open, nobody yet"),
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
    end = end_of(ask.as_of)
    seats = OpenSeat.objects.filter(opened_on__lte=ask.as_of).select_related("project__client")
    if clients := ask.texts("client"):
        seats = seats.filter(project__client__code__in=clients)
    if projects := ask.texts("project"):
        seats = seats.filter(project__code__in=projects)
    known = Q(interested_at__lt=end) | Q(offered_at__lt=end)
    found = Candidacy.objects.filter(known, seat__in=seats).select_related(
        "seat__project__client", "contractor"
    )
    rows = [_row(one.seat, one, end) for one in found]
    taken = {one.seat_id for one in found}
    rows += [_row(seat, None, end) for seat in seats if seat.pk not in taken and _is_open(seat, ask.as_of)]
    states = ask.texts("state")
    rows = sorted((row for row in rows if not states or row[7] in states), key=_order)
    return Draft(
        columns=COLUMNS,
        rows=tuple(rows),
        keys=("project", "seat_no", "contractor_no"),
        method=_METHOD,
        groups=("client", "project"),
        charts=_charts(rows),
        inputs=tuple(map(repr, rows)),
    )


def _is_open(seat: OpenSeat, day: date) -> bool:
    return seat.closes_on is None or seat.closes_on > day


def _state(one: Candidacy | None, end: datetime) -> str:
    """Where it stood then: an answer that came later had not been given."""
    if one is None:
        return "open"
    if one.closed_at is not None and one.closed_at < end:
        return one.state
    return Candidacy.State.OFFERED if one.offered_at and one.offered_at < end else Candidacy.State.INTERESTED


def _row(seat: OpenSeat, one: Candidacy | None, end: datetime) -> tuple[Cell, ...]:
    state = str(_state(one, end))
    weekly = one.weekly_seconds if one is not None and one.weekly_seconds else seat.weekly_seconds
    millionths = (
        one.amount_millionths if one is not None and one.amount_millionths else seat.amount_millionths
    )
    is_taken = state == Candidacy.State.ACCEPTED
    pay = _weekly_pay(seat, weekly, millionths) if is_taken else None
    return (
        seat.project.client.code, seat.project.code, seat.title, str(seat.pk), seat.seats,
        one.contractor.name if one else "", str(one.contractor_id) if one else "", state,
        _by(one.interested_at if one else None, end), _by(one.offered_at if one else None, end),
        _by(one.closed_at if one else None, end), one.starts_on if one else None, weekly,
        rate_to_decimal(millionths), seat.basis, seat.currency, pay, int(is_taken),
    )  # fmt: skip


def _weekly_pay(seat: OpenSeat, weekly: int | None, millionths: int) -> int | None:
    if seat.basis != "hour" or weekly is None:
        return None
    return decimal_to_minor(rate_to_decimal(millionths) * Decimal(weekly) / 3600, seat.currency)


def _by(instant: datetime | None, end: datetime) -> datetime | None:
    return instant if instant is not None and instant < end else None


def _order(row: tuple[Cell, ...]) -> tuple[str, str, str, int, str, int]:
    return (str(row[0]), str(row[1]), str(row[2]), int(str(row[3])), str(row[5]), int(str(row[6] or 0)))


def _charts(rows: list[tuple[Cell, ...]]) -> tuple[Chart, ...]:
    counted = Counter(str(row[7]) for row in rows)
    bars = tuple(Bar(label, counted[name]) for name, label in _STATES if counted[name])
    return (Chart("Seats and people, by state", bars, Kind.INTEGER),) if bars else ()
