"""No wait of a database session is without an end, on the server's side as little as on ours."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ENDS = {
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "5min",
    # A host that was cut off in the middle of a transaction holds its rows no longer than this.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20000",
}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="an embedded database has no peers")
@pytest.mark.parametrize("name", ENDS)
def test_a_session_knows_when_to_give_up(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")

        assert cursor.fetchone() == (ENDS[name],)
