"""Rosters taken in: additive, whole rows or none, every refusal with its line."""

from pathlib import Path

import pytest

from projects.models import Contractor, Engagement, Rate, User
from projects.operations.roster import RosterIntake, take_in_roster
from tests.factories import ProjectFactory
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
HEADER = (
    "email,name,country,time_zone,locale,project,starts_on,ends_on,"
    "rate_basis,rate_amount,currency,rate_from,weekly_hours\n"
)
ANA = "ana@people.example,Ana Reyes,PH,Asia/Manila,fil,CHORDUS,2026-01-05,,hour,21.50,USD,2026-01-05,40\n"
BEN = "ben@people.example,Ben Okafor,NG,Africa/Lagos,en,CHORDUS,2026-01-05,,task,0.004,USD,2026-01-05,\n"


@pytest.fixture(autouse=True)
def _project() -> None:
    ProjectFactory.make(code="CHORDUS")


def _take_in(tmp_path: Path, *rows: str, is_strict: bool = False) -> RosterIntake:
    path = tmp_path / "roster.csv"
    path.write_text(HEADER + "".join(rows))
    return take_in_roster(file=path, by=None, at=NOW, is_strict=is_strict)


def test_a_roster_makes_people_who_can_sign_in_with_their_work_and_rates(tmp_path: Path) -> None:
    intake = _take_in(tmp_path, ANA, BEN)

    assert (intake.contractors_added, intake.engagements_added, intake.rates_added, intake.rejected) == (
        2,
        2,
        2,
        0,
    )
    ana = Contractor.objects.get(email="ana@people.example")
    assert ana.user is not None
    assert not ana.user.has_usable_password()
    assert set(Rate.objects.values_list("amount_millionths", flat=True)) == {21_500_000, 4_000}


def test_a_roster_taken_in_again_changes_nothing(tmp_path: Path) -> None:
    _take_in(tmp_path, ANA)

    again = _take_in(tmp_path, ANA)

    assert (
        again.contractors_added,
        again.contractors_changed,
        again.engagements_added,
        again.rates_added,
    ) == (0,) * 4
    assert User.objects.count() == 1


def test_a_duplicate_email_with_an_overlapping_term_is_refused_and_the_others_go_in(tmp_path: Path) -> None:
    twice = ANA.replace("2026-01-05,,", "2026-02-02,,")

    intake = _take_in(tmp_path, ANA, twice, BEN)

    assert intake.rejected >= 1
    assert Engagement.objects.filter(contractor__email="ben@people.example").exists()
    assert any("overlap" in error["reason"] for error in intake.errors)


def test_an_unknown_project_refuses_the_whole_row(tmp_path: Path) -> None:
    intake = _take_in(tmp_path, ANA.replace("CHORDUS", "NOWHERE"))

    assert intake.rejected == 1
    assert "NOWHERE" in intake.errors[0]["reason"]
    assert not Contractor.objects.exists()


def test_another_rate_for_a_day_that_has_one_is_refused_because_history_does_not_move(tmp_path: Path) -> None:
    _take_in(tmp_path, ANA)

    intake = _take_in(tmp_path, ANA.replace("21.50", "16.00"))

    assert intake.rejected == 1
    assert "history does not move" in intake.errors[0]["reason"]
    assert Rate.objects.get().amount_millionths == 21_500_000


def test_a_strict_roster_with_a_bad_row_writes_nothing(tmp_path: Path) -> None:
    _take_in(tmp_path, ANA, BEN.replace("CHORDUS", "NOWHERE"), is_strict=True)

    assert not Contractor.objects.exists()
