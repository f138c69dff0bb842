"""Keeps drafts of pauses: what a lead has typed so far, told to nobody."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToPause
from projects.models import Client, DraftHand, Pause, PauseExclusion, Project, User
from projects.models.pauses import PauseState
from projects.operations.chosen import leave_out_the_rest
from projects.operations.pauses import PauseAnswers, PauseTerms
from projects.operations.targets import locked_pause

HANDS_ARE_FRESH: Final = timedelta(seconds=30)


def save_draft(
    *,
    answers: PauseAnswers,
    terms: PauseTerms,
    by: User | None,
    at: datetime,
    project: Project | None = None,
    client: Client | None = None,
    draft: Pause | None = None,
) -> Pause:
    """Keep what was typed; answers may be blank. In a draft `starts_at == opened_at` means "once it is confirmed".

    Raises NotAllowed, or UnableToPause when the draft is no longer one.
    """
    if by is not None and not access.may_pause(by, project=project, client=client, only=terms.only):
        raise NotAllowed("You may pause only projects you lead and clients you own.")
    with transaction.atomic():
        row = _row_of(draft)
        row.project, row.client = project, client
        row.opened_by, row.opened_at = by, at
        for name, value in _columns(answers, terms, at).items():
            setattr(row, name, value)
        row.save()
        leave_out_the_rest(row, at=at)
        row.approvals.filter(decided_at__isnull=True).delete()  # it was asked about other words than these
        row.exclusions.all().delete()
        PauseExclusion.objects.bulk_create(
            [PauseExclusion(pause=row, contractor_id=pk, reason=reason) for pk, reason in terms.exclusions]
        )
        return row


def discard_draft(*, draft: Pause, by: User | None, at: datetime) -> None:
    """Throw a draft away. Raises NotAllowed, or UnableToPause when it is no longer a draft."""
    if by is not None and not access.may_change_pause(by, draft):
        raise NotAllowed("You may discard only drafts of projects you lead and clients you own.")
    with transaction.atomic():
        _row_of(draft).delete()


def answers_of(draft: Pause) -> PauseAnswers:
    """The answers a draft holds."""
    return PauseAnswers(
        what_stopped=draft.what_stopped,
        why=draft.why,
        what_happens_to_pay=draft.what_happens_to_pay,
        what_to_do_now=draft.what_to_do_now,
        next_update_by=draft.next_update_by,
        confidential_note=draft.confidential_note,
    )


def terms_of(draft: Pause) -> PauseTerms:
    """The terms a draft holds."""
    return PauseTerms(
        reason_code=draft.reason_code,
        kind=draft.kind,
        remaining_share_bp=draft.remaining_share_bp,
        starts_at=None if draft.starts_at == draft.opened_at else draft.starts_at,
        ends_at=draft.ends_at,
        expected_resume=draft.expected_resume,
        expected_resume_from=draft.expected_resume_from,
        expected_resume_until=draft.expected_resume_until,
        standby_share_bp=draft.standby_share_bp,
        standby_daily_minor=draft.standby_daily_minor,
        standby_currency=draft.standby_currency,
        standby_max_days=draft.standby_max_days,
        exclusions=tuple(draft.exclusions.order_by("pk").values_list("contractor_id", "reason")),
        only=draft.chosen,
    )


def _row_of(draft: Pause | None) -> Pause:
    if draft is None:
        return Pause(state=PauseState.DRAFT)
    row = locked_pause(draft)
    if row.state != PauseState.DRAFT:
        raise UnableToPause(f"Pause {row.pk} is {row.get_state_display().lower()}; it is no longer a draft.")
    return row


def _columns(answers: PauseAnswers, terms: PauseTerms, at: datetime) -> dict[str, Any]:
    """Columns of a draft; what the record's constraints would refuse is left at its default until it is whole."""
    columns: dict[str, Any] = {**asdict(answers), **asdict(terms)}
    del columns["exclusions"]
    columns["chosen_codes"] = " ".join(columns.pop("only"))
    columns["starts_at"] = terms.starts_at or at
    if columns["ends_at"] is not None and columns["ends_at"] <= columns["starts_at"]:
        columns["ends_at"] = None
    if terms.kind == "full" or not 0 < terms.remaining_share_bp < 10_000:
        columns["kind"], columns["remaining_share_bp"] = "full", 0
    if not terms.standby_daily_minor or not terms.standby_currency:
        columns |= {"standby_daily_minor": 0, "standby_currency": "", "standby_max_days": None}
    first, last = terms.expected_resume_from, terms.expected_resume_until
    is_whole = (terms.expected_resume == "date" and first and not last) or (
        terms.expected_resume == "window" and first and last and last > first
    )
    if not is_whole:
        columns |= {"expected_resume": "unknown", "expected_resume_from": None, "expected_resume_until": None}
    return columns


def note_hand(*, draft: Pause, by: User, at: datetime) -> tuple[str, ...]:
    """Note that somebody has this draft open; the names of others whose pages were heard of in the last half minute."""
    DraftHand.objects.update_or_create(pause=draft, user=by, defaults={"seen_at": at})
    others = draft.hands.exclude(user=by).filter(seen_at__gte=at - HANDS_ARE_FRESH).select_related("user")
    return tuple(str(hand.user) for hand in others.order_by("user__name", "pk"))
