"""The usual answers to the six questions for each reason a client may have, ready to be made one's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation

from projects.domain.periods import local_day
from projects.domain.workdays import next_workday
from projects.models import AnswerTemplate, Pause
from projects.models.pauses import ReasonCode
from projects.wording import format_share, project_names

_SECTION = re.compile(r"^== (\w+)$", re.MULTILINE)
_END_OF_DAY = time(17)


@dataclass(frozen=True, slots=True)
class UsualAnswers:
    """Answers to the four questions that words answer, and the promised time of the next word."""

    what_stopped: str
    why: str
    what_happens_to_pay: str
    what_to_do_now: str
    next_update_by: datetime
    confidential_note: str = ""


def answers_from_template(
    reason_code: str,
    *,
    target_name: str,
    next_update_by: datetime,
    client_name: str = "",
    locale: str = "en",
    remaining_share_bp: int = 0,
    standby_share_bp: int = 0,
    standby_a_day: str = "",
) -> UsualAnswers:
    """The usual answers for a reason, in words contractors may read.

    `target_name` is the project's name, or the client's for a whole client; the shares are basis points,
    `standby_a_day` is money in words. Raises ValueError for a reason that does not exist.
    """
    context = {
        "target": target_name,
        "client": client_name or target_name,
        "remaining": format_share(remaining_share_bp, locale) if remaining_share_bp else "",
        "standby": format_share(standby_share_bp, locale) if standby_share_bp else "",
        "standby_a_day": standby_a_day,
    }
    with translation.override(locale):
        source = render_to_string(f"projects/reasons/{ReasonCode(reason_code).value}.txt", context)
    _before, *parts = _SECTION.split(source)
    answers = {name: words.strip() for name, words in zip(parts[::2], parts[1::2], strict=True)}
    return UsualAnswers(next_update_by=next_update_by, **answers)


def usual_answers_for(
    reason_code: str,
    *,
    target_name: str,
    next_update_by: datetime,
    client_name: str = "",
    locale: str = "en",
    remaining_share_bp: int = 0,
    standby_share_bp: int = 0,
    standby_a_day: str = "",
) -> UsualAnswers:
    """The newest template that operations keep for this reason and language, else the answers that come with the hub.

    Raises ValueError for a reason that does not exist.
    """
    kept = newest_template(reason_code, locale)
    if kept is None:
        return answers_from_template(
            reason_code,
            target_name=target_name,
            next_update_by=next_update_by,
            client_name=client_name,
            locale=locale,
            remaining_share_bp=remaining_share_bp,
            standby_share_bp=standby_share_bp,
            standby_a_day=standby_a_day,
        )
    names = {"{target}": target_name, "{client}": client_name or target_name}
    answers = {name: _named(getattr(kept, name), names) for name in AnswerTemplate.ANSWERS}
    return UsualAnswers(next_update_by=next_update_by, **answers)


def newest_template(reason_code: str, locale: str) -> AnswerTemplate | None:
    """The newest version of a reason's template in one language, if operations keep one."""
    rows = AnswerTemplate.objects.filter(reason_code=reason_code, locale=locale)
    return rows.order_by("-version").first()


def template_languages() -> tuple[str, ...]:
    """The languages in which there are usual answers: English, and every other that operations keep templates in."""
    kept = AnswerTemplate.objects.order_by("locale").values_list("locale", flat=True).distinct()
    return tuple(dict.fromkeys(["en", *kept]))


def _named(words: str, names: Mapping[str, str]) -> str:
    for place, name in names.items():
        words = words.replace(place, name)
    return words


def nothing_new_words(pause: Pause, *, locale: str = "en") -> str:
    """What an update says when there is nothing new to say; the promise of the next word follows it."""
    client = pause.client or (pause.project.client if pause.project else None)
    target = pause.project.name if pause.project else (client.name if client else "")
    if pause.chosen:
        target = project_names(pause.named_projects())
    context = {"target": target, "client": client.name if client else target}
    with translation.override(locale):
        return render_to_string("projects/reasons/still_nothing_new.txt", context).strip()


def usual_next_word(*, at: datetime, time_zone: str, workdays: int = 2) -> datetime:
    """The end of the working day (17:00) in a zone, `workdays` working days from `at`: a promise that can be kept."""
    day = local_day(at, time_zone)
    for _step in range(workdays):
        day = next_workday(day, country="")
    return datetime.combine(day, _END_OF_DAY, tzinfo=ZoneInfo(time_zone))


def next_word_like_the_last(pause: Pause, *, at: datetime, time_zone: str) -> datetime:
    """A next word as far off as the last one was when it was promised, between one and five working days."""
    promised = pause.next_update_by
    last = pause.updates.order_by("-at", "-pk").first()
    told_at = last.at if last else pause.opened_at
    days = round((promised - told_at) / timedelta(days=1)) if promised else 2
    return usual_next_word(at=at, time_zone=time_zone, workdays=min(5, max(1, days)))
