"""From a fact of the business to the words that are sent: one source text a kind, laid out for each channel."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.messages import Channel, Content, Message, escape_mrkdwn, placeholder
from projects.domain.money import format_rate
from projects.models import Correction, Pause, PauseUpdate, ScopeReassessment
from projects.models.pauses import ExpectedResume, PauseKind
from projects.templatetags.notice_parts import BODY, END, HEADING
from projects.wording import (
    babel_locale,
    format_day,
    format_hours,
    format_share,
    lead_names,
    project_names,
)

GOOD_FOR: Final = timedelta(hours=72)  # a three-day-old pause notice is noise
CHANNELS: Final = (Channel.EMAIL, Channel.SLACK_DM, Channel.SLACK_CHANNEL)
BUTTONS: Final = "buttons"  # the block of a Slack message that holds what can be pressed
_OVER: Final = frozenset({"pause_ended", "pause_voided"})
_SLACK_SECTION_CHARACTERS: Final = 3_000  # slack_sdk models
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")
# What is inlined need not be said twice: only the rules that cannot be (dark mode) stay in the head.
_INLINER: Final = css_inline.CSSInliner(keep_at_rules=True, minify_css=True)


@dataclass(frozen=True, slots=True)
class Section:
    """A question and its answer."""

    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The words of one notice in one language, before any channel lays them out."""

    subject: str
    lead: str
    sections: tuple[Section, ...]


def pause_message(
    *, template: str, pause: Pause, update: PauseUpdate, locales: Collection[str], at: datetime, key: str = ""
) -> Message:
    """The notice that tells one word on the timeline of a pause.

    `template` is one of pause_opened, pause_scheduled, pause_updated, pause_extended, pause_ended, pause_voided.
    """
    context = _pause_context(pause, update)
    return Message(
        kind=template.replace("_", ".", 1),
        category="critical" if template not in {"pause_updated", "pause_extended"} else "update",
        subject_ref=pause.ref,
        thread_key=pause.ref,
        idempotency_key=key or f"{pause.ref}:update:{update.pk}",
        contents=contents_of(
            template,
            context,
            locales,
            url=f"{settings.BASE_URL}/portal/pauses/{pause.public_id}/",
            acknowledges=str(pause.public_id) if template not in _OVER else "",
        ),
        expires_at=at + GOOD_FOR,
    )


def preview_content(*, pause: Pause, locale: str, channel: Channel, at: datetime) -> Content:
    """The opening notice of a pause, saved or not, as `channel` will show it; personal words are placeholders."""
    template = "pause_opened" if pause.starts_at <= at else "pause_scheduled"
    context = _pause_context(pause, PauseUpdate(pause=pause, text=pause.why))
    with translation.override(locale):
        return _lay_out(_render(template, context), channel, locale, f"{settings.BASE_URL}/portal/")


def scope_message(*, reassessment: ScopeReassessment, locales: Collection[str], at: datetime) -> Message:
    """The notice that a project's scope is being reassessed, or what came of it."""
    template = "scope_started" if reassessment.outcome == "pending" else "scope_decided"
    context = {
        "target": reassessment.project.name,
        "text": reassessment.what_it_means,
        "outcome": reassessment.outcome,
        "leads": lead_names([reassessment.project]),
        "reassessment": reassessment,
        "next_word": placeholder("next_word"),
    }
    return Message(
        kind=template.replace("_", ".", 1),
        category="critical",
        subject_ref=reassessment.ref,
        thread_key=reassessment.pause.ref if reassessment.pause else reassessment.ref,
        idempotency_key=f"{reassessment.ref}:{reassessment.outcome}",
        contents=contents_of(template, context, locales, url=f"{settings.BASE_URL}/portal/"),
        expires_at=at + GOOD_FOR,
    )


def promise_message(*, template: str, pause: Pause, subject_ref: str, at: datetime) -> Message:
    """The reminder (promise_due) or escalation (promise_overdue) of one promised next word, for the people who lead."""
    context = _pause_context(pause, PauseUpdate(pause=pause))
    due = pause.next_update_by.isoformat() if pause.next_update_by else ""
    return Message(
        kind=template.replace("_", ".", 1),
        category="critical",
        subject_ref=subject_ref,
        thread_key=subject_ref,
        idempotency_key=f"{subject_ref}:{template}:{due}",
        contents=contents_of(
            template, context, {"en"}, url=f"{settings.BASE_URL}/admin/projects/pause/{pause.pk}/change/"
        ),
        expires_at=at + GOOD_FOR,
    )


def correction_message(
    *, template: str, correction: Correction, locales: Collection[str], at: datetime
) -> Message:
    """The notice to leads that a correction waits (correction_asked), or to its asker what became of it
    (correction_answered)."""
    is_asked = template == "correction_asked"
    context = {
        "target": correction.engagement.project.name,
        "person": correction.contractor.name,
        "correction": correction,
        "text": correction.words if is_asked else correction.answer,
        "is_accepted": correction.state == Correction.State.ACCEPTED,
    }
    page = (
        f"admin/projects/correction/{correction.pk}"
        if is_asked
        else f"portal/corrections/{correction.public_id}"
    )
    url = f"{settings.BASE_URL}/{page}/" if not is_asked else f"{settings.BASE_URL}/{page}/change/"
    return Message(
        kind=template.replace("_", ".", 1),
        category="update",
        subject_ref=correction.ref,
        thread_key=correction.ref,
        idempotency_key=f"{correction.ref}:{template}",
        contents=contents_of(template, context, locales, url=url),
        expires_at=at + GOOD_FOR,
    )


def target_name(pause: Pause) -> str:
    """What people call the thing that is paused."""
    if pause.project is not None:
        return pause.project.name
    if pause.chosen:
        return project_names(pause.named_projects())
    return _("all projects of %(client)s") % {"client": pause.client.name if pause.client else ""}


def _pause_context(pause: Pause, update: PauseUpdate) -> dict[str, Any]:
    projects = [pause.project] if pause.project else pause.named_projects()
    return {
        "pause": pause,
        "text": update.text,
        "what_stopped": pause.what_stopped,
        "why": pause.why,
        "pay": pause.what_happens_to_pay,
        "what_to_do": pause.what_to_do_now,
        "leads": lead_names(projects),
        "since": placeholder("since"),
        "until": placeholder("until"),
        "open_work": placeholder("open_work"),
        "next_word": placeholder("next_word"),
    }


def contents_of(
    template: str,
    context: Mapping[str, Any],
    locales: Collection[str],
    *,
    url: str,
    acknowledges: str = "",
    more: Callable[[str], Sequence[Section]] = lambda locale: (),
) -> dict[tuple[str, Channel], Content]:
    """The notice of a template for every channel, in these languages and in English.

    A value of the context that can be called is asked in each language, and so is `more` for further sections.
    """
    contents: dict[tuple[str, Channel], Content] = {}
    for locale in sorted(set(locales) | {"en"}):
        with translation.override(locale):
            text = _render(template, context)
            text = NoticeText(text.subject, text.lead, (*text.sections, *more(locale)))
            contents |= {
                (locale, channel): _lay_out(text, channel, locale, url, acknowledges) for channel in CHANNELS
            }
    return contents


def _render(template: str, context: Mapping[str, Any]) -> NoticeText:
    """Fill the source text; nothing a person typed can be taken for a mark or a placeholder."""
    told = {name: value() if callable(value) else value for name, value in context.items()}
    words = {name: _without_marks(value) if name in _TYPED else value for name, value in told.items()}
    if "pause" in context:
        pause: Pause = context["pause"]
        words["target"] = _without_marks(target_name(pause))
        words["resume"] = _resume_words(pause)
    if "correction" in context:
        words["what"] = correction_words(context["correction"])
    if "reassessment" in context:
        words["terms"] = _terms_words(context["reassessment"])
    words["name"] = placeholder("name")
    source = render_to_string(
        f"projects/notices/{template}.txt", {key: _Typed(v) for key, v in words.items()}
    )
    head, *parts = source.split(HEADING)
    subject, _sep, lead = head.strip().partition("\n")
    sections = []
    for part in parts:
        heading, _sep, rest = part.partition(BODY)
        sections.append(Section(heading.strip(), rest.partition(END)[0].strip()))
    return NoticeText(subject.strip(), lead.strip(), tuple(sections))


_TYPED: Final = frozenset(
    {"text", "what_stopped", "why", "pay", "what_to_do", "leads", "target", "person", "title", "who"}
)


class _Typed(str):
    """A value that plain text templates show as it is; each layout escapes in its own way."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _without_marks(words: Any) -> str:
    return _CONTROL_CHARACTERS.sub("", str(words)).replace("\r\n", "\n")


def _resume_words(pause: Pause) -> str:
    if pause.kind == PauseKind.REDUCED:
        share = format_share(pause.remaining_share_bp)
        return (
            _("%(share)s of the usual hours go on meanwhile.") % {"share": share}
            + " "
            + _expected_words(pause)
        )
    return _expected_words(pause)


def _expected_words(pause: Pause) -> str:
    if pause.expected_resume == ExpectedResume.DATE and pause.expected_resume_from:
        return _("The client expects to go on on %(day)s.") % {"day": format_day(pause.expected_resume_from)}
    if (
        pause.expected_resume == ExpectedResume.WINDOW
        and pause.expected_resume_from
        and pause.expected_resume_until
    ):
        return _("The client expects to go on between %(first)s and %(last)s.") % {
            "first": format_day(pause.expected_resume_from),
            "last": format_day(pause.expected_resume_until),
        }
    return _("Not known yet.")


def _terms_words(reassessment: ScopeReassessment) -> str:
    terms = []
    if reassessment.effective_on:
        terms.append(_("From %(day)s.") % {"day": format_day(reassessment.effective_on)})
    if reassessment.new_weekly_seconds is not None:
        hours = format_hours(reassessment.new_weekly_seconds)
        terms.append(_("Hours a week: %(hours)s.") % {"hours": hours})
    if reassessment.new_rate_millionths is not None:
        rate = format_rate(
            reassessment.new_rate_millionths, reassessment.new_rate_currency, str(babel_locale())
        )
        terms.append(_("New rate: %(rate)s.") % {"rate": rate})
    if reassessment.new_end_on:
        terms.append(_("Last day of work: before %(day)s.") % {"day": format_day(reassessment.new_end_on)})
    return " ".join(terms)


def correction_words(correction: Correction) -> str:
    """What somebody asked to correct, in one line of the active language."""
    day = format_day(correction.worked_on or correction.starts_on or correction.asked_at.date())
    if correction.kind == Correction.Kind.RATE:
        rate = format_rate(correction.amount_millionths or 0, correction.currency, str(babel_locale()))
        return _("Rate from %(day)s: %(rate)s.") % {"day": day, "rate": rate}
    if correction.kind == Correction.Kind.DATES:
        if correction.ends_on is None:
            return _("First day: %(day)s, no last day.") % {"day": day}
        last = format_day(correction.ends_on - timedelta(days=1))
        return _("First day: %(day)s, last day: %(last)s.") % {"day": day, "last": last}
    hours = format_hours(correction.seconds or 0)
    if correction.kind == Correction.Kind.BEFORE_NOTICE:
        return _("Hours on %(day)s, worked before the notice came: %(hours)s.") % {"day": day, "hours": hours}
    return _("Hours on %(day)s: %(hours)s.") % {"day": day, "hours": hours}


# --- Layouts -----------------------------------------------------------------------------------------------------
def _lay_out(notice: NoticeText, channel: Channel, locale: str, url: str, acknowledges: str = "") -> Content:
    text = (
        render_to_string(
            "projects/notices/layout.txt", {"notice": _plain(notice), "url": _Typed(url)}
        ).strip()
        + "\n"
    )
    if channel == Channel.EMAIL:
        direction = babel_locale(locale).text_direction
        html = render_to_string(
            "projects/notices/layout.html",
            {"notice": notice, "url": url, "locale": locale, "direction": direction},
        )
        summary = "\n".join(f"{part.heading}: {part.body}" for part in notice.sections)
        return Content(subject=notice.subject, text=text, html=_INLINER.inline(html), summary=summary)
    return Content(
        subject=notice.subject, text=escape_mrkdwn(text), blocks=_blocks(notice, url, acknowledges)
    )


def _plain(notice: NoticeText) -> NoticeText:
    sections = tuple(Section(_Typed(part.heading), _Typed(part.body)) for part in notice.sections)
    return NoticeText(_Typed(notice.subject), _Typed(notice.lead), sections)


def _blocks(notice: NoticeText, url: str, acknowledges: str) -> tuple[dict[str, Any], ...]:
    """Block Kit within Slack's limits: a header, the lead, a section an answer, the way to the portal.

    Where `acknowledges` names a pause, one more button says that it was read.
    """
    sections = [f"*{escape_mrkdwn(part.heading)}*\n{escape_mrkdwn(part.body)}" for part in notice.sections]
    return (
        {"type": "header", "text": {"type": "plain_text", "text": notice.subject[:150], "emoji": False}},
        *(
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": words[:_SLACK_SECTION_CHARACTERS], "verbatim": True},
            }
            for words in [escape_mrkdwn(notice.lead), *sections]
        ),
        {
            "type": "actions",
            "block_id": BUTTONS,
            "elements": [
                *(
                    [_button("acknowledge", _("I have read this"), value=acknowledges)]
                    if acknowledges
                    else []
                ),
                _button("open_portal", _("Open the portal"), url=url),
            ],
        },
    )


def _button(action_id: str, label: str, **more: str) -> dict[str, Any]:
    words = {"type": "plain_text", "text": label[:75], "emoji": False}
    return {"type": "button", "action_id": action_id, "text": words, **more}
