"""Claims, looks again, sends, records: every lane at once, and never the network inside a transaction."""

import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from notifications import states
from notifications.channels.base import CANNOT_CONNECT, LANE_WIDE, ChannelPort, Outcome, Parcel, Reply
from notifications.claims import claim_batch, keep_lease, lease, release
from notifications.clock import Clock
from notifications.messages import Channel
from notifications.models import Batch, Lane
from notifications.pacing import park_for_pace, take_tokens
from notifications.parcels import DueRow, ParcelMaker, WordsOfNotices, due_rows, still_due, withdraw
from notifications.ports import Ports
from notifications.recording import record_troubles
from notifications.rows import Exchanged, NextRows, exchange, found_by_key

IN_FLIGHT_AT_MOST: Final = 64  # as many may become unknown when this process is killed
LOOK_AGAIN_SECONDS: Final = 2.0  # how old the business's last word on who is still to be told may be
LOOK_FOR_OTHERS_SECONDS: Final = 0.3  # how long a lane may wait for a relay that is busy with another one
LAGGING_BATCHES: Final = 6  # batches of a lane kept open only because some of their replies lag
LAGS_AFTER_SECONDS: Final = 2.0
GOODBYE_SECONDS: Final = 4.0  # how long a relay that is asked to stop waits for replies
DATABASE_AWAY_SECONDS: Final = 60.0  # how long a reply is kept for a database that is away
POISON_WAIT: Final = timedelta(minutes=1)

T = TypeVar("T")
Accepted = tuple[int, uuid.UUID, str]
_DATABASE_AWAY: Final = (OperationalError, InterfaceError)

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
    until = float("inf") if for_seconds is None else time.monotonic() + for_seconds
    try:
        with found_by_key():
            return turn.run(until=until, should_stop=should_stop)
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
    held: dict[int, uuid.UUID] = field(default_factory=dict)
    postponed_to: datetime | None = None


class _Turn:
    """One relay's turn: at most one batch a lane whose rows go out, and whatever is still on its way."""

    def __init__(
        self, *, clock: Clock, channels: list[str] | None, ports: Ports, on_claim: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._channels = channels
        self._ports = ports
        self._on_claim: Callable[[], None] | None = on_claim
        self._words = WordsOfNotices()
        self._lanes: dict[int, Lane] = {}
        self._open: dict[int, _OpenBatch] = {}
        self._current: dict[int, _OpenBatch] = {}  # by lane
        self._on_way: dict[int, tuple[_OpenBatch, float]] = {}  # by delivery, with when it was handed over
        self._looks_for_others_at = 0.0
        self._has_gap = True
        self._paced_until: float | None = None

    def run(self, *, until: float, should_stop: Callable[[], bool]) -> int:
        """Go round until nothing is due or it is over; then wait a little for the replies still to come."""
        recorded = 0
        goodbye = float("inf")
        while True:
            if goodbye == float("inf") and (should_stop() or self._is_time_up(until)):
                patience = GOODBYE_SECONDS if should_stop() else settings.EMAIL_TIMEOUT + 1.0
                goodbye = time.monotonic() + patience
                self._current.clear()
            if goodbye == float("inf"):
                self._claim()
            if not self._current and not self._on_way:
                if goodbye < float("inf") or not self._wait_for_pace():
                    return recorded
            elif time.monotonic() > goodbye:
                return recorded
            self._look_again()
            recorded += self._write(self._collect())
            self._close_finished()

    def let_go(self) -> None:
        """Give back every batch; what was handed over and not answered for becomes unknown with it."""
        with suppress(*_DATABASE_AWAY):  # then the leases run out, to the same effect
            for opened in self._open.values():
                release(opened.batch, at=self._clock())
        self._open.clear()

    # --- Taking up --------------------------------------------------------------------------------------------
    def _is_time_up(self, until: float) -> bool:
        """A turn goes on a little longer where replies lag: others need not wait for them together with it."""
        now = time.monotonic()
        if now < until:
            return False
        oldest = next(iter(self._on_way.values()), None)
        lags = oldest is not None and now - oldest[1] > LAGS_AFTER_SECONDS
        return not lags or now > until + settings.EMAIL_TIMEOUT

    def _claim(self) -> None:
        """Take up the next batch where one has ended; now and then, one of every lane that has none here."""
        now = time.monotonic()
        looks_for_others = now >= self._looks_for_others_at
        if (self._current or self._on_way) and not self._has_gap and not looks_for_others:
            return
        self._has_gap = False
        while self._take_up(self._ask(self._claimed)):
            if self._on_claim is not None:
                self._on_claim()
                self._on_claim = None
            if not looks_for_others:
                return
        self._looks_for_others_at = now + LOOK_FOR_OTHERS_SECONDS

    def _claimed(self) -> Batch | None:
        open_ones = Counter(opened.batch.lane_id for opened in self._open.values())
        lagging = [lane for lane, count in open_ones.items() if count >= LAGGING_BATCHES]
        return claim_batch(
            at=self._clock(),
            channels=self._channels,
            but=list(self._open),
            but_lanes=[*self._current, *lagging],
        )

    def _take_up(self, batch: Batch | None) -> bool:
        if batch is None:
            return False
        opened = self._ask(lambda: self._opened(batch))
        if opened is None:  # the lease runs out
            return False
        self._open[batch.pk] = self._current[batch.lane_id] = opened
        return True

    def _opened(self, batch: Batch) -> _OpenBatch:
        batch.notice = self._words.notice(batch.notice_id)
        if batch.lane_id not in self._lanes:
            self._lanes[batch.lane_id] = batch.lane
        batch.lane = self._lanes[batch.lane_id]
        rows = deque(due_rows(batch, at=self._clock()))
        return _OpenBatch(batch, ParcelMaker(batch, self._words), rows, leased_at=time.monotonic())

    def _look_again(self) -> None:
        """Ask the business once more who is still to be told; a batch that cannot be asked about is put off."""
        for opened in self._current.values():
            if time.monotonic() - opened.looked_at < LOOK_AGAIN_SECONDS:
                continue
            try:
                opened.rows = deque(still_due(opened.batch, list(opened.rows), at=self._clock()))
                opened.looked_at = time.monotonic()
            except _DATABASE_AWAY as error:
                self._reconnect(error)
            except Exception:  # one batch that cannot be judged must not stop all the others
                logger.exception("batch.put_off", batch=opened.batch.pk)
                opened.rows.clear()
                opened.postponed_to = self._clock() + POISON_WAIT

    # --- Sending and recording --------------------------------------------------------------------------------
    def _collect(self) -> list[tuple[_OpenBatch, Reply]]:
        """Replies that came; waits only where there is no room for more, and on the busiest channel alone."""
        busy = [port for port in self._ports.in_use() if port.outstanding]
        busiest = max(busy, key=lambda port: port.outstanding, default=None)
        has_room = self._has_room()
        found: list[tuple[_OpenBatch, Reply]] = []
        for port in busy:
            wait = 0.25 if port is busiest and not has_room else 0.0
            for reply in port.collect(wait_seconds=wait):
                waited = self._on_way.pop(reply.delivery_id, None)
                if waited is not None:
                    found.append((waited[0], reply))
        return found

    def _has_room(self) -> bool:
        """Whether a good handful of the next rows could be handed over at once."""
        ports = [self._ports.of(opened.batch.lane) for opened in self._current.values()]
        return len(self._on_way) <= IN_FLIGHT_AT_MOST // 2 and any(
            port.outstanding <= port.window // 2 for port in ports
        )

    def _write(self, replies: Sequence[tuple[_OpenBatch, Reply]]) -> int:
        """Record replies and take the next rows of every lane, handing these to the network once that holds."""
        recorded = self._surely(lambda: self._record_troubles(replies))
        for opened, reply in replies:
            if reply.outcome in LANE_WIDE or reply.code == CANNOT_CONNECT:
                self._put_aside(opened.batch.lane_id)  # going on would be in vain
        accepted = [
            (reply.delivery_id, opened.held[reply.delivery_id], reply.provider_ref)
            for opened, reply in replies
            if reply.outcome == Outcome.SENT
        ]
        for opened in sorted(self._current.values(), key=lambda opened: opened.batch.priority):
            if opened.looked_at > float("-inf"):
                recorded += self._go_on(opened, accepted)
                accepted = []
        if accepted:
            recorded += self._surely(lambda: exchange(sent=accepted, take=None, at=self._clock())).recorded
        for opened, reply in replies:
            opened.held.pop(reply.delivery_id, None)
        return recorded

    def _record_troubles(self, replies: Sequence[tuple[_OpenBatch, Reply]]) -> int:
        by_batch: dict[_OpenBatch, list[Reply]] = {}
        for opened, reply in replies:
            by_batch.setdefault(opened, []).append(reply)
        return sum(
            record_troubles(held=opened.held, replies=found, lane=opened.batch.lane, at=self._clock())
            for opened, found in by_batch.items()
            # An endpoint of webhooks is judged by what it takes as well.
            if opened.batch.lane.channel == Channel.WEBHOOK
            or any(reply.outcome != Outcome.SENT for reply in found)
        )

    def _go_on(self, opened: _OpenBatch, accepted: Sequence[Accepted]) -> int:
        """Record acceptances, and send the next rows of a batch as far as window and pace allow."""
        port = self._ports.of(opened.batch.lane)
        parcels = self._next_parcels(opened, port)
        take = self._meant(opened, parcels) if parcels else None
        if take is None and not accepted:
            return 0
        done = self._surely(lambda: exchange(sent=accepted, take=take, at=self._clock()))
        if take is not None and done.goes_on:
            self._hand_over(opened, port, parcels, take=take, done=done)
        elif take is not None:
            self._ask(lambda: self._drop_what_is_not_ours(opened))
            self._put_aside(opened.batch.lane_id)
        return done.recorded

    def _meant(self, opened: _OpenBatch, parcels: Sequence[Parcel]) -> NextRows | None:
        token = opened.batch.lease_token
        ids = [parcel.delivery_id for parcel in parcels]
        return NextRows(opened.batch.pk, token, ids, uuid.uuid4()) if token else None

    def _next_parcels(self, opened: _OpenBatch, port: ChannelPort) -> list[Parcel]:
        lane = opened.batch.lane
        room = min(port.window - port.outstanding, IN_FLIGHT_AT_MOST - len(self._on_way), len(opened.rows))
        if room <= 0:
            return []
        allowed = self._surely(lambda: take_tokens(lane, wanted=room, at=self._clock()))
        if allowed == 0:
            wait = self._surely(lambda: park_for_pace(lane, at=self._clock()))
            self._paced_until = time.monotonic() + wait.total_seconds()
            self._put_aside(lane.pk)
        # Half a lease: a process that was stopped and continued must not begin what others have taken up.
        not_after = time.monotonic() + lease().total_seconds() / 2
        return [opened.maker.parcel(row, not_after=not_after) for row in islice(opened.rows, allowed)]

    def _hand_over(
        self,
        opened: _OpenBatch,
        port: ChannelPort,
        parcels: Sequence[Parcel],
        *,
        take: NextRows,
        done: Exchanged,
    ) -> None:
        for _ in parcels:
            opened.rows.popleft()
        mine = [parcel for parcel in parcels if parcel.delivery_id in done.held]
        now = time.monotonic()
        for parcel in mine:
            opened.held[parcel.delivery_id] = take.token
            self._on_way[parcel.delivery_id] = (opened, now)
        port.hand_over(mine)

    def _drop_what_is_not_ours(self, opened: _OpenBatch) -> bool:
        """A batch that may not go on was overtaken or lost; where only its lane stands still, its rows wait."""
        batch = Batch.objects.filter(pk=opened.batch.pk, lease_token=opened.batch.lease_token)
        facts = batch.values_list("notice__overtaken_at", "notice__overtaken_reason").first()
        if facts is not None and facts[0] is not None:
            ids = [row.pk for row in opened.rows]
            withdraw(ids, state=states.SUPERSEDED, reason=facts[1], at=self._clock())
        if facts is None or facts[0] is not None:
            opened.rows.clear()
        return True

    # --- Putting away -----------------------------------------------------------------------------------------
    def _put_aside(self, lane_id: int) -> None:
        """Let go of a lane's batch for now, and look at once for something else to do."""
        self._current.pop(lane_id, None)
        self._has_gap = True

    def _close_finished(self) -> None:
        for opened in [opened for opened in self._current.values() if not opened.rows]:
            self._put_aside(opened.batch.lane_id)
        now = time.monotonic()
        for opened in list(self._open.values()):
            if not opened.held and opened is not self._current.get(opened.batch.lane_id):
                self._ask(lambda: self._close(opened))  # noqa: B023 - called at once
            elif now - opened.leased_at > lease().total_seconds() / 3:
                opened.leased_at = now
                if self._ask(lambda: keep_lease(opened.batch, at=self._clock())) is False:  # noqa: B023
                    opened.rows.clear()

    def _close(self, opened: _OpenBatch) -> None:
        release(opened.batch, at=self._clock(), postponed_to=opened.postponed_to)
        del self._open[opened.batch.pk]
        logger.info("batch.relayed", batch=opened.batch.pk, lane=opened.batch.lane_id)

    def _wait_for_pace(self) -> bool:
        """A lane that this relay has parked for its pace is waited for: a bell for every second would be dearer."""
        if self._paced_until is None:
            return False
        left, self._paced_until = self._paced_until - time.monotonic(), None
        if left > 0:
            time.sleep(left)
        return True

    # --- A database that restarts -----------------------------------------------------------------------------
    def _ask(self, act: Callable[[], T]) -> T | None:
        """Do what can as well be done later; None where the database is away."""
        try:
            return act()
        except _DATABASE_AWAY as error:
            self._reconnect(error)
            return None

    def _surely(self, act: Callable[[], T]) -> T:
        """Do what must not be left out, such as recording a reply: a database that restarts is waited for."""
        patience = time.monotonic() + DATABASE_AWAY_SECONDS
        while True:
            try:
                return act()
            except _DATABASE_AWAY as error:
                if time.monotonic() > patience:
                    raise
                self._reconnect(error)

    def _reconnect(self, error: Exception) -> None:
        if connection.in_atomic_block:
            raise error
        logger.warning("relay.database_away", error=type(error).__name__)
        connection.close()
        time.sleep(0.3)
