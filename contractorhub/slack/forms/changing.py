"""The modals that change a pause: the next word, the end, the answer to a question."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from contractorhub.slack import saying
from contractorhub.slack.forms.reading import moment_input, select, text_input, ticks
from contractorhub.slack.models import Question
from projects.models import Pause
from projects.models.scope import ScopeOutcome
from projects.queries.reasons import next_word_like_the_last, nothing_new_words

UPDATE: Final = "update_pause_form"
RESUME: Final = "resume_pause_form"
ANSWER: Final = "answer_question_form"
TELL_EVERYBODY: Final = "everybody"


def update_view(choices: Mapping[str, str], pause: Pause, *, at: datetime) -> dict[str, Any]:
    """The next word, and the promise of the one after it."""
    proposed = next_word_like_the_last(pause, at=at, time_zone=_zone(pause))
    blocks = [
        saying.asked("pause", _("Which pause?"), select(choices, initial=str(pause.public_id))),
        saying.asked("text", _("What is there to say?"), text_input(), hint=nothing_new_words(pause)),
        saying.asked("next_update_by", _("When does the next word come?"), moment_input(proposed)),
    ]
    return saying.modal(UPDATE, _("Say the next word"), blocks, submit=_("Tell everybody"))


def resume_view(choices: Mapping[str, str], pause: Pause) -> dict[str, Any]:
    """Work goes on; for one project also how its scope was decided."""
    outcomes = {
        str(value): str(label) for value, label in ScopeOutcome.choices if value != ScopeOutcome.PENDING
    }
    blocks = [
        saying.asked("pause", _("Which pause ends?"), select(choices, initial=str(pause.public_id))),
        saying.asked("text", _("What do people need to know?"), text_input(), is_optional=True),
        saying.asked(
            "outcome",
            _("How was the scope decided?"),
            select(outcomes),
            is_optional=True,
            hint=_("For a pause of one project; leave it empty where the scope was no question."),
        ),
    ]
    return saying.modal(RESUME, _("Let work go on"), blocks, submit=_("Tell everybody"))


def answer_view(question: Question, *, at: datetime) -> dict[str, Any]:
    """An answer to one person, which can become a word to everybody."""
    proposed = next_word_like_the_last(question.pause, at=at, time_zone=_zone(question.pause))
    blocks = [
        saying.section(
            saying.said(
                "desk/question", target=question.pause.target_code, asker=question.asker, text=question.text
            )
        ),
        saying.asked("text", _("Your answer"), text_input()),
        saying.asked(
            "as_update",
            _("Who is told?"),
            ticks({TELL_EVERYBODY: _("Everybody: this is the next word on the pause")}),
            is_optional=True,
            hint=_("Otherwise it is a reply in the thread."),
        ),
        saying.asked(
            "next_update_by",
            _("When does the next word come?"),
            moment_input(proposed),
            is_optional=True,
            hint=_("Needed where everybody is told."),
        ),
    ]
    metadata = json.dumps({"question": question.pk})
    return saying.modal(ANSWER, _("Answer"), blocks, submit=_("Answer"), metadata=metadata)


def _zone(pause: Pause) -> str:
    return pause.project.time_zone if pause.project else "UTC"
