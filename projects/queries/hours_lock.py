"""May this person log hours on this project at this instant: the answer in words contractors may read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from django.utils.translation import gettext as _

from projects.domain.periods import local_day
from projects.models import User
from projects.models.pauses import PauseKind
from projects.queries.hours_lock_facts import LockFacts, LockPair, Place, Stop, facts_for, facts_for_one
from projects.wording import format_share

FAR = datetime.max.replace(tzinfo=UTC)
LockStatus = Literal[
    "open", "paused", "reduced", "excluded", "worked_before_notice", "not_engaged", "project_ended", "unknown"
]
MAY_LOG: Final = frozenset({"open", "reduced", "excluded", "worked_before_notice"})


@dataclass(frozen=True, slots=True)
class LockAnswer:
    """Whether hours may be logged, and if not: why, since when, when the next word comes, and how to put it right."""

    contractor: str
    project: str
    status: LockStatus
    may_log: bool
    reason: str
    since: datetime | None = None
    until: datetime | None = None
    next_word_by: datetime | None = None
    how_to_correct: str = ""
    pause: uuid.UUID | None = None


def hours_lock(pairs: Sequence[LockPair], *, user: User) -> tuple[LockAnswer, ...]:
    """Answer every pair, in order, in the same number of queries for two as for a thousand, and one in fewer still.

    A person or a project that `user` may not see is `unknown`, exactly as one that does not exist.
    """
    facts = facts_for_one(pairs[0], user=user) if len(pairs) == 1 else facts_for(pairs, user=user)
    return tuple(_answer(pair, facts) for pair in pairs)


def _answer(pair: LockPair, facts: LockFacts) -> LockAnswer:
    person = facts.contractors.get(pair.person)
    project = facts.projects.get(pair.project)
    if person is None or project is None:
        return _said(pair, "unknown", _("There is no such contractor or project here."))
    day = local_day(pair.at, project.time_zone)
    terms = facts.terms.get((person, project.pk), ())
    if not any(first <= day and (end is None or end > day) for first, end in terms):
        words = _("There is no engagement on %(project)s on %(day)s.")
        how = _way_to_correct(project, facts)
        return _said(pair, "not_engaged", words % {"project": project.code, "day": day}, how_to_correct=how)
    if project.ended_on is not None and project.ended_on <= day:
        words = _("%(project)s ended on %(day)s.") % {"project": project.code, "day": project.ended_on}
        return _said(pair, "project_ended", words, how_to_correct=_way_to_correct(project, facts))
    reaching = [
        *facts.pauses.get(("project", project.pk), ()),
        *facts.pauses.get(("client", project.client_id), ()),
    ]
    stopping = [
        pause
        for pause in reaching
        if pause.starts_at <= pair.at
        and (pause.ends_at is None or pause.ends_at > pair.at)
        and facts.released.get((pause.pk, project.pk), FAR) > pair.at
    ]
    return _in_pauses(pair, project, person, stopping, facts)


def _in_pauses(
    pair: LockPair, project: Place, person: int, stopping: Sequence[Stop], facts: LockFacts
) -> LockAnswer:
    """The strictest of the pauses decides: one that stops all work comes before one that reduces it."""
    mine = [pause for pause in stopping if (pause.pk, person) not in facts.excluded]
    told = [pause for pause in mine if pause.notice_sent_at is None or pause.notice_sent_at <= pair.at]
    for pause in sorted(told, key=lambda each: (each.kind != PauseKind.FULL, each.starts_at)):
        if pause.kind == PauseKind.FULL:
            how = _way_to_correct(project, facts, is_paused=True)
            return _said(pair, "paused", pause.why, pause, how_to_correct=how)
        share = format_share(pause.remaining_share_bp, "en")
        words = _("Work is reduced to %(share)s of the usual hours. %(why)s")
        return _said(pair, "reduced", words % {"share": share, "why": pause.why}, pause)
    if mine:
        words = _("Worked before the notice of a pause, so it stays payable. %(why)s") % {"why": mine[0].why}
        return _said(pair, "worked_before_notice", words, mine[0])
    if stopping:
        words = _("%(project)s is paused, but not for this person.") % {"project": project.code}
        return _said(pair, "excluded", words, stopping[0])
    return _said(pair, "open", "")


def _said(
    pair: LockPair, status: LockStatus, reason: str, pause: Stop | None = None, *, how_to_correct: str = ""
) -> LockAnswer:
    return LockAnswer(
        contractor=pair.contractor,
        project=pair.project,
        status=status,
        may_log=status in MAY_LOG,
        reason=reason,
        since=pause.starts_at if pause else None,
        until=pause.ends_at if pause else None,
        next_word_by=pause.next_update_by if pause and pause.is_open else None,
        how_to_correct=how_to_correct,
        pause=pause.public_id if pause else None,
    )


def _way_to_correct(project: Place, facts: LockFacts, *, is_paused: bool = False) -> str:
    leads = facts.leads.get(project.pk, ())
    named = ", ".join(f"{lead.name} ({lead.email})" if lead.name else lead.email for lead in leads)
    whom = named or _("whoever looks after %(project)s") % {"project": project.code}
    if not is_paused:
        return _("If this is wrong, ask %(whom)s to correct the engagement.") % {"whom": whom}
    words = _(
        "Hours worked before the pause can still be logged under the day they were worked. If you worked "
        "during the pause, write the day and the hours to %(whom)s; they are kept and decided on."
    )
    return words % {"whom": whom}
