"""Writes rows that are the Slack face's alone: questions, messages behind pauses, what is watched."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from contractorhub.slack.models import Question, Sighting, SlackAccount, WatchedWorkspace
from contractorhub.slack.payloads import Who
from notifications.messages import slack_id_of
from projects.models import Contractor, Pause, PauseUpdate, Project, User

KEPT_FOR: Final = timedelta(days=30)


def keep_question(
    *, asker: Who, pause: Pause, channel: str, thread_ts: str, ts: str, text: str, at: datetime
) -> Question | None:
    """Keep a reply; None for one that was kept before."""
    facts = {"pause": pause, "thread_ts": thread_ts, "asker": asker.user_id, "text": text, "asked_at": at}
    row, is_new = Question.objects.get_or_create(
        team_id=asker.team_id, channel=channel, ts=ts, defaults=facts
    )
    return row if is_new else None


def change_question(*, team_id: str, channel: str, ts: str, text: str | None) -> None:
    """Follow a change of a reply that still waits; None for one that was taken back."""
    waiting = Question.objects.filter(team_id=team_id, channel=channel, ts=ts, closed_at__isnull=True)
    if text is None:
        waiting.delete()
    else:
        waiting.update(text=text)


def close_question(row: Question, *, answer: str, by: User | None, at: datetime) -> bool:
    """Close a question with its answer, or without one; whether it was still open."""
    still_open = Question.objects.filter(pk=row.pk, closed_at__isnull=True)
    return bool(still_open.update(closed_at=at, closed_by=by, answer=answer))


def answer_became(row: Question, update: PauseUpdate) -> None:
    """The answer was said to everybody."""
    Question.objects.filter(pk=row.pk).update(update=update)


def keep_message(*, team_id: str, channel: str, ts: str, author: str, text: str, at: datetime) -> Sighting:
    """Keep a message that a pause may be opened from."""
    facts = {"author": author, "text": text, "seen_at": at}
    row, _is_new = Sighting.objects.get_or_create(team_id=team_id, channel=channel, ts=ts, defaults=facts)
    return row


def keep_proposal(
    *, team_id: str, channel: str, ts: str, author: str, text: str, project: Project, at: datetime
) -> Sighting | None:
    """Keep a message as this day's proposal for a project; None where it had one today."""
    try:
        with transaction.atomic():
            return Sighting.objects.create(
                team_id=team_id,
                channel=channel,
                ts=ts,
                author=author,
                text=text,
                seen_at=at,
                project=project,
                proposed_on=at.date(),
            )
    except IntegrityError:
        return None


def tie_to_pause(row: Sighting, pause: Pause) -> None:
    """The message is the source of this pause, unless it is of another already."""
    Sighting.objects.filter(pk=row.pk, pause__isnull=True).update(pause=pause)


def forget_messages(*, at: datetime) -> int:
    """Forget messages of which no pause came within a month; how many."""
    count, _by_model = Sighting.objects.filter(pause__isnull=True, seen_at__lt=at - KEPT_FOR).delete()
    return count


def watch(team_ids: Iterable[str], *, by: int | None, at: datetime) -> None:
    """Switch the watcher on in these workspaces."""
    for team_id in team_ids:
        facts = {"since": at, "switched_on_by_id": by}
        WatchedWorkspace.objects.get_or_create(team_id=team_id, defaults=facts)


def stop_watching(team_ids: Iterable[str]) -> None:
    """Switch the watcher off."""
    WatchedWorkspace.objects.filter(team_id__in=list(team_ids)).delete()


def forget_contractor(contractor: Contractor) -> None:
    """Forget what somebody wrote in Slack, under the ids they are known by here: open questions, and words of others.

    A question that was answered stays with its answer, as the pause's record; nobody asked it any more.
    """
    ids = {slack_id_of(contractor.slack_user_id)} - {""}
    ids |= set(SlackAccount.objects.filter(user=contractor.user_id).values_list("slack_user_id", flat=True))
    asked = Question.objects.filter(asker__in=ids)
    asked.filter(closed_at__isnull=True).delete()
    asked.update(asker="", text="")
    Sighting.objects.filter(author__in=ids).update(author="", text="")


def forget_members(team_id: str) -> None:
    """Forget who is who in a workspace that took the app out."""
    SlackAccount.objects.filter(team_id=team_id).delete()
