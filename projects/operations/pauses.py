"""Opens pauses and lets scheduled ones begin: rows, audit, notices and the estimate's run in one transaction."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToPause
from projects.domain.pausing import (
    refuse_impossible_period,
    refuse_unanswered,
    refuse_unfit_kind,
    refuse_unfit_standby,
    state_at_opening,
)
from projects.domain.periods import local_day
from projects.models import Client, Pause, PauseExclusion, PauseUpdate, Project, User
from projects.models.pauses import ExpectedResume, PauseState, ReasonCode
from projects.operations.chosen import already_paused, leave_out_the_rest, refuse_unfit_choice
from projects.operations.estimates import ask_for_estimate
from projects.operations.history import record
from projects.operations.targets import locked_pause, locked_target, projects_of
from projects.operations.telling import put_on_timeline, tell_everybody
from projects.queries.recipients import engagements_reached
from projects.queries.second_person import why_second_person

AUDITED: Final = (
    "state",
    "kind",
    "remaining_share_bp",
    "starts_at",
    "ends_at",
    "reason_code",
    "what_stopped",
    "why",
    "what_happens_to_pay",
    "what_to_do_now",
    "next_update_by",
    "expected_resume",
    "expected_resume_from",
    "expected_resume_until",
    "standby_share_bp",
    "standby_daily_minor",
    "standby_currency",
    "standby_max_days",
)


@dataclass(frozen=True, slots=True)
class PauseAnswers:
    """The six answers of a notice, less the first instant, which is one of the terms."""

    what_stopped: str
    why: str
    what_happens_to_pay: str
    what_to_do_now: str
    next_update_by: datetime | None
    confidential_note: str = ""


@dataclass(frozen=True, slots=True)
class PauseTerms:
    """What is paused, how much of it, from when and until when; without `starts_at` it begins now.

    `only` are codes of projects of the client; without them every project of the client stops.
    """

    reason_code: str
    kind: str = "full"
    remaining_share_bp: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    expected_resume: str = ExpectedResume.UNKNOWN
    expected_resume_from: date | None = None
    expected_resume_until: date | None = None
    standby_share_bp: int = 0
    standby_daily_minor: int = 0
    standby_currency: str = ""
    standby_max_days: int | None = None
    exclusions: tuple[tuple[int, str], ...] = ()
    only: tuple[str, ...] = ()


def open_pause(
    *,
    project: Project | None = None,
    client: Client | None = None,
    answers: PauseAnswers,
    terms: PauseTerms,
    by: User | None,
    at: datetime,
    draft: Pause | None = None,
    second: User | None = None,
) -> Pause:
    """Pause one project, several of a client or a whole client, tell everybody it stops, and ask for the estimate.

    A draft that is given becomes this pause, so that nothing is left over. Without `by` it is the operator at the
    command line, who may do everything. `second` is the person who approved what needs a second person.
    Raises NotAllowed, or UnableToPause with the field that is wrong; then nothing is written.
    """
    refuse_unfit_terms(answers=answers, terms=terms, at=at)
    for person in (by, second):
        if person is not None and not access.may_pause(
            person, project=project, client=client, only=terms.only
        ):
            raise NotAllowed("You may pause only projects you lead and clients you own.")
    try:
        with transaction.atomic():
            return _open(
                target=locked_target(project=project, client=client),
                answers=answers,
                terms=terms,
                by=by,
                at=at,
                draft=draft,
                second=second,
            )
    except IntegrityError as error:
        target = project or client
        refusal = _standing_on(target) if target else None
        if refusal is None:
            raise
        raise refusal from error


def refuse_unfit_terms(*, answers: PauseAnswers, terms: PauseTerms, at: datetime) -> None:
    """Raise UnableToPause for the first thing that is missing, impossible or contradictory."""
    refuse_unanswered({name: value for name, value in asdict(answers).items() if isinstance(value, str)})
    refuse_impossible_period(
        starts_at=terms.starts_at or at, ends_at=terms.ends_at, next_update_by=answers.next_update_by, at=at
    )
    refuse_unfit_kind(kind=terms.kind, remaining_share_bp=terms.remaining_share_bp)
    refuse_unfit_standby(
        share_bp=terms.standby_share_bp,
        daily_minor=terms.standby_daily_minor,
        currency=terms.standby_currency,
        max_days=terms.standby_max_days,
    )
    if terms.reason_code not in ReasonCode.values:
        allowed = ", ".join(ReasonCode.values)
        raise UnableToPause(
            f"“{terms.reason_code}” is not a reason; choose one of {allowed}.", field="reason_code"
        )
    refuse_unfit_resume(
        expected=terms.expected_resume,
        first=terms.expected_resume_from,
        last=terms.expected_resume_until,
        error=UnableToPause,
    )


def refuse_unfit_resume(
    *, expected: str, first: date | None, last: date | None, error: type[UnableToPause] | type[Any]
) -> None:
    """Raise `error` unless an expected day has its day, a window both its days, and the unknown none."""
    if expected == ExpectedResume.DATE and (first is None or last is not None):
        raise error("An expected date needs exactly one day.", field="expected_resume_from")
    if expected == ExpectedResume.WINDOW and (first is None or last is None or last <= first):
        raise error("A window needs its first day and a later last day.", field="expected_resume_until")
    if expected == ExpectedResume.UNKNOWN and (first or last):
        raise error("Where the day is not known, leave both days empty.", field="expected_resume_from")
    if expected not in ExpectedResume.values:
        raise error("Say whether the day is unknown, in a window, or a date.", field="expected_resume")


def _open(
    *,
    target: Project | Client,
    answers: PauseAnswers,
    terms: PauseTerms,
    by: User | None,
    at: datetime,
    draft: Pause | None,
    second: User | None,
) -> Pause:
    starts_at = terms.starts_at or at
    _refuse_unfit_target(target, only=terms.only, starts_at=starts_at)
    refusal = None if terms.only else _standing_on(target)
    if refusal is not None:
        raise refusal
    pause = _written(
        target=target, answers=answers, terms=terms, starts_at=starts_at, by=by, at=at, draft=draft
    )
    leave_out_the_rest(pause, at=at)
    pause.exclusions.all().delete()
    PauseExclusion.objects.bulk_create(
        [PauseExclusion(pause=pause, contractor_id=pk, reason=reason) for pk, reason in terms.exclusions]
    )
    if not engagements_reached(pause).exists():
        raise UnableToPause(
            "Nobody is engaged there in that time, so there is nothing to pause.", field="target"
        )
    _refuse_one_person_alone(pause, by=by, second=second, at=at)
    update = put_on_timeline(
        pause=pause,
        kind=PauseUpdate.Kind.OPENED,
        text=pause.why,
        by=by,
        at=at,
        confidential_note=pause.confidential_note,
    )
    template = "pause_scheduled" if pause.state == PauseState.SCHEDULED else "pause_opened"
    tell_everybody(pause=pause, update=update, template=template, at=at)
    ask_for_estimate(pause=pause, reason="opened", at=at)
    after = facts_of(pause) | ({"approved_by": second.pk} if second else {})
    record(verb="pause.opened", subject_ref=pause.ref, before={}, after=after, by=by, at=at)
    return pause


def _refuse_one_person_alone(pause: Pause, *, by: User | None, second: User | None, at: datetime) -> None:
    """Many people, much money or a start in the past need two; the operator at the command line needs nobody."""
    if by is None or (second is not None and second.pk != by.pk):
        return
    if why_second_person(pause, starts_at=pause.starts_at, at=at):
        raise UnableToPause(
            "This pause needs a second person, because of how many people or how much pay it stops or because it "
            "starts in the past. Keep it as a draft in the admin and ask for approval there.",
            field="second_person",
        )


def _written(
    *,
    target: Project | Client,
    answers: PauseAnswers,
    terms: PauseTerms,
    starts_at: datetime,
    by: User | None,
    at: datetime,
    draft: Pause | None,
) -> Pause:
    """The row of the pause: the draft it grew from, or a new one."""
    if draft is not None and locked_pause(draft).state != PauseState.DRAFT:
        raise UnableToPause("This draft was confirmed already; look at the pause it became.")
    facts = asdict(terms) | asdict(answers)
    del facts["exclusions"], facts["only"]
    pause = draft or Pause()
    for name, value in facts.items():
        setattr(pause, name, value.strip() if isinstance(value, str) else value)
    pause.project = target if isinstance(target, Project) else None
    pause.client = target if isinstance(target, Client) else None
    pause.chosen_codes = " ".join(terms.only)
    pause.state = state_at_opening(starts_at=starts_at, at=at)
    pause.starts_at, pause.notice_sent_at = starts_at, at
    pause.opened_by, pause.opened_at = by, at
    pause.save()
    return pause


def _refuse_unfit_target(target: Project | Client, *, only: Collection[str], starts_at: datetime) -> None:
    if only and isinstance(target, Client):
        refuse_unfit_choice(target, only, starts_at=starts_at)
        return
    if isinstance(target, Project):
        if target.ended_on and target.ended_on <= local_day(starts_at, target.time_zone):
            raise UnableToPause(
                f"{target.code} ended on {target.ended_on}; there is no work to pause.", field="target"
            )
        return
    projects = Project.objects.filter(client=target)
    if not projects.exists():
        raise UnableToPause(f"{target.code} has no projects; there is no work to pause.", field="target")
    if not projects.running_on(local_day(starts_at, "UTC")).exists():
        raise UnableToPause(
            f"Every project of {target.code} has ended; there is no work to pause.", field="target"
        )


def _standing_on(target: Project | Client) -> UnableToPause | None:
    """The refusal that names the pause which stands on this target; None when none does."""
    same = {"project": target} if isinstance(target, Project) else {"client": target, "chosen_codes": ""}
    standing = Pause.objects.open().filter(**same).select_related("opened_by").first()
    advice = "Send an update to that pause instead."
    return already_paused(target.code, standing, advice=advice) if standing else None


def begin_due_pauses(*, at: datetime) -> int:
    """Let every scheduled pause whose time has come take effect, tell everybody, and return how many did."""
    begun = 0
    for pause in Pause.objects.filter(state=PauseState.SCHEDULED, starts_at__lte=at).order_by("pk"):
        begun += _begin(pause=pause, at=at)
    return begun


def _begin(*, pause: Pause, at: datetime) -> bool:
    with transaction.atomic():
        fresh = locked_pause(pause)
        if fresh.state != PauseState.SCHEDULED or fresh.starts_at > at:
            return False
        before = facts_of(fresh)
        fresh.state = PauseState.IN_EFFECT
        fresh.save(update_fields=["state"])
        update = put_on_timeline(
            pause=fresh, kind=PauseUpdate.Kind.TOOK_EFFECT, text=fresh.why, by=None, at=at
        )
        tell_everybody(pause=fresh, update=update, template="pause_opened", at=at)
        ask_for_estimate(pause=fresh, reason="began", at=at)
        record(
            verb="pause.began", subject_ref=fresh.ref, before=before, after=facts_of(fresh), by=None, at=at
        )
        return True


def facts_of(pause: Pause) -> dict[str, Any]:
    """What the audit trail keeps of a pause; the confidential note is told apart, never in full."""
    facts = {name: getattr(pause, name) for name in AUDITED}
    facts["target"] = pause.target_code
    facts["has_confidential_note"] = bool(pause.confidential_note)
    facts["excluded"] = list(
        pause.exclusions.order_by("contractor_id").values_list("contractor_id", flat=True)
    )
    return facts


__all__ = [
    "PauseAnswers",
    "PauseTerms",
    "begin_due_pauses",
    "facts_of",
    "open_pause",
    "projects_of",
    "refuse_unfit_resume",
    "refuse_unfit_terms",
]
