"""Changes an open pause: update, extend, end, void; each is told to everybody it stops."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from projects import access
from projects.domain.errors import DomainError, NotAllowed, UnableToResume, UnableToUpdatePause, UnableToVoid
from projects.domain.pausing import MAX_ANSWER_CHARACTERS, may_become
from projects.domain.scoping import OUTCOMES
from projects.models import Pause, PauseUpdate, ScopeReassessment, User
from projects.models.pauses import PauseState
from projects.models.scope import ScopeOutcome
from projects.operations.estimates import ask_for_estimate
from projects.operations.events import announce_scope
from projects.operations.history import record
from projects.operations.pauses import facts_of, refuse_unfit_resume
from projects.operations.promises import drop_reminders
from projects.operations.targets import locked_pause
from projects.operations.telling import put_on_timeline, take_back_what_is_queued, tell_everybody


def update_pause(
    *,
    pause: Pause,
    text: str,
    next_update_by: datetime,
    by: User | None,
    at: datetime,
    confidential_note: str = "",
) -> PauseUpdate:
    """Say the next word and promise the one after it.

    Raises NotAllowed or UnableToUpdatePause; then nothing is written.
    """
    _refuse_unfit_word(text=text, next_update_by=next_update_by, at=at)
    with transaction.atomic():
        fresh, before = _open_for_change(pause, by=by, at=at, error=UnableToUpdatePause)
        promised_by = fresh.next_update_by
        fresh.next_update_by = next_update_by
        fresh.save(update_fields=["next_update_by"])
        update = put_on_timeline(
            pause=fresh,
            kind=PauseUpdate.Kind.UPDATED,
            text=text.strip(),
            confidential_note=confidential_note.strip(),
            promised_by=promised_by,
            by=by,
            at=at,
        )
        tell_everybody(pause=fresh, update=update, template="pause_updated", at=at)
        record(
            verb="pause.updated", subject_ref=fresh.ref, before=before, after=facts_of(fresh), by=by, at=at
        )
        return update


def extend_pause(
    *,
    pause: Pause,
    text: str,
    next_update_by: datetime,
    expected_resume: str,
    expected_resume_from: date | None = None,
    expected_resume_until: date | None = None,
    by: User | None,
    at: datetime,
) -> PauseUpdate:
    """Say what is now known of the end of the pause.

    Raises NotAllowed or UnableToUpdatePause; then nothing is written.
    """
    _refuse_unfit_word(text=text, next_update_by=next_update_by, at=at)
    refuse_unfit_resume(
        expected=expected_resume,
        first=expected_resume_from,
        last=expected_resume_until,
        error=UnableToUpdatePause,
    )
    with transaction.atomic():
        fresh, before = _open_for_change(pause, by=by, at=at, error=UnableToUpdatePause)
        promised_by = fresh.next_update_by
        fresh.next_update_by = next_update_by
        fresh.expected_resume = expected_resume
        fresh.expected_resume_from = expected_resume_from
        fresh.expected_resume_until = expected_resume_until
        fresh.save(
            update_fields=[
                "next_update_by",
                "expected_resume",
                "expected_resume_from",
                "expected_resume_until",
            ]
        )
        after = facts_of(fresh)
        update = put_on_timeline(
            pause=fresh,
            kind=PauseUpdate.Kind.EXTENDED,
            text=text.strip(),
            promised_by=promised_by,
            by=by,
            at=at,
            changes=_changes(before, after),
        )
        tell_everybody(pause=fresh, update=update, template="pause_extended", at=at)
        ask_for_estimate(pause=fresh, reason="extended", at=at)
        record(verb="pause.extended", subject_ref=fresh.ref, before=before, after=after, by=by, at=at)
        return update


def resume_pause(*, pause: Pause, by: User | None, at: datetime, text: str = "", outcome: str = "") -> Pause:
    """End the pause now; queued notices of it are overtaken by this one.

    `outcome`, one of unchanged, reduced, expanded, cancelled, also records how the scope was decided.
    Raises NotAllowed or UnableToResume; then nothing is written.
    """
    if outcome and outcome not in OUTCOMES:
        raise UnableToResume(f"“{outcome}” is not an outcome; choose one of {', '.join(sorted(OUTCOMES))}.")
    with transaction.atomic():
        fresh, before = _open_for_change(pause, by=by, at=at, error=UnableToResume)
        if not may_become(fresh.state, PauseState.ENDED):
            raise UnableToResume(
                f"Pause {fresh.pk} has not begun; it starts on {fresh.starts_at:%Y-%m-%d %H:%M} UTC. "
                "Make it void if it should not begin."
            )
        promised_by = fresh.next_update_by
        fresh.state, fresh.ends_at, fresh.closed_at = PauseState.ENDED, max(at, fresh.starts_at), at
        if fresh.ends_at == fresh.starts_at:
            raise UnableToResume("A pause that began this very instant is made void, not ended.")
        fresh.save(update_fields=["state", "ends_at", "closed_at"])
        take_back_what_is_queued(pause=fresh, at=at)
        update = put_on_timeline(
            pause=fresh, kind=PauseUpdate.Kind.ENDED, text=text.strip(), promised_by=promised_by, by=by, at=at
        )
        tell_everybody(pause=fresh, update=update, template="pause_ended", at=at)
        if outcome:
            _decide_scope(pause=fresh, outcome=outcome, text=text, by=by, at=at)
        ask_for_estimate(pause=fresh, reason="ended", at=at)
        record(verb="pause.ended", subject_ref=fresh.ref, before=before, after=facts_of(fresh), by=by, at=at)
        return fresh


def void_pause(*, pause: Pause, reason: str, by: User | None, at: datetime) -> Pause:
    """Declare that the pause was opened by mistake; nobody is told of it who has not heard yet.

    Raises NotAllowed or UnableToVoid; then nothing is written.
    """
    if not reason.strip():
        raise UnableToVoid("Say why the pause does not hold.", field="reason")
    with transaction.atomic():
        fresh, before = _open_for_change(pause, by=by, at=at, error=UnableToVoid)
        fresh.state, fresh.closed_at, fresh.void_reason = PauseState.VOID, at, reason.strip()
        fresh.save(update_fields=["state", "closed_at", "void_reason"])
        take_back_what_is_queued(pause=fresh, at=at)
        update = put_on_timeline(pause=fresh, kind=PauseUpdate.Kind.VOIDED, text=reason.strip(), by=by, at=at)
        tell_everybody(pause=fresh, update=update, template="pause_voided", at=at)
        record(verb="pause.voided", subject_ref=fresh.ref, before=before, after=facts_of(fresh), by=by, at=at)
        return fresh


def _open_for_change(
    pause: Pause, *, by: User | None, at: datetime, error: type[DomainError]
) -> tuple[Pause, dict[str, Any]]:
    """Lock the pause and return it with what stood before; refuse strangers and what is over."""
    if by is not None and not access.may_change_pause(by, pause):
        raise NotAllowed("You may change only pauses of projects you lead and clients you own.")
    fresh = locked_pause(pause)
    if not fresh.is_open:
        raise error(f"Pause {fresh.pk} is {fresh.get_state_display().lower()}; it can no longer be changed.")
    drop_reminders(pause=fresh, at=at)
    return fresh, facts_of(fresh)


def _refuse_unfit_word(*, text: str, next_update_by: datetime, at: datetime) -> None:
    if not text.strip():
        raise UnableToUpdatePause("An update needs words. “Still nothing new” is an update.", field="text")
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise UnableToUpdatePause(
            f"An update has at most {MAX_ANSWER_CHARACTERS:,} characters.", field="text"
        )
    if next_update_by <= at:
        raise UnableToUpdatePause(
            "The next word must be promised for a time still to come.", field="next_update_by"
        )


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    """The facts that moved, each as [before, after] in words."""
    return {name: [str(before[name]), str(after[name])] for name in after if before.get(name) != after[name]}


def _decide_scope(*, pause: Pause, outcome: str, text: str, by: User | None, at: datetime) -> None:
    """Record the scope decision that came with the end of a pause; the notice of the end carries its words."""
    if pause.project is None:
        raise UnableToResume("An outcome belongs to one project; decide each project's scope by itself.")
    pending = ScopeReassessment.objects.filter(project=pause.project, outcome=ScopeOutcome.PENDING).first()
    reassessment = pending or ScopeReassessment(
        project=pause.project, started_at=at, started_by=by, what_it_means=text.strip()
    )
    reassessment.pause = pause
    reassessment.outcome, reassessment.decided_at, reassessment.decided_by = outcome, at, by
    reassessment.what_it_means = text.strip() or reassessment.what_it_means
    reassessment.next_update_by = None
    reassessment.save()
    announce_scope(reassessment=reassessment, at=at)
    record(
        verb="scope.decided",
        subject_ref=reassessment.ref,
        before={"outcome": ScopeOutcome.PENDING if pending else None},
        after={"outcome": outcome, "pause": pause.pk},
        by=by,
        at=at,
    )
