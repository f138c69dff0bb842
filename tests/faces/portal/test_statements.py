"""Statements: made for whole weeks, fetched as the same bytes each time, verified by strangers, taken back."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from projects.domain.periods import monday_of
from projects.models import AuditEvent, Statement
from projects.operations.statements import normal_code
from tests.faces.portal.test_only_ones_own import stranger  # noqa: F401  # a fixture
from tests.faces.portal.test_the_status_page import text_of
from tests.faces.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(ana: Client, world: World) -> Statement:
    """Ana's statement of this week."""
    day = world.reader_today().isoformat()
    ana.post("/portal/statement/", {"first_day": day, "last_day": day})
    return Statement.objects.get()


def test_a_statement_holds_the_whole_weeks_that_were_asked_for(statement: Statement, world: World) -> None:
    monday = monday_of(world.reader_today())
    week = world.pause.estimate_runs.get().estimates.get().weeks.get(week_starts_on=monday)

    assert (statement.starts_on, statement.ends_on) == (monday, monday + timedelta(days=7))
    assert statement.totals == {"USD": week.lost_minor}
    assert AuditEvent.objects.filter(verb="statement.made").count() == 1


def test_the_paper_says_who_what_and_how_to_verify_and_is_the_same_each_time(
    ana: Client, statement: Statement
) -> None:
    path = f"/portal/statement/{statement.code}.pdf"
    first, second = ana.get(path), ana.get(path)
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(first.content)).pages)

    assert first["Content-Type"] == "application/pdf"
    assert first.content == second.content
    assert "Ana Reyes" in paper
    assert statement.code in paper
    assert "Orion found that somebody got into one of its systems." in " ".join(paper.split())


def test_anybody_can_verify_a_statement_and_learns_its_date_and_totals_only(
    statement: Statement, world: World
) -> None:
    page = text_of(Client(), f"/verify/{statement.code}/")

    assert "Genuine" in page
    assert f"${statement.totals['USD'] / 100:.2f}" in page
    assert "Ana" not in page
    assert "CHORDUS" not in page


def test_a_code_may_be_typed_carelessly(statement: Statement) -> None:
    typed = statement.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert normal_code(typed) == statement.code
    assert "Genuine" in Client().get("/verify/", {"code": typed}).content.decode()


def test_a_made_up_code_is_not_genuine(db: None) -> None:
    page = Client().get("/verify/AAAAA-BBBBB-CCCCC-DDDDD/")

    assert page.status_code == 404
    assert "Not genuine" in page.content.decode()


def test_a_row_that_was_tampered_with_is_not_genuine(statement: Statement) -> None:
    document = statement.document
    document["pauses"][0]["lost"] += 100_000
    Statement.objects.filter(pk=statement.pk).update(document=document)

    page = Client().get(f"/verify/{statement.code}/").content.decode()

    assert "Not genuine" in page


def test_a_statement_taken_back_no_longer_holds(ana: Client, statement: Statement) -> None:
    ana.post(f"/portal/statement/{statement.code}/revoke/")

    assert "no longer holds" in text_of(Client(), f"/verify/{statement.code}/")
    assert AuditEvent.objects.filter(verb="statement.revoked").count() == 1


def test_a_statement_of_somebody_else_does_not_exist(statement: Statement, stranger: Client) -> None:  # noqa: F811
    assert stranger.get(f"/portal/statement/{statement.code}.pdf").status_code == 404
    assert stranger.post(f"/portal/statement/{statement.code}/revoke/").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        (0, -1, "The last day comes before the first day."),
        (-400, 0, "A statement covers one year at most."),
        (0, 3, "The last day is still to come."),
        (-60, -50, "In these weeks none of your work was stopped"),
        (None, 0, "This field is required."),
    ],
)
def test_a_period_that_makes_no_sense_gets_one_clear_error(
    first: int | None, last: int, error: str, ana: Client, world: World
) -> None:
    today = world.reader_today()
    typed = {
        "first_day": "" if first is None else (today + timedelta(days=first)).isoformat(),
        "last_day": (today + timedelta(days=last)).isoformat(),
    }

    page = ana.post("/portal/statement/", typed).content.decode()

    assert error in page
    assert page.count('role="alert"') == 1
    assert not Statement.objects.exists()
