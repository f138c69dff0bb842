"""Takes back what came of mails after they were sent: delivered, bounced, complained of, unsubscribed."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from notifications import states
from notifications.dsn import Fate, Returned
from notifications.messages import Channel
from notifications.models import Attempt, Delivery
from notifications.outbox import fall_back, ring_after_commit
from notifications.preferences import PERSONAL_CHANNELS, Category, Preferences, Way
from notifications.recording import suppress
from notifications.troubles import note_troubles
from notifications.wishes import keep_wishes, wishes_of_one

ABOUT_AN_ADDRESS: Final = timedelta(days=7)
_SENT: Final = (states.SENT, states.DELIVERED, states.UNKNOWN)


def take_back(returned: Returned, *, at: datetime, address: str = "") -> int:
    """Record one word about a mail of ours; the number of deliveries it was news to.

    The mail is known by its Message-ID. A provider whose word is signed may name an `address` instead: then it is
    the latest mail to that address of the last week. The same word again changes nothing.
    """
    with transaction.atomic():
        found = list(_deliveries(returned, address=address, at=at))
        news = sum(_take_one(row, returned, at=at) for row in found)
        if news:
            ring_after_commit()
        return news


def unsubscribe(*, recipient_key: str, category: Category, channel: Channel, at: datetime) -> None:
    """Mute one category on one channel for this recipient; critical news cannot be muted so."""
    if category == Category.CRITICAL or channel not in PERSONAL_CHANNELS:
        return
    with transaction.atomic():
        wishes = wishes_of_one(recipient_key)
        ways = {**wishes.ways, (category, channel): Way.NEVER}
        keep_wishes(recipient_key, Preferences(ways, wishes.quiet_hours, wishes.digest_at), at=at)


def _deliveries(returned: Returned, *, address: str, at: datetime) -> QuerySet[Delivery]:
    mails = Delivery.objects.filter(channel=Channel.EMAIL).select_related("recipient", "notice")
    if returned.message_ids:
        keys = {int(name[1:].partition(".")[0]): name for name in returned.message_ids}
        return mails.filter(pk__in=keys, message_id__in=keys.values())
    if not address:
        return mails.none()
    lately = mails.filter(
        address=address.strip().lower(), notice__staged_at__gte=at - ABOUT_AN_ADDRESS, state__in=_SENT
    )
    return mails.filter(pk__in=list(lately.order_by("-pk").values_list("pk", flat=True)[:1]))


def _take_one(row: Delivery, returned: Returned, *, at: datetime) -> bool:
    if returned.fate == Fate.DELIVERED:
        return bool(_move(row, (states.SENT, states.UNKNOWN), states.DELIVERED, reason="", at=at))
    if returned.fate == Fate.DELAYED:
        return False
    if returned.fate == Fate.UNSUBSCRIBED:
        unsubscribe(recipient_key=row.recipient.key, category=Category.UPDATE, channel=Channel.EMAIL, at=at)
        return True
    if returned.fate == Fate.COMPLAINED:
        return _take_complaint(row, returned, at=at)
    if not _move(row, _SENT, states.BOUNCED, reason=returned.reason or "it came back", at=at):
        return False
    Attempt.objects.create(
        delivery=row,
        token=row.attempt_token or Delivery.new_token(),
        at=at,
        outcome="permanent",
        code="bounce",
        detail=returned.reason[:300],
    )
    if returned.fate == Fate.DEAD:
        suppress(channel=Channel.EMAIL, address=row.address, reason=returned.reason or "it came back", at=at)
    fall_back(delivery_ids=[row.pk], at=at)
    note_troubles([row.pk], at=at)
    return True


def _take_complaint(row: Delivery, returned: Returned, *, at: datetime) -> bool:
    """Who marks us as spam gets no more mail: mail providers hold whoever goes on against every other reader."""
    is_new = suppress(channel=Channel.EMAIL, address=row.address, reason=returned.reason, at=at)
    if is_new:
        note_troubles([row.pk], at=at)
    return is_new


def _move(row: Delivery, before: tuple[str, ...], after: str, *, reason: str, at: datetime) -> int:
    return Delivery.objects.filter(pk=row.pk, state__in=before).update(
        state=after, reason=reason[:300], recorded_at=at, attempt_token=None
    )
