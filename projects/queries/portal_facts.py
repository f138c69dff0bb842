"""The typed rows of a contractor's own pages: pauses, figures, engagements, open work; nothing confidential."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from projects.models.pauses import PauseState

Status = Literal["active", "paused", "reduced", "reassessing", "ended", "upcoming"]
EstimateState = Literal["ready", "computing", "none"]


@dataclass(frozen=True, slots=True)
class Lead:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class EstimateFacts:
    """One estimate in minor units; a loss is positive, a gain negative; days `[starts_on, ends_on)`."""

    pause_public_id: uuid.UUID
    currency: str
    starts_on: date
    ends_on: date
    as_of: date
    lost_minor: int
    low80_minor: int
    high80_minor: int
    weekly_expected_minor: int
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """One pause as one contractor may read it; nothing confidential is in here."""

    pk: int
    public_id: uuid.UUID
    target_name: str
    is_of_client: bool
    kind: str
    remaining_share_bp: int
    state: str
    reason_code: str
    starts_at: datetime
    ends_at: datetime | None
    what_stopped: str
    why: str
    what_happens_to_pay: str
    what_to_do_now: str
    next_update_by: datetime | None
    expected_resume: str
    expected_resume_from: date | None
    expected_resume_until: date | None
    standby_share_bp: int
    standby_daily_minor: int
    standby_currency: str
    standby_max_days: int | None
    latest_word: str
    latest_word_at: datetime | None
    void_reason: str
    exclusion_reason: str | None
    leads_reminded_at: datetime | None
    last_opened_at: datetime | None
    acknowledged_at: datetime | None

    def is_in_effect(self, at: datetime) -> bool:
        """Whether work is stopped or reduced at this instant."""
        is_begun = self.state in {PauseState.SCHEDULED, PauseState.IN_EFFECT} and self.starts_at <= at
        return is_begun and (self.ends_at is None or self.ends_at > at)

    def is_ahead(self, at: datetime) -> bool:
        """Whether the pause is announced and has not begun."""
        return self.state == PauseState.SCHEDULED and self.starts_at > at


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """A reassessment of the project's scope: under way, or decided not long ago."""

    outcome: str
    what_it_means: str
    started_at: datetime
    decided_at: datetime | None
    next_update_by: datetime | None
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class EngagementCard:
    """One engagement, why it stands as it does, and what it costs."""

    public_id: uuid.UUID
    project_name: str
    client_name: str
    starts_on: date
    ends_on: date | None
    status: Status
    pause: PauseFacts | None
    other_pauses: tuple[PauseFacts, ...]
    past_pause: PauseFacts | None
    scope: ScopeFacts | None
    estimates: tuple[EstimateFacts, ...]
    estimate_state: EstimateState
    leads: tuple[Lead, ...]

    @property
    def next_update_by(self) -> datetime | None:
        """The promised instant of the next word, from the pause or else from the reassessment."""
        if self.pause is not None:
            return self.pause.next_update_by
        return self.scope.next_update_by if self.scope is not None else None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A seat somewhere else that is open to people in this contractor's country."""

    title: str
    project_name: str
    client_name: str
    seats: int
    basis: str
    amount_millionths: int
    currency: str
    weekly_seconds: int | None
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class ContractorHome:
    """Everything the first page shows, in the order it is shown: what is stopped comes first."""

    cards: tuple[EngagementCard, ...]
    open_work: tuple[OpenWork, ...]
