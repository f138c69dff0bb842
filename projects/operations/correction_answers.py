"""Answers a correction: declines it with a reason, or puts it into the record and asks for a new estimate."""

import hashlib
from collections import defaultdict
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToCorrect
from projects.domain.periods import newest_day
from projects.models import Correction, Engagement, HoursDecision, HoursEntry, Pause, Rate, User
from projects.operations.correction_telling import tell_contractor_of
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record
from projects.operations.paused_hours import decide_paused_hours
from projects.operations.work import RateFacts, change_rate
from projects.queries.paused_hours import paused_hours

SOURCE: Final = "correction"


def accept_correction(*, correction: Correction, answer: str, by: User, at: datetime) -> Correction:
    """Put what is right into the record, tell the contractor, and ask for new estimates.

    Raises NotAllowed, or UnableToCorrect when it was answered or taken back, or when another term is in the way.
    """
    with transaction.atomic():
        fresh = _closed(correction, Correction.State.ACCEPTED, answer=answer, by=by, at=at)
        before, after = _APPLY[Correction.Kind(fresh.kind)](fresh, by, at)
        record(
            verb="correction.accepted", subject_ref=fresh.ref, before=before, after={**after, "answer": answer},
            by=by, at=at,
        )  # fmt: skip
        ask_for_estimates_of(contractor_ids=[fresh.contractor_id], reason="correction", at=at)
        tell_contractor_of(correction=fresh, at=at)
        return fresh


def decline_correction(*, correction: Correction, answer: str, by: User, at: datetime) -> Correction:
    """Leave the record as it is, and say why. Raises NotAllowed or UnableToCorrect."""
    if not answer.strip():
        raise UnableToCorrect("Say why it stays as it is; the contractor reads it.", field="answer")
    with transaction.atomic():
        fresh = _closed(correction, Correction.State.DECLINED, answer=answer, by=by, at=at)
        record(
            verb="correction.declined",
            subject_ref=fresh.ref,
            before={},
            after={"answer": answer},
            by=by,
            at=at,
        )
        tell_contractor_of(correction=fresh, at=at)
        return fresh


def _closed(correction: Correction, state: str, *, answer: str, by: User, at: datetime) -> Correction:
    rows = Correction.objects.select_related("engagement__project", "contractor")
    if not access.may_answer(by, rows.get(pk=correction.pk)):
        raise NotAllowed("You may answer corrections of projects you lead only.")
    changed = Correction.objects.filter(pk=correction.pk, state=Correction.State.OPEN).update(
        state=state, closed_at=at, answered_by=by, answer=answer.strip()
    )
    fresh = rows.get(pk=correction.pk)
    if not changed:
        raise UnableToCorrect(f"This correction is not open any more: {fresh.get_state_display()}.")
    return fresh


Applied = tuple[dict[str, Any], dict[str, Any]]


def _apply_hours(correction: Correction, by: User, at: datetime) -> Applied:
    """Make the day's total what was claimed.

    Entries shrink and stay, so that the file they came from adds nothing when it is taken in again.
    """
    day, seconds = _day_of(correction)
    rows = HoursEntry.objects.select_for_update().filter(engagement=correction.engagement_id, worked_on=day)
    entries = list(rows.order_by("-pk"))
    before = sum(row.seconds for row in entries)
    surplus = before - seconds
    for row in entries:
        taken = min(max(surplus, 0), row.seconds)
        surplus -= taken
        if taken:
            HoursEntry.objects.filter(pk=row.pk).update(seconds=row.seconds - taken)
    if surplus < 0:
        HoursEntry.objects.create(
            engagement_id=correction.engagement_id,
            worked_on=day,
            seconds=-surplus,
            source=SOURCE,
            content_hash=hashlib.sha256(correction.ref.encode()).hexdigest(),
            rate=_rate_on(correction.engagement, day),
            recorded_at=at,
        )
    return {"worked_on": day, "seconds": before}, {"worked_on": day, "seconds": seconds}


def _apply_work_before_notice(correction: Correction, by: User, at: datetime) -> Applied:
    """Record the hours, and decide that those inside a pause are paid although they came after its notice."""
    before, after = _apply_hours(correction, by, at)
    day, _seconds = _day_of(correction)
    rows = HoursEntry.objects.filter(engagement=correction.engagement_id, worked_on=day, seconds__gt=0)
    entries = list(rows.values_list("pk", flat=True))
    pauses = Pause.objects.reaching(correction.engagement.project)
    inside: dict[int, list[int]] = defaultdict(list)
    for row in paused_hours(pauses, as_of=newest_day(at), entries=entries):
        inside[row.pause_id].append(row.entry_id)
    for pause in pauses.filter(pk__in=inside):
        decide_paused_hours(
            pause=pause,
            entry_ids=inside[pause.pk],
            verdict=HoursDecision.Verdict.PAYABLE,
            reason=correction.answer or correction.words,
            by=by,
            at=at,
        )
    return before, {**after, "paid_in_pauses": sorted(inside)}


def _apply_rate(correction: Correction, by: User, at: datetime) -> Applied:
    """Correct the rate recorded from that very day, or put the right one into force from it."""
    starts_on, amount = correction.starts_on, correction.amount_millionths
    if starts_on is None or amount is None:
        raise UnableToCorrect("The claim names no rate.")
    right = {"basis": correction.basis, "amount_millionths": amount, "currency": correction.currency}
    in_force = _rate_on(correction.engagement, starts_on)
    before = {name: getattr(in_force, name) for name in right} if in_force else {}
    if in_force is not None and in_force.starts_on == starts_on:
        Rate.objects.filter(pk=in_force.pk).update(**right)
    else:
        facts = RateFacts(
            starts_on=starts_on,
            basis=correction.basis,
            amount_millionths=amount,
            currency=correction.currency,
            contracted_weekly_seconds=in_force.contracted_weekly_seconds if in_force else None,
            weekday_seconds=in_force.weekday_seconds if in_force else None,
            max_weekly_seconds=in_force.max_weekly_seconds if in_force else None,
        )
        change_rate(engagement=correction.engagement, rate=facts, by=by, at=at)
    return before, {**right, "starts_on": starts_on}


def _apply_dates(correction: Correction, by: User, at: datetime) -> Applied:
    engagement, starts_on = correction.engagement, correction.starts_on
    if starts_on is None:
        raise UnableToCorrect("The claim names no first day.")
    others = Engagement.objects.filter(contractor=engagement.contractor_id, project=engagement.project_id)
    if others.exclude(pk=engagement.pk).overlapping(starts_on, correction.ends_on).exists():
        raise UnableToCorrect("Another term of this person on this project holds some of these days.")
    before = {"starts_on": engagement.starts_on, "ends_on": engagement.ends_on}
    after = {"starts_on": starts_on, "ends_on": correction.ends_on}
    Engagement.objects.filter(pk=engagement.pk).update(**after)
    _carry_first_rate_back(engagement, starts_on)
    return before, after


def _carry_first_rate_back(engagement: Engagement, starts_on: date) -> None:
    """A term that began earlier was paid from its first day: the rate it began with holds from there."""
    first = Rate.objects.filter(engagement=engagement).order_by("starts_on").first()
    if first is not None and first.starts_on > starts_on:
        Rate.objects.filter(pk=first.pk).update(starts_on=starts_on)


def _day_of(correction: Correction) -> tuple[date, int]:
    if correction.worked_on is None or correction.seconds is None:
        raise UnableToCorrect("The claim names no day or no hours.")
    return correction.worked_on, correction.seconds


def _rate_on(engagement: Engagement, day: date) -> Rate | None:
    return Rate.objects.filter(engagement=engagement, starts_on__lte=day).order_by("-starts_on").first()


_APPLY: Final = {
    Correction.Kind.HOURS: _apply_hours,
    Correction.Kind.RATE: _apply_rate,
    Correction.Kind.DATES: _apply_dates,
    Correction.Kind.BEFORE_NOTICE: _apply_work_before_notice,
}
