"""Writes many ledger rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models


def new_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve primary keys, so that rows that refer to one another can be written without reading back.

    On SQLite the caller's IMMEDIATE transaction is the only writer, so the next free keys stay free.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [int(row[0]) for row in cursor.fetchall()]
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
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our names
                [[plain(value) for value in row] for row in rows],
            )


def plain(value: Any) -> Any:
    """A value as SQLite's own driver takes it."""
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    return value.hex if isinstance(value, uuid.UUID) else value


def _column(model: type[models.Model], name: str) -> str:
    column = getattr(model._meta.get_field(name), "column", None)
    if not isinstance(column, str):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return column


def mark_sending(*, ids: Sequence[int], token: uuid.UUID, at: datetime) -> set[int]:
    """Mark waiting deliveries as being sent under this attempt; which of them this attempt now holds.

    On PostgreSQL rows that somebody else is changing (a resume that takes them back) are left alone rather than
    waited for, so the two can never wait for one another. Asked again with the same token, it says the same.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE notifications_delivery SET state = 'sending', attempt_token = %(token)s, tries = tries + 1, "
                "recorded_at = %(at)s WHERE id IN (SELECT id FROM notifications_delivery WHERE id = ANY(%(ids)s) "
                "AND (state IN ('queued', 'claimed', 'deferred') OR attempt_token = %(token)s AND state = 'sending') "
                "ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) RETURNING id",
                {"token": token, "at": at, "ids": list(ids)},
            )
        else:
            marks = ", ".join(["%s"] * len(ids))
            cursor.execute(
                "UPDATE notifications_delivery SET state = 'sending', attempt_token = %s, tries = tries + 1, "  # noqa: S608
                f"recorded_at = %s WHERE id IN ({marks}) AND (state IN ('queued', 'claimed', 'deferred') "
                "OR attempt_token = %s AND state = 'sending') RETURNING id",
                [token.hex, plain(at), *ids, token.hex],
            )
        return {int(row[0]) for row in cursor.fetchall()}


def mark_sent(*, refs: Sequence[tuple[int, uuid.UUID, str]], at: datetime) -> int:
    """Record that deliveries were accepted: each with its attempt and the provider's reference; rows written.

    A relay that was held up may find its attempt already taken for unknown: a true answer settles it, as long as
    nobody has taken the delivery up again.
    """
    if not refs:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            ids, tokens, names = zip(*refs, strict=True)
            cursor.execute(
                "UPDATE notifications_delivery d "
                "SET state = 'sent', provider_ref = r.ref, recorded_at = %s, reason = '' "
                "FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS r(id, token, ref) "
                "WHERE d.id = r.id AND d.attempt_token = r.token AND d.state IN ('sending', 'unknown')",
                [at, list(ids), list(tokens), [_storable(name) for name in names]],
            )
        else:
            cursor.executemany(
                "UPDATE notifications_delivery SET state = 'sent', provider_ref = %s, recorded_at = %s, reason = '' "
                "WHERE id = %s AND attempt_token = %s AND state IN ('sending', 'unknown')",
                [(ref, plain(at), pk, token.hex) for pk, token, ref in refs],
            )
        return int(cursor.rowcount)


def _storable(words: str) -> str:
    """PostgreSQL's text holds no NUL, whatever a server says."""
    return words.replace("\x00", "")
