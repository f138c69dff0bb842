"""What a contractor's own page shows: each engagement, the pause behind its status, the loss, other work."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from projects.domain.periods import local_day
from projects.models import (
    Contractor,
    Engagement,
    LostIncomeEstimate,
    OpenSeat,
    Pause,
    ScopeReassessment,
)
from projects.models.estimates import RunState
from projects.models.pauses import PauseKind
from projects.models.scope import ScopeOutcome
from projects.queries.portal_facts import (
    ContractorHome,
    EngagementCard,
    EstimateFacts,
    EstimateState,
    Lead,
    OpenWork,
    PauseFacts,
    ScopeFacts,
    Status,
)
from projects.queries.portal_rows import (
    ENGAGEMENTS,
    LEADS,
    LET_GO,
    PAUSE,
    PAUSES,
    REASSESSMENTS,
    SEATS,
    engagements_reached,
    figures_of,
)

SHOWN_AFTER_END = timedelta(days=180)
SHOWN_AFTER_PAUSE = timedelta(days=30)
MOST_SEATS = 6


def contractor_home(contractor: Contractor, at: datetime) -> ContractorHome:
    """The contractor's engagements as they stand at `at`, in a fixed number of queries."""
    since = {
        "person": contractor.pk,
        "ended_after": (at - SHOWN_AFTER_END).date(),
        "closed_after": at - SHOWN_AFTER_PAUSE,
    }
    engagements: list[Engagement] = ENGAGEMENTS.instances(**since)
    pauses = _pauses_reaching(since)
    estimates = _estimates(contractor, engagements, pauses)
    scopes = _scopes(REASSESSMENTS.instances(**since))
    leads = _leads(contractor)
    cards = [
        _card(
            engagement,
            pauses=pauses,
            estimates=estimates,
            scope=scopes.get(engagement.project_id),
            leads=leads.get(engagement.project_id, ()),
            at=at,
        )
        for engagement in engagements
    ]
    order: dict[Status, int] = {
        "paused": 0,
        "reduced": 1,
        "reassessing": 2,
        "active": 3,
        "upcoming": 4,
        "ended": 5,
    }
    cards.sort(key=lambda card: (order[card.status], card.project_name))
    is_waiting = any(card.status in {"paused", "reduced", "reassessing"} or card.pause for card in cards)
    return ContractorHome(
        cards=tuple(cards), open_work=_open_work(contractor, since, at) if is_waiting else ()
    )


def pause_of_contractor(contractor: Contractor, public_id: uuid.UUID, at: datetime) -> EngagementCard | None:
    """The card of the engagement that this pause stops, with this pause on it; None when it is not theirs.

    A pause is theirs when it shares a day with the term of one of their engagements.
    """
    rows: list[Pause] = PAUSE.instances(person=contractor.pk, public_id=public_id)
    engagements = engagements_reached(contractor, rows[0]) if rows else []
    if not engagements:
        return None
    pause, facts = rows[0], _facts(rows[0])
    estimates = _estimates(contractor, engagements, rows)
    engagement = engagements[0]
    figures = tuple(figure for each in engagements for figure in estimates.get((each.pk, pause.pk), ()))
    return EngagementCard(
        public_id=engagement.public_id,
        project_name=engagement.project.code,
        client_name=engagement.project.client.name,
        starts_on=engagement.starts_on,
        ends_on=engagement.ends_on,
        status=_status(
            engagement, facts if facts.is_in_effect(at) and facts.exclusion_reason is None else None, None, at
        ),
        pause=facts,
        other_pauses=(),
        past_pause=None,
        scope=None,
        estimates=figures,
        estimate_state=_estimate_state(figures, pause),
        leads=_leads(contractor).get(engagement.project_id, ()),
    )


def _pauses_reaching(since: Mapping[str, Any]) -> list[Pause]:
    rows: list[Pause] = PAUSES.instances(**since)
    let_go = LET_GO.rows(**since) if any(row.client_id for row in rows) else []
    for row in rows:
        row.__dict__["let_go"] = {project for pause, project in let_go if pause == row.pk}
    return rows


def _facts(pause: Pause) -> PauseFacts:
    is_of_client = pause.client_id is not None and not pause.chosen
    row: dict[str, object] = vars(pause)  # annotations are not part of the model's type
    return PauseFacts(
        pk=pause.pk,
        public_id=pause.public_id,
        target_name=pause.client.name if is_of_client and pause.client else pause.target_code,
        is_of_client=is_of_client,
        kind=pause.kind,
        remaining_share_bp=pause.remaining_share_bp,
        state=pause.state,
        reason_code=pause.reason_code,
        starts_at=pause.starts_at,
        ends_at=pause.ends_at,
        what_stopped=pause.what_stopped,
        why=pause.why,
        what_happens_to_pay=pause.what_happens_to_pay,
        what_to_do_now=pause.what_to_do_now,
        next_update_by=pause.next_update_by,
        expected_resume=pause.expected_resume,
        expected_resume_from=pause.expected_resume_from,
        expected_resume_until=pause.expected_resume_until,
        standby_share_bp=pause.standby_share_bp,
        standby_daily_minor=pause.standby_daily_minor,
        standby_currency=pause.standby_currency,
        standby_max_days=pause.standby_max_days,
        latest_word=str(row["latest_word"] or ""),
        latest_word_at=_instant(row["latest_word_at"]),
        void_reason=pause.void_reason,
        exclusion_reason=str(row["exclusion_reason"]) if row["exclusion_reason"] is not None else None,
        leads_reminded_at=_instant(row["leads_reminded_at"]),
        last_opened_at=_instant(row["seen_at"]),
        acknowledged_at=_instant(row["acknowledged_at"]),
    )


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _estimates(
    contractor: Contractor, engagements: Sequence[Engagement], pauses: Iterable[Pause]
) -> dict[tuple[int, int], tuple[EstimateFacts, ...]]:
    """The newest finished figures by engagement and pause, one a currency."""
    by_run: dict[int, Pause] = {
        pause.__dict__["priced_by"]: pause for pause in pauses if pause.__dict__["priced_by"] is not None
    }
    shown = {each.pk for each in engagements}
    found: dict[tuple[int, int], tuple[EstimateFacts, ...]] = {}
    for row in figures_of(contractor, tuple(by_run)):
        if row.engagement_id in shown:
            pause = by_run[row.run_id]
            key = (row.engagement_id, pause.pk)
            found[key] = (*found.get(key, ()), estimate_facts(row, pause.public_id))
    return found


def estimate_facts(row: LostIncomeEstimate, pause_public_id: uuid.UUID) -> EstimateFacts:
    """The figures of a row; its run must be loaded."""
    return EstimateFacts(
        pause_public_id=pause_public_id,
        currency=row.currency,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        as_of=row.run.as_of,
        lost_minor=row.lost_minor,
        low80_minor=row.low80_minor,
        high80_minor=row.high80_minor,
        weekly_expected_minor=row.weekly_expected_minor,
        is_provisional=row.is_provisional,
    )


def _scopes(rows: Iterable[ScopeReassessment]) -> dict[int, ScopeFacts]:
    """By project: the reassessment under way, else the one decided last within the shown time."""
    found: dict[int, ScopeFacts] = {}
    for row in rows:  # later rows replace earlier ones; a pending one is always the latest
        found[row.project_id] = ScopeFacts(
            outcome=row.outcome,
            what_it_means=row.what_it_means,
            started_at=row.started_at,
            decided_at=row.decided_at,
            next_update_by=row.next_update_by if row.outcome == ScopeOutcome.PENDING else None,
            effective_on=row.effective_on,
        )
    return found


def _status(
    engagement: Engagement, stopped_by: PauseFacts | None, scope: ScopeFacts | None, at: datetime
) -> Status:
    today = local_day(at, engagement.project.time_zone)
    ended_on = engagement.project.ended_on
    if (engagement.ends_on is not None and engagement.ends_on <= today) or (
        ended_on is not None and ended_on <= today
    ):
        return "ended"
    if engagement.starts_on > today:
        return "upcoming"
    if stopped_by is not None:
        return "paused" if stopped_by.kind == PauseKind.FULL else "reduced"
    if scope is not None and scope.outcome == ScopeOutcome.PENDING:
        return "reassessing"
    return "active"


def _card(
    engagement: Engagement,
    *,
    pauses: Sequence[Pause],
    estimates: dict[tuple[int, int], tuple[EstimateFacts, ...]],
    scope: ScopeFacts | None,
    leads: tuple[Lead, ...],
    at: datetime,
) -> EngagementCard:
    project = engagement.project
    reaching = [
        row
        for row in pauses
        if row.project_id == project.pk
        or (row.client_id == project.client_id and project.pk not in row.__dict__["let_go"])
    ]
    rows = {row.pk: row for row in reaching}
    facts = [_facts(row) for row in reaching]
    stopping = [each for each in facts if each.is_in_effect(at) and each.exclusion_reason is None]
    stopping.sort(key=lambda each: (each.kind != PauseKind.FULL, each.starts_at))
    ahead = sorted((each for each in facts if each.is_ahead(at)), key=lambda each: each.starts_at)
    spared = [each for each in facts if each.is_in_effect(at) and each.exclusion_reason is not None]
    past = sorted(
        (each for each in facts if each not in stopping and each not in ahead and each not in spared),
        key=lambda each: each.starts_at,
    )
    status = _status(engagement, stopping[0] if stopping else None, scope, at)
    shown = (stopping + ahead + spared) if status not in {"ended", "upcoming"} else []
    pause = shown[0] if shown else None
    figures = estimates.get((engagement.pk, pause.pk), ()) if pause else ()
    return EngagementCard(
        public_id=engagement.public_id,
        project_name=project.code,
        client_name=project.client.name,
        starts_on=engagement.starts_on,
        ends_on=engagement.ends_on,
        status=status,
        pause=pause,
        other_pauses=tuple(shown[1:]),
        past_pause=past[-1] if past else None,
        scope=scope if status != "ended" else None,
        estimates=figures,
        estimate_state=_estimate_state(figures, rows[pause.pk]) if pause else "none",
        leads=leads,
    )


def _estimate_state(figures: Sequence[EstimateFacts], pause: Pause) -> EstimateState:
    if figures:
        return "ready"
    return (
        "computing" if pause.__dict__["newest_run_state"] in {RunState.QUEUED, RunState.RUNNING} else "none"
    )


def _leads(contractor: Contractor) -> dict[int, tuple[Lead, ...]]:
    found: dict[int, tuple[Lead, ...]] = {}
    for project, name, email in LEADS.rows(person=contractor.pk):
        found[project] = (*found.get(project, ()), Lead(name=name or email, email=email))
    return found


def _open_work(contractor: Contractor, since: Mapping[str, Any], at: datetime) -> tuple[OpenWork, ...]:
    """Seats open today to this country on projects that are not stopped and are not the contractor's own."""
    seats: list[OpenSeat] = SEATS.instances(**since, today=local_day(at, contractor.time_zone))
    # Which countries a seat is open to is a list in one column, which SQLite cannot search.
    fitting = (seat for seat in seats if not seat.countries or contractor.country in seat.countries)
    return tuple(
        OpenWork(
            title=seat.title,
            project_name=seat.project.code,
            client_name=seat.project.client.name,
            seats=seat.seats,
            basis=seat.basis,
            amount_millionths=seat.amount_millionths,
            currency=seat.currency,
            weekly_seconds=seat.weekly_seconds,
            closes_on=seat.closes_on,
        )
        for seat, _ in zip(fitting, range(MOST_SEATS), strict=False)
    )
