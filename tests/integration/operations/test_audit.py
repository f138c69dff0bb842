"""The audit trail refuses to be changed, and whoever changes it all the same is found out, to the row."""

import hashlib
import json

import pytest
from django.db import Error, connection, transaction

from projects.domain.errors import NotAllowed
from projects.models import AuditEvent
from projects.models.history import AppendOnlyError
from projects.models.people import Role
from projects.operations import history
from projects.operations.audit_export import export_trail
from tests.factories import RoleGrantFactory, UserFactory
from tests.factories.base import NOW
from tests.fakes.intruder import forge

pytestmark = pytest.mark.django_db
TABLE = AuditEvent._meta.db_table
REST = "at, by_id, verb, subject_ref, before, after"
COLUMNS = f"number, {REST}, previous_hash, hash"


@pytest.fixture
def trail() -> list[AuditEvent]:
    """Five rows that follow from one another."""
    return [write(number) for number in range(1, 6)]


def write(number: int) -> AuditEvent:
    with transaction.atomic():
        return history.record(
            verb="test.happened",
            subject_ref=f"test:{number}",
            before={},
            after={"n": number},
            by=None,
            at=NOW,
        )


def found() -> dict[int, str]:
    return {seal.number: seal.reason for seal in history.broken_seals()}


def test_code_may_neither_change_nor_take_away_a_row(trail: list[AuditEvent]) -> None:
    acts = (
        lambda: AuditEvent.objects.filter(number=2).update(verb="forged"),
        lambda: AuditEvent.objects.filter(number=2).delete(),
        lambda: trail[1].delete(),
    )
    for act in acts:
        with pytest.raises(AppendOnlyError):
            act()
    assert found() == {}


def test_the_database_refuses_to_change_a_row_whoever_asks(trail: list[AuditEvent]) -> None:
    with (
        pytest.raises(Error, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {TABLE} SET verb = 'forged' WHERE number = 2")
    assert found() == {}


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_postgresql_refuses_to_delete_rows_and_to_empty_the_trail(trail: list[AuditEvent]) -> None:
    for statement in (f"DELETE FROM {TABLE} WHERE number = 5", f"TRUNCATE {TABLE}"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL contractorhub.may_empty_audit = off")
            with pytest.raises(Error, match="only ever added"), transaction.atomic():
                cursor.execute(statement)
    assert found() == {}


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        (f"UPDATE {TABLE} SET verb = 'forged' WHERE number = 3", 3),
        (f"DELETE FROM {TABLE} WHERE number = 3", 4),
        (f"DELETE FROM {TABLE} WHERE number = 5", 5),
        (f"UPDATE {TABLE} SET number = 9 WHERE number = 5", 9),
        (f"INSERT INTO {TABLE} ({COLUMNS}) SELECT 6, {REST}, hash, hash FROM {TABLE} WHERE number = 5", 6),
    ],
    ids=["edited", "taken out of the middle", "taken off the end", "moved", "slipped in"],
)
def test_what_was_forged_is_named_to_the_row(trail: list[AuditEvent], statement: str, number: int) -> None:
    forge(statement)
    assert number in found()


def test_a_trail_forged_anew_throughout_is_found_by_an_end_that_was_noted(trail: list[AuditEvent]) -> None:
    noted = history.head_of_trail()
    forge(f"DELETE FROM {TABLE} WHERE number >= 3")
    forge("UPDATE projects_audithead SET number = 2, hash = %s", trail[1].hash)
    for number in (33, 44, 55):
        write(number)

    assert found() == {}
    assert [seal.number for seal in history.broken_seals(anchor=noted)] == [5]


def test_the_trail_goes_on_after_its_last_row(trail: list[AuditEvent]) -> None:
    assert write(6).number == 6
    assert history.head_of_trail()[0] == 6
    assert found() == {}


def test_an_auditor_takes_the_trail_away_and_reckons_every_seal_again(trail: list[AuditEvent]) -> None:
    auditor = UserFactory.make(email="audit@firm.example")
    RoleGrantFactory.make(user=auditor, role=Role.AUDITOR)

    rows = [json.loads(line) for line in export_trail(by=auditor, at=NOW)]

    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert (rows[-1]["verb"], rows[-1]["by"]) == ("audit.exported", auditor.pk)
    before = "0" * 64
    for row in rows:
        seal = row.pop("hash")
        assert row["previous_hash"] == before
        before = hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        assert before == seal
    with pytest.raises(NotAllowed):
        export_trail(by=UserFactory.make(), at=NOW)
