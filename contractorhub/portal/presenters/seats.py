"""Open seats in words: what each asks, what it pays against what the person has, and where the two of them stand."""

from dataclasses import dataclass
from datetime import date, timedelta

from contractorhub.portal.presenters.reader import Reader
from projects.queries.seats import SeatMatch


@dataclass(frozen=True, slots=True)
class OfferWords:
    """What was offered, or taken."""

    first_day: str
    last_day: str
    hours: str
    rate: str


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """One seat; `direction` says how its pay compares (higher, lower, same, either, or "" where it cannot)."""

    pk: int
    title: str
    project: str
    client: str
    left: int
    rate: str
    highest_rate: str
    basis: str
    hours: str
    closes: str
    direction: str
    own_rate: str
    share: str
    matched: str
    missing: str
    is_too_many_hours: bool
    state: str
    words: str
    offer: OfferWords | None


def present_seat_choice(match: SeatMatch, reader: Reader) -> SeatChoice:
    """One seat in words."""
    own, standing = match.own, match.candidacy
    return SeatChoice(
        pk=match.seat_id,
        title=match.title,
        project=match.project_code,
        client=match.client_name,
        left=match.seats_left,
        rate=reader.rate(match.lowest_millionths, match.currency),
        highest_rate=reader.rate(match.highest_millionths, match.currency)
        if match.highest_millionths not in {None, match.lowest_millionths}
        else "",
        basis=match.basis,
        hours=reader.hours(match.weekly_seconds) if match.weekly_seconds else "",
        closes=reader.day(match.closes_on) if match.closes_on else "",
        direction=own.direction if own else "",
        own_rate=reader.rate(own.own_millionths, match.currency) if own else "",
        share=reader.share(_nearest(own.lowest_bp, own.highest_bp)) if own else "",
        matched=", ".join(match.skills_matched),
        missing=", ".join(match.skills_missing),
        is_too_many_hours=match.hours_fit is False,
        state=standing.state if standing else "",
        words=standing.words if standing else "",
        offer=_offer(match, reader),
    )


def _nearest(low: int, high: int) -> int:
    """The end of a range that promises least: what the pay differs by at the least."""
    return min(abs(low), abs(high)) if low * high > 0 else max(abs(low), abs(high))


def _offer(match: SeatMatch, reader: Reader) -> OfferWords | None:
    standing = match.candidacy
    if standing is None or standing.starts_on is None or standing.amount_millionths is None:
        return None
    return OfferWords(
        first_day=reader.month_day_year(standing.starts_on),
        last_day=_last_day(standing.ends_on, reader),
        hours=reader.hours(standing.weekly_seconds) if standing.weekly_seconds else "",
        rate=reader.rate(standing.amount_millionths, match.currency),
    )


def _last_day(ends_on: date | None, reader: Reader) -> str:
    return reader.month_day_year(ends_on - timedelta(days=1)) if ends_on else ""
