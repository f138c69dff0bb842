"""Lists of what grows with every pause cost the same, however many rows there are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Contractor, Pause, Project, User
from projects.models.people import Role
from projects.operations.estimates import compute_now
from projects.operations.pause_changes import update_pause
from tests.faces.backoffice.world import Desk, pause_of, with_role
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory

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


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_the_list_of_deliveries_does_not_read_the_words_of_every_notice(reader: Client) -> None:
    (rows,) = _asked_of(reader, "/admin/notifications/delivery/", "notifications_delivery")

    assert '"notifications_notice"."kind"' in rows
    assert "contents" not in rows


def test_the_list_of_deliveries_is_counted_so_far_and_no_further(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.paging.MOST_COUNTED", 2)

    assert b"2+ deliveries" in reader.get("/admin/notifications/delivery/").content


def test_the_list_of_estimates_is_in_the_order_of_its_own_key_and_leaves_what_runs_have_learnt(
    reader: Client,
) -> None:
    (rows,) = _asked_of(reader, "/admin/projects/lostincomeestimate/", "projects_lostincomeestimate")

    assert '"projects_estimaterun"."as_of"' in rows
    assert "context" not in rows
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


def test_a_list_is_counted_so_far_and_no_further(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"7 contractors" in reader.get("/admin/projects/contractor/").content

    monkeypatch.setattr("notifications.paging.MOST_COUNTED", 4)
    with CaptureQueriesContext(connection) as queries:
        page = reader.get("/admin/projects/contractor/?q=person").content

    assert b"4+ contractors" in page
    assert b"4+ results" in page
    (counting,) = (query["sql"] for query in queries if "COUNT(" in query["sql"])
    assert "LIMIT 5" in counting


@pytest.mark.parametrize("name", ["contractor", "engagement"])
def test_a_list_of_a_lead_does_not_look_for_the_lead_among_their_people(name: str, lea: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert lea.get(f"/admin/projects/{name}/").status_code == 200

    lists = [query["sql"] for query in queries if f'FROM "projects_{name}" WHERE' in query["sql"]]
    assert lists
    assert [query for query in lists if query.count(f'FROM "projects_{name}"') > 1] == []
    assert [query for query in lists if ' OR "projects_contractor"."user_id" = ' in query] == []


def test_a_lead_who_works_as_well_sees_their_own_row(lea: Client, desk: Desk) -> None:
    ContractorFactory.make(name="Lea herself", user=desk.lead)

    assert b"Lea herself" in lea.get("/admin/projects/contractor/").content


def test_countries_to_choose_from_are_looked_up_once_in_five_minutes(lea: Client, desk: Desk) -> None:
    cache.clear()
    address = "/admin/projects/contractor/"
    first, second = (_distinct(lea, address) for _ in range(2))

    assert (first, second) == (1, 0)
    assert b"country=PH" in lea.get(address).content


def _distinct(reader: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        reader.get(address)
    return sum("SELECT DISTINCT" in query["sql"][:20] for query in queries)


def test_engagements_are_filtered_by_projects_that_have_people(lea: Client, desk: Desk) -> None:
    empty = ProjectFactory.make(client=desk.orion, leads=[desk.lead])
    other = EngagementFactory.make(project=ProjectFactory.make(client=desk.orion, leads=[desk.lead])).project

    page = lea.get("/admin/projects/engagement/").content.decode()

    offered = {row.pk for row in Project.objects.all() if f"project__id__exact={row.pk}" in page}
    assert offered == {desk.chordus.pk, other.pk}
    assert empty.pk not in offered
