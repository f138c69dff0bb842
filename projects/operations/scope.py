"""Starts and decides scope reassessments; every change of scope state is told to everybody it touches."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToReassess
from projects.domain.money import is_currency
from projects.domain.periods import local_day
from projects.domain.scoping import PENDING, refuse_unfit_outcome
from projects.models import Engagement, Pause, Project, Rate, ScopeReassessment, User
from projects.operations.history import record
from projects.operations.targets import locked_target
from projects.operations.telling import tell_of_scope


@dataclass(frozen=True, slots=True)
class ScopeTerms:
    """What changes with the outcome: hours a week, rate, end; from which day."""

    effective_on: date | None = None
    new_weekly_seconds: int | None = None
    new_rate_millionths: int | None = None
    new_rate_currency: str = ""
    new_end_on: date | None = None


def start_reassessment(
    *,
    project: Project,
    what_it_means: str,
    next_update_by: datetime,
    by: User | None,
    at: datetime,
    pause: Pause | None = None,
    confidential_note: str = "",
) -> ScopeReassessment:
    """Say that the client is reassessing a project's scope, what that means now, and when the next word comes.

    Raises NotAllowed or UnableToReassess; then nothing is written.
    """
    if not what_it_means.strip():
        raise UnableToReassess(
            "“Reassessing” alone tells nobody anything: say what it means for contractors now.",
            field="what_it_means",
        )
    if next_update_by <= at:
        raise UnableToReassess(
            "The next word must be promised for a time still to come.", field="next_update_by"
        )
    _refuse_strangers(project, by=by)
    try:
        with transaction.atomic():
            locked_target(project=project, client=None)
            reassessment = ScopeReassessment.objects.create(
                project=project,
                pause=pause,
                what_it_means=what_it_means.strip(),
                confidential_note=confidential_note.strip(),
                next_update_by=next_update_by,
                started_at=at,
                started_by=by,
            )
            tell_of_scope(reassessment=reassessment, at=at)
            record(
                verb="scope.started",
                subject_ref=reassessment.ref,
                before={},
                after={"project": project.code, "what_it_means": reassessment.what_it_means},
                by=by,
                at=at,
            )
            return reassessment
    except IntegrityError as error:
        raise UnableToReassess(f"The scope of {project.code} is already being reassessed.") from error


def decide_reassessment(
    *,
    reassessment: ScopeReassessment,
    outcome: str,
    what_it_means: str,
    terms: ScopeTerms,
    by: User | None,
    at: datetime,
) -> ScopeReassessment:
    """Record what came of a reassessment, put its new terms into force, and tell everybody it touches.

    Raises NotAllowed or UnableToReassess; then nothing is written.
    """
    refuse_unfit_outcome(outcome=outcome, what_it_means=what_it_means, terms=asdict(terms))
    _refuse_strangers(reassessment.project, by=by)
    with transaction.atomic():
        locked_target(project=reassessment.project, client=None)
        fresh = ScopeReassessment.objects.select_related("project", "pause").get(pk=reassessment.pk)
        if fresh.outcome != PENDING:
            raise UnableToReassess(
                f"This reassessment is already decided: {fresh.get_outcome_display().lower()}."
            )
        in_force = _with_first_day(terms, project=fresh.project, at=at)
        for name, value in asdict(in_force).items():
            setattr(fresh, name, value)
        fresh.outcome, fresh.what_it_means = outcome, what_it_means.strip()
        fresh.decided_at, fresh.decided_by, fresh.next_update_by = at, by, None
        fresh.save()
        _put_into_force(fresh, outcome=outcome)
        tell_of_scope(reassessment=fresh, at=at)
        record(
            verb="scope.decided",
            subject_ref=fresh.ref,
            before={"outcome": PENDING},
            after={"outcome": outcome, **asdict(in_force)},
            by=by,
            at=at,
        )
        return fresh


def _refuse_strangers(project: Project, *, by: User | None) -> None:
    if by is not None and not access.may_pause(by, project=project):
        raise NotAllowed("You may reassess the scope of projects you lead only.")


def _with_first_day(terms: ScopeTerms, *, project: Project, at: datetime) -> ScopeTerms:
    if terms.new_rate_millionths is not None and not is_currency(terms.new_rate_currency):
        raise UnableToReassess("A new rate needs its currency, such as USD.", field="new_rate_currency")
    first_day = terms.effective_on or local_day(at, project.time_zone)
    facts: dict[str, Any] = asdict(terms) | {"effective_on": first_day}
    return ScopeTerms(**facts)


def _put_into_force(reassessment: ScopeReassessment, *, outcome: str) -> None:
    """Write new rates from the first day on (history never moves) and new ends; a cancelled project ends."""
    project, first_day = reassessment.project, reassessment.effective_on
    if first_day is None:
        raise UnableToReassess("Say from which day the outcome holds.", field="effective_on")
    engagements = Engagement.objects.filter(project=project).active_on(first_day)
    if reassessment.new_rate_millionths is not None or reassessment.new_weekly_seconds is not None:
        for engagement in engagements.prefetch_related("rates"):
            _change_rate(engagement, reassessment, first_day)
    new_end = first_day if outcome == "cancelled" else reassessment.new_end_on
    if outcome == "cancelled":
        Project.objects.filter(pk=project.pk).update(ended_on=first_day)
    elif new_end:
        Project.objects.filter(pk=project.pk).update(planned_end_on=new_end)
    if new_end:
        engagements.filter(starts_on__lt=new_end).exclude(ends_on__lt=new_end).update(ends_on=new_end)


def _cap(most: int | None, new_weekly: int | None) -> int | None:
    """A contract's cap goes on, raised where the new week is longer than it."""
    return max(most, new_weekly) if most is not None and new_weekly is not None else most


def _change_rate(engagement: Engagement, reassessment: ScopeReassessment, first_day: date) -> None:
    in_force = [rate for rate in engagement.rates.all() if rate.starts_on <= first_day]
    if not in_force:
        return
    last = max(in_force, key=lambda rate: rate.starts_on)
    Rate.objects.update_or_create(
        engagement=engagement,
        starts_on=first_day,
        defaults={
            "basis": last.basis,
            "amount_millionths": (
                last.amount_millionths
                if reassessment.new_rate_millionths is None
                else reassessment.new_rate_millionths
            ),
            "currency": reassessment.new_rate_currency or last.currency,
            "contracted_weekly_seconds": (
                last.contracted_weekly_seconds
                if reassessment.new_weekly_seconds is None
                else reassessment.new_weekly_seconds
            ),
            "weekday_seconds": last.weekday_seconds if reassessment.new_weekly_seconds is None else None,
            "max_weekly_seconds": _cap(last.max_weekly_seconds, reassessment.new_weekly_seconds),
        },
    )
