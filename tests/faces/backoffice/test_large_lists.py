"""Lists of what grows with every pause cost the same, however many rows there are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Contractor, Pause, User
from projects.models.people import Role
from projects.operations.estimates import compute_now
from projects.operations.pause_changes import update_pause
from tests.faces.backoffice.world import Desk, pause_of, with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(desk: Desk, signed_in: Callable[[User], Client]) -> Client:
    """Somebody in operations, after a pause whose people were told and whose loss was estimated."""
    at = timezone.now()
    pause: Pause = pause_of(desk)
    update_pause(pause=pause, text="A word.", next_update_by=at + timedelta(days=2), by=desk.lead, at=at)
    compute_now(pause=pause, at=at, as_of=at.date())
    return signed_in(with_role(Role.OPERATIONS))


def _asked_of(reader: Client, address: str, table: str) -> list[str]:
    """The queries that read rows of a table for its list."""
    with CaptureQueriesContext(connection) as queries:
        answer = reader.get(address)
    assert answer.status_code == 200
    assert b'class="action-select"' in answer.content or b"field-" in answer.content, "the list is empty"
    return [
        query["sql"] for query in queries if f'FROM "{table}"' in query["sql"] and "ORDER BY" in query["sql"]
    ]


def test_the_list_of_deliveries_does_not_read_the_words_of_every_notice(reader: Client) -> None:
    (rows,) = _asked_of(reader, "/admin/notifications/delivery/", "notifications_delivery")

    assert '"notifications_notice"."kind"' in rows
    assert "contents" not in rows


def test_the_list_of_estimates_is_in_the_order_of_its_own_key(reader: Client) -> None:
    (rows,) = _asked_of(reader, "/admin/projects/lostincomeestimate/", "projects_lostincomeestimate")

    assert rows.rpartition("ORDER BY ")[2].startswith('"projects_lostincomeestimate"."id" DESC')


def test_the_list_of_contractors_is_in_the_order_of_an_index(reader: Client) -> None:
    (rows,) = (
        query
        for query in _asked_of(reader, "/admin/projects/contractor/", "projects_contractor")
        if "DISTINCT" not in query
    )
    named = [[connection.ops.quote_name(name) for name in index.fields] for index in Contractor._meta.indexes]
    order = rows.rpartition("ORDER BY ")[2].partition(" LIMIT")[0]

    assert [part.split(".")[1].split()[0] for part in order.split(", ")] in named
    assert "DESC" not in order
