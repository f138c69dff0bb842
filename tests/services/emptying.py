"""Empties the database after a test that committed: the tables that hold rows, and none of what migrating made."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_MADE_BY_MIGRATING = {"django_content_type", "auth_permission"}
_TRAIL = "projects_auditevent"
"""PostgreSQL lets nobody take single rows away from it, in tests neither."""


def empty_what_was_filled(_style: Any, connection: BaseDatabaseWrapper, **_asked: Any) -> list[str]:
    """Return the statements, as Django's `sql_flush`: that empties a hundred tables and makes all permissions again."""
    quote = connection.ops.quote_name
    names = sorted(set(connection.introspection.django_table_names()) - _MADE_BY_MIGRATING)
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})" for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [name for (name,) in cursor.fetchall()]
    if connection.vendor != "postgresql" or _TRAIL not in filled:
        return [f"DELETE FROM {quote(name)}" for name in filled]
    filled.remove(_TRAIL)  # first: after a deletion no table may be emptied whole
    return [f"TRUNCATE {quote(_TRAIL)}", *(f"DELETE FROM {quote(name)}" for name in filled)]
