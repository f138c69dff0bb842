"""Promises: stages, supersedes, cancels and requeues deliveries inside the caller's transaction, and rings the bell."""

import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

import orjson
from django.conf import settings
from django.db import connection, transaction

from notifications import jobs, states
from notifications.collector import collector_at_rest
from notifications.messages import Channel, Message, Recipient, slack_workspace_of
from notifications.models import Batch, Delivery, HeldForDigest, Lane, Notice, Suppression, Watch
from notifications.models import Recipient as RecipientRow
from notifications.planning import Promise, plan
from notifications.preferences import Preferences
from notifications.rows import insert_rows, new_ids
from notifications.sealing import seal
from notifications.wishes import wishes_of

GROUP_SIZE: Final = 10_000
"""As many people are written with one COPY: while they are planned, the server takes in those before."""
BATCH_SIZE: Final = -(-GROUP_SIZE // 12)
"""As many deliveries a relay takes up at once: twelve batches are shared evenly by two, three, four or six relays."""
MORE_RELAYS: Final = 3
"""As many relays are rung beside the first where there are batches for them: one after another they wake more."""
PRIORITY: Final = {Channel.SLACK_CHANNEL: 0, Channel.EMAIL: 1, Channel.WEBHOOK: 1, Channel.SLACK_DM: 2}
DEFAULT_LANE: Final = "default"
_SLACK: Final = frozenset({Channel.SLACK_CHANNEL, Channel.SLACK_DM})


@dataclass(slots=True)
class StagedNotice:
    """What was promised: the notice, how many deliveries by channel, and whether it is new."""

    notice_id: int
    is_new: bool
    deliveries: dict[str, int] = field(default_factory=dict)


def stage(
    message: Message,
    *,
    recipients: Iterable[Recipient],
    at: datetime,
    not_before: datetime | None = None,
    supersedes: Sequence[str] = (),
    as_wished: bool = True,
) -> StagedNotice:
    """Promise a message to recipients on the channels they have an address for and wish to hear on.

    Without `as_wished` the addresses are used as they are given: a digest is what was wished for.
    `supersedes` names kinds of notices about the same subject that this one overtakes. The same idempotency key again
    is the same notice: nothing is added. Raises RuntimeError outside a transaction.
    """
    _refuse_outside_transaction()
    standing = Notice.objects.filter(idempotency_key=message.idempotency_key).first()
    if standing is not None:
        return StagedNotice(standing.pk, is_new=False)
    if supersedes:
        reason = f"overtaken by {message.kind}"
        supersede(subject_ref=message.subject_ref, kinds=supersedes, reason=reason, at=at)
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
    with collector_at_rest():
        for group in _groups(recipients):
            _write_group(
                group, notice=notice, lanes=lanes, staged=staged, due_at=not_before or at, as_wished=as_wished
            )
    for _ in range(min(MORE_RELAYS, sum(staged.deliveries.values()) // BATCH_SIZE)):
        ring_after_commit()
    return staged


def supersede(*, subject_ref: str, kinds: Sequence[str] | None, reason: str, at: datetime) -> int:
    """Take back every delivery about this subject that has not left yet; the number taken back.

    The notices themselves are marked, so that what is on its way just now is not tried a second time either.
    """
    _refuse_outside_transaction()
    notices = Notice.objects.filter(subject_ref=subject_ref, overtaken_at__isnull=True)
    if kinds is not None:
        notices = notices.filter(kind__in=kinds)
    notice_ids = list(notices.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=notice_ids).update(overtaken_at=at, overtaken_reason=reason[:300])
    rows = Delivery.objects.filter(notice__in=notice_ids)
    count = rows.filter(state__in=states.WAITING).update(
        state=states.SUPERSEDED, reason=reason[:300], recorded_at=at
    )
    return count + rows.filter(state=states.UNKNOWN).update(
        state=states.SUPERSEDED, reason=f"not known whether it arrived; {reason}"[:300], recorded_at=at
    )


def cancel(
    *, subject_ref: str | None = None, recipient_key: str | None = None, reason: str, at: datetime
) -> int:
    """Take back what waits about one subject, for one recipient, or both; the number taken back.

    Raises ValueError when neither is given.
    """
    _refuse_outside_transaction()
    if subject_ref is None and recipient_key is None:
        raise ValueError("Say what to cancel: a subject, a recipient, or both.")
    rows = Delivery.objects.filter(state__in=states.WAITING)
    if subject_ref is not None:
        rows = rows.filter(notice__subject_ref=subject_ref)
    if recipient_key is not None:
        rows = rows.filter(recipient__key=recipient_key)
    return rows.update(state=states.CANCELLED, reason=reason[:300], recorded_at=at)


def requeue(*, delivery_ids: Sequence[int], by_ref: str, at: datetime) -> int:
    """Put failed, bounced, suppressed or unknown deliveries back in the queue; the number put back.

    A person asks for it, so an address that was held back is tried again. What has been overtaken or comes too late
    stays where it is.
    """
    _refuse_outside_transaction()
    allowed = [state for state, after in states.FOLLOWS.items() if states.QUEUED in after]
    rows = Delivery.objects.filter(
        pk__in=delivery_ids, state__in=allowed, notice__overtaken_at__isnull=True, notice__expires_at__gt=at
    ).exclude(state__in=[states.CLAIMED, states.SENDING])
    found = list(rows.values_list("pk", "batch_id", "channel", "address"))
    for _pk, _batch, channel, address in found:
        Suppression.objects.filter(channel=channel, address=address).delete()
    count = Delivery.objects.filter(pk__in=[row[0] for row in found], state__in=allowed).update(
        state=states.QUEUED,
        due_at=at,
        tries=0,
        reason=f"requeued by {by_ref}"[:300],
        recorded_at=at,
        attempt_token=None,
    )
    Batch.objects.filter(pk__in={row[1] for row in found}).update(is_done=False, due_at=at)
    return count


def fall_back(*, delivery_ids: Sequence[int], at: datetime, why: str = "") -> int:
    """Promise what did not do on one channel on the recipient's next one; the number promised anew.

    `why` says it in words where the delivery's own reason does not. Who has no further address is left to the portal,
    and shows as unreachable. Nothing is promised of a notice that was overtaken or comes too late.
    """
    _refuse_outside_transaction()
    rows = Delivery.objects.filter(
        pk__in=delivery_ids, notice__overtaken_at__isnull=True, notice__expires_at__gt=at
    ).exclude(recipient__fallbacks={})
    lanes = _Lanes()
    count = 0
    for row in rows.select_related("recipient", "notice").order_by("pk"):
        used = set(row.recipient.deliveries.values_list("channel", flat=True))
        channel = next((Channel(name) for name in row.recipient.fallbacks if name not in used), None)
        if channel is None:
            continue
        address = str(row.recipient.fallbacks[channel])
        reason = f"instead of {row.channel}: {why or row.reason}"[:300]
        promise = Promise(channel, address, states.QUEUED, at, reason)
        _write_deliveries(
            [_ToWrite(row.recipient_id, row.recipient.key, promise)],
            notice=row.notice,
            lane_id=lanes.of(channel, _lane_name(channel, address)),
            channel=channel,
            at=at,
        )
        count += 1
    return count


def ring_after_commit() -> None:
    """Ring the relay's bell once the transaction holds; a broker that is away is no error, the sweep finds the rows."""
    transaction.on_commit(jobs.ring_relay, robust=True)


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
            **({"summary": content.summary} if content.summary else {}),
        }
    return contents


# "Several hundred messages per minute" a workspace, one a second a channel (Slack's page of chat.postMessage).
PACE: Final = {Channel.SLACK_DM: 5.0, Channel.SLACK_CHANNEL: 2.0, Channel.WEBHOOK: 20.0}
_DELIVERY_COLUMNS: Final = (
    "id",
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
)


class _Lanes:
    """The lane of each channel, looked up or made once: one a Slack workspace, one an endpoint of webhooks."""

    def __init__(self) -> None:
        self._known: dict[tuple[Channel, str], int] = {}

    def of(self, channel: Channel, name: str) -> int:
        """The lane's key."""
        if (channel, name) not in self._known:
            lane, _made = Lane.objects.get_or_create(
                channel=channel, name=name, defaults={"per_second": PACE.get(channel, 0.0)}
            )
            self._known[channel, name] = lane.pk
        return self._known[channel, name]


def _lane_name(channel: Channel, address: str) -> str:
    if channel in _SLACK:
        return slack_workspace_of(address) or DEFAULT_LANE
    return address if channel is Channel.WEBHOOK else DEFAULT_LANE


def _message_ids(channel: Channel, pks: Sequence[int]) -> list[str]:
    """The names deliveries are known by at the other end, promised with them: the same however often they are sent.

    A mail's name begins with its delivery's key, so that a bounce leads back; Slack's is opaque, for any app reads it.
    """
    if channel != Channel.EMAIL:
        return [str(uuid.uuid4()) for _ in pks]
    domain, chance = _mail_domain(), os.urandom(16 * len(pks)).hex()
    return [f"<{pk}.{chance[32 * at : 32 * at + 32]}@{domain}>" for at, pk in enumerate(pks)]


@cache
def _mail_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _groups(recipients: Iterable[Recipient]) -> Iterator[list[Recipient]]:
    rest = iter(recipients)
    while group := list(islice(rest, GROUP_SIZE)):
        yield group


def _write_group(
    group: list[Recipient],
    *,
    notice: Notice,
    lanes: _Lanes,
    staged: StagedNotice,
    due_at: datetime,
    as_wished: bool,
) -> None:
    """Write the recipients, and the batches and deliveries of each lane, of up to GROUP_SIZE people."""
    wishes = wishes_of(person.key for person in group) if as_wished else {}
    promises = _Promises(notice, wishes, due_at)
    insert_rows(
        RecipientRow,
        ("id", "notice", "key", "name", "locale", "time_zone", "fields", "fallbacks"),
        map(promises.recipient_row, new_ids(RecipientRow, len(group)), group),
    )
    look_at = notice.staged_at + timedelta(seconds=settings.NOTICE_UNOPENED_SECONDS)
    if promises.watched:
        insert_rows(Watch, ("recipient", "due_at"), [(pk, look_at) for pk in promises.watched])
    for (channel, name), promised in sorted(promises.by_lane.items(), key=lambda item: PRIORITY[item[0][0]]):
        lane_id = lanes.of(channel, name)
        _write_deliveries(promised, notice=notice, lane_id=lane_id, channel=channel, at=notice.staged_at)
        staged.deliveries[channel.value] = staged.deliveries.get(channel.value, 0) + len(promised)


class _ToWrite(NamedTuple):
    """A promise and the recipient it is made to."""

    recipient_id: int
    key: str
    promise: Promise


class _Promises:
    """Plans people one by one while their rows are on their way to the server; keeps what follows for each lane."""

    def __init__(self, notice: Notice, wishes: Mapping[str, Preferences], due_at: datetime) -> None:
        self._notice_id, self._category = notice.pk, notice.category
        self._wishes = wishes
        self._due_at = due_at
        self.by_lane: dict[tuple[Channel, str], list[_ToWrite]] = {}
        self.watched: list[int] = []
        """Recipients who have a channel in reserve."""

    def recipient_row(self, pk: int, person: Recipient) -> tuple[int | str, ...]:
        """The row of one recipient."""
        planned = plan(
            person, category=self._category, wishes=self._wishes.get(person.key), due_at=self._due_at
        )
        for promise in planned.promises:
            lane = promise.channel, _lane_name(promise.channel, promise.address)
            self.by_lane.setdefault(lane, []).append(_ToWrite(pk, person.key, promise))
        if planned.fallbacks:
            self.watched.append(pk)
        return (
            pk,
            self._notice_id,
            person.key,
            person.name,
            person.locale,
            person.time_zone,
            _json(dict(person.fields)),
            _json(_sealed(planned.fallbacks)) if planned.fallbacks else "{}",
        )


def _json(facts: Mapping[str, str]) -> str:
    return orjson.dumps(facts).decode()


def _sealed(fallbacks: Mapping[Channel, str]) -> dict[str, str]:
    return {
        channel.value: seal(to) if channel == Channel.SLACK_DM else to for channel, to in fallbacks.items()
    }


def _write_deliveries(
    promised: list[_ToWrite], *, notice: Notice, lane_id: int, channel: Channel, at: datetime
) -> None:
    """Write deliveries of one lane, in batches; each batch is due when the first of its deliveries is."""
    batch_ids = new_ids(Batch, -(-len(promised) // BATCH_SIZE))
    batches = [
        Batch(
            id=pk,
            notice=notice,
            lane_id=lane_id,
            priority=PRIORITY[channel],
            due_at=min(row.promise.due_at for row in promised[first : first + BATCH_SIZE]),
        )
        for pk, first in zip(batch_ids, range(0, len(promised), BATCH_SIZE), strict=True)
    ]
    Batch.objects.bulk_create(batches)
    delivery_ids = new_ids(Delivery, len(promised))
    notice_id, keep = notice.pk, seal if channel is Channel.SLACK_DM else str
    insert_rows(
        Delivery,
        _DELIVERY_COLUMNS,
        (
            (
                pk,
                notice_id,
                recipient_id,
                batch_ids[place // BATCH_SIZE],
                channel.value,
                keep(promise.address),
                promise.state,
                promise.due_at,
                0,
                message_id,
                "",
                promise.reason,
                at,
            )
            for place, (pk, message_id, (recipient_id, _key, promise)) in enumerate(
                zip(delivery_ids, _message_ids(channel, delivery_ids), promised, strict=True)
            )
        ),
    )
    held = [
        (pk, row.key, row.promise.digest_at)
        for pk, row in zip(delivery_ids, promised, strict=True)
        if row.promise.digest_at is not None
    ]
    if held:
        insert_rows(HeldForDigest, ("delivery", "recipient_key", "due_at"), held)
