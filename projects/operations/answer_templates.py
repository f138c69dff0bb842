"""Keeps the usual answers of each reason and language; every change is a new version, and none is ever lost."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from projects import access
from projects.domain.errors import NotAllowed, UnableToPause
from projects.domain.pausing import refuse_unanswered
from projects.models import AnswerTemplate, User
from projects.models.pauses import ReasonCode
from projects.operations.history import record


def keep_template(
    *, reason_code: str, locale: str, answers: Mapping[str, str], by: User | None, at: datetime
) -> AnswerTemplate:
    """Make the next version of a reason's usual answers in one language; the same words again change nothing.

    `{target}` and `{client}` stand for the names. Raises NotAllowed or UnableToPause.
    """
    if by is not None and not access.is_operations(by):
        raise NotAllowed("Only operations may change the usual answers.")
    if reason_code not in ReasonCode.values:
        raise UnableToPause(f"“{reason_code}” is not a reason.", field="reason_code")
    refuse_unanswered(answers)
    words = {name: answers[name].strip() for name in AnswerTemplate.ANSWERS}
    with transaction.atomic():
        rows = AnswerTemplate.objects.filter(reason_code=reason_code, locale=locale)
        newest = rows.order_by("-version").first()
        if newest is not None and all(getattr(newest, name) == said for name, said in words.items()):
            return newest
        number = rows.aggregate(last=Max("version"))["last"] or 0
        row = AnswerTemplate.objects.create(
            reason_code=reason_code, locale=locale, version=number + 1, made_at=at, made_by=by, **words
        )
        record(
            verb="template.kept",
            subject_ref=f"answertemplate:{row.pk}",
            before={name: getattr(newest, name) for name in words} if newest else {},
            after={"version": row.version, **words},
            by=by,
            at=at,
        )
        return row
