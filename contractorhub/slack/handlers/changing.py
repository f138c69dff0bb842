"""A lead says the next word on a pause, or lets work go on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, to_person, whisper
from contractorhub.slack.forms.changing import resume_view, update_view
from contractorhub.slack.forms.reading import instant_of
from contractorhub.slack.payloads import Click, Command, Submission
from contractorhub.slack.people import Person
from contractorhub.slack.waiting import instead_of_waiting
from projects import access
from projects.domain.errors import UnableToUpdatePause
from projects.models import Pause
from projects.operations.pause_changes import resume_pause, update_pause

_MOST = 100  # a list in Slack shows no more


def show_update_form(asked: Command | Click, person: Person, at: datetime) -> Sequence[Call]:
    """Show the form of the next word."""
    return _show(asked, person, lambda choices, pause: update_view(choices, pause, at=at))


def show_resume_form(asked: Command | Click, person: Person, at: datetime) -> Sequence[Call]:
    """Show the form that ends a pause."""
    return _show(asked, person, resume_view, states=("in_effect",))


def say_update(submission: Submission, person: Person, at: datetime) -> Sequence[Call]:
    """Say the word to everybody. Raises DomainError."""
    pause, typed = _pause(submission, person), submission.values
    next_word = instant_of(typed.get("next_update_by", ""))
    if next_word is None:
        raise UnableToUpdatePause(_("Promise a time for the next word."), field="next_update_by")
    update_pause(pause=pause, text=typed.get("text", ""), next_update_by=next_word, by=person.user, at=at)
    return [_done(submission, person, "desk/changed", pause)]


def end(submission: Submission, person: Person, at: datetime) -> Sequence[Call]:
    """Let work go on. Raises DomainError."""
    pause, typed = _pause(submission, person), submission.values
    text, outcome = typed.get("text", ""), typed.get("outcome", "")
    resume_pause(pause=pause, text=text, outcome=outcome, by=person.user, at=at)
    return [_done(submission, person, "desk/resumed", pause)]


def changeable_by(person: Person, *, states: Sequence[str] = ("scheduled", "in_effect")) -> list[Pause]:
    """Open pauses that somebody may change, the promise that is due first at the top."""
    if person.user is None:
        return []
    rows = access.pauses_visible_to(person.user).filter(state__in=states).select_related("project", "client")
    found = rows.order_by("next_update_by", "pk")[:_MOST]
    return [row for row in found if access.may_change_pause(person.user, row)]


def _show(
    asked: Command | Click,
    person: Person,
    make_view: Callable[[dict[str, str], Pause], dict[str, Any]],
    *,
    states: Sequence[str] = ("scheduled", "in_effect"),
) -> Sequence[Call]:
    pauses = changeable_by(person, states=states)
    if not pauses:
        return [_tell(asked, person, saying.said("no_pause_of_yours" if person.user else "link_to_act"))]
    wanted = asked.value if isinstance(asked, Click) else ""
    first = next((row for row in pauses if str(row.public_id) == wanted), pauses[0])
    view = make_view({str(row.public_id): str(row) for row in pauses}, first)
    late = _tell(asked, person, saying.said("desk/too_late"))
    return [Call("views.open", {"trigger_id": asked.trigger_id, "view": view}, otherwise=late)]


def _tell(asked: Command | Click, person: Person, words: str) -> Call:
    if asked.response_url:
        return whisper(asked.response_url, text=words)
    return to_person(person.who.user_id, text=words)


def _pause(submission: Submission, person: Person) -> Pause:
    """The pause that was chosen, among those this person sees. Raises UnableToUpdatePause."""
    try:
        public_id = UUID(submission.values.get("pause", ""))
    except ValueError as error:
        raise UnableToUpdatePause(_("Choose a pause."), field="pause") from error
    found: Pause | None = access.pauses_visible_to(person.user).filter(public_id=public_id).first()
    # Without a user nobody is acting, and an operation without `by` would take it for the system itself.
    if person.user is None or found is None:
        raise UnableToUpdatePause(saying.said("no_pause_of_yours"), field="pause")
    return found


def _done(submission: Submission, person: Person, template: str, pause: Pause) -> Call:
    words = saying.said(template, pause=str(pause))
    view = saying.modal("done", _("Done"), [saying.section(words)])
    return instead_of_waiting(submission, view, person, text=words)
