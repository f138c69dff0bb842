"""What the modals share when they are read back: instants, and refusals put under the input they are about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DateTimePickerElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)

from contractorhub.slack import saying
from contractorhub.slack.payloads import Submission
from projects.domain.errors import DomainError
from projects.domain.pausing import MAX_ANSWER_CHARACTERS

ACTION = "value"
_LATEST_YEAR = 2100


def instant_of(value: str) -> datetime | None:
    """An instant that a picker gave as seconds since 1970; None for none, or for one no calendar holds."""
    if not value.isdigit() or len(value) > 10:
        return None
    instant = datetime.fromtimestamp(int(value), UTC)
    return instant if instant.year < _LATEST_YEAR else None


def text_input(initial: str = "", *, is_long: bool = True) -> PlainTextInputElement:
    """A field to type in, of the length that an answer may have."""
    return PlainTextInputElement(
        action_id=ACTION,
        initial_value=initial[:MAX_ANSWER_CHARACTERS] or None,
        multiline=is_long,
        max_length=MAX_ANSWER_CHARACTERS,
    )


def select(choices: Mapping[str, str], *, initial: str = "", action_id: str = ACTION) -> StaticSelectElement:
    """A list to choose from; Slack shows a hundred at most."""
    options = {value: option(value, label) for value, label in list(choices.items())[:100]}
    return StaticSelectElement(
        action_id=action_id, options=list(options.values()), initial_option=options.get(initial)
    )


def option(value: str, label: str) -> Option:
    """One choice."""
    return Option(value=value, text=PlainTextObject(text=label[:75] or value[:75], emoji=False))


def moment_input(initial: datetime | None) -> DateTimePickerElement:
    """A day and a time, on the reader's own clock."""
    return DateTimePickerElement(
        action_id=ACTION, initial_date_time=saying.epoch(initial) if initial else None
    )


def ticks(choices: Mapping[str, str]) -> CheckboxesElement:
    """Boxes to tick."""
    return CheckboxesElement(
        action_id=ACTION, options=[option(value, label) for value, label in choices.items()]
    )


def errors_of(submission: Submission, error: DomainError, *, default: str) -> dict[str, Any]:
    """What Slack is told so that it shows the refusal under its input."""
    name = error.field if error.field in submission.blocks else default
    block = submission.blocks.get(name or default) or next(iter(submission.blocks), default)
    return {"response_action": "errors", "errors": {block: error.message}}
