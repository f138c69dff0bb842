"""Rosters taken in: additive, whole rows or none, every refusal with its line."""

from datetime import date
from pathlib import Path

import pytest

from projects.domain.errors import UnableToImport
from projects.models import Contractor, Engagement, Rate, User
from projects.operations.hours import IntakeOptions, take_in_hours
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


def _take_in(tmp_path: Path, *rows: str, **options: object) -> RosterIntake:
    path = tmp_path / "roster.csv"
    path.write_text(HEADER + "".join(rows))
    return take_in_roster(file=path, by=None, at=NOW, **options)  # type: ignore[arg-type]


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


CAY = "cay@people.example,Cay Lim,PH,Asia/Manila,en,CHORDUS,2026-01-05,,hour,20,USD,2026-01-05,40\n"


def _kinds(intake: RosterIntake) -> list[tuple[str, str, str]]:
    return [(change.kind, change.before, change.after) for change in intake.changes]


def test_a_dry_run_shows_every_difference_and_writes_nothing(tmp_path: Path) -> None:
    _take_in(tmp_path, ANA, BEN)
    raised = ANA.replace("21.50,USD,2026-01-05", "23,USD,2026-03-01").replace("Ana Reyes", "Ana Cruz")

    checked = _take_in(tmp_path, raised, BEN.replace("05,,task", "05,2026-06-01,task"), CAY, is_dry_run=True)

    assert _kinds(checked) == [
        ("contractor_changed", "name Ana Reyes", "name Ana Cruz"),
        ("rate_added", "", "23 USD per hour from 2026-03-01"),
        ("engagement_changed", "until open", "until 2026-06-01"),
        ("contractor_added", "", "Cay Lim"),
        ("engagement_added", "", "from 2026-01-05 until open"),
        ("rate_added", "", "20 USD per hour from 2026-01-05"),
    ]
    assert (Contractor.objects.count(), Rate.objects.count()) == (2, 2)


def test_whoever_a_roster_leaves_out_stays_until_somebody_says_from_when_they_are_gone(
    tmp_path: Path,
) -> None:
    _take_in(tmp_path, ANA, BEN, CAY)
    assert _take_in(tmp_path, ANA, BEN).leavers == 0

    gone = _take_in(tmp_path, ANA, BEN, leavers_on=date(2026, 4, 1))

    assert _kinds(gone) == [("leaver", "until open", "until 2026-04-01")]
    assert Engagement.objects.get(contractor__email="cay@people.example").ends_on == date(2026, 4, 1)
    with pytest.raises(UnableToImport, match="while a row of the roster is refused"):
        _take_in(tmp_path, ANA, BEN.replace("CHORDUS", "NOWHERE"), leavers_on=date(2026, 4, 1))


def test_a_term_that_would_run_into_the_next_one_is_refused_with_both(tmp_path: Path) -> None:
    first = ANA.replace("2026-01-05,,hour", "2026-01-05,2026-02-01,hour")
    later = ANA.replace("2026-01-05", "2026-03-01")
    _take_in(tmp_path, first, later)

    (error,) = _take_in(tmp_path, first.replace("2026-02-01", "2026-05-01")).errors

    assert "from 2026-01-05 until 2026-05-01" in error["reason"]
    assert "from 2026-03-01 until open" in error["reason"]


def test_somebody_known_by_their_id_gets_their_new_address(tmp_path: Path) -> None:
    header = "email,name,country,external_id\n"
    for email in ("ana@old.example", "ana@new.example"):
        path = tmp_path / "people.csv"
        path.write_text(header + f"{email},Ana,PH,E-7\n")
        take_in_roster(file=path, by=None, at=NOW)
    assert list(Contractor.objects.values_list("email", flat=True)) == ["ana@new.example"]


def test_a_row_that_is_refused_half_way_leaves_nothing_of_itself(tmp_path: Path) -> None:
    _take_in(tmp_path, ANA)
    twice = ANA.replace("Ana Reyes", "Ana Cruz").replace("21.50", "16.00")

    assert _take_in(tmp_path, twice, BEN).rejected == 1
    assert Contractor.objects.get(email="ana@people.example").name == "Ana Reyes"
    assert Contractor.objects.filter(email="ben@people.example").exists()


def test_hours_that_waited_for_somebody_come_in_with_the_roster(tmp_path: Path) -> None:
    hours = tmp_path / "hours.csv"
    hours.write_text(
        "Date,Client,Project,Hours,First Name,Last Name,Email\n2026-02-02,,CHORDUS,8,A,R,ana@people.example\n"
    )
    take_in_hours(file=hours, options=IntakeOptions(), by=None, at=NOW)

    assert _take_in(tmp_path, ANA).hours_matched == 1
