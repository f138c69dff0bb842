"""What a lead does about people the news has not come through to: another channel, a nudge, a word by telephone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from notifications import outbox
from notifications.messages import Channel
from projects import access
from projects.domain.errors import NotAllowed, UnableToUpdatePause
from projects.models import Pause, ToldByHand, User
from projects.notices import pause_message
from projects.operations.history import record
from projects.operations.targets import locked_pause
from projects.queries.recipients import contractors_reached, locales_of, people_recipients
from projects.queries.unseen import LACKS, failed_channels, people_lacking, was_told_since

NUDGE_AGAIN_AFTER: Final = timedelta(hours=20)
OTHER: Final = {Channel.EMAIL: Channel.SLACK_DM, Channel.SLACK_DM: Channel.EMAIL}


def mark_told(
    *, pause: Pause, contractor_ids: Sequence[int], note: str, by: User | None, at: datetime
) -> int:
    """Note that these people were told by hand, by telephone as a rule, and what was said; how many are new.

    Raises NotAllowed, or UnableToUpdatePause without a note or for somebody whom the pause does not stop.
    """
    if not note.strip():
        raise UnableToUpdatePause("Say how they were told, such as “by phone, 14:10”.", field="note")
    _refuse_strangers(pause, by=by)
    with transaction.atomic():
        fresh = locked_pause(pause)
        people = contractors_reached(fresh).filter(pk__in=contractor_ids)
        known = set(fresh.told_by_hand.values_list("contractor_id", flat=True))
        new = [person for person in people if person.pk not in known]
        if not people.exists():
            raise UnableToUpdatePause("Choose people whom the pause stops.", field="contractor")
        ToldByHand.objects.bulk_create(
            [
                ToldByHand(pause=fresh, contractor=person, note=note.strip()[:500], at=at, by=by)
                for person in new
            ]
        )
        if new:
            told = {"contractors": [person.pk for person in new], "note": note.strip()[:500]}
            record(verb="people.told_by_hand", subject_ref=fresh.ref, before={}, after=told, by=by, at=at)
        return len(new)


def nudge(*, pause: Pause, lack: str, by: User | None, at: datetime) -> int:
    """Remind everybody who has not opened (or acknowledged) the news that it is there; once in twenty hours.

    Returns how many are reminded. Raises NotAllowed or UnableToUpdatePause.
    """
    if lack not in LACKS or lack == "told":
        raise UnableToUpdatePause("Nudge those who have not opened or not acknowledged it.", field="lack")
    _refuse_strangers(pause, by=by)
    with transaction.atomic():
        fresh = _open(pause)
        since = at - NUDGE_AGAIN_AFTER
        if was_told_since(fresh, "pause.nudge", since):
            raise UnableToUpdatePause("They were nudged already today; a nudge every hour is noise.")
        people = contractors_reached(fresh).filter(pk__in=people_lacking(fresh, lack).values("pk"))
        number = people.count()
        if not number:
            raise UnableToUpdatePause("Nobody is left to nudge.")
        message = pause_message(
            template="pause_nudge",
            pause=fresh,
            update=fresh.updates.latest("at", "pk"),
            locales=locales_of(people),
            at=at,
            key=f"{fresh.ref}:nudge:{at.isoformat()}",
        )
        outbox.stage(message, recipients=people_recipients(people, _times(fresh)), at=at)
        outbox.ring_after_commit()
        record(
            verb="people.nudged",
            subject_ref=fresh.ref,
            before={},
            after={"lack": lack, "people": number},
            by=by,
            at=at,
        )
        return number


def tell_on_other_channel(*, pause: Pause, delivery_ids: Sequence[int], by: User | None, at: datetime) -> int:
    """Send the latest word to the people of these deliveries on the channel that has not failed; how many are tried.

    Somebody without an address there cannot be tried. Raises NotAllowed or UnableToUpdatePause.
    """
    _refuse_strangers(pause, by=by)
    with transaction.atomic():
        fresh = _open(pause)
        tried = 0
        for channel, contractors in sorted(failed_channels(fresh, delivery_ids).items()):
            other = OTHER.get(Channel(channel))
            if other is not None:
                tried += _tell_on(fresh, other, contractors, at=at)
        if not tried:
            raise UnableToUpdatePause("None of them has an address on another channel; please phone them.")
        outbox.ring_after_commit()
        told = {"deliveries": list(delivery_ids), "tried": tried}
        record(verb="people.tried_elsewhere", subject_ref=fresh.ref, before={}, after=told, by=by, at=at)
        return tried


def _tell_on(pause: Pause, channel: Channel, contractors: Sequence[int], *, at: datetime) -> int:
    people = contractors_reached(pause).filter(pk__in=contractors)
    alone = [
        recipient._replace(addresses={channel: recipient.addresses[channel]}, fallbacks={})
        for recipient in people_recipients(people, _times(pause))
        if channel in recipient.addresses
    ]
    if alone:
        update = pause.updates.latest("at", "pk")
        message = pause_message(
            template="pause_opened" if pause.starts_at <= at else "pause_scheduled",
            pause=pause,
            update=update,
            locales=locales_of(people),
            at=at,
            key=f"{pause.ref}:{channel}:{at.isoformat()}",
        )
        outbox.stage(message, recipients=iter(alone), at=at)
    return len(alone)


def _times(pause: Pause) -> dict[str, datetime | None]:
    return {"since": pause.starts_at, "until": pause.ends_at, "next_word": pause.next_update_by}


def _open(pause: Pause) -> Pause:
    fresh = locked_pause(pause)
    if not fresh.is_open:
        raise UnableToUpdatePause(f"Pause {fresh.pk} is {fresh.get_state_display().lower()}.")
    return fresh


def _refuse_strangers(pause: Pause, *, by: User | None) -> None:
    if by is not None and not access.may_change_pause(by, pause):
        raise NotAllowed("You may do this only for pauses of projects you lead and clients you own.")
