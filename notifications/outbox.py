"""Promises: stages, supersedes, cancels and requeues deliveries inside the caller's transaction, and rings the bell."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from notifications import jobs, states
from notifications.messages import Channel, Message, Recipient
from notifications.models import Batch, Delivery, Lane, Notice
from notifications.models import Recipient as RecipientRow
from notifications.rows import insert_rows, new_ids

BATCH_SIZE: Final = 500
PRIORITY: Final = {Channel.SLACK_CHANNEL: 0, Channel.EMAIL: 1, Channel.WEBHOOK: 1, Channel.SLACK_DM: 2}
DEFAULT_LANE: Final = "default"


@dataclass(slots=True)
class StagedNotice:
    """What was promised: the notice, how many deliveries by channel, and whether it is new."""

    notice_id: int
    is_new: bool
    deliveries: dict[str, int] = field(default_factory=dict)


def stage(
    message: Message, *, recipients: Iterable[Recipient], at: datetime, not_before: datetime | None = None
) -> StagedNotice:
    """Promise a message to recipients on every channel they have an address for.

    The same idempotency key again is the same notice: nothing is added. Raises RuntimeError outside a transaction.
    """
    _refuse_outside_transaction()
    standing = Notice.objects.filter(idempotency_key=message.idempotency_key).first()
    if standing is not None:
        return StagedNotice(standing.pk, is_new=False)
    notice = Notice.objects.create(
        kind=message.kind,
        category=message.category,
        subject_ref=message.subject_ref,
        thread_key=message.thread_key,
        idempotency_key=message.idempotency_key,
        contents=_contents_json(message),
        staged_at=at,
        expires_at=message.expires_at,
    )
    staged = StagedNotice(notice.pk, is_new=True)
    lanes = _Lanes()
    for group in _groups(recipients):
        _write_group(group, notice=notice, lanes=lanes, staged=staged, at=at, due_at=not_before or at)
    return staged


def supersede(*, subject_ref: str, kinds: Sequence[str] | None, reason: str, at: datetime) -> int:
    """Take back every delivery about this subject that has not left yet; the number taken back."""
    _refuse_outside_transaction()
    return _withdraw(subject_ref, kinds, recipient_key=None, state=states.SUPERSEDED, reason=reason, at=at)


def cancel(*, subject_ref: str, recipient_key: str, reason: str, at: datetime) -> int:
    """Take back what is waiting for one recipient about this subject; the number taken back."""
    _refuse_outside_transaction()
    return _withdraw(
        subject_ref, None, recipient_key=recipient_key, state=states.CANCELLED, reason=reason, at=at
    )


def requeue(*, delivery_ids: Sequence[int], by_ref: str, at: datetime) -> int:
    """Put failed, bounced, suppressed, expired or unknown deliveries back in the queue; the number put back."""
    _refuse_outside_transaction()
    allowed = [state for state, after in states.FOLLOWS.items() if states.QUEUED in after]
    rows = Delivery.objects.filter(pk__in=delivery_ids, state__in=allowed).exclude(
        state__in=[states.CLAIMED, states.SENDING]
    )
    batches = set(rows.values_list("batch_id", flat=True))
    count = rows.update(
        state=states.QUEUED,
        due_at=at,
        tries=0,
        reason=f"requeued by {by_ref}",
        recorded_at=at,
        attempt_token=None,
    )
    Batch.objects.filter(pk__in=batches).update(is_done=False, due_at=at)
    return count


def ring_after_commit() -> None:
    """Ring the relay's bell once the transaction holds; a broker that is away is no error, the sweep finds the rows."""
    transaction.on_commit(jobs.ring_relay, robust=True)


def _withdraw(
    subject_ref: str,
    kinds: Sequence[str] | None,
    *,
    recipient_key: str | None,
    state: str,
    reason: str,
    at: datetime,
) -> int:
    rows = Delivery.objects.filter(notice__subject_ref=subject_ref, state__in=states.WAITING)
    if kinds is not None:
        rows = rows.filter(notice__kind__in=kinds)
    if recipient_key is not None:
        rows = rows.filter(recipient__key=recipient_key)
    return rows.update(state=state, reason=reason, recorded_at=at)


def _refuse_outside_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("A promise belongs to the transaction of the fact it tells.")


def _contents_json(message: Message) -> dict[str, dict[str, object]]:
    contents: dict[str, dict[str, object]] = {}
    for (locale, channel), content in message.contents.items():
        contents.setdefault(locale, {})[channel.value] = {
            "subject": content.subject,
            "text": content.text,
            "html": content.html,
            "blocks": list(content.blocks),
        }
    return contents


class _Lanes:
    """The lane of each channel, looked up or made once."""

    def __init__(self) -> None:
        self._known: dict[Channel, int] = {}

    def of(self, channel: Channel) -> int:
        if channel not in self._known:
            lane, _made = Lane.objects.get_or_create(
                channel=channel, name=DEFAULT_LANE, defaults={"per_second": PACE.get(channel, 0.0)}
            )
            self._known[channel] = lane.pk
        return self._known[channel]


# "Several hundred messages per minute" a workspace, one a second a channel (Slack's page of chat.postMessage).
PACE: Final = {Channel.SLACK_DM: 5.0, Channel.SLACK_CHANNEL: 1.0}


def _message_id(channel: Channel) -> str:
    """The name a delivery is known by at the other end, promised with it: the same however often it is sent."""
    name = str(uuid.uuid4())
    return f"<{name}@{_mail_domain()}>" if channel == Channel.EMAIL else name


def _mail_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _groups(recipients: Iterable[Recipient]) -> Iterator[list[Recipient]]:
    rest = iter(recipients)
    while group := list(islice(rest, BATCH_SIZE)):
        yield group


def _write_group(
    group: list[Recipient],
    *,
    notice: Notice,
    lanes: _Lanes,
    staged: StagedNotice,
    at: datetime,
    due_at: datetime,
) -> None:
    """Write the recipients, one batch a channel, and the deliveries of up to BATCH_SIZE people."""
    ids = new_ids(RecipientRow, len(group))
    insert_rows(
        RecipientRow,
        ("id", "notice", "key", "name", "locale", "time_zone", "fields"),
        (
            (pk, notice.pk, person.key, person.name, person.locale, person.time_zone, dict(person.fields))
            for pk, person in zip(ids, group, strict=True)
        ),
    )
    channels = sorted({channel for person in group for channel in person.addresses}, key=PRIORITY.__getitem__)
    for channel in channels:
        batch = Batch.objects.create(
            notice=notice, lane_id=lanes.of(channel), priority=PRIORITY[channel], due_at=due_at
        )
        promised = [
            (pk, person) for pk, person in zip(ids, group, strict=True) if channel in person.addresses
        ]
        insert_rows(
            Delivery,
            (
                "notice",
                "recipient",
                "batch",
                "channel",
                "address",
                "state",
                "due_at",
                "tries",
                "message_id",
                "provider_ref",
                "reason",
                "recorded_at",
            ),
            (
                (
                    notice.pk,
                    pk,
                    batch.pk,
                    channel.value,
                    person.addresses[channel],
                    states.QUEUED,
                    due_at,
                    0,
                    _message_id(channel),
                    "",
                    "",
                    at,
                )
                for pk, person in promised
            ),
        )
        staged.deliveries[channel.value] = staged.deliveries.get(channel.value, 0) + len(promised)
