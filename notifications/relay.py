"""Claims, looks again, sends, records: many deliveries on their way at once, no network inside a transaction."""

import time
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from notifications import states
from notifications.channels.base import CANNOT_CONNECT, Outcome, Parcel, Reply
from notifications.claims import claim_batch, is_anything_more_urgent, keep_lease, lease, release
from notifications.models import Batch
from notifications.pacing import park_for_pace, take_tokens
from notifications.parcels import DueRow, ParcelMaker, WordsOfNotices, due_rows, still_due, withdraw
from notifications.ports import Ports
from notifications.recording import record_replies
from notifications.rows import mark_sending

LOOK_AGAIN_SECONDS: Final = 2.0  # how old the business's last word on who is still to be told may be
LOOK_FOR_URGENT_SECONDS: Final = 0.5
LAGGING_BATCHES: Final = 6  # batches kept open only because some of their replies lag
GOODBYE_SECONDS: Final = 4.0  # how long a relay that is asked to stop waits for replies
POISON_WAIT: Final = timedelta(minutes=1)

Clock = Callable[[], datetime]

logger = structlog.get_logger(__name__)


def relay(
    *,
    clock: Clock,
    channels: list[str] | None = None,
    ports: Ports | None = None,
    for_seconds: float | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    on_claim: Callable[[], None] = lambda: None,
) -> int:
    """Send whatever is due until nothing is, or until the time is up; the number of replies recorded.

    `on_claim` is called once, when the first batch is claimed: others may be worth waking.
    """
    held = ports or Ports(at=clock())
    turn = _Turn(clock=clock, channels=channels, ports=held, on_claim=on_claim)
    until = None if for_seconds is None else time.monotonic() + for_seconds
    try:
        return turn.run(
            is_over=lambda: until is not None and time.monotonic() >= until, should_stop=should_stop
        )
    finally:
        turn.let_go()
        held.close()


@dataclass(slots=True, eq=False)
class _OpenBatch:
    """A claimed batch: rows whose turn is still to come, and the attempts whose replies are."""

    batch: Batch
    maker: ParcelMaker
    rows: deque[DueRow]
    leased_at: float
    looked_at: float = float("-inf")
    looked_for_urgent_at: float = 0.0
    held: dict[int, uuid.UUID] = field(default_factory=dict)
    postponed_to: datetime | None = None


@dataclass(slots=True)
class _Taken:
    """Rows that were looked at (the first of the batch), and the parcels of those that this attempt holds."""

    looked_at: int = 0
    parcels: list[Parcel] = field(default_factory=list)
    goes_on: bool = False


class _Turn:
    """One relay's turn: its open batches, and what is on its way."""

    def __init__(
        self, *, clock: Clock, channels: list[str] | None, ports: Ports, on_claim: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._channels = channels
        self._ports = ports
        self._on_claim: Callable[[], None] | None = on_claim
        self._words = WordsOfNotices()
        self._open: dict[int, _OpenBatch] = {}
        self._current: _OpenBatch | None = None
        self._batch_of: dict[int, _OpenBatch] = {}
        self._paced_until: float | None = None

    def run(self, *, is_over: Callable[[], bool], should_stop: Callable[[], bool]) -> int:
        """Go round until nothing is due or it is over; then wait a little for the replies still to come."""
        recorded = 0
        goodbye = float("inf")
        while True:
            if goodbye == float("inf") and (is_over() or should_stop()):
                patience = GOODBYE_SECONDS if should_stop() else settings.EMAIL_TIMEOUT + 1.0
                goodbye = time.monotonic() + patience
                self._current = None
            if goodbye == float("inf") and self._current is None and len(self._open) < LAGGING_BATCHES:
                self._claim()
            self._look_again()
            recorded += self._write(self._collect())
            if self._current is None and not self._batch_of:
                if goodbye < float("inf") or not self._wait_for_pace():
                    return recorded
            elif time.monotonic() > goodbye:
                return recorded

    def let_go(self) -> None:
        """Give back every batch; what was handed over and not answered for becomes unknown with it."""
        with suppress(OperationalError, InterfaceError):  # then the leases run out, to the same effect
            for opened in self._open.values():
                release(opened.batch, at=self._clock())
        self._open.clear()

    def _claim(self) -> None:
        batch = claim_batch(at=self._clock(), channels=self._channels, but=list(self._open))
        if batch is None:
            return
        rows = due_rows(batch, at=self._clock())
        maker = ParcelMaker(batch, rows, self._words)
        self._current = _OpenBatch(batch, maker, deque(rows), leased_at=time.monotonic())
        self._open[batch.pk] = self._current
        if self._on_claim is not None:
            self._on_claim()
            self._on_claim = None

    def _look_again(self) -> None:
        """Ask the business once more who is still to be told; a batch that cannot be asked about is put off."""
        opened = self._current
        if opened is None or time.monotonic() - opened.looked_at < LOOK_AGAIN_SECONDS:
            return
        try:
            opened.rows = deque(still_due(opened.batch, list(opened.rows), at=self._clock()))
            opened.looked_at = time.monotonic()
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # one batch that cannot be judged must not stop all the others
            logger.exception("batch.put_off", batch=opened.batch.pk)
            opened.rows.clear()
            opened.postponed_to = self._clock() + POISON_WAIT

    def _collect(self) -> list[tuple[_OpenBatch, Reply]]:
        """Replies that came, of every lane with something on its way; waits only where there is no room for more."""
        found: list[tuple[_OpenBatch, Reply]] = []
        busy = [port for port in self._ports.in_use() if port.outstanding]
        for port in busy:
            has_room = self._current is not None and port.outstanding < port.window // 2
            for reply in port.collect(wait_seconds=0.0 if has_room else 0.25 / len(busy)):
                opened = self._batch_of.pop(reply.delivery_id, None)
                if opened is not None:
                    found.append((opened, reply))
        return found

    def _write(self, replies: list[tuple[_OpenBatch, Reply]]) -> int:
        """Record replies and take the next rows in one transaction, then hand these to the network."""
        token = uuid.uuid4()
        patience = time.monotonic() + lease().total_seconds() / 2
        recorded, taken = 0, _Taken()
        while True:
            try:
                with transaction.atomic():
                    recorded = self._record(replies)
                    taken = self._take(token)
                break
            except (OperationalError, InterfaceError) as error:
                # The replies are worth keeping: a database that restarts is waited for, or they would be unknown.
                if time.monotonic() > patience or connection.in_atomic_block:
                    raise
                logger.warning("relay.database_away", error=type(error).__name__)
                connection.close()
                time.sleep(0.3)
        for opened, reply in replies:
            opened.held.pop(reply.delivery_id, None)
        self._hand_over(taken, token=token)
        if self._current is not None and (not taken.goes_on or _stands_still(replies, self._current)):
            self._current = None
        self._close_finished()
        return recorded

    def _record(self, replies: list[tuple[_OpenBatch, Reply]]) -> int:
        by_batch: dict[_OpenBatch, list[Reply]] = {}
        for opened, reply in replies:
            by_batch.setdefault(opened, []).append(reply)
        return sum(
            record_replies(held=opened.held, replies=found, lane=opened.batch.lane, at=self._clock())
            for opened, found in by_batch.items()
        )

    def _take(self, token: uuid.UUID) -> _Taken:
        """Mark the next rows as being sent; after a failed write the same token takes the same rows again."""
        opened = self._current
        if opened is None or not self._may_go_on(opened):
            return _Taken()
        lane = opened.batch.lane
        port = self._ports.of(lane)
        room = min(port.window - port.outstanding, len(opened.rows))
        if room <= 0:
            return _Taken(goes_on=True)
        allowed = take_tokens(lane, wanted=room, at=self._clock())
        if allowed == 0:
            wait = park_for_pace(lane, at=self._clock())
            self._paced_until = time.monotonic() + wait.total_seconds()
            return _Taken()
        # Half a lease: a process that was stopped and continued must not begin what others have taken up.
        not_after = time.monotonic() + lease().total_seconds() / 2
        parcels = [opened.maker.parcel(row, not_after=not_after) for row in islice(opened.rows, allowed)]
        ids = [parcel.delivery_id for parcel in parcels]
        held = mark_sending(ids=ids, token=token, at=self._clock())
        mine = [parcel for parcel in parcels if parcel.delivery_id in held]
        return _Taken(looked_at=allowed, parcels=mine, goes_on=True)

    def _may_go_on(self, opened: _OpenBatch) -> bool:
        """Whether the batch is still ours, its lane moving, its notice not overtaken, nothing more urgent waiting."""
        at = self._clock()
        facts = Batch.objects.filter(pk=opened.batch.pk, lease_token=opened.batch.lease_token).values_list(
            "notice__overtaken_at", "notice__overtaken_reason", "lane__is_stopped", "lane__parked_until"
        )
        row = facts.first()
        if row is None or row[2] or (row[3] is not None and row[3] > at):
            return False
        if row[0] is not None:
            withdraw([due.pk for due in opened.rows], state=states.SUPERSEDED, reason=row[1], at=at)
            opened.rows.clear()
        now = time.monotonic()
        if opened.batch.priority > 0 and now - opened.looked_for_urgent_at > LOOK_FOR_URGENT_SECONDS:
            opened.looked_for_urgent_at = now
            if is_anything_more_urgent(opened.batch, at=at):
                return False
        return bool(opened.rows)

    def _hand_over(self, taken: _Taken, *, token: uuid.UUID) -> None:
        opened = self._current
        if opened is None:
            return
        for _ in range(taken.looked_at):
            opened.rows.popleft()
        for parcel in taken.parcels:
            opened.held[parcel.delivery_id] = token
            self._batch_of[parcel.delivery_id] = opened
        self._ports.of(opened.batch.lane).hand_over(taken.parcels)

    def _close_finished(self) -> None:
        now, at = time.monotonic(), self._clock()
        if self._current is not None and not self._current.rows:
            self._current = None
        for pk, opened in list(self._open.items()):
            if opened is not self._current and not opened.held:
                release(opened.batch, at=at, postponed_to=opened.postponed_to)
                del self._open[pk]
                logger.info("batch.relayed", batch=pk, lane=opened.batch.lane_id)
            elif now - opened.leased_at > lease().total_seconds() / 3:
                opened.leased_at = now
                if not keep_lease(opened.batch, at=at):
                    opened.rows.clear()

    def _wait_for_pace(self) -> bool:
        """A lane that this relay has parked for its pace is waited for: a bell for every second would be dearer."""
        if self._paced_until is None:
            return False
        left, self._paced_until = self._paced_until - time.monotonic(), None
        if left > 0:
            time.sleep(left)
        return True


def _stands_still(replies: list[tuple[_OpenBatch, Reply]], current: _OpenBatch) -> bool:
    """Whether going on would be in vain: the lane was throttled, stopped, or its far end cannot be reached."""
    mine = [reply for opened, reply in replies if opened.batch.lane_id == current.batch.lane_id]
    return any(
        reply.outcome in {Outcome.THROTTLED, Outcome.STOPPED} or reply.code == CANNOT_CONNECT
        for reply in mine
    )
