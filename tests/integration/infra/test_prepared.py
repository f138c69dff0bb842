"""A prepared queryset says what the queryset says, without being turned into SQL again."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    UUIDField,
)
from django.test.utils import CaptureQueriesContext

from contractorhub.api.models import TokenGrant
from projects.models import Contractor, Engagement, Pause
from projects.prepared import Prepared, Slot
from tests.factories import ContractorFactory, EngagementFactory, PauseFactory

pytestmark = pytest.mark.django_db


def test_it_answers_for_other_values_without_making_its_sql_again() -> None:
    built = []

    def by_email() -> QuerySet[Any, Any]:
        built.append(1)
        return Contractor.objects.filter(email=Slot("email", CharField())).values_list("pk", "public_id")

    prepared = Prepared(by_email)
    people = [ContractorFactory.make() for _ in range(7)]  # a server keeps the plan from the fifth time on
    assert [prepared.rows(email=each.email) for each in people] == [
        [(each.pk, each.public_id)] for each in people
    ]
    assert prepared.rows(email="nobody@people.example") == []
    assert len(built) == 1


def test_every_kind_of_value_goes_in_and_comes_out_as_it_does_from_a_queryset() -> None:
    pause = PauseFactory.make()
    EngagementFactory.make(project=pause.project)
    engaged = Exists(Engagement.objects.filter(project=OuterRef("project")), output_field=BooleanField())
    names = ("public_id", "starts_at", "ends_at", "expected_resume_from", "is_engaged", "standby_share_bp")
    rows = Pause.objects.annotate(is_engaged=engaged).values_list(*names)
    at, key = Slot("at", DateTimeField()), Slot("key", UUIDField())
    prepared = Prepared(lambda: rows.filter(starts_at__lte=at, public_id=key))
    assert prepared.rows(at=pause.starts_at, key=pause.public_id) == [rows.get(pk=pause.pk)]
    with pytest.raises(KeyError):
        prepared.rows(at=pause.starts_at)


def test_instances_come_with_what_was_selected_and_annotated() -> None:
    engagement = EngagementFactory.make()
    rows = Engagement.objects.filter(contractor=Slot("who", BigIntegerField())).select_related(
        "project__client"
    )
    prepared = Prepared(lambda: rows.annotate(code=F("project__code")).defer("created_at"))
    (found,) = prepared.instances(who=engagement.contractor_id)
    with CaptureQueriesContext(connection) as asked:
        assert (found, found.project.client) == (engagement, engagement.project.client)
        assert found.code == engagement.project.code
    assert len(asked) == 0
    assert found.created_at == engagement.created_at
    assert prepared.instances(who=0) == []


def test_who_counts_queries_sees_it_and_a_failure_is_a_failure_of_the_database() -> None:
    prepared = Prepared(
        lambda: TokenGrant.objects.filter(name=Slot("name", CharField())).values_list("scopes")
    )
    with CaptureQueriesContext(connection) as asked:
        prepared.rows(name="bench")
    assert len(asked) == 1
    prepared._made[connection.vendor] = replace(
        prepared._made[connection.vendor], sql="SELECT nothing", marks=()
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        prepared.rows(name="bench")
    assert TokenGrant.objects.count() == 0
