"""Mutilated files at the door of the record: taken in, or refused in one sentence; never a crash, never a half."""

import contextlib
import random
from pathlib import Path

import pytest

from projects.domain.errors import UnableToImport
from projects.imports.rows import ReadOptions
from projects.models import Contractor, HoursEntry, HoursImport, UnmatchedHours
from projects.operations.hours import IntakeOptions, take_in_hours
from projects.operations.roster import take_in_roster
from tests.factories import ContractorFactory, EngagementFactory, ProjectFactory
from tests.factories.base import NOW
from tests.unit.imports.test_round_trips import _mutilated, _samples

pytestmark = pytest.mark.django_db


def _fuzz(count: int, seed: int, folder: Path) -> tuple[int, int]:
    """Bring so many files; how many were taken in, and how many refused."""
    chance = random.Random(seed)
    samples = _samples()
    project = ProjectFactory.make(code="P1")
    EngagementFactory.make(contractor=ContractorFactory.make(email="zoe@b.co"), project=project)
    taken = refused = 0
    path = folder / "mutilated"
    for _ in range(count):
        data, _options = chance.choice(samples)
        path.write_bytes(_mutilated(data, chance))
        before = (HoursEntry.objects.count(), UnmatchedHours.objects.count(), HoursImport.objects.count())
        try:
            options = IntakeOptions(reading=ReadOptions(), is_strict=chance.random() < 0.5)
            intake = take_in_hours(file=path, options=options, by=None, at=NOW)
        except UnableToImport as refusal:
            said = refusal.message
            refused += 1
        else:
            said = "taken in"
            taken += 1
            if intake.import_id is not None:
                assert HoursImport.objects.get(pk=intake.import_id).entries.count() == intake.added
                continue
        assert said
        assert "\n" not in said
        after = (HoursEntry.objects.count(), UnmatchedHours.objects.count(), HoursImport.objects.count())
        assert after == before
        people = Contractor.objects.count()
        with contextlib.suppress(UnableToImport):
            take_in_roster(file=path, is_dry_run=True, by=None, at=NOW)
        assert Contractor.objects.count() == people
    return taken, refused


def test_fifty_mutilated_files_are_taken_in_whole_or_not_at_all(tmp_path: Path) -> None:
    taken, refused = _fuzz(50, 3, tmp_path)
    assert min(taken, refused) > 3


@pytest.mark.slow
@pytest.mark.timeout(3_000)
def test_ten_thousand_mutilated_files_are_taken_in_whole_or_not_at_all(tmp_path: Path) -> None:
    taken, refused = _fuzz(10_000, 5, tmp_path)
    assert min(taken, refused) > 500
