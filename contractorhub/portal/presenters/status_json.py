"""The first page as JSON: codes, ISO 8601 instants in UTC, money in integer minor units with its currency."""

from datetime import UTC, datetime
from typing import Any

from contractorhub.portal.presenters.cards import phase_of
from projects.queries.portal_facts import ContractorHome, EngagementCard, EstimateFacts, PauseFacts


def status_document(home: ContractorHome, at: datetime) -> dict[str, Any]:
    """The document that `/portal/status.json` answers."""
    return {"as_of": _iso(at), "engagements": [_engagement(card, at) for card in home.cards]}


def _iso(moment: datetime | None) -> str | None:
    return (
        None
        if moment is None
        else moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )


def _engagement(card: EngagementCard, at: datetime) -> dict[str, Any]:
    return {
        "id": str(card.public_id),
        "project": card.project_name,
        "client": card.client_name,
        "status": card.status,
        "starts_on": card.starts_on.isoformat(),
        "ends_on": card.ends_on.isoformat() if card.ends_on else None,
        "next_word_by": _iso(card.next_update_by),
        "is_next_word_overdue": card.next_update_by is not None and card.next_update_by <= at,
        "pause": _pause(card.pause, at) if card.pause else None,
        "estimates": [_estimate(figure) for figure in card.estimates],
    }


def _pause(pause: PauseFacts, at: datetime) -> dict[str, Any]:
    return {
        "id": str(pause.public_id),
        "phase": phase_of(pause, at),
        "kind": pause.kind,
        "remaining_share_bp": pause.remaining_share_bp,
        "reason": pause.reason_code,
        "why": pause.why,
        "starts_at": _iso(pause.starts_at),
        "ends_at": _iso(pause.ends_at),
        "expected_resume": pause.expected_resume,
        "expected_resume_from": pause.expected_resume_from.isoformat()
        if pause.expected_resume_from
        else None,
        "expected_resume_until": pause.expected_resume_until.isoformat()
        if pause.expected_resume_until
        else None,
        "acknowledged_at": _iso(pause.acknowledged_at),
    }


def _estimate(figure: EstimateFacts) -> dict[str, Any]:
    return {
        "currency": figure.currency,
        "starts_on": figure.starts_on.isoformat(),
        "ends_on": figure.ends_on.isoformat(),
        "as_of": figure.as_of.isoformat(),
        "lost_minor": figure.lost_minor,
        "likely_from_minor": figure.low80_minor,
        "likely_to_minor": figure.high80_minor,
        "is_provisional": figure.is_provisional,
    }
