"""The modal that opens a pause: the target, the reason, the six answers, then what it would do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from slack_sdk.models.blocks import Block

from contractorhub.slack import saying
from contractorhub.slack.forms.reading import instant_of, moment_input, select, text_input
from contractorhub.slack.payloads import Submission
from notifications.messages import Channel, fill
from projects.models import Client, Pause, Project
from projects.models.pauses import ReasonCode
from projects.notices import preview_content
from projects.operations.pauses import PauseAnswers, PauseTerms
from projects.queries.previews import PausePreview
from projects.queries.reasons import UsualAnswers, answers_from_template, usual_next_word
from projects.wording import format_instant

FORM: Final = "open_pause_form"
CONFIRM: Final = "open_pause_confirm"
CHOOSE_REASON: Final = "choose_reason"
_WORDS: Final = ("what_stopped", "why", "what_happens_to_pay", "what_to_do_now")


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """What the modal is filled with; `sighting` is the message it was opened from, if any."""

    choices: dict[str, str]
    target: str = ""
    reason_code: str = ReasonCode.SCOPE_REASSESSMENT
    sighting: int | None = None


def opening_view(form: OpeningForm, *, target: Project | Client, at: datetime) -> dict[str, Any]:
    """The modal, with the usual answers for its reason; another reason brings other ones."""
    usual = _usual(form, target, at=at)
    # A block keeps what stands in it for as long as its id stays, so each reason and target has ids of its own.
    version = f"{form.reason_code}:{form.target}"
    reasons = {value: str(label) for value, label in ReasonCode.choices}
    blocks: list[Block] = [
        saying.asked(
            "target", _("What is paused?"),
            select(form.choices, initial=form.target, action_id=CHOOSE_REASON), reacts=True,
        ),
        saying.asked(
            "reason_code", _("Reason"),
            select(reasons, initial=form.reason_code, action_id=CHOOSE_REASON), reacts=True,
        ),
        *(
            saying.asked(f"{name}:{version}", _question(name), text_input(getattr(usual, name)))
            for name in _WORDS[:1]
        ),
        saying.asked(
            "starts_at", _("Since when?"), moment_input(None), is_optional=True,
            hint=_("Leave it empty for now, as soon as you confirm."),
        ),
        *(
            saying.asked(f"{name}:{version}", _question(name), text_input(getattr(usual, name)))
            for name in _WORDS[1:3]
        ),
        saying.asked(f"next_update_by:{version}", _question("next_update_by"), moment_input(usual.next_update_by)),
        saying.asked(f"what_to_do_now:{version}", _question("what_to_do_now"), text_input(usual.what_to_do_now)),
    ]  # fmt: skip
    return saying.modal(
        FORM,
        _("Pause a project"),
        blocks,
        submit=_("Preview"),
        metadata=json.dumps({"sighting": form.sighting}),
    )


def read_opening(submission: Submission) -> tuple[PauseAnswers, PauseTerms]:
    """What was typed; nothing is looked at yet."""
    typed = submission.values
    answers = PauseAnswers(
        **{name: typed.get(name, "") for name in _WORDS},
        next_update_by=instant_of(typed.get("next_update_by", "")),
    )
    return answers, PauseTerms(
        reason_code=typed.get("reason_code", ""), starts_at=instant_of(typed.get("starts_at", ""))
    )


def with_source(answers: PauseAnswers, *, words: str) -> PauseAnswers:
    """The answers, with where the news came from in the note that is never sent."""
    return replace(answers, confidential_note=words)


def preview_view(seen: PausePreview, *, draft: Pause, time_zone: str, at: datetime) -> dict[str, Any]:
    """What the pause would do, and the notice as people will read it."""
    facts = {
        "since": format_instant(seen.starts_at, time_zone, "en"),
        "until": _("not known yet"),
        "next_word": format_instant(draft.next_update_by, time_zone, "en") if draft.next_update_by else "",
        "name": _("everybody"),
    }
    notice = preview_content(pause=seen.pause, locale="en", channel=Channel.SLACK_CHANNEL, at=at)
    blocks = [
        saying.section(_preview_words(seen)),
        saying.divider(),
        saying.small(_("What people will read:")),
    ]
    parts = [*blocks, *_paragraphs(fill(notice.text, facts))]
    metadata = json.dumps({"draft": str(draft.public_id)})
    return saying.modal(CONFIRM, _("What it will do"), parts, submit=_("Pause now"), metadata=metadata)


def _preview_words(seen: PausePreview) -> str:
    reach = seen.reach
    return saying.said(
        "desk/preview",
        target=seen.pause.target_code,
        people=seen.people,
        asleep=seen.asleep,
        countries=", ".join(f"{row.name} {row.people}" for row in seen.countries[:12]),
        projects=", ".join(f"{row.name} {row.people}" for row in seen.projects[:12]),
        email=reach.email,
        slack=reach.slack,
        channels=", ".join(reach.channels),
        nobody=reach.nobody,
        ending=seen.ending_total,
        standing=[str(other) for other in seen.standing],
    )


def _paragraphs(text: str) -> Sequence[Block]:
    return [saying.section(part) for part in text.split("\n\n") if part.strip()][:40]


def _usual(form: OpeningForm, target: Project | Client, *, at: datetime) -> UsualAnswers:
    return answers_from_template(
        form.reason_code,
        target_name=target.name,
        client_name=target.client.name if isinstance(target, Project) else target.name,
        next_update_by=usual_next_word(at=at, time_zone=zone_of(target)),
    )


def zone_of(target: Project | Client) -> str:
    """The clock that times of a target are told on."""
    return target.time_zone if isinstance(target, Project) else "UTC"


def _question(name: str) -> str:
    return str(Pause._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
