"""Replies under a notice are kept as questions; a lead answers in the thread, or to everybody."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, to_person, whisper
from contractorhub.slack.forms.changing import TELL_EVERYBODY, answer_view
from contractorhub.slack.forms.reading import instant_of
from contractorhub.slack.handlers.desk import question_blocks
from contractorhub.slack.handlers.home import publish_home
from contractorhub.slack.models import Question
from contractorhub.slack.payloads import Click, Event, Submission, Who, plain, slack_id
from contractorhub.slack.people import Person, accounts_of_leads, person_of, projects_in
from contractorhub.slack.records import answer_became, change_question, close_question, keep_question
from contractorhub.slack.waiting import instead_of_waiting
from notifications.messages import Channel
from notifications.models import Delivery
from projects import access
from projects.domain.errors import NotAllowed, UnableToUpdatePause
from projects.models import Pause, PauseUpdate
from projects.operations.pause_changes import update_pause

QUIET_FOR: Final = timedelta(
    hours=1
)  # one message about questions an hour and pause; the Home tab shows them all
MOST_CHARACTERS: Final = 3_000
_TS: Final = re.compile(r"\d{1,12}\.\d{1,6}\Z", re.ASCII)


def keep_reply(event: Event, at: datetime) -> Sequence[Call]:
    """Somebody replied under a notice: keep it, and tell the leads unless they were told of another just now."""
    body = event.body
    channel, thread_ts, ts = slack_id(body.get("channel")), _ts(body.get("thread_ts")), _ts(body.get("ts"))
    pause = _pause_told_in(event.team_id, channel, thread_ts)
    asker = Who(event.team_id, slack_id(body.get("user")))
    if pause is None or not asker.user_id or _looks_after(person_of(asker), pause):
        return []
    text = plain(body.get("text"))[:MOST_CHARACTERS]
    if not (text and ts):
        return []
    is_quiet = Question.objects.filter(pause=pause, asked_at__gt=at - QUIET_FOR).exists()
    kept = keep_question(
        asker=asker, pause=pause, channel=channel, thread_ts=thread_ts, ts=ts, text=text, at=at
    )
    if kept is None or is_quiet:
        return []
    leads = {
        lead for row in projects_in(event.team_id, channel) for lead in accounts_of_leads(row, event.team_id)
    }
    shown, words = (
        saying.shapes(question_blocks(kept)),
        saying.said("desk/new_question", target=pause.target_code),
    )
    return [to_person(lead, text=words, blocks=shown) for lead in sorted(leads)]


def keep_change(event: Event, at: datetime) -> Sequence[Call]:
    """Somebody changed or took back their reply: so do we, while it waits."""
    body = event.body
    changed = body.get("message") if body.get("subtype") == "message_changed" else None
    ts = str((changed or {}).get("ts") or body.get("deleted_ts") or "")
    text = plain(changed.get("text"))[:MOST_CHARACTERS] if changed is not None else None
    change_question(team_id=event.team_id, channel=slack_id(body.get("channel")), ts=ts, text=text)
    return []


def show_answer_form(click: Click, person: Person, at: datetime) -> Sequence[Call]:
    """Show the form of an answer."""
    row = _question(click.value, person)
    if row.closed_at is not None:
        return [_tell(click, person, saying.said("desk/question_is_closed"))]
    late = _tell(click, person, saying.said("desk/too_late"))
    view = answer_view(row, at=at)
    return [Call("views.open", {"trigger_id": click.trigger_id, "view": view}, otherwise=late)]


def close(click: Click, person: Person, at: datetime) -> Sequence[Call]:
    """It asks nothing."""
    row = _question(click.value, person)
    close_question(row, answer="", by=person.user, at=at)
    return [publish_home(person, at=at), _tell(click, person, saying.said("desk/question_is_closed"))]


def answer(submission: Submission, person: Person, at: datetime) -> Sequence[Call]:
    """Answer in the thread, or say the answer to everybody as the next word. Raises DomainError."""
    row = _question(question_id_of(submission), person)
    text, is_for_all = submission.values.get("text", "").strip(), is_for_everybody(submission)
    if not close_question(row, answer=text, by=person.user, at=at):
        raise UnableToUpdatePause(saying.said("desk/question_is_closed"))
    reply: list[Call] = []
    if is_for_all:
        answer_became(row, _say_to_everybody(row, submission, person, at))
    else:
        words = saying.said("desk/answer", asker=row.asker, text=text)
        reply = [
            Call("chat.postMessage", {"channel": row.channel, "thread_ts": row.thread_ts, "text": words})
        ]
    done = saying.said("desk/answered")
    view = saying.modal("done", _("Done"), [saying.section(done)])
    return [*reply, instead_of_waiting(submission, view, person, text=done), publish_home(person, at=at)]


def is_for_everybody(submission: Submission) -> bool:
    """Whether the answer is to become a word to everybody."""
    return TELL_EVERYBODY in submission.values.get("as_update", "").split(",")


def question_id_of(submission: Submission) -> str:
    """The question that the form was opened for."""
    return "".join(filter(str.isdigit, submission.metadata))


def _say_to_everybody(row: Question, submission: Submission, person: Person, at: datetime) -> PauseUpdate:
    next_word = instant_of(submission.values.get("next_update_by", ""))
    if next_word is None:
        raise UnableToUpdatePause(_("Promise a time for the next word."), field="next_update_by")
    text = submission.values.get("text", "")
    return update_pause(pause=row.pause, text=text, next_update_by=next_word, by=person.user, at=at)


def _question(pk: str, person: Person) -> Question:
    """A question on a pause that this person may change. Raises NotAllowed."""
    rows = Question.objects.select_related("pause__project", "pause__client")
    found = rows.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    if found is None or not _looks_after(person, found.pause):
        raise NotAllowed(saying.said("no_question"))
    return found


def _looks_after(person: Person, pause: Pause) -> bool:
    return person.user is not None and access.may_change_pause(person.user, pause)


def _ts(value: Any) -> str:
    """The time by which Slack names a message."""
    return value if isinstance(value, str) and _TS.match(value) else ""


def _pause_told_in(team_id: str, channel: str, thread_ts: str) -> Pause | None:
    """The pause whose notice is the first message of a thread."""
    if not projects_in(team_id, channel).exists():
        return None
    told = Delivery.objects.filter(channel=Channel.SLACK_CHANNEL, provider_ref=f"{channel}:{thread_ts}")
    subject = told.values_list("notice__subject_ref", flat=True).first() or ""
    kind, _colon, pk = subject.partition(":")
    return (
        Pause.objects.filter(pk=pk).select_related("project", "client").first() if kind == "pause" else None
    )


def _tell(click: Click, person: Person, words: str) -> Call:
    if click.response_url:
        return whisper(click.response_url, text=words)
    return to_person(person.who.user_id, text=words)
