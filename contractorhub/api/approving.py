"""From a request's body to asking a second person and to their answer, as the asker, now."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from contractorhub.api.acts import answers_and_terms, target_of
from contractorhub.api.errors import Conflict
from contractorhub.api.making import read
from contractorhub.api.serializers.acts import OpenPauseIn
from contractorhub.api.serializers.approvals import SendBackIn
from projects.models import Approval, User
from projects.operations.approvals import approve_pause, ask_second_person, refuse_approval
from projects.operations.drafts import answers_of, save_draft, terms_of
from projects.queries.second_person import why_second_person


def ask_by(user: User, body: Any) -> Approval:
    """Keep a pause as a draft and ask a second person; nothing is kept where one person is enough."""
    asked, at = read(OpenPauseIn, body), timezone.now()
    project, client = target_of(user, asked)
    answers, terms = answers_and_terms(user, asked)
    with transaction.atomic():
        draft = save_draft(answers=answers, terms=terms, project=project, client=client, by=user, at=at)
        if not why_second_person(draft, starts_at=terms.starts_at or at, at=at):
            raise Conflict("This pause needs no second person; open it.")
        return ask_second_person(draft=draft, answers=answers, terms=terms, by=user, at=at)


def given_by(user: User, approval: Approval) -> Approval:
    """Give the second word: the pause opens in the name of whoever asked."""
    answers, terms = answers_of(approval.pause), terms_of(approval.pause)
    approve_pause(approval=approval, answers=answers, terms=terms, by=user, at=timezone.now())
    return approval


def sent_back_by(user: User, approval: Approval, body: Any) -> Approval:
    """Send it back with what has to change."""
    words: str = read(SendBackIn, body)["words"]
    return refuse_approval(approval=approval, words=words, by=user, at=timezone.now())
