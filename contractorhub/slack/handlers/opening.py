"""A lead opens a pause: the form, the draft and its preview, the confirmation."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from slack_sdk.models.blocks import ButtonElement

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, to_person, whisper
from contractorhub.slack.forms.opening import (
    CHOOSE_REASON,
    OpeningForm,
    opening_view,
    preview_view,
    read_opening,
    with_source,
    zone_of,
)
from contractorhub.slack.handlers.status import link_button
from contractorhub.slack.models import Sighting
from contractorhub.slack.payloads import Click, Command, Shortcut, Submission, plain
from contractorhub.slack.people import Person, projects_in
from contractorhub.slack.records import keep_message, tie_to_pause
from contractorhub.slack.waiting import instead_of_waiting
from projects import access
from projects.domain.errors import UnableToPause
from projects.models import Client, Pause, Project, User
from projects.models.pauses import PauseState, ReasonCode
from projects.operations.drafts import answers_of, save_draft, terms_of
from projects.operations.pauses import open_pause
from projects.queries.dashboard import pausable_by
from projects.queries.previews import preview_pause


def open_form(asked: Command | Click, person: Person, at: datetime) -> Sequence[Call]:
    """Show the form for whatever this lead may pause."""
    return _show_form(asked, person, at=at)


def open_form_from_proposal(click: Click, person: Person, at: datetime) -> Sequence[Call]:
    """Show the form for the message that the watcher noticed."""
    row = (
        Sighting.objects.filter(pk=click.value, team_id=click.who.team_id).first()
        if click.value.isdigit()
        else None
    )
    return _show_form(click, person, at=at, sighting=row)


def open_form_from_message(shortcut: Shortcut, person: Person, at: datetime) -> Sequence[Call]:
    """Show the form for a message, which stays with the pause as the source of its reason."""
    if person.user is None:
        return _refuse(shortcut, person)
    row = keep_message(
        team_id=shortcut.who.team_id,
        channel=shortcut.channel,
        ts=shortcut.ts,
        author=shortcut.author,
        text=shortcut.text,
        at=at,
    )
    return _show_form(shortcut, person, at=at, sighting=row)


def choose_reason(click: Click, person: Person, at: datetime) -> Sequence[Call]:
    """Another reason or target was chosen: put its usual answers into the form."""
    state = click.view.get("state") or {}
    values = state.get("values") or {}
    choices = dict(pausable_by(person.user, today=at.date())) if person.user else {}
    target, reason = (_chosen(values, name) for name in ("target", "reason_code"))
    if target not in choices or reason not in ReasonCode.values:
        return []
    form = OpeningForm(
        choices, target, reason, _metadata(str(click.view.get("private_metadata"))).get("sighting")
    )
    view = opening_view(form, target=_target(target), at=at)
    return [Call("views.update", {"view_id": click.view.get("id"), "view": view})]


def preview(submission: Submission, person: Person, at: datetime) -> Sequence[Call]:
    """Keep what was typed as a draft, and show what it would do. Raises DomainError."""
    user = _acting(person)
    answers, terms = read_opening(submission)
    chosen = submission.values.get("target", "")
    if chosen not in dict(pausable_by(user, today=at.date())):
        raise UnableToPause(_("You may pause only projects you lead and clients you own."), field="target")
    target = _target(chosen)
    sighting = _sighting(submission)
    if sighting is not None:
        words = saying.said(
            "desk/source", author=sighting.author, address=sighting.address, text=sighting.text
        )
        answers = with_source(answers, words=plain(words)[:3_000])  # a note is read on the desk, not in Slack
    aim: dict[str, Any] = {"project": target} if isinstance(target, Project) else {"client": target}
    draft = save_draft(answers=answers, terms=terms, by=user, at=at, **aim)
    if sighting is not None:
        tie_to_pause(sighting, draft)
    seen = preview_pause(pause=draft, at=at)
    view = preview_view(seen, draft=draft, time_zone=zone_of(target), at=at)
    return [instead_of_waiting(submission, view, person, text=_("The preview is ready on your desk."))]


def confirm(submission: Submission, person: Person, at: datetime) -> Sequence[Call]:
    """Open the pause that was previewed; confirming it twice opens it once. Raises DomainError."""
    user = _acting(person)
    public_id = _metadata(submission.metadata).get("draft")
    draft = (
        access.pauses_visible_to(user).filter(public_id=public_id, opened_by=user).first()
        if public_id
        else None
    )
    if draft is None:
        raise UnableToPause(_("This draft is gone; it may have been discarded on the desk."))
    pause = draft if draft.state != PauseState.DRAFT else _opened(draft, user, at)
    words = saying.said("desk/opened", pause=str(pause), target=pause.target_code)
    view = saying.modal("done", _("Paused"), [saying.section(words)])
    return [instead_of_waiting(submission, view, person, text=words)]


def _opened(draft: Pause, user: User, at: datetime) -> Pause:
    return open_pause(
        project=draft.project,
        client=draft.client,
        answers=answers_of(draft),
        terms=terms_of(draft),
        draft=draft,
        by=user,
        at=at,
    )


def _show_form(
    asked: Command | Click | Shortcut, person: Person, *, at: datetime, sighting: Sighting | None = None
) -> Sequence[Call]:
    choices = dict(pausable_by(person.user, today=at.date())) if person.user else {}
    if not choices:
        return _refuse(asked, person)
    preferred = f"project:{_project_of(sighting)}"
    target = preferred if preferred in choices else next(iter(choices))
    form = OpeningForm(choices, target, sighting=sighting.pk if sighting else None)
    view = opening_view(form, target=_target(target), at=at)
    again = saying.buttons(_again(sighting))
    late = saying.said("desk/too_late")
    otherwise = whisper(
        asked.response_url, text=late, blocks=[saying.section(late).to_dict(), again.to_dict()]
    )
    if not asked.response_url:
        otherwise = to_person(person.who.user_id, text=late, blocks=[again.to_dict()])
    return [Call("views.open", {"trigger_id": asked.trigger_id, "view": view}, otherwise=otherwise)]


def _again(sighting: Sighting | None) -> ButtonElement:
    if sighting is None:
        return saying.button("open_pause", _("Pause a project"), style="primary")
    return saying.button("open_from_proposal", _("Open a pause"), value=str(sighting.pk), style="primary")


def _refuse(asked: Command | Click | Shortcut, person: Person) -> Sequence[Call]:
    words = saying.said("not_a_lead" if person.user else "link_to_act")
    blocks = [saying.section(words).to_dict()]
    if person.user is None:
        blocks.append(saying.buttons(link_button(person)).to_dict())
    if asked.response_url:
        return [whisper(asked.response_url, text=words, blocks=blocks)]
    return [to_person(person.who.user_id, text=words, blocks=blocks)]


def _sighting(submission: Submission) -> Sighting | None:
    """The message that the form was opened from."""
    pk = _metadata(submission.metadata).get("sighting")
    rows = Sighting.objects.filter(team_id=submission.who.team_id)
    return rows.filter(pk=pk).first() if isinstance(pk, int) else None


def _acting(person: Person) -> User:
    """The user somebody acts as. Raises UnableToPause for who has not linked themselves."""
    if person.user is None:
        raise UnableToPause(saying.said("link_to_act"))
    return person.user


def _target(chosen: str) -> Project | Client:
    """The project or client of a choice such as `project:7`, which `pausable_by` gave."""
    kind, _colon, pk = chosen.partition(":")
    if kind == "project":
        return Project.objects.select_related("client").get(pk=pk)
    return Client.objects.get(pk=pk)


def _project_of(sighting: Sighting | None) -> int:
    if sighting is None:
        return 0
    return projects_in(sighting.team_id, sighting.channel).values_list("pk", flat=True).first() or 0


def _chosen(values: Any, name: str) -> str:
    option = ((values.get(name) or {}).get(CHOOSE_REASON) or {}).get("selected_option") or {}
    return str(option.get("value") or "")


def _metadata(text: str) -> dict[str, Any]:
    """What we put into a view ourselves; Slack gives it back unread."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
