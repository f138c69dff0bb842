"""Lets the database refuse, while a fault runs, every change of state that the table of states does not allow."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from notifications.states import FOLLOWS

_ALLOWED = ", ".join(f"'{old}>{new}'" for old, follows in FOLLOWS.items() for new in sorted(follows))
_IS_REFUSED = f"OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({_ALLOWED})"
_ON_POSTGRES = (
    """CREATE OR REPLACE FUNCTION refuse_state() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a delivery may not go from % to %', OLD.state, NEW.state; END $$""",
    f"""CREATE TRIGGER watched_state BEFORE UPDATE OF state ON notifications_delivery FOR EACH ROW
    WHEN ({_IS_REFUSED}) EXECUTE FUNCTION refuse_state()""",
)
_ON_SQLITE = (
    f"""CREATE TRIGGER watched_state BEFORE UPDATE OF state ON notifications_delivery FOR EACH ROW
    WHEN {_IS_REFUSED} BEGIN SELECT RAISE(ABORT, 'a delivery may not change so'); END""",
)


@contextmanager
def watched_states() -> Iterator[None]:
    """Watch every process that writes to this database."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in _ON_POSTGRES if is_postgres else _ON_SQLITE:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TRIGGER watched_state" + (" ON notifications_delivery" if is_postgres else "")
            )
