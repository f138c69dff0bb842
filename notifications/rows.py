"""Writes many ledger rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from django.db import Error, connection, models, transaction
from django.db.models import Lookup, Q

from notifications.copying import copy_rows
from notifications.models import Batch

_MANY_ROWS: Final = 500


def new_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve primary keys, so that rows that refer to one another can be written without reading back.

    On SQLite the caller's IMMEDIATE transaction is the only writer, so the next free keys stay free.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The sequence is looked up once: its name for each key costs ten times what the key does. Keys come one
            # by one only where another session has taken some between them.
            cursor.execute(
                "WITH taken AS (SELECT nextval(keys.name) AS id FROM "
                "(SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS keys, generate_series(1, %s)) "
                "SELECT min(id), CASE WHEN max(id) - min(id) + 1 > count(*) THEN array_agg(id ORDER BY id) END "
                "FROM taken",
                [table, count],
            )
            first, each = cursor.fetchone()
            return each or (range(first, first + count) if count else [])
        cursor.execute(
            "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), 0)", [table]
        )
        last = int(cursor.fetchone()[0])
        return range(last + 1, last + 1 + count)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples of plain values in the order of `columns` (field names).

    Values are what the column takes (text, numbers, instants); for a JSON column a JSON text.
    """
    names = ", ".join(connection.ops.quote_name(_column(model, name)) for name in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            plan_afresh_after(copy_rows(cursor, f"{table} ({names})", rows))
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our names
                [[plain(value) for value in row] for row in rows],
            )


def plan_afresh_after(count: int) -> None:
    """Have PostgreSQL look at its tables anew where a session wrote many rows; to be called before they are committed.

    A session keeps its plan for looking up the row that a foreign key names. One that was made while that table held a
    handful of rows reads the whole table for each row: committing 40,000 deliveries took more than seven minutes of it.
    """
    if count >= _MANY_ROWS and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")


@contextmanager
def found_by_key() -> Iterator[None]:
    """Have PostgreSQL look rows up by their keys for a while, however small their tables are when it plans.

    It keeps the plan of a relay's statement. One that was made while the ledger held a few thousand rows reads all of
    it for each handful: a relay that had sent a few notices on a young database sent 100,000 at a third of its pace.
    Where a pooler keeps no sessions, nothing is kept either, and another's session would be changed.
    """
    connection.ensure_connection()
    if connection.vendor != "postgresql" or connection.connection.prepare_threshold is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # a session that broke has forgotten it
            cursor.execute("RESET enable_seqscan")


def plain(value: Any) -> Any:
    """A value as SQLite's own driver takes it."""
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    return value.hex if isinstance(value, uuid.UUID) else value


def is_one_of(column: str, values: Sequence[str] | Sequence[int]) -> Q:
    """A condition that a column holds one of many texts or keys: on PostgreSQL one array, not a thousand parameters."""
    if connection.vendor != "postgresql":
        return Q((f"{column}__in", values))
    return Q(_IsOneOfArray(models.F(column), list(values)))


class _IsOneOfArray(Lookup):
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        words, params = self.process_lhs(compiler, connection)
        if self.rhs and isinstance(
            self.rhs[0], str
        ):  # the driver takes ten times as long over a list of texts
            array = "ARRAY(SELECT json_array_elements_text(%s::json))"
            return f"{words} = ANY({array})", (*params, json.dumps(self.rhs))
        return f"{words} = ANY(%s::bigint[])", (*params, _array(self.rhs))


def _column(model: type[models.Model], name: str) -> str:
    column = getattr(model._meta.get_field(name), "column", None)
    if not isinstance(column, str):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return column


@dataclass(frozen=True, slots=True)
class NextRows:
    """Waiting deliveries of a claimed batch, and the token of the attempt that means to send them."""

    batch_id: int
    lease_token: uuid.UUID
    ids: Sequence[int]
    token: uuid.UUID


@dataclass(frozen=True, slots=True)
class Exchanged:
    """How many acceptances were written down, which rows the attempt now holds, and whether the batch may go on."""

    recorded: int
    held: frozenset[int] = frozenset()
    goes_on: bool = False


def exchange(*, sent: Sequence[tuple[int, uuid.UUID, str]], take: NextRows | None, at: datetime) -> Exchanged:
    """Record acceptances (delivery, attempt, provider's reference) and mark the next rows as being sent, as one.

    A relay that was held up may find its attempt taken for unknown meanwhile: a true answer settles it, as long as
    nobody has taken the delivery up again. Next rows are taken only while the lease holds, the lane moves and the
    notice stands. Asked again after a failure, with the same tokens, it says the same.
    """
    if connection.vendor == "postgresql":
        return _exchange_at_once(sent=sent, take=take, at=at)
    with transaction.atomic():
        recorded = _mark_sent(sent, at=at)
        if take is None or not _goes_on(take, at=at):
            return Exchanged(recorded)
        return Exchanged(recorded, _mark_sending(take, at=at), goes_on=True)


# One statement, one round trip, one commit. Rows that somebody else is changing (a resume that takes them back) are
# left alone rather than waited for, so the two can never wait for one another.
_EXCHANGE: Final = """
WITH sent AS (
    UPDATE notifications_delivery d
    SET state = 'sent', provider_ref = r.ref, recorded_at = %(at)s, reason = ''
    FROM ROWS FROM (
        unnest(%(sent)s::bigint[]), unnest(%(tokens)s::uuid[]), json_array_elements_text(%(refs)s::json)
    ) AS r(id, token, ref)
    WHERE d.id = r.id AND d.attempt_token = r.token AND d.state IN ('sending', 'unknown')
    RETURNING 1
), going_on AS (
    SELECT b.id FROM notifications_batch b
    JOIN notifications_notice n ON n.id = b.notice_id
    JOIN notifications_lane l ON l.id = b.lane_id
    WHERE b.id = %(batch)s AND b.lease_token = %(lease)s AND n.overtaken_at IS NULL AND NOT l.is_stopped
    AND (l.parked_until IS NULL OR l.parked_until <= %(at)s)
), taken AS (
    UPDATE notifications_delivery
    SET state = 'sending', attempt_token = %(token)s, recorded_at = %(at)s,
        tries = CASE WHEN state = 'sending' THEN tries ELSE tries + 1 END
    WHERE id IN (
        SELECT id FROM notifications_delivery WHERE id = ANY(%(ids)s::bigint[])
        AND (state IN ('queued', 'claimed', 'deferred') OR attempt_token = %(token)s AND state = 'sending')
        AND EXISTS (SELECT 1 FROM going_on) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    ) RETURNING id
)
SELECT (SELECT count(*) FROM sent), (SELECT array_agg(id) FROM taken), EXISTS (SELECT 1 FROM going_on)
"""


def _exchange_at_once(
    *, sent: Sequence[tuple[int, uuid.UUID, str]], take: NextRows | None, at: datetime
) -> Exchanged:
    connection.ensure_connection()
    # Django's cursors write values into the text; this one lets the server keep the plan of a statement it sees
    # hundreds of times a minute (a third of what the statement costs).
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            _EXCHANGE,
            {
                "at": at,
                "sent": _array(pk for pk, _token, _ref in sent),
                "tokens": _array(token.hex for _pk, token, _ref in sent),
                "refs": json.dumps([_storable(ref) for _pk, _token, ref in sent]),
                "batch": take.batch_id if take else None,
                "lease": take.lease_token if take else None,
                "token": take.token if take else None,
                "ids": _array(take.ids if take else ()),
            },
        )
        recorded, held, goes_on = cursor.fetchone() or (0, None, False)
    return Exchanged(recorded, frozenset(held or ()), goes_on=goes_on)


def _array(values: Iterable[int | str]) -> str:
    """Plain numbers or hexadecimal words as PostgreSQL writes an array: a third of what the driver takes for a list."""
    return "{" + ",".join(map(str, values)) + "}"


def _goes_on(take: NextRows, *, at: datetime) -> bool:
    ours = Batch.objects.filter(
        pk=take.batch_id, lease_token=take.lease_token, notice__overtaken_at__isnull=True
    )
    moving = Q(lane__parked_until__isnull=True) | Q(lane__parked_until__lte=at)
    return ours.filter(moving, lane__is_stopped=False).exists()


def _mark_sending(take: NextRows, *, at: datetime) -> frozenset[int]:
    marks = ", ".join(["%s"] * len(take.ids))
    token = take.token.hex
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_delivery SET state = 'sending', attempt_token = %s, tries = tries + 1, "  # noqa: S608 - our own names
            f"recorded_at = %s WHERE id IN ({marks}) AND (state IN ('queued', 'claimed', 'deferred') "
            "OR attempt_token = %s AND state = 'sending') RETURNING id",
            [token, plain(at), *take.ids, token],
        )
        return frozenset(int(row[0]) for row in cursor.fetchall())


def _mark_sent(sent: Sequence[tuple[int, uuid.UUID, str]], *, at: datetime) -> int:
    if not sent:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE notifications_delivery SET state = 'sent', provider_ref = %s, recorded_at = %s, reason = '' "
            "WHERE id = %s AND attempt_token = %s AND state IN ('sending', 'unknown')",
            [(ref, plain(at), pk, token.hex) for pk, token, ref in sent],
        )
        return int(cursor.rowcount)


def _storable(words: str) -> str:
    """PostgreSQL's text holds no NUL, whatever a server says."""
    return words.replace("\x00", "")
