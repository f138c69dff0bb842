"""What a lead looks after, as the Home tab shows it: open pauses, and questions that wait for an answer."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from slack_sdk.models.blocks import Block

from contractorhub.slack import saying
from contractorhub.slack.models import Question
from contractorhub.slack.people import Person
from projects import access
from projects.models import User
from projects.queries.dashboard import OpenPause, dashboard_of
from projects.wording import format_instant

SHOWN_QUESTIONS: Final = 10


def desk_blocks(person: Person, user: User, *, at: datetime) -> list[Block]:
    """What there is to do for somebody of the firm."""
    desk = dashboard_of(user, at=at)
    found: list[Block] = [saying.header(_("What you look after"))]
    for row in desk.pauses:
        found += _pause_blocks(row, person, may_change=access.may_change_pause(user, row.pause))
    if not desk.pauses:
        found.append(saying.section(saying.said("desk/no_pauses")))
    found += _question_blocks(user)
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
        "desk/pause",
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


def _question_blocks(user: User) -> list[Block]:
    """Replies that wait for an answer on pauses this person may change."""
    visible = access.pauses_visible_to(user).values("pk")
    waiting = Question.objects.filter(pause__in=visible, closed_at__isnull=True).select_related("pause")
    shown = [row for row in waiting[: SHOWN_QUESTIONS * 3] if access.may_change_pause(user, row.pause)]
    return [block for row in shown[:SHOWN_QUESTIONS] for block in question_blocks(row)]


def question_blocks(row: Question) -> list[Block]:
    """One question, with what may be done about it."""
    words = saying.said("desk/question", target=row.pause.target_code, asker=row.asker, text=row.text)
    return [
        saying.section(words),
        saying.buttons(
            saying.button("answer_question", _("Answer"), value=str(row.pk), style="primary"),
            saying.button("close_question", _("Asks nothing"), value=str(row.pk)),
        ),
    ]
