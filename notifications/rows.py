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
    """Insert rows given as tuples of plain values in the order of `columns` (field names)."""
    fields = [_column(model, name) for name in columns]
    names = ", ".join(connection.ops.quote_name(field.column or field.name) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    prepared = (
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", prepared)  # noqa: S608 - our names


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return field


def mark_sent(*, token: uuid.UUID, refs: Sequence[tuple[int, str]], at: datetime) -> int:
    """Record that these deliveries of one attempt were accepted, each with the provider's reference; rows written."""
    if not refs:
        return 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_delivery d "
                "SET state = 'sent', provider_ref = r.ref, recorded_at = %s, reason = '' "
                "FROM unnest(%s::bigint[], %s::text[]) AS r(id, ref) "
                "WHERE d.id = r.id AND d.attempt_token = %s AND d.state = 'sending'",
                [at, [pk for pk, _ref in refs], [ref for _pk, ref in refs], token],
            )
            return int(cursor.rowcount)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE notifications_delivery SET state = 'sent', provider_ref = %s, recorded_at = %s, reason = '' "
            "WHERE id = %s AND attempt_token = %s AND state = 'sending'",
            [(ref, _plain(at), pk, token.hex) for pk, ref in refs],
        )
        return int(cursor.rowcount)


def _plain(at: datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(at))
