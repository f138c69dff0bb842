"""Somebody with the database's own password, whom neither code nor triggers stop."""

from typing import Any

from django.db import connection


def forge(statement: str, *values: Any) -> None:
    """Run one statement with every trigger out of the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_is_append_only'")
        (trigger,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER audit_is_append_only")
        cursor.execute(statement, values)
        cursor.execute(trigger)
