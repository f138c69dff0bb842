"""Which handler each thing goes to, and how a refusal of the business is told to the person who acted."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, to_person, whisper
from contractorhub.slack.forms import changing as changing_forms
from contractorhub.slack.forms import opening as opening_forms
from contractorhub.slack.handlers import (
    acknowledging,
    changing,
    home,
    leaving,
    muting,
    opening,
    questions,
    status,
    watcher,
)
from contractorhub.slack.payloads import (
    Click,
    Command,
    Event,
    Inbound,
    Malformed,
    Shortcut,
    Submission,
    read_command,
    read_event,
    read_interaction,
)
from contractorhub.slack.people import Person, person_of
from contractorhub.slack.waiting import instead_of_waiting
from projects.domain.errors import DomainError

COMMANDS: Final[Mapping[str, Callable[[Command, Person, datetime], Sequence[Call]]]] = {
    "": status.tell_status,
    "status": status.tell_status,
    "link": status.tell_how_to_link,
    "mute": muting.mute,
    "unmute": muting.unmute,
    "open": opening.open_form,
    "update": changing.show_update_form,
    "resume": changing.show_resume_form,
}
CLICKS: Final[Mapping[str, Callable[[Click, Person, datetime], Sequence[Call]]]] = {
    "acknowledge": acknowledging.acknowledge,
    "switch_updates": muting.switch,
    "open_pause": opening.open_form,
    "open_from_proposal": opening.open_form_from_proposal,
    opening_forms.CHOOSE_REASON: opening.choose_reason,
    "update_pause": changing.show_update_form,
    "resume_pause": changing.show_resume_form,
    "answer_question": questions.show_answer_form,
    "close_question": questions.close,
}
SUBMISSIONS: Final[Mapping[str, Callable[[Submission, Person, datetime], Sequence[Call]]]] = {
    opening_forms.FORM: opening.preview,
    opening_forms.CONFIRM: opening.confirm,
    changing_forms.UPDATE: changing.say_update,
    changing_forms.RESUME: changing.end,
    changing_forms.ANSWER: questions.answer,
}
SHORTCUTS: Final[Mapping[str, Callable[[Shortcut, Person, datetime], Sequence[Call]]]] = {
    "pause_from_message": opening.open_form_from_message,
}
EVENTS: Final[Mapping[str, Callable[[Event, datetime], Sequence[Call]]]] = {
    "app_home_opened": home.show_home,
    "tokens_revoked": leaving.lose_workspace,
    "app_uninstalled": leaving.lose_workspace,
}
_OWN_WORDS: Final = ("bot_id", "bot_profile", "app_id")
_CHANGES: Final = ("message_changed", "message_deleted")


def dispatch(kind: str, payload: Any, at: datetime) -> Sequence[Call]:
    """Do what an event asks for; what is to be said about it. What the business refuses is said, not raised."""
    thing = _read(kind, payload)
    if isinstance(thing, Event):
        return _of_event(thing, at)
    person = person_of(thing.who)
    with translation.override(person.locale):
        try:
            with transaction.atomic():
                return _of_person(thing, person, at)
        except DomainError as error:
            return [_refusal(thing, person, error)]


def _read(kind: str, payload: Any) -> Inbound:
    if kind == "command":
        return read_command(payload)
    return read_event(payload) if kind.startswith("event") else read_interaction(payload)


def _of_person(
    thing: Command | Click | Submission | Shortcut, person: Person, at: datetime
) -> Sequence[Call]:
    match thing:
        case Command():
            word = thing.text.partition(" ")[0].lower()
            return COMMANDS.get(word, status.tell_help)(thing, person, at)
        case Click():
            on_click = CLICKS.get(thing.action_id)
            return (
                on_click(thing, person, at) if on_click else []
            )  # a button that leads to a page needs no work
        case Submission():
            return SUBMISSIONS[thing.callback_id](thing, person, at)
        case Shortcut():
            return SHORTCUTS[thing.callback_id](thing, person, at)
    raise Malformed("nothing that we know")


def _of_event(event: Event, at: datetime) -> Sequence[Call]:
    if event.type != "message":
        on_event = EVENTS.get(event.type)
        return on_event(event, at) if on_event else []
    body = event.body
    if any(body.get(name) for name in _OWN_WORDS):
        return []
    subtype = str(body.get("subtype") or "")
    if subtype in _CHANGES:
        return questions.keep_change(event, at)
    if subtype not in {"", "thread_broadcast"}:
        return []
    asked = questions.keep_reply(event, at) if body.get("thread_ts") not in {None, body.get("ts")} else []
    return [*asked, *watcher.look_at(event, at)]


def _refusal(thing: Command | Click | Submission | Shortcut, person: Person, error: DomainError) -> Call:
    words = saying.said("refused", message=error.message)
    if isinstance(thing, Submission):
        view = saying.modal("refused", _("Nothing was changed"), [saying.section(words)])
        return instead_of_waiting(thing, view, person, text=words)
    if thing.response_url:
        return whisper(thing.response_url, text=words)
    return to_person(person.who.user_id, text=words)
