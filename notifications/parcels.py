"""From ledger rows to parcels: who is still to be told, the frozen words of a notice, and what is a person's own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from notifications import states
from notifications.channels.base import Parcel, Words
from notifications.messages import Channel
from notifications.models import Batch, Delivery, Notice, Recipient, Suppression
from notifications.outbox import fall_back
from notifications.planning import MUTED, category_of
from notifications.preferences import AS_IT_COMES, Category, Way, not_before
from notifications.troubles import note_troubles
from notifications.unsubscribing import unsubscribe_link
from notifications.wishes import wishes_of

FALLBACK_LOCALE: Final = "en"
_KEPT_WORDS: Final = 100
_KEPT_NOTICES: Final = 20
Recheck = Callable[[str, Sequence[str]], Mapping[str, str]]


class DueRow(NamedTuple):
    """One delivery as a relay needs it."""

    pk: int
    address: str
    message_id: str
    key: str
    name: str
    locale: str
    time_zone: str
    fields: Mapping[str, str]


def due_rows(batch: Batch, *, at: datetime) -> list[DueRow]:
    """The deliveries of a batch that wait and are due, in the order in which they were promised."""
    due = Delivery.objects.filter(batch=batch, state__in=states.WAITING, due_at__lte=at).order_by("pk")
    columns = due.values_list(
        "pk",
        "address",
        "message_id",
        "recipient__key",
        "recipient__name",
        "recipient__locale",
        "recipient__time_zone",
        Cast("recipient__fields", TextField()),
    )
    return [DueRow._make((*facts, orjson.loads(fields))) for *facts, fields in columns]


class WordsOfNotices:
    """Notices, and their words by language and channel, made once for as long as a relay runs."""

    def __init__(self) -> None:
        self._notices: dict[int, Notice] = {}
        self._known: dict[tuple[int, str, str], Words] = {}

    def notice(self, pk: int) -> Notice:
        """A notice as it was staged; whether it still stands is asked of the ledger."""
        if pk not in self._notices:
            if len(self._notices) >= _KEPT_NOTICES:
                self._notices.clear()
            self._notices[pk] = Notice.objects.get(pk=pk)
        return self._notices[pk]

    def of(self, notice: Notice, *, locale: str, channel: str) -> Words:
        """The words in this language, or in its base language, or in English."""
        key = (notice.pk, locale, channel)
        words = self._known.get(key)
        if words is None:
            if len(self._known) >= _KEPT_WORDS:
                self._known.clear()
            content = _content(notice.contents, locale, channel)
            words = self._known[key] = Words(
                content["subject"], content["text"], content["html"], tuple(content["blocks"])
            )
        return words


class ParcelMaker:
    """Makes the parcels of one batch."""

    def __init__(self, batch: Batch, words: WordsOfNotices) -> None:
        self._notice = batch.notice
        self._channel = batch.lane.channel
        self._category = category_of(batch.notice.category)
        self._words = words
        self._earlier = first_of_thread(batch)

    def parcel(self, row: DueRow, *, not_after: float) -> Parcel:
        """One delivery's parcel; `not_after` is when the claim on it ends, on the monotonic clock."""
        earlier = self._earlier.get(row.key, "")
        is_post = self._channel == Channel.SLACK_CHANNEL
        return Parcel(
            delivery_id=row.pk,
            address=row.address,
            name=row.name,
            message_id=row.message_id,
            words=self._words.of(self._notice, locale=row.locale, channel=self._channel),
            fields=row.fields,
            references="" if is_post else earlier,
            thread_ref=earlier if is_post else "",
            category=self._notice.category,
            unsubscribe_link=self._unsubscribe_link(row.key),
            not_after=not_after,
        )

    def _unsubscribe_link(self, key: str) -> str:
        if self._channel != Channel.EMAIL:
            return ""
        return unsubscribe_link(recipient_key=key, category=self._category)


def _content(contents: Mapping[str, Any], locale: str, channel: str) -> Mapping[str, Any]:
    for candidate in (locale, locale.split("-")[0].split("_")[0], FALLBACK_LOCALE):
        if channel in contents.get(candidate, {}):
            found: Mapping[str, Any] = contents[candidate][channel]
            return found
    any_language: Mapping[str, Any] = next(words for words in contents.values() if channel in words)[channel]
    return any_language


def first_of_thread(batch: Batch) -> dict[str, str]:
    """By recipient, the first word of this thread before this one: a mail's Message-ID, a Slack post's reference."""
    notice, channel = batch.notice, batch.lane.channel
    if channel not in {Channel.EMAIL, Channel.SLACK_CHANNEL}:
        return {}
    earlier = list(
        Notice.objects.filter(thread_key=notice.thread_key, pk__lt=notice.pk).values_list("pk", flat=True)
    )
    if not earlier:
        return {}
    told = Delivery.objects.filter(
        notice__in=earlier,
        channel=channel,
        recipient__key__in=Recipient.objects.filter(deliveries__batch=batch).values("key"),
        state__in=[states.SENT, states.DELIVERED, states.UNKNOWN, states.BOUNCED],
    ).order_by("-pk")
    name = "message_id" if channel == Channel.EMAIL else "provider_ref"
    refs = told.exclude(**{name: ""}).values_list("recipient__key", name)
    return dict(refs)  # the oldest comes last and stays


def still_due(batch: Batch, rows: Sequence[DueRow], *, at: datetime) -> list[DueRow]:
    """Withdraw what is no longer to be sent, each with its reason; return the others in their order.

    What its reader has muted since, or would hear in their quiet hours, is kept from them too.
    """
    if not rows:
        return []
    notice, channel = batch.notice, batch.lane.channel
    rows = _as_wished(batch, rows, at=at)
    if notice.expires_at <= at:
        withdraw([row.pk for row in rows], state=states.EXPIRED, reason="too late to be of use", at=at)
        return []
    reasons = _recheck()(notice.subject_ref, [row.key for row in rows])
    held_back = dict(
        Suppression.objects.filter(
            channel=channel, address__in=Delivery.objects.filter(batch=batch).values("address")
        ).values_list("address", "reason")
    )
    if not reasons and not held_back:
        return rows
    fit: list[DueRow] = []
    silent: list[int] = []
    for row in rows:
        reason = reasons.get(row.key)
        if reason is not None:
            withdraw([row.pk], state=states.CANCELLED, reason=reason, at=at)
        elif row.address in held_back:
            why = f"this address refused before: {held_back[row.address]}"
            withdraw([row.pk], state=states.SUPPRESSED, reason=why, at=at)
            silent.append(row.pk)
        else:
            fit.append(row)
    if silent:
        fall_back(delivery_ids=silent, at=at)
        note_troubles(silent, at=at)
    return fit


def _as_wished(batch: Batch, rows: Sequence[DueRow], *, at: datetime) -> list[DueRow]:
    """Leave out what is not critical for those who muted it after it was promised, or whose night it is."""
    category = category_of(batch.notice.category)
    if category == Category.CRITICAL:
        return list(rows)
    wishes = wishes_of(row.key for row in rows)
    channel = Channel(batch.lane.channel)
    fit: list[DueRow] = []
    for row in rows:
        wish = wishes.get(row.key, AS_IT_COMES)
        until = not_before(category, wish, at=at, time_zone=row.time_zone)
        if wish.way(category, channel) == Way.NEVER:
            withdraw([row.pk], state=states.SUPPRESSED, reason=MUTED, at=at)
        elif until > at:
            Delivery.objects.filter(pk=row.pk, state__in=states.WAITING).update(due_at=until)
        else:
            fit.append(row)
    return fit


def withdraw(pks: Sequence[int], *, state: str, reason: str, at: datetime) -> int:
    """Take waiting deliveries out of the queue; the number taken."""
    return Delivery.objects.filter(pk__in=pks, state__in=states.WAITING).update(
        state=state, reason=reason[:300] or "withdrawn", recorded_at=at
    )


def _recheck() -> Recheck:
    """The business's own last look, named in the settings; without one everybody stays due."""
    path = getattr(settings, "NOTIFICATIONS_RECHECK", "")
    if not path:
        return lambda subject_ref, keys: {}
    found: Recheck = import_string(path)
    return found
