"""Years of hours for measurements: the database makes its own rows, laid down week after week as imports do."""

from datetime import date
from typing import Any, Final

MONDAY: Final = date(2026, 3, 2)
HOURS = """
    INSERT INTO projects_hoursentry (engagement_id, worked_on, seconds, source, content_hash, recorded_at)
    SELECT e.id, %s::date - 7 * w + d, 18000 + (hashint8(e.id * 1000 + w * 7 + d) & 16383), 'bench',
        encode(sha256((e.id || ' ' || w || ' ' || d)::bytea), 'hex'), now()
    FROM generate_series(%s, 1, -1) w, generate_series(0, %s) d, projects_engagement e
    WHERE (hashint8(e.id * 7919 + w * 31 + d) & 15) > 1
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname, pg_get_constraintdef(c.oid)
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid = 'projects_hoursentry'::regclass AND NOT i.indisprimary
"""


def lay_hours(cursor: Any, *, weeks: int, days: int = 5, until: date = MONDAY) -> None:
    """So many weeks before a Monday for everybody, seven days in eight.

    Without looking up each row's engagement or keeping indexes meanwhile: they are built once, at the end.
    """
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _, constraint, _ in indexes:
        cursor.execute(
            f"ALTER TABLE projects_hoursentry DROP CONSTRAINT {constraint}"
            if constraint
            else f"DROP INDEX {name}"
        )
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(HOURS, [until, weeks, days - 1])
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _, definition, constraint, words in indexes:
        cursor.execute(
            f"ALTER TABLE projects_hoursentry ADD CONSTRAINT {constraint} {words}"
            if constraint
            else definition
        )
