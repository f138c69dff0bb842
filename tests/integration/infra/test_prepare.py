"""A start brings the database to where this version needs it, and does nothing twice."""

import pytest
from django.db.migrations.recorder import MigrationRecorder

from contractorhub.hub.prepare import migrate

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_database_that_went_the_long_way_is_taken_for_one_that_went_the_short_way() -> None:
    squashed = MigrationRecorder.Migration.objects.filter(name__startswith="0001_squashed_")
    short_way = set(squashed.values_list("app", "name"))
    assert {app for app, _ in short_way} >= {"projects", "notifications", "api", "slack"}
    squashed.delete()  # as an installation from before they were written has it
    assert migrate() == 0
    assert set(squashed.values_list("app", "name")) == short_way


def test_a_database_that_lacks_nothing_is_left_alone() -> None:
    before = MigrationRecorder.Migration.objects.count()
    assert migrate() == 0
    assert MigrationRecorder.Migration.objects.count() == before
