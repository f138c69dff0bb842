"""The Home tab: how one's projects stand, and for a lead what there is to look after; never a figure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from slack_sdk.models.blocks import Block, ButtonElement

from contractorhub.slack import saying
from contractorhub.slack.calls import Call
from contractorhub.slack.handlers.status import link_button, not_known_blocks, status_blocks
from contractorhub.slack.models import Question
from contractorhub.slack.payloads import Event, Who, slack_id
from contractorhub.slack.people import Person, person_of
from notifications.messages import Channel
from notifications.preferences import Category, Way
from notifications.wishes import wishes_of_one
from projects import access
from projects.queries.dashboard import OpenPause, dashboard_of
from projects.queries.own_preferences import contractor_key
from projects.wording import format_instant

SHOWN_QUESTIONS: Final = 10


def show_home(event: Event, at: datetime) -> Sequence[Call]:
    """Somebody opened the Home tab."""
    if event.body.get("tab", "home") != "home":
        return []
    return [publish_home(person_of(Who(event.team_id, slack_id(event.body.get("user")))), at=at)]


def publish_home(person: Person, *, at: datetime) -> Call:
    """The Home tab as it stands now."""
    return Call(
        "views.publish", {"user_id": person.who.user_id, "view": saying.home(home_blocks(person, at=at))}
    )


def home_blocks(person: Person, *, at: datetime) -> list[Block]:
    """What this person sees there."""
    found: list[Block] = []
    if person.contractor is not None:
        found += [saying.header(_("Your work")), *status_blocks(person, at=at)]
        found.append(saying.buttons(*_settings_buttons(person)))
    if person.user is not None and access.is_staff_of_firm(person.user):
        found += [saying.header(_("What you look after")), *_desk_blocks(person, at=at)]
    return found or not_known_blocks(person)


def _settings_buttons(person: Person) -> list[ButtonElement]:
    contractor = person.contractor
    wishes = wishes_of_one(contractor_key(contractor)) if contractor else None
    is_muted = wishes is not None and wishes.way(Category.UPDATE, Channel.SLACK_DM) == Way.NEVER
    switch = (
        saying.button("switch_updates", _("Hear of updates here again"), value="unmute")
        if is_muted
        else saying.button("switch_updates", _("Mute what is not urgent"), value="mute")
    )
    return [switch] if person.user is not None else [switch, link_button(person)]


def _desk_blocks(person: Person, *, at: datetime) -> list[Block]:
    user = person.user
    if user is None:
        return []
    desk = dashboard_of(user, at=at)
    found: list[Block] = []
    for row in desk.pauses:
        found += _pause_blocks(row, person, may_change=access.may_change_pause(user, row.pause))
    if not desk.pauses:
        found.append(saying.section(saying.said("no_pauses")))
    found += _question_blocks(person)
    desk_page = saying.button("open_desk", _("Open the desk"), url=f"{settings.BASE_URL}/admin/")
    may_pause = access.is_lead(user) or access.is_operations(user)
    opener = [saying.button("open_pause", _("Pause a project"), style="primary")] if may_pause else []
    return [*found, saying.buttons(*opener, desk_page)]


def _pause_blocks(row: OpenPause, person: Person, *, may_change: bool) -> list[Block]:
    pause = row.pause
    promised = (
        format_instant(pause.next_update_by, person.time_zone, person.locale) if pause.next_update_by else ""
    )
    words = saying.said(
        "desk_pause",
        target=pause.target_code,
        state=pause.get_state_display(),
        since=format_instant(pause.starts_at, person.time_zone, person.locale),
        next_word=promised,
        is_late=row.is_late,
        unreached=row.unreached,
        on_the_way=row.on_the_way,
    )
    if not may_change:
        return [saying.section(words)]
    value = str(pause.public_id)
    acts = [saying.button("update_pause", _("Say the next word"), value=value)]
    if pause.state == "in_effect":
        acts.append(saying.button("resume_pause", _("Let work go on"), value=value))
    return [saying.section(words), saying.buttons(*acts)]


def _question_blocks(person: Person) -> list[Block]:
    """Replies that wait for an answer on pauses this person may change."""
    if person.user is None:
        return []
    visible = access.pauses_visible_to(person.user).values("pk")
    waiting = Question.objects.filter(pause__in=visible, closed_at__isnull=True).select_related("pause")
    shown = [row for row in waiting[: SHOWN_QUESTIONS * 3] if access.may_change_pause(person.user, row.pause)]
    return [block for row in shown[:SHOWN_QUESTIONS] for block in question_blocks(row)]


def question_blocks(row: Question) -> list[Block]:
    """One question, with what may be done about it."""
    words = saying.said("question", target=row.pause.target_code, asker=row.asker, text=row.text)
    return [
        saying.section(words),
        saying.buttons(
            saying.button("answer_question", _("Answer"), value=str(row.pk), style="primary"),
            saying.button("close_question", _("Asks nothing"), value=str(row.pk)),
        ),
    ]
