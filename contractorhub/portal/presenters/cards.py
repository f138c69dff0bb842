"""The status cards: one engagement's facts as sentences are filled with them; templates choose the sentence."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from contractorhub.portal.presenters.also import Also, also
from contractorhub.portal.presenters.reader import Reader
from projects.queries.portal_facts import (
    ContractorHome,
    EngagementCard,
    EstimateFacts,
    Lead,
    OpenWork,
    PauseFacts,
    ScopeFacts,
)

DAYS_A_WEEK = 7
A_MINUTE = timedelta(minutes=1)
"""Nobody is told that a word is "0 minutes late"."""
LATELY = timedelta(minutes=10)
"""A pause that was seen so lately needs no new note that it was."""

Phase = Literal["in_effect", "ahead", "over", "void", "spared"]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: as read, with its zone, for machines, and how far off it is."""

    text: str
    full: str
    iso: str
    distance: str
    length: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class EstimateWords:
    """One estimate in round money. `is_weekly`: amounts are an average week's, else the whole period's."""

    is_loss: bool
    may_be_loss: bool
    is_weekly: bool
    amount: str
    low: str
    high: str
    is_low_none: bool
    total: str
    usual_week: str
    first_day: str
    last_day: str
    as_of: str
    is_provisional: bool
    also: Also | None


@dataclass(frozen=True, slots=True)
class PauseWords:
    """One pause as it is told to one person; texts that a lead wrote stay as they were written."""

    public_id: uuid.UUID
    phase: Phase
    is_full: bool
    is_of_client: bool
    target_name: str
    remaining_share: str
    reason_code: str
    why: str
    what_stopped: str
    pay: str
    what_to_do: str
    since: Moment
    until: Moment | None
    resume: str
    resume_from: str
    resume_until: str
    next_word: Moment | None
    are_leads_reminded: bool
    standby_share: str
    standby_a_day: str
    standby_days: int
    latest_word: str
    latest_word_at: Moment | None
    void_reason: str
    spared_because: str
    lasted: str
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class ScopeWords:
    outcome: str
    what_it_means: str
    since: Moment
    decided: Moment | None
    next_word: Moment | None
    effective: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """One engagement; `tone` names its colour and icon, which always stand beside the word."""

    project: str
    client: str
    status: str
    tone: str
    pause: PauseWords | None
    others: tuple[PauseWords, ...]
    past: PauseWords | None
    scope: ScopeWords | None
    estimates: tuple[EstimateWords, ...]
    estimate_state: str
    leads: tuple[Lead, ...]
    starts: str
    ends: str
    is_ending_soon: bool


@dataclass(frozen=True, slots=True)
class SeatWords:
    title: str
    project: str
    client: str
    seats: int
    rate: str
    basis: str
    weekly_hours: str
    closes: str


@dataclass(frozen=True, slots=True)
class HomeWords:
    """The first page."""

    stopped: tuple[CardWords, ...]
    running: tuple[CardWords, ...]
    ended: tuple[CardWords, ...]
    open_work: tuple[SeatWords, ...]
    paused_count: int
    current_count: int


def present_home(home: ContractorHome, reader: Reader, at: datetime) -> HomeWords:
    """Cards in three groups: what is stopped or uncertain, what goes on, what has ended."""
    cards = [present_card(card, reader, at) for card in home.cards]
    ended = tuple(card for card in cards if card.status == "ended")
    stopped = tuple(card for card in cards if card.status in {"paused", "reduced", "reassessing"})
    running = tuple(card for card in cards if card.status in {"active", "upcoming"})
    return HomeWords(
        stopped=stopped,
        running=running,
        ended=ended,
        open_work=tuple(present_seat(seat, reader) for seat in home.open_work),
        paused_count=sum(card.status in {"paused", "reduced"} for card in cards),
        current_count=len(stopped) + sum(card.status == "active" for card in cards),
    )


def present_card(card: EngagementCard, reader: Reader, at: datetime) -> CardWords:
    """One engagement in words."""
    pause = present_pause(card.pause, reader, at) if card.pause else None
    is_announced = card.status == "active" and pause is not None and pause.phase == "ahead"
    return CardWords(
        project=card.project_name,
        client=card.client_name,
        status=card.status,
        tone="scheduled" if is_announced else card.status,
        pause=pause,
        others=tuple(present_pause(each, reader, at) for each in card.other_pauses),
        past=present_pause(card.past_pause, reader, at) if card.past_pause else None,
        scope=present_scope(card.scope, reader, at) if card.scope else None,
        estimates=tuple(present_estimate(figure, reader) for figure in card.estimates),
        estimate_state=card.estimate_state,
        leads=card.leads,
        starts=reader.day(card.starts_on),
        ends=reader.day(card.ends_on - timedelta(days=1)) if card.ends_on else "",
        is_ending_soon=card.ends_on is not None and card.ends_on <= (at + timedelta(days=60)).date(),
    )


def present_moment(moment: datetime, reader: Reader, at: datetime) -> Moment:
    """An instant on the reader's clock, seen from `at`."""
    return Moment(
        text=reader.instant(moment),
        full=reader.full_instant(moment),
        iso=reader.iso(moment),
        distance=reader.distance(moment - at),
        length=reader.length(moment - at),
        is_past=moment <= at - A_MINUTE,
    )


def _moment(moment: datetime | None, reader: Reader, at: datetime) -> Moment | None:
    return None if moment is None else present_moment(moment, reader, at)


def _day(day: date | None, reader: Reader) -> str:
    return "" if day is None else reader.day(day)


def phase_of(pause: PauseFacts, at: datetime) -> Phase:
    """Where the pause stands for this person at `at`."""
    if pause.state == "void":
        return "void"
    if not pause.is_in_effect(at):
        return "ahead" if pause.is_ahead(at) else "over"
    return "in_effect" if pause.exclusion_reason is None else "spared"


def present_pause(pause: PauseFacts, reader: Reader, at: datetime) -> PauseWords:
    """One pause in words."""
    phase = phase_of(pause, at)
    is_open = phase in {"in_effect", "ahead", "spared"}
    return PauseWords(
        public_id=pause.public_id,
        phase=phase,
        is_full=pause.kind == "full",
        is_of_client=pause.is_of_client,
        target_name=pause.target_name,
        remaining_share=reader.share(pause.remaining_share_bp),
        reason_code=pause.reason_code,
        why=pause.why,
        what_stopped=pause.what_stopped,
        pay=pause.what_happens_to_pay,
        what_to_do=pause.what_to_do_now,
        since=present_moment(pause.starts_at, reader, at),
        until=_moment(pause.ends_at, reader, at),
        resume=pause.expected_resume,
        resume_from=_day(pause.expected_resume_from, reader),
        resume_until=_day(pause.expected_resume_until, reader),
        next_word=_moment(pause.next_update_by, reader, at) if is_open else None,
        are_leads_reminded=_is_after(pause.leads_reminded_at, pause.next_update_by),
        standby_share=reader.share(pause.standby_share_bp) if pause.standby_share_bp else "",
        standby_a_day=reader.money(pause.standby_daily_minor, pause.standby_currency)
        if pause.standby_daily_minor
        else "",
        standby_days=pause.standby_max_days or 0,
        latest_word=pause.latest_word,
        latest_word_at=_moment(pause.latest_word_at, reader, at),
        void_reason=pause.void_reason,
        spared_because=pause.exclusion_reason or "",
        lasted=reader.length(pause.ends_at - pause.starts_at) if pause.ends_at else "",
        is_acknowledged=pause.acknowledged_at is not None,
    )


def _is_after(moment: datetime | None, due: datetime | None) -> bool:
    """A reminder sent before the present promise was made was about an earlier one."""
    return moment is not None and due is not None and moment >= due


def present_scope(scope: ScopeFacts, reader: Reader, at: datetime) -> ScopeWords:
    """A reassessment in words."""
    return ScopeWords(
        outcome=scope.outcome,
        what_it_means=scope.what_it_means,
        since=present_moment(scope.started_at, reader, at),
        decided=_moment(scope.decided_at, reader, at),
        next_word=_moment(scope.next_update_by, reader, at),
        effective=_day(scope.effective_on, reader),
    )


def present_estimate(figure: EstimateFacts, reader: Reader) -> EstimateWords:
    """One estimate: an average week of the period where it has a week or more, else the whole period.

    A range of the period's total, divided by its weeks, is the range of the average week.
    """
    days = (figure.ends_on - figure.starts_on).days
    is_weekly = days >= DAYS_A_WEEK
    share = Decimal(DAYS_A_WEEK) / days if is_weekly else Decimal(1)

    def about(minor: int) -> str:
        return reader.about(minor * share, figure.currency)

    return EstimateWords(
        is_loss=figure.lost_minor > 0,
        may_be_loss=figure.high80_minor > 0,
        is_weekly=is_weekly,
        amount=about(figure.lost_minor),
        low=about(max(figure.low80_minor, 0)),
        high=about(max(figure.high80_minor, 0)),
        is_low_none=figure.low80_minor <= 0,
        total=reader.about(figure.lost_minor, figure.currency),
        usual_week=reader.about(figure.weekly_expected_minor, figure.currency),
        first_day=reader.month_day_year(figure.starts_on),
        last_day=reader.month_day_year(max(figure.ends_on - timedelta(days=1), figure.starts_on)),
        as_of=reader.month_day_year(figure.as_of),
        is_provisional=figure.is_provisional,
        also=also(int(figure.lost_minor * share), figure.currency, reader),
    )


def present_seat(seat: OpenWork, reader: Reader) -> SeatWords:
    """One open seat in words."""
    return SeatWords(
        title=seat.title,
        project=seat.project_name,
        client=seat.client_name,
        seats=seat.seats,
        rate=reader.rate(seat.amount_millionths, seat.currency),
        basis=seat.basis,
        weekly_hours=reader.hours(seat.weekly_seconds) if seat.weekly_seconds else "",
        closes=_day(seat.closes_on, reader),
    )


def unread(cards: Sequence[EngagementCard], at: datetime) -> tuple[int, ...]:
    """Keys of the pauses on these cards that this person has not opened before, or not lately."""
    pauses = [pause for card in cards for pause in (card.pause, *card.other_pauses) if pause is not None]
    return tuple(
        {pause.pk for pause in pauses if pause.last_opened_at is None or at - pause.last_opened_at > LATELY}
    )
