"""A modal is looked at as it is sent off: what is missing or impossible is said under its input, nothing is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from contractorhub.slack.forms import changing, opening
from contractorhub.slack.forms.reading import errors_of, instant_of
from contractorhub.slack.handlers.questions import is_for_everybody
from contractorhub.slack.payloads import Submission
from projects.domain.errors import DomainError, UnableToUpdatePause
from projects.operations.pauses import refuse_unfit_terms


def wrong_with(submission: Submission, *, at: datetime) -> dict[str, Any] | None:
    """The answer that shows what is wrong; None where nothing is. No row is read here."""
    try:
        _CHECKS.get(submission.callback_id, _nothing)(submission, at)
    except DomainError as error:
        return errors_of(submission, error, default=_FIRST.get(submission.callback_id, "text"))
    return None


def _check_opening(submission: Submission, at: datetime) -> None:
    answers, terms = opening.read_opening(submission)
    refuse_unfit_terms(answers=answers, terms=terms, at=at)


def _check_update(submission: Submission, at: datetime) -> None:
    next_word = instant_of(submission.values.get("next_update_by", ""))
    if not submission.values.get("text", "").strip():
        raise UnableToUpdatePause(_("Say something; “still nothing new” is a word too."), field="text")
    if next_word is None or next_word <= at:
        raise UnableToUpdatePause(_("Promise a time still to come."), field="next_update_by")


def _check_answer(submission: Submission, at: datetime) -> None:
    if is_for_everybody(submission):
        _check_update(submission, at)
    elif not submission.values.get("text", "").strip():
        raise UnableToUpdatePause(_("Write an answer."), field="text")


def _nothing(submission: Submission, at: datetime) -> None:
    """What has no input needs no look."""


_CHECKS: Final[Mapping[str, Callable[[Submission, datetime], None]]] = {
    opening.FORM: _check_opening,
    changing.UPDATE: _check_update,
    changing.ANSWER: _check_answer,
}
_FIRST: Final = {opening.FORM: "target"}
