"""Takes up what a contractor says is wrong in their record, with papers that show it, and lets them take it back."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from projects.domain.errors import UnableToCorrect
from projects.domain.money import is_currency
from projects.domain.papers import LARGEST, MOST, kind_of_paper
from projects.domain.periods import local_day
from projects.models import Contractor, Correction, CorrectionPaper, Engagement, Pause, User
from projects.models.work import PayBasis
from projects.operations.correction_telling import tell_leads_of
from projects.operations.history import record

MOST_OPEN: Final = 20
DAY_SECONDS: Final = 24 * 3_600
_UNFIT_IN_NAMES = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is right, as the contractor says it: seconds of a day, a rate in millionths from a day, or a term's days."""

    kind: str
    words: str
    worked_on: date | None = None
    seconds: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    basis: str = ""
    amount_millionths: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it came: a name that nobody has checked, and its bytes."""

    name: str
    content: bytes


def ask_for_correction(
    *,
    contractor: Contractor,
    engagement: Engagement,
    pause: Pause | None,
    claim: Claim,
    papers: Sequence[Paper],
    by: User,
    at: datetime,
) -> Correction:
    """Keep a claim about one's own engagement with its papers, and tell the leads.

    Raises UnableToCorrect, naming the field, for a claim that says too little or cannot be, for a paper that is no
    picture or PDF or is too large, for a claim that waits already, and for more than twenty that wait.
    """
    if engagement.contractor_id != contractor.pk:
        raise UnableToCorrect(_("This is not your work."), field="engagement")
    _refuse_unfit_claim(claim, engagement, at)
    kept = [_checked(paper, place) for place, paper in enumerate(papers)]
    with transaction.atomic():
        Contractor.objects.select_for_update().get(
            pk=contractor.pk
        )  # one claim at a time, so that none doubles
        _refuse_what_waits(contractor, engagement, claim)
        correction = Correction.objects.create(
            contractor=contractor, engagement=engagement, pause=pause, asked_at=at, **asdict(claim)
        )
        for paper in kept:
            paper.correction = correction
            paper.save(force_insert=True)
        record(
            verb="correction.asked",
            subject_ref=correction.ref,
            before={},
            after={"kind": claim.kind, "engagement": engagement.pk, "papers": len(kept)},
            by=by,
            at=at,
        )
        tell_leads_of(correction=correction, at=at)
        return correction


def withdraw_correction(*, correction: Correction, by: User, at: datetime) -> Correction:
    """Take a claim back. Raises UnableToCorrect when it has been answered already."""
    with transaction.atomic():
        changed = Correction.objects.filter(pk=correction.pk, state=Correction.State.OPEN).update(
            state=Correction.State.WITHDRAWN, closed_at=at
        )
        correction.refresh_from_db()
        if not changed and correction.state != Correction.State.WITHDRAWN:
            raise UnableToCorrect(_("It has been answered already."))
        if changed:
            record(verb="correction.withdrawn", subject_ref=correction.ref, before={}, after={}, by=by, at=at)
        return correction


def _refuse_unfit_claim(claim: Claim, engagement: Engagement, at: datetime) -> None:
    if not claim.words.strip():
        raise UnableToCorrect(_("Say in a few words what is wrong."), field="words")
    if claim.kind == Correction.Kind.RATE:
        _refuse_unfit_rate(claim)
    elif claim.kind == Correction.Kind.DATES:
        _refuse_unfit_term(claim)
    else:
        _refuse_unfit_day(claim, engagement, at)


def _refuse_unfit_day(claim: Claim, engagement: Engagement, at: datetime) -> None:
    if claim.worked_on is None or claim.seconds is None:
        raise UnableToCorrect(_("Say which day, and how many hours."), field="worked_on")
    if not 0 <= claim.seconds <= DAY_SECONDS:
        raise UnableToCorrect(_("A day has 24 hours at most."), field="hours")
    if claim.worked_on > local_day(at, engagement.project.time_zone):
        raise UnableToCorrect(_("This day is still to come."), field="worked_on")
    is_within = engagement.starts_on <= claim.worked_on and (
        engagement.ends_on is None or claim.worked_on < engagement.ends_on
    )
    if not is_within:
        raise UnableToCorrect(
            _("On this day you were not on this project. If that is wrong, correct the dates first."),
            field="worked_on",
        )


def _refuse_unfit_rate(claim: Claim) -> None:
    if claim.starts_on is None:
        raise UnableToCorrect(_("Say from which day the rate holds."), field="starts_on")
    if claim.amount_millionths is None or claim.amount_millionths <= 0:
        raise UnableToCorrect(_("A rate is more than nothing."), field="amount")
    if not is_currency(claim.currency):
        raise UnableToCorrect(_("Write the currency with three letters, such as USD."), field="currency")
    if claim.basis not in PayBasis.values:
        raise UnableToCorrect(_("Choose what the rate pays for."), field="basis")


def _refuse_unfit_term(claim: Claim) -> None:
    if claim.starts_on is None:
        raise UnableToCorrect(_("Say which was your first day."), field="starts_on")
    if claim.ends_on is not None and claim.ends_on <= claim.starts_on:
        raise UnableToCorrect(_("The last day comes before the first day."), field="last_day")


def _refuse_what_waits(contractor: Contractor, engagement: Engagement, claim: Claim) -> None:
    waiting = Correction.objects.filter(contractor=contractor, state=Correction.State.OPEN)
    if waiting.count() >= MOST_OPEN:
        raise UnableToCorrect(
            _("Twenty of your corrections wait for an answer. Wait for one, or take one back.")
        )
    same = waiting.filter(engagement=engagement, kind=claim.kind, worked_on=claim.worked_on)
    if same.exists():
        raise UnableToCorrect(_("You have sent this already. It waits for an answer."))


def _checked(paper: Paper, place: int) -> CorrectionPaper:
    if place >= MOST:
        raise UnableToCorrect(_("Send three files at most."), field="papers")
    if len(paper.content) > LARGEST:
        raise UnableToCorrect(_("A file may have 5 MB at most."), field="papers")
    kind = kind_of_paper(paper.content)
    if kind is None:
        raise UnableToCorrect(_("Send a PDF, a PNG or a JPEG picture."), field="papers")
    stem = _UNFIT_IN_NAMES.sub("_", PurePath(paper.name.replace("\\", "/")).stem)[:100] or "file"
    return CorrectionPaper(
        name=f"{stem}.{kind.ending}",
        content_type=kind.content_type,
        size=len(paper.content),
        content=paper.content,
    )
