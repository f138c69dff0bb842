"""Asks a second person, and records their word: given, the pause opens; refused, it goes back with what they said."""

from datetime import datetime

from django.db import IntegrityError, transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToPause
from projects.models import Approval, Pause, User
from projects.models.pauses import PauseState
from projects.operations.history import record
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause, refuse_unfit_terms
from projects.operations.targets import locked_pause
from projects.operations.telling import tell_of_approval
from projects.queries.second_person import approvers_of, why_second_person


def ask_second_person(
    *, draft: Pause, answers: PauseAnswers, terms: PauseTerms, by: User, at: datetime
) -> Approval:
    """Ask everybody who may give the second word on a draft that is whole; asking again changes nothing.

    Raises NotAllowed or UnableToPause; then nothing is written.
    """
    if not access.may_change_pause(by, draft):
        raise NotAllowed("You may pause only projects you lead and clients you own.")
    refuse_unfit_terms(answers=answers, terms=terms, at=at)
    people = approvers_of(draft, asked_by=by)
    if not people.exists():
        raise UnableToPause("There is nobody else who may approve this; ask operations to name somebody.")
    try:
        with transaction.atomic():
            row = _locked_draft(draft)
            standing = row.approvals.filter(decided_at__isnull=True).first()
            if standing is not None:
                return standing
            reasons = why_second_person(row, starts_at=terms.starts_at or at, at=at)
            approval = Approval.objects.create(pause=row, asked_by=by, asked_at=at, reasons=list(reasons))
            tell_of_approval(approval=approval, template="approval_asked", people=people, at=at)
            record(
                verb="approval.asked",
                subject_ref=row.ref,
                before={},
                after={"reasons": reasons},
                by=by,
                at=at,
            )
            return approval
    except IntegrityError as error:
        raise UnableToPause("Somebody has asked a second person just now.") from error


def approve_pause(
    *, approval: Approval, answers: PauseAnswers, terms: PauseTerms, by: User, at: datetime
) -> Pause:
    """Give the second word: the pause opens in the same transaction, in the name of whoever asked.

    Raises NotAllowed (nobody approves their own) or UnableToPause; then nothing is written.
    """
    with transaction.atomic():
        row = _open_approval(approval, by=by)
        row.decided_by, row.decided_at, row.is_given = by, at, True
        row.save(update_fields=["decided_by", "decided_at", "is_given"])
        pause = open_pause(
            project=row.pause.project,
            client=row.pause.client,
            answers=answers,
            terms=terms,
            by=row.asked_by,
            second=by,
            draft=row.pause,
            at=at,
        )
        tell_of_approval(
            approval=row,
            template="approval_given",
            people=User.objects.filter(pk=row.asked_by_id, is_active=True),
            at=at,
        )
        return pause


def refuse_approval(*, approval: Approval, words: str, by: User, at: datetime) -> Approval:
    """Send the draft back with what has to change; nothing opens. Raises NotAllowed or UnableToPause."""
    if not words.strip():
        raise UnableToPause("Say what has to change, so that it can be put right.", field="words")
    with transaction.atomic():
        row = _open_approval(approval, by=by)
        row.decided_by, row.decided_at, row.words = by, at, words.strip()[:500]
        row.save(update_fields=["decided_by", "decided_at", "words"])
        asker = User.objects.filter(pk=row.asked_by_id, is_active=True)
        tell_of_approval(approval=row, template="approval_refused", people=asker, at=at)
        record(
            verb="approval.refused",
            subject_ref=row.pause.ref,
            before={},
            after={"words": row.words},
            by=by,
            at=at,
        )
        return row


def _locked_draft(draft: Pause) -> Pause:
    row = locked_pause(draft)
    if row.state != PauseState.DRAFT:
        raise UnableToPause(f"Pause {row.pk} is {row.get_state_display().lower()}; it is no longer a draft.")
    return row


def _open_approval(approval: Approval, *, by: User) -> Approval:
    """The fresh row with its draft locked; refuse strangers, one's own, and what is decided or withdrawn."""
    draft = _locked_draft(approval.pause)
    row = Approval.objects.select_related("asked_by").filter(pk=approval.pk, decided_at__isnull=True).first()
    if row is None:
        raise UnableToPause("This request is gone: it was answered, or the words were changed since.")
    row.pause = draft
    if row.asked_by_id == by.pk:
        raise NotAllowed("Nobody approves their own pause; somebody else has to look at it.")
    if not access.may_change_pause(by, draft):
        raise NotAllowed("You may approve only pauses of projects you lead and clients you own.")
    return row
