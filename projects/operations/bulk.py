"""Writes many rows at once: COPY on PostgreSQL, one prepared statement on SQLite; for rows whose facts were checked."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from notifications.copying import copy_rows
from notifications.rows import plan_afresh_after

BATCH = 10_000


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as tuples of plain values in the order of `columns` (field names); the number inserted.

    Dates, instants, integers, texts and JSON texts only. What is not named gets the field's own plain default.
    Raises IntegrityError as any insert does.
    """
    rest = _plain_defaults(model, but=columns)
    fields = [_column_of(model, name) for name in (*columns, *rest)]
    if rest:
        rows = ((*row, *rest.values()) for row in rows)
    names = [connection.ops.quote_name(field.column or field.name) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _copy(f"{table} ({', '.join(names)})", rows)
    marks = ", ".join(["%s"] * len(names))
    prepared = (
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
        for row in rows
    )
    return _insert(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", prepared)  # noqa: S608 - our names


def _plain_defaults(model: type[models.Model], *, but: Sequence[str]) -> dict[str, Any]:
    """The columns that hold a value in every row although nobody named one: an empty text, a number, yes or no."""
    fields = [field for field in model._meta.concrete_fields if field.name not in but and not field.null]
    plain = [
        field for field in fields if field.blank or (field.has_default() and not callable(field.default))
    ]
    found = {field.name: field.get_default() for field in plain if not field.primary_key}
    return {name: value for name, value in found.items() if value is not None}


def _column_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return field


def _copy(into: str, rows: Iterable[Sequence[Any]]) -> int:
    with connection.cursor() as cursor:
        count = copy_rows(cursor, into, rows)
    plan_afresh_after(count)
    return count


def _insert(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def insert_new_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Insert the rows that break no unique constraint and pass over the others; the number inserted."""
    fields = [_column_of(model, name) for name in columns]
    names = ", ".join(connection.ops.quote_name(field.column or field.name) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _merge(table, names, rows)
    marks = ", ".join(["%s"] * len(fields))
    prepared = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", prepared)  # noqa: S608 - our own names
        return int(cursor.rowcount)


def _merge(table: str, names: str, rows: Sequence[Sequence[Any]]) -> int:
    """COPY into a scratch table that goes with the transaction, then merge in one statement."""
    scratch = "taken_in"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {scratch} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0"  # noqa: S608 - our own names
        )
        copy_rows(cursor, f"{scratch} ({names})", rows)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {scratch} ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
        )
        inserted = int(cursor.rowcount)
        cursor.execute(f"TRUNCATE {scratch}")
    plan_afresh_after(inserted)
    return inserted
