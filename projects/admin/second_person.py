"""The second person at the preview: whether one is needed, who waits for whom, and the acts of asking and answering."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from projects.domain.approving import BACKDATED, MANY_PEOPLE, MUCH_MONEY, Limits, reasons_for_second_person
from projects.models import Approval, Pause, User
from projects.operations.approvals import approve_pause, ask_second_person, refuse_approval
from projects.operations.drafts import answers_of, terms_of
from projects.queries.previews import PausePreview
from projects.queries.second_person import weekly_euros
from projects.queries.usual_pay import UsualPay


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """What stands between a draft and its opening, as one reader sees it."""

    why: tuple[str, ...]
    waiting: Approval | None
    sent_back: Approval | None
    is_mine_to_answer: bool

    @property
    def is_needed(self) -> bool:
        """Whether one person alone may not open this pause."""
        return bool(self.why)


def second_person(
    draft: Pause, preview: PausePreview, usual: UsualPay, *, user: User, at: datetime
) -> SecondPerson:
    """Why a second person is needed, whose word is waited for, and what was sent back before."""
    reasons = reasons_for_second_person(
        people=preview.people,
        weekly_euros=weekly_euros(usual, day=at.date()),
        starts_at=preview.starts_at,
        at=at,
        limits=Limits(settings.APPROVAL_PEOPLE, settings.APPROVAL_WEEKLY_EUROS),
    )
    asked = list(draft.approvals.select_related("asked_by", "decided_by")[:5])
    waiting = next((row for row in asked if row.decided_at is None), None)
    refused = asked[0] if asked and asked[0].decided_at is not None and not asked[0].is_given else None
    return SecondPerson(
        why=tuple(_in_words(name) for name in reasons),
        waiting=waiting,
        sent_back=refused,
        is_mine_to_answer=waiting is not None and waiting.asked_by_id != user.pk,
    )


def ask(draft: Pause, *, by: User, at: datetime) -> str:
    """Ask everybody who may approve; what to tell the asker."""
    ask_second_person(draft=draft, answers=answers_of(draft), terms=terms_of(draft), by=by, at=at)
    return _("A second person is asked. Nobody else has been told anything yet.")


def approve(approval: Approval, *, by: User, at: datetime) -> Pause:
    """Give the second word: the pause opens."""
    draft = approval.pause
    return approve_pause(approval=approval, answers=answers_of(draft), terms=terms_of(draft), by=by, at=at)


def send_back(approval: Approval, *, words: str, by: User, at: datetime) -> str:
    """Refuse with what has to change; what to tell the one who refused."""
    refuse_approval(approval=approval, words=words, by=by, at=at)
    return _("It went back to %(who)s with your words. Nobody else has been told anything.") % {
        "who": approval.asked_by
    }


def _in_words(reason: str) -> str:
    words = {
        MANY_PEOPLE: _("it stops %(number)s people or more"),
        MUCH_MONEY: _("it stops pay of more than %(euros)s euros a week"),
        BACKDATED: _("it starts in the past"),
    }[reason]
    figures = {
        "number": f"{settings.APPROVAL_PEOPLE:,}",
        "euros": f"{settings.APPROVAL_WEEKLY_EUROS:,}",
    }
    return words % figures
