"""Work done, read as arrays: one packed array an engagement, put together by the database."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor

from projects.impact.inputs import History

Packed = NDArray[np.int64]
"""One whole number a row, in date order: ordinal of the day << 41 | seconds << 24 | tasks."""

_DAY_BIT, _SECONDS_BIT = 41, 24
_MOST_TASKS = (1 << _SECONDS_BIT) - 1
_SECONDS_MASK = (1 << (_DAY_BIT - _SECONDS_BIT)) - 1

# array_send gives a header of 20 bytes, then every element as its length and its value, big end first: numpy reads it
# without making a Python object of any row.
_POSTGRESQL = """
    SELECT engagement_id, array_send(array_agg(
        (((worked_on - DATE '0001-01-01') + 1)::bigint << 41) | (seconds::bigint << 24)
        | least(coalesce(tasks, 0), %s)))
    FROM projects_hoursentry
    WHERE engagement_id = ANY(%s) AND worked_on >= %s AND worked_on < %s
    GROUP BY engagement_id
"""
_HEADER_BYTES = 20
_ELEMENT = np.dtype([("length", ">i4"), ("packed", ">i8")])

# Day 1 of date.toordinal() begins at julian day 1721425.5.
_SQLITE = """
    SELECT engagement_id,
        (CAST(julianday(worked_on) - 1721424.5 AS INTEGER) << 41) | (seconds << 24) | min(coalesce(tasks, 0), %s)
    FROM projects_hoursentry
    WHERE engagement_id IN (SELECT value FROM json_each(%s)) AND worked_on >= %s AND worked_on < %s
    ORDER BY engagement_id
"""


def histories_of(engagement_ids: Sequence[int], *, since: date, before: date) -> dict[int, History]:
    """What was worked on each engagement on the local dates `[since, before)`, in one query.

    Engagements without work are absent. A day holds at most 16,777,215 tasks: more are read as that many.
    """
    if not engagement_ids:
        return {}
    packed = _from_postgresql if connection.vendor == "postgresql" else _from_sqlite
    return {pk: unpacked(rows) for pk, rows in packed(engagement_ids, since, before)}


def unpacked(packed: Packed) -> History:
    """The days of one engagement, entries of one date added up."""
    ordered = packed if bool((packed[1:] >= packed[:-1]).all()) else np.sort(packed)
    ordinals = (ordered >> _DAY_BIT).astype(np.int32)
    seconds = ((ordered >> _SECONDS_BIT) & _SECONDS_MASK).astype(np.int32)
    tasks = (ordered & _MOST_TASKS).astype(np.int32)
    if len(ordinals) > 1 and not bool((ordinals[1:] > ordinals[:-1]).all()):
        return History.from_columns(ordinals.tolist(), seconds.tolist(), tasks.tolist())
    return History(ordinals, seconds, tasks)


def _from_postgresql(ids: Sequence[int], since: date, before: date) -> Iterable[tuple[int, Packed]]:
    connection.ensure_connection()
    # Django's own cursor binds parameters in the client and so answers in text: twice the bytes, and a decoder.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(_POSTGRESQL, [_MOST_TASKS, list(ids), since, before], binary=True)
        for engagement_id, sent in cursor.fetchall():
            yield (
                engagement_id,
                np.frombuffer(sent, _ELEMENT, offset=_HEADER_BYTES)["packed"].astype(np.int64),
            )


def _from_sqlite(ids: Sequence[int], since: date, before: date) -> Iterable[tuple[int, Packed]]:
    wanted: Any = f"[{','.join(map(str, ids))}]"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE, [_MOST_TASKS, wanted, since.isoformat(), before.isoformat()])
        rows = np.asarray(cursor.fetchall(), dtype=np.int64).reshape(-1, 2)
    if not len(rows):
        return
    starts = np.flatnonzero(np.diff(rows[:, 0], prepend=rows[0, 0] - 1))
    for first, part in zip(starts, np.split(rows[:, 1], starts[1:]), strict=True):
        yield int(rows[first, 0]), part
